# SPDX-License-Identifier: GPL-2.0-or-later

setup() {
	pages=("$XL_BUILDDIR"/man/*.[1378])
	xtlate=$XL_BUILDDIR/xtlate/xtlate
}

# says_nothing COMMAND...: for no page is there anything on standard output or error.
says_nothing() {
	[ "${#pages[@]}" -ge 6 ]
	for page in "${pages[@]}"; do
		"$@" "$page"
	done >"$BATS_TEST_TMPDIR/said" 2>&1
	cat "$BATS_TEST_TMPDIR/said"
	[ ! -s "$BATS_TEST_TMPDIR/said" ]
}

verbs() {
	"$xtlate" --help | sed -n 's/^  xtlate \([a-z]*\) .*/\1/p'
}

@test "groff has nothing to say against the manuals" {
	command -v groff >/dev/null || skip "groff is not installed"
	says_nothing groff -man -ww -z
}

@test "man has nothing to say against the manuals" {
	command -v man >/dev/null || skip "man is not installed"
	to_nowhere() { man --warnings -l "$1" >/dev/null; }
	says_nothing to_nowhere
}

@test "mandoc has nothing to say against the manuals" {
	command -v mandoc >/dev/null || skip "mandoc is not installed"
	# examples are as long as what is printed
	lint() { mandoc -T lint "$1" | sed '/STYLE: input text line longer than 80 bytes/d'; }
	says_nothing lint
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

@test "every verb has a page, which xtlate(1) names" {
	[ -n "$(verbs)" ]
	for verb in $(verbs); do
		[ -s "$XL_BUILDDIR/man/xtlate-$verb.1" ]
		grep -q "^\.BR xtlate-$verb (1)" "$XL_BUILDDIR/man/xtlate.1"
		grep -qx "\.B $verb" "$XL_BUILDDIR/man/xtlate.1"
	done
}

@test "pages that are named are there" {
	sed -n 's/^\.BR \(xtlate[a-z-]*\) (\([0-9]\)).*/\1.\2/p' "${pages[@]}" | sort -u >"$BATS_TEST_TMPDIR/named"
	while read -r name; do
		[ -s "$XL_BUILDDIR/man/$name" ] || { echo "$name"; return 1; }
	done <"$BATS_TEST_TMPDIR/named"
}

@test "the OPTIONS of the manuals are those of the program" {
	"$XL_SRCDIR/doc/options" "$xtlate" --check
	for verb in $(verbs); do
		"$xtlate" "$verb" --help | grep -oE -- '^ .{5}--[a-z0-9-]+|^  -[A-Za-z0-9], ' |
			grep -oE -- '--?[A-Za-z0-9][a-z0-9-]*' | sort -u >"$BATS_TEST_TMPDIR/help"
		sed -n '/^\.SH OPTIONS/,/^\.\\" end of options/p' "$XL_BUILDDIR/man/xtlate-$verb.1" | sed 's/\\-/-/g' |
			grep '^\.BR\? -' | grep -oE -- '( |")?--?[A-Za-z0-9][a-z0-9-]*' | tr -d ' "' | sort -u >"$BATS_TEST_TMPDIR/page"
		[ -s "$BATS_TEST_TMPDIR/help" ]
		diff -u "$BATS_TEST_TMPDIR/help" "$BATS_TEST_TMPDIR/page" | grep '^[-+]--*[a-z]' | grep -v -- -O || continue
		return 1
	done
}

@test "the tables of README.md and xtlate-coverage(1) are what xtlate coverage says" {
	"$XL_SRCDIR/doc/tables" "$xtlate" --check
}
