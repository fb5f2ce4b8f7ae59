#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --nft-version: other text for nft before 1.0.6, or a refusal that names the version.

bats_require_minimum_version 1.5.0
load ../lib/cli

@test "nft 0.9.8 gets the forms that it reads" {
	[ "$(cli_rules --nft-version=0.9.8 filter '-A INPUT -m conntrack ! --ctstate NEW,RELATED -j REJECT')" = \
		'INPUT ct state & (related | new) == 0x00 counter reject with icmp type port-unreachable' ]
	[ "$(cli_rules --nft-version=0.9.8 filter '-A INPUT -p udp ! --sport 53 ! --dport 1000 -j ACCEPT')" = \
		'INPUT udp sport != { 53 } udp dport != { 1000 } counter accept' ]
}

@test "chains named by words of nft 0.9.8 are renamed for it, and for no other" {
	rules=(filter ':INPUT ACCEPT' ':in -' '-A INPUT -j in')
	[[ $(cli_rules --nft-version=0.9.8 "${rules[@]}") == *'jump in.2' ]]
	[[ $(cli_rules --nft-version=1.0.6 "${rules[@]}") == *'jump in' ]]
}

@test "newer nft gets the text of 1.0.6" {
	rule='-A INPUT -m conntrack ! --ctstate NEW,RELATED -j REJECT'
	[ "$(cli_rules --nft-version=1.1.7 filter "$rule")" = "$(cli_rules --nft-version=1.0.6 filter "$rule")" ]
}

@test "what nft 0.9.8 cannot do is refused with that reason" {
	run -1 bash -c 'printf "*mangle\n-A FORWARD -p tcp -j TCPOPTSTRIP --strip-options mss\nCOMMIT\n" |
		"$1" ruleset --nft-version 0.9.8' sh "$xtlate"
	[[ $output == *'nft before 1.0.6 cannot do this: "reset" for TCP options'* ]]
}

@test "a version that is none, or too old, is bad usage" {
	run -2 "$xtlate" ruleset --nft-version 1 /dev/null
	[[ $output == *'"1" is not a version of nft'* ]]
	run -2 "$xtlate" ruleset --nft-version 0.9.7 /dev/null
	[[ $output == *'the oldest nft'*'0.9.8'* ]]
}
