#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Rules with ipsets, beyond the cases of -m set and -j SET.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

# translate LINE...: the sets come from the file "sets".
translate()
{
	cli_table filter "$@" | "$xtlate" ruleset --ipset sets -
}

@test "without --ipset: which set is missing, and how to write it" {
	cli_table filter '-A INPUT -m set --match-set blocked src -j DROP' >in
	run --separate-stderr "$xtlate" ruleset in
	[ "$status" -eq 1 ]
	cli_has 'the ipset "blocked" is not known; write the sets with "ipset save > FILE"' "$stderr"
	cli_has 'give --ipset FILE' "$stderr"
}

@test "with a file that lacks it: ipset save with the set's name" {
	echo 'create other hash:ip' >sets
	run --separate-stderr translate '-A INPUT -m set --match-set blocked src -j DROP'
	cli_has 'is in no --ipset file; write it with "ipset save blocked > FILE"' "$stderr"
}

@test "xtlate rule says that sets need a ruleset" {
	run --separate-stderr "$xtlate" rule -A INPUT -m set --match-set blocked src -j DROP
	[ "$status" -eq 1 ]
	cli_has 'blocked' "$stderr"
}

@test "the options of set and SET that are wrong" {
	echo 'create s hash:ip' >sets
	while IFS='|' read -r options words; do
		run --separate-stderr translate "-A INPUT $options"
		[ "$status" -eq 1 ]
		cli_has "$words" "$stderr"
	done <<-'END'
		-m set|-m set needs --match-set
		-m set --match-set s|needs two words
		-m set --match-set s source|is not a list of src and dst
		-m set --match-set s src,|is not a list of src and dst
		-m set --match-set s src,src,src,src,src,src,src|more than 6
		-m set --match-set s src --match-set s dst|given twice
		-m set --match-set 12345678901234567890123456789012 src|1 to 31 characters
		-m set --match-set s src ! --return-nomatch|cannot be inverted
		-m set --match-set s src ! --packets-gt 5|only --packets-eq and --bytes-eq
		-m set --match-set s src --packets-eq five|is not a number
		-j SET|needs --add-set
		-j SET --del-set s src --exist|--exist and --timeout need --add-set
		-j SET --add-set s src --timeout x|not a number of seconds
		-j SET --add-set s src --map-mark|need --map-set
		-j SET --map-set s src|needs --map-mark
	END
}

@test "each table has its own copy of a set, its rules share it" {
	printf '%s\n' 'create s hash:ip' 'add s 10.0.0.1' >sets
	{
		cli_table raw '-A PREROUTING -m set --match-set s src' '-A OUTPUT -m set --match-set s dst'
		cli_table filter '-A INPUT -m set --match-set s src'
	} >in
	run "$xtlate" ruleset --lines --ipset sets in
	cli_is $'add set ip raw s\nadd set ip filter s' "$(grep -o '^add set ip [a-z]* s' <<<"$output")"
}

@test "SET in one table cannot reach the rules of another" {
	echo 'create s hash:ip' >sets
	{
		cli_table mangle '-A PREROUTING -j SET --add-set s src'
		cli_table filter '-A INPUT -m set --match-set s src -j DROP'
	} >in
	run --separate-stderr "$xtlate" ruleset --ipset sets in
	[ "$status" -eq 1 ]
	cli_has 'the ipset "s" is used in several tables' "$stderr"
}

@test "a note says that programs must change the nft sets from now on" {
	echo 'create s hash:ip' >sets
	run --separate-stderr translate '-A INPUT -m set --match-set s src'
	[ "$status" -eq 0 ]
	cli_has 'programs that change ipsets' "$stderr"
}

@test "the old name of a renamed set stands in a comment" {
	printf '%s\n' 'create s;x{ hash:ip' 'create c_s_3bx_7b hash:ip' >sets
	run translate '-A INPUT -m set --match-set c_s_3bx_7b src' '-A INPUT -m set --match-set s;x{ src'
	cli_has $'# ipset "s;x{" in the input\n\tset c_s_3bx_7b.2 {' "$output"
}

