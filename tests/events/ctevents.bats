#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# CT --ctevents: the events that connections send, under iptables-legacy and under the translation.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
	cli_need_netns
	command -v conntrack >/dev/null || skip "cannot here: conntrack is not installed"
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
}

# events: the kinds of events, in order, of three UDP packets each to ports 53 and 54 with answers.
# Standard input is a shell script that loads the rules.
events()
{
	cat >load.sh
	unshare -n bash -ec '
		ip link set lo up
		# Else the legacy rule only works when something listens as it is loaded.
		sysctl -qw net.netfilter.nf_conntrack_events=1
		. ./load.sh
		conntrack -E >events 2>/dev/null &
		for try in {1..50}; do ss -f netlink 2>/dev/null | grep -q conntrack && break; sleep 0.02; done
		sleep 0.3
		for port in 53 54; do
			for i in 1 2 3; do echo >/dev/udp/127.0.0.1/$port; done || true
		done
		sleep 0.5
		conntrack -D -p udp >/dev/null 2>&1
		sleep 0.3
		kill %1
		sed -n "s/^ *\(\[[A-Z]*\]\).* udp .* \(dport=5[34]\) .*/\1 \2/p" events | sort | uniq -c'
}

# same_events RULE: both say the same; what they say is in $output.
same_events()
{
	cli_table raw ':PREROUTING ACCEPT [0:0]' ':OUTPUT ACCEPT [0:0]' "$1" >rules
	"$xtlate" ruleset --quiet -4 rules >rules.nft
	cat rules.nft
	# The legacy rules track nothing by themselves.
	echo 'iptables-legacy-restore rules; iptables-legacy -A INPUT -m conntrack --ctstate NEW' | events >legacy
	echo 'nft -f rules.nft; iptables-legacy -A INPUT -m conntrack --ctstate NEW' | events >nft
	diff legacy nft
	output=$(cat nft)
	echo "$output"
}

@test "only the events that a rule asks for" {
	same_events '-A OUTPUT -p udp -m udp --dport 53 -j CT --ctevents new'
	[[ $output == *'[NEW] dport=53'* ]]
	[[ $output != *'[DESTROY] dport=53'* ]]
	[[ $output == *'[DESTROY] dport=54'* ]]
}

@test "events of destroyed connections only" {
	same_events '-A OUTPUT -p udp -m udp --dport 53 -j CT --ctevents destroy'
	[[ $output != *'[NEW] dport=53'* ]]
	[[ $output == *'[DESTROY] dport=53'* ]]
}

@test "the first rule decides" {
	same_events '-A OUTPUT -p udp -m udp --dport 53 -j CT --ctevents new
-A OUTPUT -p udp -j CT --ctevents destroy'
	[[ $output == *'[NEW] dport=53'* ]]
	[[ $output != *'[DESTROY] dport=53'* ]]
	[[ $output != *'[NEW] dport=54'* ]]
}
