#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Translations that look right and are not, as tools and people write them: each must be found.

load ../lib/wrong

setup()
{
	wrong_setup
}

@test "TPROXY without the drop" {
	wrong mangle '-A PREROUTING -p tcp -m tcp --dport 80 -j TPROXY --on-port 3129 --tproxy-mark 0x1/0x1' \
		'PREROUTING tcp dport 80 counter tproxy to :3129 meta mark set meta mark and 0xfffffffe xor 0x1 accept'
}

@test "an inverted port that is not" {
	wrong filter '-A FORWARD -p udp -m udp ! --dport 1000 -j DROP' 'FORWARD udp dport 1000 counter drop'
}

@test "two inverted ports as one" {
	wrong filter '-A FORWARD -p udp -m udp ! --sport 53 ! --dport 1000 -j DROP' \
		'FORWARD udp sport . udp dport != { 53 . 1000 } counter drop'
}

@test "a match that is lost" {
	wrong filter '-A FORWARD -p tcp -m tcp -j DROP' 'FORWARD counter drop'
}

@test "--ports that takes only the ends of a range" {
	wrong filter '-A FORWARD -p tcp -m multiport --ports 100:200 -j DROP' \
		'FORWARD tcp sport { 100, 200 } counter drop' 'FORWARD tcp dport { 100, 200 } counter drop'
}

@test "! --ports that is positive" {
	wrong filter '-A FORWARD -p tcp -m multiport ! --ports 53 -j DROP' 'FORWARD tcp dport 53 counter drop'
}

@test "! --mss that misses packets without the option" {
	wrong filter '-A FORWARD -p tcp -m tcpmss ! --mss 500 -j DROP' 'FORWARD tcp option maxseg size != 500 counter drop'
}

@test "! --tcp-option that takes UDP, too" {
	wrong filter '-A FORWARD -p tcp -m tcp ! --tcp-option 23 -j DROP' 'FORWARD tcp option 23 missing counter drop'
}

@test "--tcp-flags as an exact comparison" {
	wrong filter '-A FORWARD -p tcp -m tcp --tcp-flags SYN SYN -j DROP' 'FORWARD tcp flags == syn counter drop'
}

@test "! --uid-owner that misses what the kernel sends" {
	wrong filter '-A OUTPUT ! -o lo -m owner ! --uid-owner 1000 -j DROP' \
		'OUTPUT oifname != "lo" meta skuid != 1000 counter drop'
}

@test "an inverted state that means exactly" {
	wrong filter '-A FORWARD -m conntrack ! --ctstate RELATED,ESTABLISHED -j DROP' \
		'FORWARD ct state new counter drop'
}

@test "an ICMP code that is lost" {
	wrong filter '-A FORWARD -p icmp -m icmp --icmp-type 3/4 -j DROP' 'FORWARD icmp type destination-unreachable counter drop'
}

@test "--dst-type that becomes --src-type" {
	wrong filter '-A FORWARD -m addrtype --src-type UNICAST --dst-type UNICAST -j DROP' \
		'FORWARD fib saddr type local counter drop'
}

@test "a mark that is set where bits of it should be" {
	wrong mangle '-A PREROUTING -p udp -j MARK --set-xmark 0x1/0xf' 'PREROUTING meta l4proto udp counter meta mark set 0x1'
}

@test "a prefix that is one bit short" {
	wrong filter '-A FORWARD -s 203.0.113.64/26 -j DROP' 'FORWARD ip saddr 203.0.113.64/27 counter drop'
}

@test "a DNAT port that is one off" {
	wrong nat '-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 198.51.100.9:8080' \
		'PREROUTING tcp dport 80 counter dnat to 198.51.100.9:8081'
}

@test "an SNAT port that is one off" {
	wrong nat '-A POSTROUTING -p tcp -m tcp --dport 80 -j SNAT --to-source 198.51.100.9:4000' \
		'POSTROUTING tcp dport 80 counter snat to 198.51.100.9:4001'
}

@test "a protocol of IPv6 that stands in the first header only" {
	wrong -6 filter '-A FORWARD -p tcp -j DROP' 'FORWARD ip6 nexthdr tcp counter drop'
	wrong -6 filter '-A FORWARD -p udp -m udp --dport 53 -j DROP' \
		'FORWARD ip6 nexthdr udp udp dport 53 counter drop'
}

@test "another label of a connection" {
	wrong filter '-A FORWARD -p udp -m connlabel --label 5 --set -j ACCEPT' \
		'FORWARD meta l4proto udp ct label set 6 ct label 6 counter accept'
}

