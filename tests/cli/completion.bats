# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build
# Completion is completed with, in each shell: what it offers for the end of a line.

setup() {
	cd "$XL_SRCDIR/examples" || return
}

offers_bash() { # WORD...
	bash -c '
		. "$XL_SRCDIR/completions/xtlate"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_xtlate
		printf "%s\n" "${COMPREPLY[@]}"' sh "$@"
}

offers_zsh() { # WORD...
	rm -f "$BATS_TEST_TMPDIR/offered"
	timeout 60 zsh -f "$BATS_TEST_DIRNAME/complete.zsh" "$XL_SRCDIR/completions" "$BATS_TEST_TMPDIR/offered" "$*" >/dev/null
	cat "$BATS_TEST_TMPDIR/offered"
}

offers_fish() { # WORD...
	fish --no-config -c 'source $XL_SRCDIR/completions/xtlate.fish; complete -C "$argv"' "$*" | cut -f 1
}

# offers WANT WORD...: each shell that is here offers these for the last word, and nothing else.
offers() {
	local want=$1 shell got
	shift

	for shell in bash zsh fish; do
		command -v "$shell" >/dev/null || continue
		got=$("offers_$shell" "$@" | sort -u | tr '\n' ' ')
		[ "$got" = "$want " ] && continue
		printf '%s, %s: wanted "%s", got "%s"\n' "$shell" "$*" "$want" "$got"
		return 1
	done
}

@test "zsh and fish are tested, too" {
	command -v zsh >/dev/null || skip "zsh is not installed"
	command -v fish >/dev/null || skip "fish is not installed"
	zsh -n "$XL_SRCDIR/completions/_xtlate"
	fish --no-execute "$XL_SRCDIR/completions/xtlate.fish"
}

@test "verbs" {
	offers 'rule ruleset' xtlate ru
}

@test "options of a verb" {
	offers '--replace --report' xtlate ruleset --rep
}

@test "no options of another verb" {
	offers '--packet --pcap' xtlate verify --p
}

@test "levels" {
	offers '-O0 -O1 -O2' xtlate verify -O
}

@test "values of an option" {
	offers 'always auto' xtlate ruleset --color a
}

@test "backends" {
	offers 'legacy,legacy legacy,native legacy,nft-compat,native' xtlate verify --backends l
}

@test "values behind an equals sign in bash, which makes three words of it" {
	[ "$(offers_bash xtlate ruleset --color = al)" = always ]
	[ "$(offers_bash xtlate ruleset --color = | wc -l)" -eq 3 ]
}

@test "files" {
	offers web-server.rules xtlate ruleset web
}

@test "files behind an option" {
	offers web-server.rules xtlate verify --against web
}

@test "tables" {
	offers mangle xtlate rule -t m
}

@test "chains of the table filter" {
	offers 'FORWARD INPUT OUTPUT' xtlate rule -A ''
}

@test "chains of the table that is named" {
	offers 'POSTROUTING PREROUTING' xtlate rule -t nat -A P
}

@test "matches" {
	offers 'connbytes connlabel connlimit connmark conntrack' xtlate rule -A INPUT -m conn
}

@test "targets" {
	offers 'RATEEST REDIRECT REJECT RETURN' xtlate rule -A INPUT -j R
}

@test "options of the matches that the line names" {
	offers '--ctstate --ctstatus' xtlate rule -A INPUT -m conntrack --ctst
}

@test "options of the target that the line names" {
	offers '--tproxy-mark' xtlate rule -t mangle -A PREROUTING -j TPROXY --tproxy-
}

@test "network devices" {
	offers lo xtlate rule -A INPUT -i lo
}

@test "extensions to ask the coverage of" {
	offers recent xtlate coverage rec
}

@test "nothing where anything can be" {
	[ -z "$(offers_bash xtlate ruleset --nft-version '')" ]
}

@test "they have what the program has" {
	"$XL_SRCDIR/doc/options" "$XL_BUILDDIR/xtlate/xtlate" --check
}