@test "a comment of an element cannot end its string" {
	cli_need_netns
	printf '%s\n' 'create s hash:ip comment' "add s 10.0.0.1 comment \"\\ } # \$x 'y' é *\"" \
		"add s 10.0.0.2 comment \"$(printf 'x%.0s' {1..200})\"" "add s 10.0.0.3 comment a\"b;}" >sets
	translate '-A INPUT -m set --match-set s src' >out 2>messages
	cli_reloads "$PWD/out"
	cli_has 'comments in the ipset "s"' "$(cat messages)"
}

@test "sets of every type load, and load again from their listing" {
	cli_need_netns
	cat >sets <<-'END'
		create ip4 hash:ip netmask 24 timeout 60 counters comment
		add ip4 10.0.0.0 timeout 30 packets 1 bytes 2 comment "x"
		add ip4 10.0.1.0 timeout 0
		create ip6 hash:ip family inet6
		add ip6 fd00::1
		create net4 hash:net counters comment timeout 0
		add net4 10.0.0.0/8 timeout 0 packets 1 bytes 2 comment "x"
		add net4 10.1.0.0/16 nomatch
		add net4 10.1.1.0/24
		create net6 hash:net family inet6
		add net6 fd00::/8
		create ipport hash:ip,port timeout 60 counters comment
		add ipport 10.0.0.1,tcp:80 timeout 30 packets 1 bytes 2 comment "x"
		add ipport 10.0.0.1,icmp:host-redirect
		add ipport 10.0.0.1,icmp:77/3
		add ipport 10.0.0.1,250:0
		create ipportip hash:ip,port,ip family inet6
		add ipportip fd00::1,icmpv6:redirect,fd00::2
		create ipportnet hash:ip,port,net
		add ipportnet 10.0.0.1,udp:53,10.0.0.0/8
		add ipportnet 10.0.0.1,udp:53,10.1.0.0/16 nomatch
		create netport hash:net,port family inet6
		add netport fd00::/64,sctp:9
		create netnet hash:net,net
		add netnet 10.0.0.0/8,11.0.0.0/8
		add netnet 10.1.0.0/16,11.1.0.0/16 nomatch
		create netportnet hash:net,port,net
		add netportnet 10.0.0.0/8,80-82,11.0.0.0/8
		create netiface hash:net,iface comment
		add netiface 10.0.0.0/8,eth0 comment "x"
		add netiface 10.0.0.0/8,wl wildcard
		create mac hash:mac
		add mac 02:00:00:00:00:01
		create ipmac hash:ip,mac
		add ipmac 10.0.0.1,02:00:00:00:00:01
		create ipmark hash:ip,mark
		add ipmark 10.0.0.1,0x10
		create bip bitmap:ip range 10.0.0.0/16
		add bip 10.0.0.1
		create bipmac bitmap:ip,mac range 10.0.0.0/16
		add bipmac 10.0.0.1,02:00:00:00:00:01
		create bport bitmap:port range 0-65535
		add bport 80
		add bport 90-100
	END
	for family in 4 6; do
		awk -v v=$family '$1 == "create" && (/inet6/ == (v == 6) || /hash:mac|bitmap:port/) {
			for (i = 0; i < 2; i++)
				print "-A INPUT -m set " (i ? "! " : "") "--match-set " $2 " src,dst,src -j DROP"
			if (/net/ != 1 && /ip,mac/ != 1 || /hash:ip /)
				print "-A INPUT -j SET --add-set " $2 " src,dst,dst"
		}' sets >rules
		mapfile -t lines <rules
		cli_table filter "${lines[@]}" >in
		run --separate-stderr "$xtlate" ruleset --ipset sets -$family in -o out
		echo "$stderr"
		[ "$status" -eq 0 ]
		unshare -n bash -c 'nft -f out && nft list ruleset >list && nft flush ruleset && nft -f list &&
			nft list ruleset >again'
		diff <(sed 's/ expires [0-9a-z]*//g' list) <(sed 's/ expires [0-9a-z]*//g' again)
	done
}
