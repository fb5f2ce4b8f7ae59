#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Wrong translations of matches that are in use, or were: each is found.

load ../lib/wrong

setup()
{
	wrong_setup
}

@test "a protocol that is lost with its match" {
	wrong filter '-A FORWARD -p dccp -m dccp -j DROP' 'FORWARD counter drop'
	wrong filter '-A FORWARD -p esp -m esp -j DROP' 'FORWARD counter drop'
	wrong filter '-A FORWARD -p ah -m ah -j DROP' 'FORWARD counter drop'
	wrong filter '-A FORWARD -p udp -m udp -j DROP' 'FORWARD counter drop'
	wrong -6 filter '-A FORWARD -m frag -j DROP' 'FORWARD counter drop'
	wrong -6 filter '-A FORWARD -m rt -j DROP' 'FORWARD counter drop'
}

@test "--tcp-flags NONE NONE and all ports, with the protocol lost" {
	wrong filter '-A FORWARD -p tcp -m tcp --tcp-flags NONE NONE -j DROP' 'FORWARD counter drop'
	wrong filter '-A FORWARD -p tcp -m tcp --dport 0:65535 -j DROP' 'FORWARD counter drop'
}

@test "inverted UDP ports with the other's inversion" {
	wrong filter '-A FORWARD -p udp -m udp ! --sport 53 --dport 1000 -j DROP' 'FORWARD udp sport != 53-53 udp dport != 1000-1000 counter drop'
	wrong filter '-A FORWARD -p udp -m udp --sport 53 ! --dport 1000 -j DROP' 'FORWARD udp sport 53 udp dport 1000 counter drop'
}

@test "conntrack: SNAT and DNAT without their inversion or the states beside them" {
	wrong filter '-A FORWARD -m conntrack ! --ctstate SNAT -j DROP' 'FORWARD ct status snat counter drop'
	wrong filter '-A FORWARD -m conntrack --ctstate NEW,DNAT -j DROP' 'FORWARD ct status dnat counter drop'
	wrong filter '-A FORWARD -m conntrack ! --ctstate DNAT -j DROP' 'FORWARD ct status ! dnat counter drop'
}

@test "conntrack: packets without a connection" {
	wrong filter '-A FORWARD -m conntrack --ctstate INVALID,NEW --ctproto 6 -j DROP' \
		'FORWARD ct state invalid,new ct protocol tcp counter drop'
}

@test "conntrack: states and statuses as exact comparisons" {
	wrong filter '-A FORWARD -m conntrack ! --ctstate NEW,ESTABLISHED -j DROP' 'FORWARD ct state != new,established counter drop'
	wrong filter '-A FORWARD -m conntrack ! --ctstatus ASSURED -j DROP' 'FORWARD ct status != assured counter drop'
}

@test "conntrack: the reply's direction, and the other address" {
	wrong filter '-A FORWARD -m conntrack --ctdir REPLY -j DROP' 'FORWARD ct direction original counter drop'
	wrong filter '-A FORWARD -m conntrack --ctorigsrc 198.51.100.0/24 -j DROP' 'FORWARD ct reply ip saddr 198.51.100.0/24 counter drop'
}

@test "conntrack: --ctexpire in milliseconds" {
	wrong filter '-A FORWARD -m conntrack --ctexpire 1:100000 -j DROP' 'FORWARD ct expiration 1s counter drop'
}

@test "addrtype: the source's inversion at the destination" {
	wrong filter '-A FORWARD -m addrtype ! --src-type LOCAL --dst-type UNICAST -j DROP' \
		'FORWARD fib saddr type != local fib daddr type != unicast counter drop'
}

@test "addrtype: IPv6 UNICAST that the kernel does not take from routes" {
	wrong -6 filter '-A INPUT -m addrtype --dst-type UNICAST -j DROP' 'INPUT fib daddr type unicast counter drop'
	wrong -6 filter '-A INPUT -m addrtype --dst-type MULTICAST -j DROP' 'INPUT fib daddr type local counter drop'
}

@test "ah: bytes, and reserved ones" {
	wrong -6 filter '-A FORWARD -m ah --ahlen 24 -j DROP' 'FORWARD meta l4proto ah ah hdrlength 24 counter drop'
	wrong -6 filter '-A FORWARD -m ah --ahres -j DROP' 'FORWARD meta l4proto ah ah reserved 1 counter drop'
	wrong filter '-A FORWARD -p ah -m ah --ahspi 500 -j DROP' 'FORWARD meta l4proto ah ah spi 501 counter drop'
}

