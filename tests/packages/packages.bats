# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build
# The Debian packages, built, looked at, and installed in a copy of this system that is thrown away. For
# other releases: make check-packages.

setup_file() {
	. "$XL_SRCDIR/tests/packages/root.sh"
	. "$XL_SRCDIR/tests/packages/build.sh"
	export packages=$BATS_FILE_TMPDIR/packages
	command -v dh >/dev/null || return 0
	make -s -C "$XL_BUILDDIR" dist distdir=xtlate-to-package >/dev/null 2>&1
	unpack "$XL_BUILDDIR/xtlate-to-package.tar.xz" "$XL_SRCDIR/debian" "$BATS_FILE_TMPDIR/build"
	build "$BATS_FILE_TMPDIR/build" "nocheck parallel=$(nproc)" -d || { tail -n 40 "$BATS_FILE_TMPDIR/build/log"; return 1; }
	collect "$BATS_FILE_TMPDIR/build" "$packages"
	make_newer "$packages"
	cp "$XL_SRCDIR/tests/packages/inside" "$packages"
}

setup() {
	. "$XL_SRCDIR/tests/packages/root.sh"
	[ -d "$packages" ] || skip "debhelper is not installed"
}

inside() {
	[ "$(id -u)" -eq 0 ] || skip "cannot here: only root can install packages"
	mkdir -p "$BATS_TEST_TMPDIR/empty"
	in_root / "$BATS_TEST_TMPDIR/empty" true 2>/dev/null || skip "cannot here: no right to mount an overlay"
	in_root / "$packages" /packages/inside "$1"
}

@test "lintian finds nothing" {
	command -v lintian >/dev/null || skip "lintian is not installed"
	run lintian --allow-root --pedantic -I "$BATS_FILE_TMPDIR"/build/*.changes
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "each package has what is for it" {
	cd "$packages/new"
	list() { dpkg-deb -c "$1"_*.deb | awk '{ print $6 }'; }
	list xtlate | grep -x ./usr/bin/xtlate
	list xtlate | grep -x ./usr/share/bash-completion/completions/xtlate
	list libxtlate1 | grep '/libxtlate\.so\.1$'
	list libxtlate-dev | grep '/pkgconfig/libxtlate\.pc$'
	[ "$(list xtlate-translate | grep -c '/usr/sbin/ip6*tables-.*translate$')" -eq 4 ]
	[ "$(list xtlate-extensions | grep -c '/xtables/libxt_[A-Z]*\.so$')" -eq 7 ]
}

@test "installed, upgraded, downgraded and purged, all is as before" {
	inside lifecycle
}

@test "other diversions and files, no room, no right to write: told, nothing broken" {
	inside in_the_way
}

@test "no iptables: told, and all can be purged" {
	inside without_iptables
}
