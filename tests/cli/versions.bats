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

# with_nft VERSION COMMAND...: where the installed nft has this version.
with_nft()
{
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\necho "nftables v%s (Name)"\n' "$1" >"$BATS_TEST_TMPDIR/bin/nft"
	chmod +x "$BATS_TEST_TMPDIR/bin/nft"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH "${@:2}"
}

@test "without --nft-version the installed nft is written for" {
	rules=(filter '-A INPUT -m conntrack ! --ctstate NEW,RELATED -j REJECT')
	for version in 0.9.8 1.0.5 1.0.6; do
		[ "$(with_nft "$version" cli_rules "${rules[@]}")" = "$(cli_rules --nft-version="$version" "${rules[@]}")" ]
	done
	for version in 1.0.6.1 1.1.7; do
		[ "$(with_nft "$version" cli_rules "${rules[@]}")" = "$(cli_rules --nft-version=1.0.6 "${rules[@]}")" ]
	done
}

@test "xtlate rule and the drop-in names write for it, too" {
	line=(-A INPUT -m conntrack ! --ctstate NEW,RELATED -j REJECT)
	[[ $(with_nft 0.9.8 "$xtlate" rule "${line[@]}") == *'== 0x00 counter'* ]]
	[[ $(with_nft 0.9.8 cli_as iptables-translate "${line[@]}") == *'== 0x00 counter'* ]]
}

@test "an installed nft that is too old is written for as 0.9.8, and told of" {
	run --separate-stderr with_nft 0.9.0 "$xtlate" rule -A INPUT -j DROP
	[ "$status" -eq 0 ]
	[[ $stderr == *'the installed nft 0.9.0 is older than 0.9.8'* ]]
}

@test "what calls itself nft and tells no version is as none" {
	for version in '' nonsense 300.0.0; do
		[ "$(with_nft "$version" "$xtlate" rule -A INPUT -j DROP)" = "nft 'add rule ip filter INPUT counter drop'" ]
	done
}
