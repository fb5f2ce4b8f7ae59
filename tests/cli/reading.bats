#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What ruleset takes as input.

bats_require_minimum_version 1.5.0
load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

@test "standard input without a file, and for -" {
	cli_table filter '-A INPUT -s 192.0.2.1 -j DROP' >in
	cli_has 'ip saddr 192.0.2.1 counter drop' "$("$xtlate" ruleset <in)"
	cli_has 'ip saddr 192.0.2.1 counter drop' "$("$xtlate" ruleset - <in)"
}

@test "several files, IPv4 and IPv6 together" {
	cli_table filter '-A INPUT -s 192.0.2.1 -j DROP' >four
	cli_table filter '-A INPUT -s 2001:db8::1 -j DROP' >six
	run "$xtlate" ruleset -4 four -6 six
	[ "$status" -eq 0 ]
	cli_has 'table ip filter {' "$output"
	cli_has 'table ip6 filter {' "$output"
}

@test "the family is guessed from the name and from the text" {
	cli_table filter '-A INPUT -j DROP' >a.v6
	cli_has 'table ip6 filter' "$("$xtlate" ruleset a.v6)"
	cli_table filter '-A INPUT -p ipv6-icmp -j DROP' >b
	cli_has 'table ip6 filter' "$("$xtlate" ruleset b)"
	cli_table filter '-A INPUT -p icmp -j DROP' >c
	cli_has 'table ip filter' "$("$xtlate" ruleset c)"
}

@test "CRLF, blank lines and comments" {
	printf '# head\r\n\r\n*filter\r\n  # more\r\n:INPUT DROP [0:0]\r\n-A INPUT -i lo -j ACCEPT\r\nCOMMIT\r\n' >in
	run "$xtlate" ruleset in
	[ "$status" -eq 0 ]
	cli_has 'policy drop;' "$output"
	cli_has 'iifname "lo" counter accept' "$output"
}

@test "text before the first table is passed over with a warning" {
	{ echo 'Last login: Monday'; cli_table filter '-A INPUT -i lo -j ACCEPT'; } >in
	run "$xtlate" ruleset in
	[ "$status" -eq 0 ]
	cli_has 'in:1:1: warning: text before the first table' "$output"
	cli_has 'iifname "lo" counter accept' "$output"
}

@test "a missing COMMIT is told of, and the table is translated" {
	printf '*filter\n-A INPUT -i lo -j ACCEPT\n' >in
	run "$xtlate" ruleset in
	[ "$status" -eq 0 ]
	cli_has 'has no COMMIT' "$output"
	cli_has 'iifname "lo" counter accept' "$output"
}

@test "several tables with a COMMIT each" {
	{ cli_table raw '-A OUTPUT -j ACCEPT'; cli_table filter '-A INPUT -j ACCEPT'; echo COMMIT; } >in
	run "$xtlate" ruleset in
	[ "$status" -eq 0 ]
	cli_has 'table ip raw' "$output"
	cli_has 'table ip filter' "$output"
}

@test "a table that comes twice replaces the first, or adds to it with --noflush" {
	{ cli_table filter '-A INPUT -s 192.0.2.1 -j DROP'; cli_table filter '-A INPUT -s 192.0.2.2 -j DROP'; } >in
	run "$xtlate" ruleset in
	cli_has 'comes again and replaces' "$output"
	[[ $output != *192.0.2.1* ]]
	cli_has '192.0.2.2' "$output"
	run "$xtlate" ruleset --noflush in
	cli_has '192.0.2.1' "$output"
	cli_has '192.0.2.2' "$output"
}

@test "rules without chain lines make the base chains that they need" {
	run "$xtlate" ruleset <<<$'*nat\n-A PREROUTING -j ACCEPT\n-N mine\n-A mine -j RETURN\n-A OUTPUT -j mine\nCOMMIT'
	[ "$status" -eq 0 ]
	cli_has 'type nat hook prerouting priority dstnat; policy accept;' "$output"
	cli_has 'type nat hook output priority -100; policy accept;' "$output"
	cli_has 'counter jump mine' "$output"
}

@test "-t in a line names the table" {
	run "$xtlate" ruleset <<<$'-t raw -A PREROUTING -j ACCEPT\n-A INPUT -j DROP'
	cli_has 'type filter hook prerouting priority raw; policy accept;' "$output"
	cli_has 'type filter hook input priority filter; policy accept;' "$output"
}

