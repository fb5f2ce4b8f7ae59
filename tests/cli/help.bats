# SPDX-License-Identifier: GPL-2.0-or-later
# What xtlate says of itself.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

verbs()
{
	"$xtlate" --help | sed -n 's/^  xtlate \([a-z]*\) .*/\1/p'
}

# Every line of the help of VERB that is an example.
examples()
{
	"$xtlate" "$1" --help | sed -n '/^Examples:/,/^Exit status/s/^  \([a-z].*\)/\1/p'
}

@test "every verb has help, of no more than 80 columns, with examples" {
	[ "$(verbs | wc -l)" -eq 4 ]
	for verb in $(verbs); do
		"$xtlate" "$verb" --help >help
		cli_has "Usage: xtlate $verb" "$(cat help)"
		[ -n "$(examples "$verb")" ]
		! grep -v '^  xtlate rule ' help | grep -E '.{81}'
	done
}

@test "help VERB is the same" {
	cli_is "$("$xtlate" verify --help)" "$("$xtlate" help verify)"
}

@test "every option of the help is taken" {
	for verb in ruleset verify coverage; do
		"$xtlate" "$verb" --help | grep -oE '^ .{5}--[a-z0-9-]+|^  -[a-z0-9],' |
			grep -oE -- '-[a-z0-9-]+' >options
		while read -r option; do
			run "$xtlate" "$verb" "$option" x --nosuch
			! grep -F "option '$option'" <<<"$output" || grep -q "doesn't allow\|requires" <<<"$output" || return 1
			! grep -F "invalid option" <<<"$output" || return 1
		done <options
	done
}

@test "the examples of the help do what they say" {
	cli_table filter '-A INPUT -p tcp --dport 80 -j ACCEPT' >rules.v4
	cli_table filter '-A INPUT -p tcp --dport 80 -j ACCEPT' >rules.v6
	echo 'create s hash:ip family inet' >sets.ipset
	iptables-save() { cat rules.v4; }
	xtlate() { "$xtlate" "$@"; }
	nft() { cat >nft-got; }
	for verb in ruleset rule coverage; do
		examples "$verb" >list
		while read -r line; do
			echo "$line"
			eval "$line" </dev/null >got 2>said || { cat said; return 1; }
		done <list
	done
	[ -s rules.nft ] && [ -s report.json ] && [ -s nft-got ]
}

@test "bad options are status 2 and name the help" {
	for verb in ruleset rule verify coverage; do
		run -2 "$xtlate" "$verb" --nosuch
	done
	run -2 "$xtlate" ruleset --nosuch
	cli_has 'xtlate ruleset --help' "$output"
}

@test "a number has to be one" {
	run -2 "$xtlate" verify --max -1 /dev/null
	cli_has '"-1" is not a number' "$output"
	run -2 "$xtlate" verify --seed 12x /dev/null
}
