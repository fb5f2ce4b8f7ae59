# SPDX-License-Identifier: GPL-2.0-or-later
# What case-run has to notice: each test gives it a translation that is wrong in some way.

setup()
{
	case_file=$BATS_TEST_TMPDIR/some.case
	export XL_CASE_XTLATE=$BATS_TEST_TMPDIR/xtlate
}

# case_lines LINE...: the case file.
case_lines()
{
	printf '%s\n' "$@" >"$case_file"
}

# translation RULE...: what there is in place of xtlate prints a filter table with these rules.
translation()
{
	{
		printf '%s\n' '#!/bin/sh' 'cat <<\EOF' 'add table ip filter' \
			'add chain ip filter INPUT { type filter hook input priority filter; policy accept; }' \
			'add chain ip filter FORWARD { type filter hook forward priority filter; policy accept; }' \
			'add chain ip filter OUTPUT { type filter hook output priority filter; policy accept; }'
		[ $# -eq 0 ] || printf 'add rule ip filter %s\n' "$@"
		echo EOF
	} >"$XL_CASE_XTLATE"
	chmod +x "$XL_CASE_XTLATE"
}

run_case()
{
	run "$XL_BUILDDIR/tests/helpers/case-run" "$@" "$case_file"
	[ "$status" -ne 77 ] || skip "$output"
	echo "$output"
}

@test "a right translation passes" {
	translation "FORWARD ip frag-off & 0x1fff == 0 tcp dport 80 counter accept"
	case_lines "4: -A FORWARD -p tcp --dport 80 -j ACCEPT" \
		"nft: FORWARD ip frag-off & 0x1fff == 0 tcp dport 80 counter accept" \
		"hit: tcp dport=80" "miss: tcp dport=81" "miss: tcp dport=80 frag=64"
	run_case
	[ "$status" -eq 0 ]
	[ "$output" = "1 passed, 0 failed" ]
}

@test "another text is shown" {
	translation "FORWARD tcp dport 80 counter accept"
	case_lines "4: -A FORWARD -p tcp --dport 80 -j ACCEPT" \
		"nft: FORWARD tcp dport { 80 } counter accept" "hit: tcp dport=80"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"-nft: FORWARD tcp dport { 80 } counter accept"* ]]
	[[ $output == *"+nft: FORWARD tcp dport 80 counter accept"* ]]
}

@test "--bless writes the text that is printed" {
	translation "FORWARD tcp dport 80 counter accept"
	case_lines "4: -A FORWARD -p tcp --dport 80 -j ACCEPT" "nft: FORWARD" "# left as it is" \
		"hit: tcp dport=80"
	run_case --bless
	[ "$status" -eq 0 ]
	[ "$(sed -n 2p "$case_file")" = "nft: FORWARD tcp dport 80 counter accept" ]
	[ "$(sed -n 3p "$case_file")" = "# left as it is" ]
}

@test "a wrong port is noticed by the packets" {
	translation "FORWARD tcp dport 81 counter accept"
	case_lines "4: -A FORWARD -p tcp --dport 80 -j ACCEPT" \
		"nft: FORWARD tcp dport 81 counter accept" "hit: tcp dport=80" "miss: tcp dport=81"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"line 3, hit: tcp dport=80: counted are"* ]]
	[[ $output == *"line 4, miss: tcp dport=81: counted are"* ]]
}

@test "a missing guard against later fragments is noticed" {
	translation "FORWARD tcp dport 80 counter accept"
	case_lines "4: -A FORWARD -p tcp --dport 80 -j ACCEPT" \
		"nft: FORWARD tcp dport 80 counter accept" "miss: tcp dport=80 frag=64"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"line 3, miss: tcp dport=80 frag=64: counted are"* ]]
}

@test "an expectation that legacy does not share is noticed" {
	translation "FORWARD tcp dport 80 counter accept"
	case_lines "4: -A FORWARD -p tcp --dport 80 -j ACCEPT" \
		"nft: FORWARD tcp dport 80 counter accept" "miss: tcp dport=80"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"legacy: 1 packets"* ]]
}

@test "a counter in the wrong place is noticed by its bytes" {
	translation "FORWARD meta l4proto udp counter packets 0 bytes 1 accept" "FORWARD counter accept"
	case_lines "4: -A FORWARD -j ACCEPT" \
		"nft: FORWARD meta l4proto udp counter packets 0 bytes 1 accept" \
		"nft: FORWARD counter accept" "hit: udp" "hit: tcp"
	run_case
	[ "$status" -eq 0 ]
	translation "FORWARD counter" "FORWARD meta l4proto udp counter accept"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"native: 2 packets, 88 bytes"* ]]
}

@test "a verdict that differs is seen" {
	translation "FORWARD counter drop"
	case_lines "4: -A FORWARD -j ACCEPT" "nft: FORWARD counter drop" "sees: udp"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"line 3, sees: udp: the outcome differs"* ]]
}

