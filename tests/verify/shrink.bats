#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Differences are reduced to the plainest packet and the fewest rules.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
	[ "$(id -u)" -eq 0 ] || skip "cannot here: needs root"
	[ -w /dev/net/tun ] || skip "cannot here: no /dev/net/tun"
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
}

# shrunk TABLE RULE...: what a translator that mistakes port 53 for 54 leaves of these rules.
shrunk()
{
	cli_table "$@" >rules
	run "$XL_BUILDDIR/tests/verify/shrink-test" rules
	echo "$output"
	[ "$status" -eq 0 ]
}

# rules_left RULE...: just these are needed.
rules_left()
{
	cli_is "$(printf '%s\n' "$@")" "$(grep -- '^-A' <<<"$output")"
}

@test "the rules that lead to the difference are left, and the others go" {
	shrunk filter ':a - [0:0]' ':b - [0:0]' '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT' '-A INPUT -j a' '-A INPUT -p udp -j ACCEPT' \
		'-A a -p tcp -j b' '-A a -p udp -m udp --dport 53 -j DROP' '-A b -p tcp -m tcp --dport 80 -j DROP'
	cli_has 'rules 2 alone' "$output"
	rules_left '-A a -p udp -m udp --dport 53 -j DROP' '-A INPUT -j a'
}

@test "chains, tables and policies that do nothing are left out" {
	cli_table mangle ':FORWARD ACCEPT [0:0]' '-A FORWARD -p tcp -j MARK --set-xmark 0x1/0x1' >more
	shrunk filter ':INPUT ACCEPT [0:0]' ':FORWARD DROP [0:0]' ':a - [0:0]' '-A INPUT -p udp -m udp --dport 53 -j DROP' COMMIT "$(<more)" '*raw'
	cli_is '*filter :INPUT ACCEPT [0:0] -A INPUT -p udp -m udp --dport 53 -j DROP COMMIT' \
		"$(sed -n '/^\*/,$p' <<<"$output" | paste -sd' ')"
}

@test "rules that are needed although they let the packet by" {
	shrunk filter '-A FORWARD -p udp -m udp --dport 53 -j MARK --set-xmark 0x1/0x1' COMMIT '*filter' \
		':FORWARD DROP [0:0]' '-A FORWARD -p udp -m udp --dport 53 -j ACCEPT'
	rules_left '-A FORWARD -p udp -m udp --dport 53 -j ACCEPT'
	cli_has ':FORWARD DROP' "$output"
}

@test "the packet has plain ports, addresses and nothing that is not needed" {
	shrunk filter '-A FORWARD -p udp -m udp --dport 53 -j DROP'
	cli_is 'packet in=vf0 saddr=198.18.0.9 daddr=198.18.1.9 udp sport=40000 dport=53' "$(grep ^packet <<<"$output" | head -n 1)"
}

@test "what is needed of the packet stays" {
	shrunk filter '-A FORWARD -s 192.0.2.0/24 -p udp -m udp --sport 1024 --dport 53 -m ttl --ttl-eq 30 -j DROP'
	cli_has ' saddr=192.0.2.' "$(grep ^packet <<<"$output")"
	cli_has ' sport=1024 dport=53 ttl=31' "$output"
}

@test "a connection that is needed stays" {
	shrunk filter '-A FORWARD -p udp -m udp --dport 53 -m conntrack --ctstate ESTABLISHED -j DROP'
	[[ $output =~ "ct="(established|reply) ]]
}

@test "a report has the command that shows it again" {
	cli_table filter '-A FORWARD -p udp -m udp --dport 53 -j DROP' >"my rules"
	"$xtlate" ruleset --quiet "my rules" | sed 's/dport 53/dport 54/' >wrong.nft
	run "$xtlate" verify --against wrong.nft "my rules"
	echo "$output"
	[ "$status" -eq 1 ]
	command=$(sed -n 's/^  once more: xtlate //p' <<<"$output" | head -n 1)
	run eval "'$xtlate' $command"
	echo "$output"
	[ "$status" -eq 1 ]
	cli_has 'nothing comes of it' "$output"
}