@test "a zone of one direction that is both's" {
	wrong raw '-A PREROUTING -p udp -j CT --zone-orig 5' 'PREROUTING meta l4proto udp counter ct zone set 5'
}

@test "the policy of a chain to which no packet of a rule's values comes" {
	wrong_by '/FORWARD/s/drop/accept/' '*filter' ':FORWARD DROP [0:0]' '-A INPUT -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT' COMMIT
	wrong_by '/OUTPUT/s/accept/drop/' '*filter' ':OUTPUT ACCEPT [0:0]' '-A FORWARD -i eth0 -o eth1 -p tcp -m tcp --dport 22 -j DROP' COMMIT
}

@test "a table that drops what another should have counted before" {
	local same=--same-rules
	wrong_by '/filter OUTPUT/s/priority filter/priority -170/' '*mangle' ':OUTPUT ACCEPT [0:0]' \
		'-A OUTPUT -p udp -m udp --dport 5060 -j DSCP --set-dscp 0x2e' COMMIT '*filter' ':OUTPUT ACCEPT [0:0]' \
		'-A OUTPUT -d 198.51.100.66/32 -j DROP' COMMIT
}

@test "a port that is lost, where only one rule lets marked packets through" {
	wrong_by 's/{ 80, 443 }/80/' '*mangle' ':PREROUTING ACCEPT [0:0]' \
		'-A PREROUTING -i lan0 -p tcp -m multiport --dports 80,443 -j MARK --set-xmark 0x100/0xff00' COMMIT '*filter' \
		':INPUT DROP [0:0]' ':FORWARD DROP [0:0]' '-A FORWARD -s 192.0.2.10/32 -d 198.51.100.9/32 -i lan0 -j ACCEPT' COMMIT
}

@test "a rule without its verdict" {
	wrong filter '-A FORWARD -i eth0 -j DROP' 'FORWARD iifname "eth0" counter'
}

@test "TOS of IPv6 without its lower bits" {
	wrong -6 mangle '-A PREROUTING -p udp -j TOS --set-tos 0x11' 'PREROUTING meta l4proto udp counter ip6 dscp set 0x04'
}

@test "ports of later fragments" {
	wrong filter '-A FORWARD -p udp -m udp --dport 24930 -j DROP' 'FORWARD udp dport 24930 counter drop'
}

@test "an answer that is wrong, behind a rule with a rate" {
	wrong filter $'-A FORWARD -p udp -m limit --limit 10/sec -j ACCEPT\n-A FORWARD -j REJECT --reject-with icmp-host-unreachable' \
		'FORWARD meta l4proto udp limit rate 10/second burst 5 packets counter accept' \
		'FORWARD counter reject with icmp admin-prohibited'
}

@test "a mark that is lost where another has bits, too" {
	wrong mangle '-A PREROUTING -p udp -j MARK --set-xmark 0x10/0xf0' \
		'PREROUTING meta l4proto udp counter meta mark set meta mark & 0x7fffff0f ^ 0x10'
}

@test "a connection mark that only some bits are restored from" {
	wrong mangle '-A PREROUTING -j CONNMARK --restore-mark --nfmask 0x3 --ctmask 0x3' \
		'PREROUTING ct mark & 0x1 != 0 meta mark set meta mark | 0x1' 'PREROUTING ct mark & 0x1 == 0 meta mark set meta mark & 0xfffffffe'
}

@test "two rules in the wrong order" {
	wrong filter $'-A FORWARD -s 192.0.2.0/24 -j DROP\n-A FORWARD -p tcp -m tcp --dport 80 -j REJECT' \
		'FORWARD tcp dport 80 counter reject' 'FORWARD ip saddr 192.0.2.0/24 counter drop'
}

@test "goto where a chain comes back" {
	wrong filter $':a - [0:0]\n-A FORWARD -p tcp -j a\n-A FORWARD -i eth0 -j DROP\n-A a -p tcp -m tcp --dport 80 -j ACCEPT' \
		'FORWARD meta l4proto tcp counter goto a' 'FORWARD iifname "eth0" counter drop' 'a tcp dport 80 counter accept'
}

@test "a port that no rule names" {
	wrong filter '-A FORWARD -p tcp -m multiport --dports 80,443 -j DROP' 'FORWARD tcp dport { 80, 443, 33333 } counter drop'
}

@test "one end of a range of NAT's addresses" {
	wrong nat '-A PREROUTING -p udp -m udp --dport 53 -j DNAT --to-destination 198.51.100.5-198.51.100.7' \
		'PREROUTING udp dport 53 counter dnat to 198.51.100.5-198.51.100.6'
}
