#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What nft can only do nearly is refused, and given with --approximate.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

# nearly RULE: the rule is refused, and translated and marked with --approximate.
nearly()
{
	cli_table filter ':INPUT ACCEPT [0:0]' "$1" >in
	"$xtlate" ruleset --lines "${2--4}" in 2>/dev/null | grep -q 'NOT TRANSLATED:.*--approximate'
	"$xtlate" ruleset --approximate --lines --no-fragment-guard --quiet "${2--4}" in 2>/dev/null |
		sed -n '/^# approximate/d; s/^add rule ip6* filter //p'
}

@test "a transform that is no tunnel is taken for transport mode" {
	cli_is 'INPUT jump INPUT.1
INPUT.1 ipsec in spnum 1 spi 0-4294967295 return
INPUT.1 ipsec in spnum 0 spi 0-4294967295 goto INPUT.1.2
INPUT.1.2 ipsec in spnum 0 ip saddr 0.0.0.0-255.255.255.255 return
INPUT.1.2 ipsec in spnum 0 ip6 saddr ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff return
INPUT.1.2 counter accept' "$(nearly '-A INPUT -m policy --dir in --pol ipsec --strict --mode transport -j ACCEPT')"
}

@test "addresses of a routing header are looked for among the first two" {
	cli_is 'INPUT rt type 0 rt hdrlength 2-255 rt0 addr[1] fd02::3 jump INPUT.1
INPUT rt type 0 rt hdrlength 4-255 rt0 addr[2] fd02::3 jump INPUT.1
INPUT.1 counter accept' \
		"$(nearly '-A INPUT -m rt --rt-type 0 --rt-0-addrs fd02::3 --rt-0-not-strict -j ACCEPT' -6)"
}

@test "of SCTP chunks the first of a type is taken for all" {
	local m='meta l4proto sctp' f='sctp chunk data flags & 0x03 == 0x02'
	cli_is "INPUT $m $f sctp chunk init exists counter accept" \
		"$(nearly '-A INPUT -p sctp -m sctp --chunk-types all DATA:Be,INIT -j ACCEPT')"
	cli_is "INPUT $m jump INPUT.1 INPUT.1 $f return INPUT.1 sctp chunk init exists return INPUT.1 counter accept" \
		"$(nearly '-A INPUT -p sctp -m sctp ! --chunk-types any DATA:Be,INIT -j ACCEPT' | xargs)"
	cli_has "INPUT $m @th,96,8 { 0x00, 0x03 } sctp chunk init missing sctp chunk init-ack missing sctp chunk h" \
		"$(nearly '-A INPUT -p sctp -m sctp --chunk-types only DATA,SACK -j ACCEPT')"
	cli_has 'INPUT.1 sctp chunk data flags & 0x04 != 0x04 return' \
		"$(nearly '-A INPUT -p sctp -m sctp --chunk-types only DATA:U -j ACCEPT')"
}

@test "a NOP among the TCP options is looked for but in the last byte" {
	cli_is 'INPUT tcp option 1 missing meta l4proto tcp counter accept' \
		"$(nearly '-A INPUT -p tcp -m tcp ! --tcp-option 1 -j ACCEPT')"
}

@test "the time zone of the kernel is taken for UTC" {
	cli_is 'INPUT meta hour 28800-64800 counter accept' \
		"$(nearly '-A INPUT -m time --timestart 08:00 --timestop 18:00 --kerneltz -j ACCEPT')"
}