@test "lines of a script that call iptables" {
	run "$xtlate" ruleset <<<$'iptables -P INPUT DROP\nsudo /sbin/iptables -w -A INPUT -m comment --comment \'two words\' -j ACCEPT'
	[ "$status" -eq 0 ]
	cli_has 'policy drop;' "$output"
	cli_has 'counter accept comment "two words"' "$output"
}

@test "-I N inserts at its place, -I with several addresses in reverse, as iptables does" {
	run cli_rules filter '-A INPUT -i a -j DROP' '-A INPUT -i b -j DROP' '-I INPUT 2 -i c -j DROP' \
		'-I INPUT -s 192.0.2.1,192.0.2.2 -j DROP'
	cli_is 'INPUT ip saddr 192.0.2.2 counter drop
INPUT ip saddr 192.0.2.1 counter drop
INPUT iifname "a" counter drop
INPUT iifname "c" counter drop
INPUT iifname "b" counter drop' "$output"
}

@test "-D by number and by rule, -R, -F, -X and -E" {
	run cli_rules filter '-N one' '-A INPUT -i a -j DROP' '-A INPUT -i b -j DROP' '-A INPUT -i c -j DROP' \
		'-D INPUT 1' '-D INPUT -i c -j DROP' '-R INPUT 1 -i d -j one' '-E one two' '-N empty' '-X empty' \
		'-A OUTPUT -j DROP' '-F OUTPUT'
	cli_is 'INPUT iifname "d" counter jump two' "$output"
}

@test "counters: of rules in both forms, of policies" {
	run "$xtlate" ruleset <<<$'*filter\n:INPUT DROP [7:800]\n[1:20] -A INPUT -i a -j ACCEPT\n-A INPUT -i b -c 3 40 -j ACCEPT\n-A INPUT -i c -j ACCEPT\nCOMMIT'
	cli_has 'iifname "a" counter packets 1 bytes 20 accept' "$output"
	cli_has 'iifname "b" counter packets 3 bytes 40 accept' "$output"
	cli_has 'iifname "c" counter accept' "$output"
	cli_has 'counter packets 7 bytes 800 comment "policy"' "$output"
}

@test "-4 and -6 lines are for one family" {
	run cli_rules filter '-A INPUT -4 -i a -j DROP' '-A INPUT -6 -i b -j DROP'
	cli_is 'INPUT iifname "a" counter drop' "$output"
}

@test "! before an option and, as older iptables wrote it, behind it" {
	run cli_rules filter '-A INPUT ! -s 192.0.2.1 -j DROP' '-A INPUT -s ! 192.0.2.1 -j DROP'
	cli_is 'INPUT ip saddr != 192.0.2.1 counter drop
INPUT ip saddr != 192.0.2.1 counter drop' "$output"
}

@test "netmasks with holes, shortened and joined options, goto" {
	run cli_rules filter ':c - [0:0]' '-A INPUT -s 10.0.3.0/255.0.255.0 -j DROP' '-A INPUT --prot tcp --dpor 80 -jDROP' \
		'-A INPUT --source=192.0.2.0/24 -g c'
	cli_is 'INPUT ip saddr & 255.0.255.0 == 10.0.3.0 counter drop
INPUT tcp dport 80 counter drop
INPUT ip saddr 192.0.2.0/24 counter goto c' "$output"
}

@test "all tables have their hooks and priorities" {
	for t in raw:PREROUTING:filter:prerouting:raw mangle:OUTPUT:route:output:mangle \
		nat:INPUT:nat:input:100 nat:POSTROUTING:nat:postrouting:srcnat security:FORWARD:filter:forward:security; do
		IFS=: read -r table chain type hook prio <<<"$t"
		cli_has "type $type hook $hook priority $prio; policy accept;" \
			"$(cli_table "$table" "-A $chain -j ACCEPT" | "$xtlate" ruleset)"
	done
}

@test "ports in numbers and by name, also behind a rule whose port was wrong" {
	run -1 bash -c 'printf "*filter\n%s\nCOMMIT\n" "-A INPUT -p tcp --sport 80 --sport 81 -j ACCEPT
-A INPUT -p tcp --sport http --dport 1000: -j ACCEPT
-A INPUT -p udp --sport :7 ! --dport 53 -j ACCEPT" | "$1" ruleset --lines --quiet --no-fragment-guard -' sh "$xtlate"
	echo "$output"
	[[ $output == *"Only one \`--source-port' allowed"* ]]
	[[ $output == *"INPUT tcp sport 80 tcp dport 1000-65535 counter accept"* ]]
	[[ $output == *"INPUT udp sport 0-7 udp dport != 53 counter accept"* ]]
}
