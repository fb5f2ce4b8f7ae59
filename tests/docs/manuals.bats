# SPDX-License-Identifier: GPL-2.0-or-later

setup() {
	pages=("$XL_BUILDDIR/man/xtlate.1" "$XL_BUILDDIR"/man/{libxtlate.3,xtlate-tproxy.7,xtlate-extensions.8})
}

@test "groff and man have nothing to say against the manuals" {
	command -v groff man >/dev/null || skip "groff and man are not installed"
	for page in "${pages[@]}"; do
		groff -man -ww -z "$page"
		man --warnings -l "$page"
	done >/dev/null 2>"$BATS_TEST_TMPDIR/said"
	cat "$BATS_TEST_TMPDIR/said"
	[ ! -s "$BATS_TEST_TMPDIR/said" ]
}

@test "mandoc has nothing to say against the manuals" {
	command -v mandoc >/dev/null || skip "mandoc is not installed"
	run mandoc -Tlint -W warning "${pages[@]}"
	echo "$output"
	[ -z "$output" ]
}

@test "whatis finds a name and a line for each manual" {
	command -v lexgrog >/dev/null || skip "lexgrog is not installed"
	for page in "${pages[@]}"; do
		name=${page##*/}
		lexgrog "$page" | grep -qF "\"${name%.*} - "
	done
}

@test "nothing is left unfilled in the manuals" {
	! grep -n '@[A-Za-z]*@' "${pages[@]}"
}

@test "xtlate(1) has the options that --help has" {
	{
		"$XL_BUILDDIR/xtlate/xtlate" ruleset --help
		"$XL_BUILDDIR/xtlate/xtlate" verify --help
	} |
		grep -oE -- '(^|[ ,])--?[a-z0-9][a-z-]*' | tr -d ' ,' | sort -u >"$BATS_TEST_TMPDIR/help"
	sed -n '/^\.SH OPTIONS/,/^\.SH OUTPUT/p' "${pages[0]}" | sed 's/\\-/-/g' | grep '^\.BR\? -' |
		grep -oE -- '(^|[ ])--?[a-z0-9][a-z-]*' | tr -d ' ' | sort -u >"$BATS_TEST_TMPDIR/page"
	diff -u "$BATS_TEST_TMPDIR/help" "$BATS_TEST_TMPDIR/page"
}

@test "xtlate(1) tells of every verb" {
	"$XL_BUILDDIR/xtlate/xtlate" --help | sed -n 's/^  xtlate \([a-z]*\) .*/\1/p' >"$BATS_TEST_TMPDIR/verbs"
	[ -s "$BATS_TEST_TMPDIR/verbs" ]
	while read -r verb; do
		sed -n '/^\.SH VERBS/,/^\.SH OPTIONS/p' "${pages[0]}" | grep -qx "\.B $verb"
	done <"$BATS_TEST_TMPDIR/verbs"
}

@test "the tables of README.md and xtlate(1) are what xtlate coverage says" {
	"$BATS_TEST_DIRNAME/../../doc/tables" "$XL_BUILDDIR/xtlate/xtlate" --check
}
