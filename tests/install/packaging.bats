# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build
# The packages of packaging/, as far as that takes no distribution's own tools; "make check-recipes"
# builds those for which Debian has them.

load ../lib/cli
load ../lib/install

setup_file() {
	export tree=$BATS_FILE_TMPDIR/tree
	mkdir "$tree" && install_make install "$tree" prefix=/usr libdir=/usr/lib
}

setup() {
	packaging=$XL_SRCDIR/packaging
	version=$(install_value VERSION)
	cd "$BATS_TEST_TMPDIR" || return
}

@test "every package is of this version" {
	grep -qx "Version: *$version" "$packaging/rpm/xtlate.spec"
	grep -qx "pkgver=$version" "$packaging/alpine/APKBUILD"
	grep -qx "pkgver=$version" "$packaging/arch/PKGBUILD"
	grep -qx "PKG_VERSION:=$version" "$packaging/openwrt/Makefile"
}

@test "APKBUILD and PKGBUILD: shellcheck finds nothing" {
	# Their variables are for abuild and makepkg, which stop at a command that fails.
	shellcheck -s dash -e SC2034,SC2154 "$packaging/alpine/APKBUILD"
	shellcheck -s bash -e SC2034,SC2154,SC2164 "$packaging/arch/PKGBUILD"
}

@test "the RPM spec is one, and its files are those that are installed" {
	command -v rpmspec >/dev/null || skip "rpmspec is not installed"
	rpmspec -q --qf '%{NAME}\n' "$packaging/rpm/xtlate.spec" | grep -v debug | diff - <(
		printf '%s\n' xtlate xtlate-libs xtlate-devel)
	rpmspec -P --define '_libdir /usr/lib' --define '_libexecdir /usr/libexec' \
		"$packaging/rpm/xtlate.spec" |
		sed -n '/^%files/,/^%changelog/{s/^%dir //; /^\//p}' | sed 's|/$|/*|' >patterns
	(cd "$tree" && find . ! -type d ! -name '*.a' ! -name '*.la' | cut -c2-) |
		while read -r file; do
			while read -r pattern; do
				# shellcheck disable=SC2053 # a pattern
				[[ $file == $pattern || $file.gz == $pattern ]] && continue 2
			done <patterns
			echo "$file"
		done | diff /dev/null -
	while read -r pattern; do
		compgen -G "$tree${pattern%.gz}" >/dev/null || echo "$pattern"
	done <patterns | diff /dev/null -
}

# abuild's words, as far as APKBUILD uses them.
amove() {
	local path

	for path in "$pkgdir"/$1; do
		mkdir -p "$subpkgdir/${1%/*}"
		mv "$path" "$subpkgdir/${1%/*}/"
	done
}

@test "APKBUILD moves the library into its package" {
	local pkgdir=$BATS_TEST_TMPDIR/pkg subpkgdir=$BATS_TEST_TMPDIR/libs

	. "$packaging/alpine/APKBUILD"
	make() { make_arguments=$*; }
	cp -a "$tree" "$pkgdir"
	package
	cli_is "DESTDIR=$pkgdir install" "$make_arguments"
	libs
	[ -e "$subpkgdir/usr/lib/libxtlate.so.1" ]
	[ ! -e "$pkgdir/usr/lib/libxtlate.so.1" ]
	[ -L "$pkgdir/usr/lib/libxtlate.so" ]
}

# A buildroot that prints what a package says of itself, and installs it.
buildroot() {
	mkdir top
	cat >top/rules.mk <<-'END'
		INSTALL_DIR = mkdir -p
		INSTALL_BIN = install -m 755
		CP = cp -a
		INCLUDE_DIR = $(TOPDIR)
	END
	cat >top/package.mk <<-'END'
		define one
		$(eval SECTION:=)$(eval CATEGORY:=)$(eval TITLE:=)$(eval DEPENDS:=)$(eval $(call Package/$(1)))
		.PHONY: say-$(1) install-$(1)
		say-$(1): ; @echo "$(1): $(SECTION) $(CATEGORY): $(TITLE)"
		install-$(1):
		$(call Package/$(1)/install,$(OUT))
		endef
		define BuildPackage
		$(call one,$(1))
		endef
		.PHONY: install-dev
		install-dev:
		$(call Build/InstallDev,$(OUT))
	END
}

openwrt() {
	make -s -f "$packaging/openwrt/Makefile" TOPDIR="$PWD/top" PKG_INSTALL_DIR="$tree" \
		OUT="$PWD/out" "$@"
}

@test "OpenWrt's Makefile: what the packages are" {
	buildroot
	openwrt say-libxtlate say-xtlate | diff - <(
		echo "libxtlate: libs Libraries: Library that translates iptables rulesets to nftables"
		echo "xtlate: net Network: Moves iptables rulesets to nftables")
}

@test "OpenWrt's Makefile: what is in the packages" {
	buildroot
	openwrt install-xtlate
	(cd out && find . ! -type d | sort) | diff - <(
		echo ./usr/bin/xtlate
		printf './usr/lib/xtlate/xtables/libxt_%s.so\n' DNAT MASQUERADE NAT NETMAP REDIRECT SNAT TPROXY)
	openwrt install-libxtlate
	[ -e out/usr/lib/libxtlate.so.1 ] && [ ! -e out/usr/lib/libxtlate.so ]
}
