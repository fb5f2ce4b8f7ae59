#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What the kernel would not load under iptables is one refused rule, not a ruleset that nft refuses.

load ../lib/cli

# refused TABLE WORDS LINE...: the last line is refused with these words, and what is left loads.
refused()
{
	local table=$1 words=$2
	shift 2
	cli_table "$table" "$@" '-A OUTPUT -d 192.0.2.1 -j ACCEPT' >"$BATS_TEST_TMPDIR/in"
	run "$xtlate" ruleset "$BATS_TEST_TMPDIR/in"
	[ "$status" -eq 1 ]
	cli_has "error: not translated: $words" "$output"
	cli_need_netns
	"$xtlate" ruleset --quiet "$BATS_TEST_TMPDIR/in" 2>/dev/null >"$BATS_TEST_TMPDIR/out" || true
	unshare -n nft -f "$BATS_TEST_TMPDIR/out"
}

@test "a target in the wrong table" {
	refused filter 'REDIRECT is for table nat' '-A OUTPUT -p tcp -j REDIRECT'
}

@test "a target in the wrong chain" {
	refused nat 'MASQUERADE is for POSTROUTING' '-A OUTPUT -j MASQUERADE'
}

@test "a target in a chain that the wrong chain leads to" {
	refused nat 'DNAT is for PREROUTING and OUTPUT' ':c - [0:0]' '-A POSTROUTING -j c' '-A c -j DNAT --to 192.0.2.9'
}

@test "a match without its protocol" {
	refused filter 'tcp needs its protocol' '-A INPUT -m tcp --dport 80 -j DROP'
}

@test "a chain that nothing leads to may hold anything of its table" {
	run cli_rules nat ':c - [0:0]' '-A c -j MASQUERADE'
	cli_is 'c counter masquerade' "$output"
}

@test "a rule with more tests than an nft rule holds is split" {
	cli_need_netns
	many=$(printf -- '-m mark ! --mark 0x1/0x1 %.0s' {1..70})
	cli_table filter ':c - [0:0]' '-A INPUT -j c' "-A c $many -j RETURN" "-A INPUT $many -j DROP" >"$BATS_TEST_TMPDIR/in"
	"$xtlate" ruleset "$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out"
	unshare -n nft -f "$BATS_TEST_TMPDIR/out"
}
