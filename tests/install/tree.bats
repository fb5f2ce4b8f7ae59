# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build
# What "make install" puts where, and what "make uninstall" leaves.

load ../lib/cli
load ../lib/install

setup_file() {
	export tree=$BATS_FILE_TMPDIR/tree
	mkdir "$tree" && install_make install "$tree"
}

@test "where other things are, uninstall leaves just those" {
	local full=$BATS_TEST_TMPDIR/full before=$BATS_TEST_TMPDIR/before

	mkdir "$full"
	(cd "$tree" && find . -type d ! -path '*xtlate*') | (cd "$full" && xargs mkdir -p)
	find "$full" -type d | while read -r dir; do : >"$dir/of-another"; done
	mkdir "$full$(install_value pkglibexecdir)" && : >"$full$(install_value pkglibexecdir)/mine"
	install_list "$full" >"$before"
	install_make install "$full"
	[ "$(wc -l <"$before")" -lt "$(install_list "$full" | wc -l)" ]
	install_make uninstall "$full"
	install_list "$full" | diff "$before" -
}

@test "installed twice is as installed once" {
	install_list "$tree" >"$BATS_TEST_TMPDIR/once"
	install_make install "$tree"
	install_list "$tree" | diff "$BATS_TEST_TMPDIR/once" -
}

@test "what is installed names no folder of the build, or of DESTDIR" {
	# Debugging information names sources; what a loader reads must not.
	grep -rlF -e "$tree" -e "$XL_BUILDDIR" "$tree" | grep -vE '/xtlate$|\.a$|\.so(\.[0-9.]+)?$' |
		diff /dev/null -
	find "$tree" -type f \( -name '*.so*' -o -path '*/bin/*' \) -exec readelf -d {} + |
		grep -E '\((RPATH|RUNPATH)\)' | diff /dev/null -
}

@test "another prefix for make install alone; uninstall leaves no file and no folder of ours" {
	local other=$BATS_TEST_TMPDIR/other

	mkdir "$other"
	install_make install "$other" prefix=/opt/of-its-own
	[ -x "$other/opt/of-its-own/bin/xtlate" ]
	install_make uninstall "$other" prefix=/opt/of-its-own
	find "$other" ! -type d -o -name '*xtlate*' | diff /dev/null -
}

@test "the installed command and its plugins work" {
	cd "$BATS_TEST_TMPDIR"
	cli_table mangle '-A PREROUTING -p tcp --dport 80 -j TPROXY --on-port 50080' >rules.v4
	XTABLES_LIBDIR=$tree$(install_value plugindir):$(install_value xtlibdir) \
		"$tree$(install_value bindir)/xtlate" ruleset rules.v4 | grep -q 'tproxy to'
}

@test "drop-in names lead to the installed command" {
	for name in iptables ip6tables iptables-restore ip6tables-restore; do
		cli_is "$(install_value bindir)/xtlate" \
			"$(readlink "$tree$(install_value pkglibexecdir)/$name-translate")"
	done
}

@test "plugins without libtool's files, under all names that iptables asks for" {
	(cd "$tree$(install_value plugindir)" && echo *) | diff - <(
		echo libxt_{DNAT,MASQUERADE,NAT,NETMAP,REDIRECT,SNAT,TPROXY}.so)
}

@test "where nothing can be written, install fails" {
	: >"$BATS_TEST_TMPDIR/no-folder"
	run make -s -C "$XL_BUILDDIR" install DESTDIR="$BATS_TEST_TMPDIR/no-folder"
	[ "$status" -ne 0 ]
	cli_has "no-folder" "$output"
}

# configure_fails WORDS [OPTION]...: it ends with these words. What it finds out before that is taken
# from the build.
configure_fails() {
	cd "$BATS_TEST_TMPDIR"
	run "$XL_SRCDIR/configure" -q --cache-file=cache "${@:2}"
	[ "$status" -ne 0 ] && cli_has "$1" "$output"
}

@test "configure --with-xtlibdir says where the system's extensions are" {
	sed -n '/^xtlibdir=/p' "$XL_BUILDDIR/config.log" | grep -q "$(install_value xtlibdir)"
	configure_fails "--with-xtlibdir needs a folder as an absolute path" --with-xtlibdir=xtables
}