@test "IPv6 ! -p as another protocol" {
	wrong -6 filter '-A FORWARD ! -p udp -j DROP' 'FORWARD meta l4proto tcp counter drop'
}

@test "cluster: the next node, and one without its inversion" {
	wrong filter '-A FORWARD -m cluster --cluster-total-nodes 3 --cluster-local-node 1 --cluster-hash-seed 0x5eed -j DROP' \
		'FORWARD jhash ct original ip saddr mod 3 seed 0x5eed 1 counter drop'
	wrong filter '-A FORWARD -m cluster --cluster-total-nodes 3 ! --cluster-local-node 1 --cluster-hash-seed 0x5eed -j DROP' \
		'FORWARD jhash ct original ip saddr mod 3 seed 0x5eed 0 counter drop'
}

@test "connlabel: packets without a connection" {
	wrong filter '-A FORWARD -m connlabel ! --label 40 -j DROP' 'FORWARD ct label ! 40 counter drop'
}

@test "connmark and mark without their masks" {
	wrong filter '-A FORWARD -m connmark --mark 0x10/0xf0 -j DROP' 'FORWARD ct mark 0x10 counter drop'
	wrong filter '-A FORWARD -m mark --mark 0x10/0xf0 -j DROP' 'FORWARD meta mark 0x10 counter drop'
	wrong filter '-A FORWARD -m mark ! --mark 0x10/0xf0 -j DROP' 'FORWARD meta mark & 0xf0 == 0x10 counter drop'
}

@test "devgroup: an inversion that is the other's, too" {
	wrong filter '-A FORWARD -m devgroup ! --src-group 2 --dst-group 0 -j DROP' 'FORWARD iifgroup != 2 oifgroup != 0 counter drop'
}

@test "devgroup: a mask that the value does not fit" {
	wrong filter '-A FORWARD -m devgroup --src-group 0x18/0x4 -j DROP' 'FORWARD iifgroup & 0x4 == 0x18 counter drop'
}

@test "ecn: an exact comparison of TCP's flags, an inversion of all parts" {
	wrong filter '-A FORWARD -p tcp -m ecn ! --ecn-tcp-ece -j DROP' 'FORWARD tcp flags != ecn counter drop'
	wrong filter '-A FORWARD -p tcp -m ecn ! --ecn-tcp-ece --ecn-ip-ect 1 -j DROP' \
		'FORWARD tcp flags & ecn == 0 ip ecn != ect1 counter drop'
}

@test "frag: reserved bits that are set" {
	wrong -6 filter '-A FORWARD -m frag --fragres -j DROP' 'FORWARD frag reserved 1 counter drop'
	wrong -6 filter '-A FORWARD -m frag --fragfirst -j DROP' 'FORWARD frag more-fragments 1 counter drop'
}

@test "limit: another burst, and none" {
	wrong filter '-A FORWARD -p udp -m limit --limit 1/hour --limit-burst 6 -j DROP' \
		'FORWARD meta l4proto udp limit rate 1/hour burst 12 packets counter drop'
	wrong filter '-A FORWARD -p udp -m limit --limit 1/hour --limit-burst 6 -j DROP' 'FORWARD meta l4proto udp counter drop'
}

@test "hbh and dst: bytes where nft has units of eight" {
	wrong -6 filter '-A FORWARD -m hbh --hbh-len 8 -j DROP' 'FORWARD hbh hdrlength 8 counter drop'
	wrong -6 filter '-A FORWARD -m dst --dst-len 8 -j DROP' 'FORWARD dst hdrlength 8 counter drop'
}

@test "rt: another type, and no segments that are any" {
	wrong -6 filter '-A FORWARD -m rt --rt-type 0 -j DROP' 'FORWARD rt type 2 counter drop'
	wrong -6 filter '-A FORWARD -m rt ! --rt-segsleft 0:4294967295 -j DROP' 'FORWARD exthdr rt exists counter drop'
}

@test "helper: an inversion that misses connections without one" {
	wrong filter '-A FORWARD -m helper ! --helper ftp -j DROP' 'FORWARD ct helper != "ftp" counter drop'
}

@test "icmp: an inverted any, and a type without its code" {
	wrong filter '-A FORWARD -p icmp -m icmp ! --icmp-type any -j DROP' 'FORWARD meta l4proto icmp counter drop'
	wrong filter '-A FORWARD -p icmp -m icmp ! --icmp-type 3/1 -j DROP' 'FORWARD icmp type != 3 icmp code != 1 counter drop'
	wrong -6 filter '-A FORWARD -p ipv6-icmp -m icmp6 --icmpv6-type 1/3 -j DROP' 'FORWARD icmpv6 type 1 counter drop'
}

