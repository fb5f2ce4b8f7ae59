# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build
# Programs that use the installed library: examples/embed.c, with all that is said of it.

load ../lib/cli
load ../lib/install

setup_file() {
	export tree=$BATS_FILE_TMPDIR/tree
	mkdir "$tree" && install_make install "$tree"
}

setup() {
	libdir=$tree$(install_value libdir)
	header=$tree$(install_value pkgincludedir)/xtlate.h
	api=$XL_SRCDIR/libxt/api
	rules=$XL_SRCDIR/examples/web-server.rules
	cd "$BATS_TEST_TMPDIR" || return
}

static() {
	[ -e "$libdir/libxtlate.a" ] || skip "cannot here: built with --disable-static"
}

@test "examples/embed.c with the shared library" {
	read -ra flags <<<"$(install_flags "$tree" --libs)"
	install_compile "$tree" "$XL_SRCDIR/examples/embed.c" embed "${flags[@]}"
	readelf -d embed | grep -q 'NEEDED.*\[libxtlate\.so\.1\]'
	LD_LIBRARY_PATH=$libdir ./embed "$rules" | diff - <("$xtlate" ruleset -O2 "$rules")
}

@test "examples/embed.c with the static library" {
	static
	read -ra flags <<<"$(install_flags "$tree" --static --libs | sed 's/-lxtlate/-l:libxtlate.a/')"
	install_compile "$tree" "$XL_SRCDIR/examples/embed.c" embed "${flags[@]}"
	[ -z "$(readelf -d embed | grep libxtlate)" ]
	./embed "$rules" | diff - <("$xtlate" ruleset -O2 "$rules")
}

@test "examples/embed.c says what could not be translated, and exits as xtlate does" {
	read -ra flags <<<"$(install_flags "$tree" --libs)"
	install_compile "$tree" "$XL_SRCDIR/examples/embed.c" embed "${flags[@]}"
	LD_LIBRARY_PATH=$libdir run ./embed "$XL_SRCDIR/examples/trouble.rules"
	[ "$status" -eq 1 ]
	cli_has "trouble.rules:6: error: not translated: " "$output"
}

@test "examples/embed.c is a page" {
	[ "$(wc -l <"$XL_SRCDIR/examples/embed.c")" -le 45 ]
}

@test "pkg-config names the library alone, and for static linking what it needs" {
	cli_is "-lxtlate" "$(install_flags "$tree" --libs-only-l | xargs)"
	for lib in xtables nftables jansson; do
		[[ " $(install_flags "$tree" --static --libs-only-l) " == *" -l$lib "* ]]
	done
	cli_is "$("$xtlate" --version)" "xtlate $(install_flags "$tree" --modversion)"
}

@test "the header is C99 and C++, and needs no other" {
	for how in 'c -std=c99' 'c -std=c11' 'c++ -std=c++11'; do
		if [[ $how == c++* ]] && ! command -v g++ >/dev/null; then
			continue
		fi
		# shellcheck disable=SC2086 # a language and its standard
		"${CC:-gcc}" -fsyntax-only -pedantic -Wall -Wextra -Werror -x $how "$header"
	done
}

@test "the shared library has the recorded names and versions, no others" {
	nm -D --defined-only --with-symbol-versions "$libdir/libxtlate.so" |
		sed -n 's/.* T \(.*\)@@\(.*\)/\1 \2/p' | sort | diff "$api/libxtlate.abi" -
	# Besides functions, only the nodes of the version script.
	nm -D --defined-only "$libdir/libxtlate.so" | awk '$2 != "T" && $3 !~ /^LIBXTLATE_/' |
		diff /dev/null -
}

@test "the static library has these names, no others" {
	static
	nm -g --defined-only "$libdir/libxtlate.a" | sed -n 's/.* [A-Z] //p' | sort |
		diff <(cut -d' ' -f1 "$api/libxtlate.abi") -
}

@test "header and manual have these names, no others" {
	local names

	names=$(cut -d' ' -f1 "$api/libxtlate.abi")
	grep -o '\bxtlate_[a-z_]*(' "$header" | grep -v '^xtlate_(' | tr -d '(' | sort -u |
		diff <(echo "$names") -
	sed -n '/^\.SH NAME/,/^\.SH SYN/p' "$XL_BUILDDIR/man/libxtlate.3" |
		grep -o 'xtlate_[a-z_]*' | sort | diff <(echo "$names") -
	sed -n '/^\.SH SYN/,/^\.SH DESC/p' "$XL_BUILDDIR/man/libxtlate.3" |
		grep -o 'xtlate_[a-z_]*(' | tr -d '(' | sort | diff <(echo "$names") -
}

@test "options, outcomes and statuses of the header are in the manual" {
	for name in $(grep -oE '\bXTLATE_[A-Z0-9_]+\b' "$header" | grep -v -e _H$ -e _PUBLIC$ | sort -u); do
		grep -q "$name" "$XL_BUILDDIR/man/libxtlate.3" || echo "$name"
	done | diff /dev/null -
}

@test "types are as recorded" {
	command -v abidiff >/dev/null || skip "abidiff is not installed"
	[ "$(uname -m)" = x86_64 ] || skip "cannot here: the record is of x86_64"
	readelf -S "$libdir/libxtlate.so" | grep -q '\.debug_info' || skip "cannot here: built without -g"
	abidiff --headers-dir2 "${header%/*}" --drop-private-types "$api/libxtlate.x86_64.xml" \
		"$libdir/libxtlate.so"
}

@test "the library calls nothing that prints or ends the program" {
	# stderr is there to keep plugins from it, abort() for tests without a way back.
	nm -D -u "$libdir/libxtlate.so" | sed 's/^ *[Uw] //; s/@.*//' >calls
	grep -qx malloc calls
	grep -xE '_?_?exit|_Exit|quick_exit|v?(err|warn)x?|(__)?v?printf(_chk)?|puts|putchar|perror|system|stdout' calls |
		diff /dev/null -
}
