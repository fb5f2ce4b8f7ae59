#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# One bad line is one message with its place, and every other line is translated.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

# bad LINE MESSAGE: the line gives that message; the lines around it are translated.
bad()
{
	cli_table filter ':mine - [0:0]' '-A INPUT -i before -j ACCEPT' "$1" '-A INPUT -i after -j ACCEPT' >in
	run "$xtlate" ruleset in
	[ "$status" -eq 1 ]
	cli_has "in:4:$2" "$output"
	cli_has 'iifname "before" counter accept' "$output"
	cli_has 'iifname "after" counter accept' "$output"
	cli_is 1 "$(grep -c ': error:' <<<"$output")"
}

@test "an unknown match" {
	bad '-A INPUT -m nosuch -j ACCEPT' "13: error: Couldn't load match \`nosuch'"
}

@test "an unknown target" {
	bad '-A INPUT -j NOSUCH' '13: error: "NOSUCH" is neither a chain of table filter nor a target'
}

@test "an unknown option, with the hint what to do" {
	bad '-A INPUT -p tcp --nosuch 1 -j ACCEPT' '17: error: unknown option "--nosuch"'
	cli_has 'hint: name the match that has it with -m' "$output"
}

@test "a wrong value" {
	bad '-A INPUT -p tcp --dport 99999 -j ACCEPT' "25: error: invalid port/service \`99999'"
}

@test "an open quote" {
	bad '-A INPUT -m comment --comment "open -j ACCEPT' '31: error: a quote is opened'
}

@test "an option given twice" {
	bad '-A INPUT -s 192.0.2.1 -s 192.0.2.2 -j ACCEPT' '26: error: -s is given twice'
}

@test "a second target" {
	bad '-A INPUT -j ACCEPT -j DROP' '23: error: there is a second target'
}

@test "a missing argument" {
	bad '-A INPUT -j' '10: error: -j needs an argument'
}

@test "-o in INPUT" {
	bad '-A INPUT -o eth0 -j ACCEPT' '13: error: -o cannot be used in INPUT'
}

@test "a word that is no option" {
	bad '-A INPUT hello -j ACCEPT' '10: error: "hello" is not expected here'
}

@test "an unknown table loses only itself" {
	run "$xtlate" ruleset <<<$'*nosuch\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\nCOMMIT\n*filter\n-A INPUT -i a -j ACCEPT\nCOMMIT'
	[ "$status" -eq 1 ]
	cli_has 'stdin:1:2: error: iptables has no table "nosuch"' "$output"
	cli_has 'iifname "a" counter accept' "$output"
}

@test "the bad line stands in the output as a comment, at its place" {
	cli_table filter '-A INPUT -i a -j ACCEPT' '-A INPUT -m nosuch -j DROP' '-A INPUT -i b -j ACCEPT' >in
	run --separate-stderr "$xtlate" ruleset in
	cli_has '		iifname "a" counter accept
		# in:3: NOT TRANSLATED: Couldn'\''t load match `nosuch'\'':No such file or directory
		# -A INPUT -m nosuch -j DROP
		iifname "b" counter accept' "$output"
}

@test "--strict writes nothing then" {
	cli_table filter '-A INPUT -m nosuch -j DROP' >in
	echo old >out
	run "$xtlate" ruleset --strict -o out in
	[ "$status" -eq 1 ]
	cli_is old "$(cat out)"
	run --separate-stderr "$xtlate" ruleset --strict in
	cli_is '' "$output"
}

@test "an unreadable file is status 2 and leaves the output file alone" {
	echo old >out
	run "$xtlate" ruleset -o out nosuch
	[ "$status" -eq 2 ]
	cli_has 'nosuch: No such file or directory' "$output"
	cli_is old "$(cat out)"
}

@test "bad usage is status 2" {
	run "$xtlate" ruleset --nosuch
	[ "$status" -eq 2 ]
	run "$xtlate" nosuch
	[ "$status" -eq 2 ]
	run "$xtlate" rule
	[ "$status" -eq 2 ]
}

@test "a full disk is told of, and no half of a file is left" {
	[ -w /dev/full ] || skip "cannot here: no /dev/full"
	cli_table filter '-A INPUT -j DROP' >in
	run "$xtlate" ruleset -o /dev/full in
	[ "$status" -eq 4 ]
	run bash -c "'$xtlate' ruleset in >/dev/full"
	[ "$status" -eq 4 ]
}

@test "--report has an entry a rule, with its outcome and place" {
	cli_table filter '-A INPUT -i a -j ACCEPT' '-A INPUT -m nosuch -j DROP' >in
	run "$xtlate" ruleset --report r.json in
	cli_is 'translated 2 INPUT 1
refused 3 INPUT 2' "$(jq -r '.rules[] | "\(.outcome) \(.line) \(.chain) \(.number)"' r.json)"
	cli_is 1 "$(jq .counts.refused r.json)"
}

@test "--check asks the installed nft" {
	cli_need_netns
	cli_table filter '-A INPUT -i a -j ACCEPT' >in
	run unshare -n "$xtlate" ruleset --check in
	[ "$status" -eq 0 ]
}

@test "messages come in the order of the lines, whoever has them" {
	cli_table filter '-A INPUT -i "x\"" -j DROP' '-A INPUT -m nosuch -j DROP' '-A INPUT -i "y\"" -j DROP' >in
	run "$xtlate" ruleset in
	cli_is '2 3 4' "$(grep -o '^in:[0-9]*' <<<"$output" | cut -d: -f2 | tr '\n' ' ' | sed 's/ $//')"
}

@test "what is approximate is marked in the output, and told" {
	cli_table filter ':INPUT ACCEPT [0:0]' '-A INPUT -m policy --dir in --pol ipsec --proto esp -j ACCEPT' \
		'-A INPUT -j DROP' >"$BATS_TEST_TMPDIR/rules"
	run "$xtlate" ruleset --approximate -4 "$BATS_TEST_TMPDIR/rules"
	echo "$output"
	[[ $output == *'rules:3:'*'warning: translated approximately'* ]]
	[[ $output == *'# approximate: the next rule is not exactly what it stands for
'*'meta ipsec exists counter accept'* ]]
	[ "$(grep -c '# approximate:' <<<"$output")" -eq 1 ]
}

@test "what is only nearly the same is status 1, counted and reported" {
	cli_table filter '-A INPUT -m policy --dir in --pol ipsec --proto esp -j ACCEPT' '-A INPUT -j DROP' >in
	run "$xtlate" ruleset --approximate --report r.json -4 in
	[ "$status" -eq 1 ]
	cli_has '2 rules: 1 translated, 1 only nearly' "$output"
	cli_is 'approximate translated' "$(jq -r '[.rules[].outcome] | join(" ")' r.json)"
}

@test "what a plugin says to standard error is a warning for its line" {
	cli_table filter '-A INPUT -p tcp' '-A INPUT -m iprange --src-range 10.0.0.9-10.0.0.1' >"$BATS_TEST_TMPDIR/rules"
	run "$xtlate" ruleset --lines -4 "$BATS_TEST_TMPDIR/rules"
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'rules:3:1: warning: xt_iprange: range 10.0.0.9-10.0.0.1 is reversed and will never match' "$output"
}

@test "a file without a table is told, and where its rules may be" {
	printf '# a comment\n' >empty.v4
	run -0 "$xtlate" ruleset empty.v4
	cli_has 'empty.v4: warning: there is no table in it' "$output"
	cli_has 'iptables-legacy-save' "$output"
}