@test "ipv6header, soft and strict" {
	wrong -6 filter '-A FORWARD -m ipv6header --header frag --soft -j DROP' 'FORWARD exthdr hbh exists counter drop'
	wrong -6 filter '-A FORWARD -m ipv6header --header hop-by-hop,protocol -j DROP' 'FORWARD exthdr hbh exists counter drop'
}

@test "length: IPv6 without its header" {
	wrong -6 filter '-A FORWARD -m length --length 60:100 -j DROP' 'FORWARD ip6 length 60-100 counter drop'
}

@test "multiport: one end more, and the other direction" {
	wrong filter '-A FORWARD -p tcp -m multiport --dports 80,100:200 -j DROP' 'FORWARD tcp dport { 80, 100-201 } counter drop'
	wrong filter '-A FORWARD -p tcp -m multiport --dports 80,443 -j DROP' 'FORWARD tcp sport { 80, 443 } counter drop'
	wrong filter '-A FORWARD -p tcp -m multiport ! --dports 80,443 -j DROP' 'FORWARD tcp dport { 80, 443 } counter drop'
}

@test "owner: uid and gid, each alone" {
	wrong filter '-A OUTPUT -m owner --uid-owner 1000 --gid-owner 100 -j DROP' 'OUTPUT meta skuid 1000 counter drop'
	wrong filter '-A OUTPUT -m owner --gid-owner 100-200 -j DROP' 'OUTPUT meta skgid 100 counter drop'
}

@test "rpfilter --accept-local --invert on all devices" {
	wrong raw '-A PREROUTING -m rpfilter --accept-local --invert -j DROP' \
		'PREROUTING fib saddr type != local fib saddr . iif oif 0 counter drop'
}

@test "rpfilter that is loose" {
	wrong raw '-A PREROUTING -m rpfilter --invert -j DROP' 'PREROUTING fib saddr oif 0 counter drop'
}

@test "socket: sockets of connections, too" {
	wrong mangle '-A PREROUTING -p tcp -m socket --transparent -j MARK --set-xmark 0x1/0x1' \
		'PREROUTING meta l4proto tcp counter meta mark set meta mark | 0x1'
}

@test "statistic: another packet of each three, and without its inversion" {
	wrong filter '-A FORWARD -p udp -m statistic --mode nth --every 3 --packet 0 -j DROP' \
		'FORWARD meta l4proto udp numgen inc mod 3 1 counter drop'
	wrong filter '-A FORWARD -p udp -m statistic --mode nth ! --every 3 --packet 0 -j DROP' \
		'FORWARD meta l4proto udp numgen inc mod 3 0 counter drop'
}

@test "statistic that counts what later tests do not take" {
	wrong filter '-A FORWARD -p udp -m udp --sport 53 -m statistic --mode nth --every 2 --packet 0 -m udp --dport 80 -j DROP' \
		'FORWARD udp sport 53 udp dport 80 numgen inc mod 2 0 counter drop'
}

@test "time: a second where it is always, and a wrong half of the day" {
	wrong filter '-A FORWARD -p udp -m time --timestart 12:00:00 --timestop 12:00:00 -j DROP' \
		'FORWARD meta l4proto udp meta hour 43200-43200 counter drop'
}

@test "quota: more, and over it" {
	wrong filter '-A FORWARD -p udp -m quota --quota 200 -j DROP' 'FORWARD meta l4proto udp quota 400 bytes counter drop'
	wrong filter '-A FORWARD -p udp -m quota ! --quota 200 -j DROP' 'FORWARD meta l4proto udp quota 200 bytes counter drop'
}

@test "recent: more hits, and another address" {
	wrong filter '-A FORWARD -m recent --rcheck --name r --mask 255.255.255.255 --rsource -j DROP
-A FORWARD -p udp -m recent --set --name r --mask 255.255.255.255 --rsource' \
		'FORWARD counter'
}

@test "tos: some bits, without the mask" {
	wrong filter '-A FORWARD -m tos --tos 0x10/0x3f -j DROP' 'FORWARD @nh,8,8 0x10 counter drop'
	wrong filter '-A FORWARD -m dscp --dscp 0x2e -j DROP' 'FORWARD ip dscp 0x2f counter drop'
}

@test "ttl and hl: one off" {
	wrong filter '-A FORWARD -m ttl --ttl-lt 5 -j DROP' 'FORWARD ip ttl < 6 counter drop'
	wrong -6 filter '-A FORWARD -m hl --hl-gt 200 -j DROP' 'FORWARD ip6 hoplimit > 201 counter drop'
}

