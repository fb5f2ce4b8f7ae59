#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Guards against later fragments: where nothing defragments, and only there.

load ../lib/cli

web='-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT'

@test "a rule that reads ports has a guard" {
	run "$xtlate" ruleset --lines <<<"$(cli_table filter "$web")"
	cli_has 'INPUT ip frag-off & 0x1fff == 0 tcp dport 80 counter accept' "$output"
	run "$xtlate" ruleset --lines -6 - <<<"$(cli_table filter "$web")"
	cli_has 'INPUT @th,0,24 >= 0 tcp dport 80 counter accept' "$output"
}

@test "none where conntrack or NAT defragments, in any table of the family" {
	run "$xtlate" ruleset --lines <<<"$(cli_table filter "$web"; cli_table nat '-A POSTROUTING -j MASQUERADE')"
	cli_has 'INPUT tcp dport 80 counter accept' "$output"
}

@test "none with --no-fragment-guard" {
	run "$xtlate" ruleset --lines --no-fragment-guard <<<"$(cli_table filter "$web")"
	cli_has 'INPUT tcp dport 80 counter accept' "$output"
}

@test "rules in a row share one, in a chain of their own" {
	run "$xtlate" ruleset --lines <<<"$(cli_table filter '-A INPUT -i lo -j ACCEPT' "$web" "$web" "$web")"
	cli_is 'INPUT iifname "lo" counter accept
INPUT ip frag-off & 0x1fff == 0 jump INPUT.unfragmented
INPUT.unfragmented tcp dport 80 counter accept
INPUT.unfragmented tcp dport 80 counter accept
INPUT.unfragmented tcp dport 80 counter accept' "$(sed -n 's/^add rule ip filter //p' <<<"$output")"
}

@test "a rule with RETURN, a jump or state before its ports keeps its own" {
	for rule in '-A INPUT -p tcp -m tcp --dport 80 -j RETURN' '-A INPUT -p tcp -m tcp --dport 80 -j c' \
		'-A INPUT -p tcp -m limit --limit 1/s -m tcp --dport 80 -j ACCEPT'; do
		run "$xtlate" ruleset <<<"$(cli_table filter ':c - [0:0]' "$rule" "$rule" "$rule")"
		cli_is 3 "$(grep -c 'frag-off' <<<"$output")"
	done
}
