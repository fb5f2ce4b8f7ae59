#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What xtlate verify says, and what it writes for programs.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
	[ "$(id -u)" -eq 0 ] || skip "cannot here: needs root"
	[ -w /dev/net/tun ] || skip "cannot here: no /dev/net/tun"
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
	cli_table filter '-A FORWARD -p udp -m udp --dport 53 -j DROP' '-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT' >rules
	"$xtlate" ruleset --quiet rules | sed 's/dport 53/dport 54/' >wrong.nft
}

# valid FILE: it is as the schema says.
valid()
{
	python3 -c 'import jsonschema' 2>/dev/null || skip "cannot here: no python3-jsonschema"
	python3 -c 'import json, jsonschema, sys; jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' \
		"$1" "$XL_SRCDIR/doc/verify-report.schema.json"
}

@test "the first line says what is compared, the last what was found" {
	run "$xtlate" verify -O0 rules
	echo "$output"
	[[ ${lines[0]} =~ ^"rules: 2 rules, 1 table; iptables-legacy | nft (libnftables "[0-9.]+", -O0)"$ ]]
	cli_is 'same: verdicts, packets, marks, sockets, 2 rule counters' "${lines[-1]}"
}

@test "counters that are not compared are not said to be" {
	"$xtlate" ruleset --quiet rules >right.nft
	run "$xtlate" verify --against right.nft rules
	cli_is 'same: verdicts, packets, marks, sockets; rule counters are not compared (see --same-rules)' "${lines[-1]}"
}

@test "with --same-rules, counters are not said to be left out where all of them throw dice" {
	cli_table filter '-A FORWARD -m statistic --mode random --probability 0.5 -j LOG' >dice
	"$xtlate" ruleset --quiet dice >right.nft
	run "$xtlate" verify --same-rules --against right.nft dice
	echo "$output"
	cli_is 'same: verdicts, packets, marks, sockets, 0 rule counters' "${lines[-1]}"
}

@test "rules that no packet reached are not counted as compared" {
	run "$xtlate" verify <(cli_table filter ':a - [0:0]' '-A FORWARD -p tcp -j DROP' '-A a -p udp -j DROP')
	cli_has 'sockets, 1 rule counters' "${lines[-1]}"
}

@test "what packets cannot check is said, and not counted" {
	run "$xtlate" verify <(cli_table filter '-A FORWARD -p tcp -j DROP' '-A FORWARD -m time --timestart 01:00 --timestop 02:00' \
		'-A FORWARD -m policy --dir in --pol ipsec -j DROP' '-A FORWARD -m nosuch -j DROP')
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output =~ "not checked: "[^\ ]*":3  -m time: another time of day than now" ]]
	[[ $output =~ "not checked: "[^\ ]*":4  -m policy: needs IPsec state" ]]
	[[ $output =~ "not checked: "[^\ ]*":5  not translated: " ]]
	cli_has 'sockets, 1 rule counters' "${lines[-1]}"
}

@test "rules about bridges are not checked; no probe says by its mark that it came by one" {
	run "$xtlate" verify <(cli_table filter '-A FORWARD -m physdev --physdev-in p1 -p udp --dport 5' \
		'-A FORWARD -m physdev ! --physdev-in p1 -p udp --dport 6' '-A FORWARD -m mark --mark 1/3 -j DROP')
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output =~ "not checked: "[^\ ]*":2  -m physdev: a packet that a bridge carries" ]]
	cli_has 'sockets, 2 rule counters' "${lines[-1]}"
}

@test "rules for packets that cannot be made here are not checked" {
	run "$xtlate" verify <(cli_table filter '-A INPUT -m cgroup --cgroup 5 -j DROP')
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output =~ "not checked: "[^\ ]*":2  -m cgroup: a process in that control group" ]]
	! grep -q 'not reached' <<<"$output" || false
}

@test "nothing but the report goes to a pipe" {
	run --separate-stderr "$xtlate" verify rules
	cli_is '' "$stderr"
}

@test "--report of the same is as the schema says" {
	"$xtlate" verify --report report rules
	cli_is 'true 2 2 []' "$(jq -r '"\(.same) \(.rules) \(."checked-counters") \(.differences)"' report)"
	valid report
}

@test "--report of a difference is as the schema says" {
	! "$xtlate" verify --same-rules --against wrong.nft --report report rules || false
	jq . report
	cli_is 'false' "$(jq -c .same report)"
	cli_is '2' "$(jq -c '.differences[0]."parts-at".line' report)"
	cli_has 'dport=5' "$(jq -r '.differences[0].simplest.packet' report)"
	cli_has 'xtlate verify --packet ' "$(jq -r '.differences[0].simplest.command' report)"
	valid report
}

@test "--report of what cannot be compared is as the schema says" {
	cli_table filter '-A FORWARD -m nosuch' '-A INPUT -m limit --limit 1/s' '-A FORWARD -m time --timestart 01:00 --timestop 02:00' >rules
	"$xtlate" verify --report report rules
	cli_is '1 2' "$(jq -r '"\(.refused) \(."not-checked" | length)"' report)"
	valid report
}

@test "--verbose lists all rules of a kind" {
	{
		echo '*filter'
		seq -f '-A FORWARD -s 192.0.2.%g -m nosuch -j DROP' 1 25
		printf '%s\n' '-A FORWARD -j DROP' COMMIT
	} >rules
	run "$xtlate" verify rules
	cli_is 20 "$(grep -c '^not checked: ' <<<"$output")"
	cli_has 'and 5 more not checked' "$output"
	run "$xtlate" verify --verbose rules
	cli_is 25 "$(grep -c '^not checked: ' <<<"$output")"
	cli_has "rules: for iptables (guessed); rules: 26" "$output"
}