@test "iprange, a network with holes, interfaces" {
	wrong filter '-A FORWARD -m iprange --src-range 192.0.2.10-192.0.2.20 -j DROP' 'FORWARD ip saddr 192.0.2.10-192.0.2.21 counter drop'
	wrong filter '-A FORWARD -s 10.0.3.0/255.0.255.0 -j DROP' 'FORWARD ip saddr 10.0.3.0/24 counter drop'
	wrong filter '-A FORWARD -i eth+ -j DROP' 'FORWARD iifname "eth" counter drop'
	wrong filter '-A FORWARD ! -i eth0 -j DROP' 'FORWARD iifname "eth0" counter drop'
}

@test "mac, pkttype" {
	wrong filter '-A FORWARD -m mac ! --mac-source 02:00:00:00:00:07 -j DROP' 'FORWARD ether saddr 02:00:00:00:00:07 counter drop'
	wrong filter '-A INPUT -m pkttype --pkt-type multicast -j DROP' 'INPUT meta pkttype host counter drop'
}

@test "tcpmss and length of ranges" {
	wrong filter '-A FORWARD -p tcp -m conntrack --ctstate NEW -m tcpmss --mss 500:1000 -j DROP' 'FORWARD ct state new tcp option maxseg size 500-1001 counter drop'
	wrong filter '-A FORWARD -m length ! --length 0:100 -j DROP' 'FORWARD meta length 0-100 counter drop'
}

@test "socket: which sockets count, in both families" {
	wrong mangle '-A PREROUTING -p tcp -m socket --transparent -j DROP' 'PREROUTING meta l4proto tcp socket transparent 1 counter drop'
	wrong mangle '-A PREROUTING -p tcp -m socket --transparent --nowildcard -j DROP' \
		'PREROUTING meta l4proto tcp socket wildcard 0 socket transparent 1 counter drop'
	wrong -6 mangle '-A PREROUTING -p udp -m socket --nowildcard -j DROP' 'PREROUTING meta l4proto udp socket transparent 1 counter drop'
	wrong -6 mangle '-A PREROUTING -p udp -m socket --transparent --nowildcard -j DROP' 'PREROUTING meta l4proto udp counter drop'
}

@test "socket: none at all, and its mark that is lost" {
	wrong mangle '-A PREROUTING -p tcp -m socket --transparent -j DROP' 'PREROUTING meta l4proto icmp socket transparent 1 counter drop'
	wrong mangle '-A PREROUTING -m socket --nowildcard --restore-skmark -j ACCEPT' 'PREROUTING socket transparent <= 1 counter accept'
}

@test "rpfilter: sources that no host has" {
	wrong -6 raw '-A PREROUTING -m rpfilter --invert -j DROP' 'PREROUTING fib saddr . iif oif 0 counter drop'
	wrong -6 raw '-A PREROUTING -m rpfilter --invert -j DROP' 'PREROUTING ip6 daddr != :: fib saddr . iif oif 0 counter drop'
	wrong raw '-A PREROUTING -m rpfilter --invert -j DROP' 'PREROUTING fib saddr . iif oif 0 counter drop'
}

@test "conntrack: what DNAT has sent on to where no other rule lets packets pass" {
	local rules=('*nat' ':PREROUTING ACCEPT [0:0]'
		'-A PREROUTING -i wan -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.3.1:80' 'COMMIT'
		'*filter' ':INPUT ACCEPT [0:0]' ':FORWARD DROP [0:0]' ':OUTPUT ACCEPT [0:0]'
		'-A FORWARD -i wan -o lan -m conntrack --ctstate DNAT -j ACCEPT' 'COMMIT')

	wrong_by 's/iifname "wan" oifname/iifname != "wan" oifname/' "${rules[@]}"
	wrong_by 's/status dnat/status snat/' "${rules[@]}"
	wrong_by 's/10.0.3.1:80/10.0.3.2:80/' "${rules[@]}"
}

@test "-p ah of IPv6, which matches nothing, as a header that is there" {
	wrong -6 filter '-A FORWARD -p ah -j DROP' 'FORWARD ip6 nexthdr ah counter drop'
	wrong -6 filter '-A FORWARD -p ah -j DROP' 'FORWARD meta l4proto ah counter drop'
}

@test "interface wildcards that mean more, or less" {
	local name

	for name in eth0 'et*' eth; do
		wrong filter '-A FORWARD -i eth+ -j DROP' "FORWARD iifname \"$name\" counter drop"
		wrong -6 filter '-A FORWARD -o eth+ -j DROP' "FORWARD oifname \"$name\" counter drop"
	done
}