@test "a mark that differs is seen" {
	translation "FORWARD counter meta mark set 2"
	case_lines "4: -t mangle -A FORWARD -j MARK --set-mark 1" \
		"nft: FORWARD counter meta mark set 2" "sees: udp"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"postrouting: in=2 out=3 mark=0x1"* ]]
	[[ $output == *"postrouting: in=2 out=3 mark=0x2"* ]]
}

@test "a priority that differs is seen" {
	translation "FORWARD counter meta priority set 1:3"
	case_lines "4: -t mangle -A FORWARD -j CLASSIFY --set-class 1:2" \
		"nft: FORWARD counter meta priority set 1:3" "sees: udp"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"priority 0x10002"* ]]
	[[ $output == *"priority 0x10003"* ]]
}

@test "a byte that differs is seen" {
	translation "FORWARD counter ip ttl set 9"
	case_lines "4: -t mangle -A FORWARD -j TTL --ttl-set 10" \
		"nft: FORWARD counter ip ttl set 9" "sees: udp"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"the outcome differs"* ]]
}

@test "a connection's mark that differs is seen" {
	translation "FORWARD counter ct mark set 2"
	case_lines "4: -t mangle -A FORWARD -j CONNMARK --set-mark 1" \
		"nft: FORWARD counter ct mark set 2" "sees: udp"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"mark=0x1 zone=0"* ]]
	[[ $output == *"mark=0x2 zone=0"* ]]
}

@test "a listing that means something else is noticed" {
	# nft lists this without the protocol.
	translation "FORWARD meta l4proto tcp tcp option 23 missing counter accept"
	case_lines "4: -A FORWARD -p tcp ! --tcp-option 23 -j ACCEPT" \
		"nft: FORWARD meta l4proto tcp tcp option 23 missing counter accept" "miss: udp"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"native: 0 packets"*"relisted: 1 packets"* ]]
}

@test "a translation that does not load is noticed" {
	translation "FORWARD no such thing"
	case_lines "4: -A FORWARD -j ACCEPT" "nft: FORWARD no such thing" "text-only: broken"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"nft refuses it"* ]]
}

@test "a listing that does not load is noticed" {
	[[ $(nft --version) == *v1.0.6* ]] || skip "cannot here: this nft lists it well"
	translation "FORWARD tcp flags & syn == fin counter accept"
	case_lines "4: -A FORWARD -j ACCEPT" "nft: FORWARD tcp flags & syn == fin counter accept" \
		"text-only: broken"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"nft refuses its own listing"* ]]
}

@test "a case without packets has to say why" {
	translation "FORWARD counter accept"
	case_lines "4: -A FORWARD -j ACCEPT" "nft: FORWARD counter accept"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"no packets"* ]]
}

@test "a case of which the rule sees nothing proves nothing" {
	translation "FORWARD meta l4proto udp counter drop"
	case_lines "4: -A FORWARD -p udp -j DROP" "nft: FORWARD meta l4proto udp counter drop" \
		"sees: tcp"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"the rule counts none of the packets"* ]]
}

@test "a difference that is expected has to be there" {
	translation "FORWARD udp dport 80 counter accept"
	case_lines "4: -A FORWARD -p udp --dport 80 -j ACCEPT" \
		"nft: FORWARD udp dport 80 counter accept" "differs: udp dport=80 frag=64"
	run_case
	[ "$status" -eq 0 ]
	echo "differs: udp dport=80" >>"$case_file"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"line 4, differs: udp dport=80: counted are"* ]]
}

@test "a conversation has its connection" {
	translation "FORWARD ct state established,related counter accept"
	case_lines "4: -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT" \
		"nft: FORWARD ct state established,related counter accept" \
		"miss: udp dport=53" "hit: reply" "hit: icmp type=3 code=3 in=b quote" "miss: udp dport=54"
	run_case
	[ "$status" -eq 0 ]
}

@test "a packet sent in fragments is put together where connections are tracked" {
	translation "FORWARD ct state new udp dport 53 counter accept"
	case_lines "4: -A FORWARD -p udp --dport 53 -m conntrack --ctstate NEW -j ACCEPT" \
		"nft: FORWARD ct state new udp dport 53 counter accept" "hit: udp dport=53 len=60 split=16"
	run_case --trace
	[ "$status" -eq 0 ]
	[[ $output == *"counted: 1 packets, 88 bytes"* ]]
}

@test "a word that does not exist is an error with its line" {
	case_lines "# comment" "4: -A FORWARD -j ACCEPT" "hits: udp"
	run_case
	[ "$status" -eq 2 ]
	[[ $output == *"some.case:3: unknown word \"hits\""* ]]
}

@test "a packet that is not well-formed is an error with its line" {
	translation "FORWARD counter accept"
	case_lines "4: -A FORWARD -j ACCEPT" "nft: FORWARD counter accept" "hit: udp dport=x"
	run_case
	[ "$status" -eq 1 ]
	[[ $output == *"line 3: bad value dport=x"* ]]
}
