#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Wrong translations of targets that are in use, or were: each is found.

load ../lib/wrong

setup()
{
	wrong_setup
}

@test "CONNMARK --set-xmark with a mask, by an expression that binds otherwise" {
	wrong mangle '-A PREROUTING -p udp -j CONNMARK --set-xmark 0x16/0xff' 'PREROUTING meta l4proto udp counter ct mark set ct mark'
	wrong mangle '-A PREROUTING -p udp -j CONNMARK --set-xmark 0x16/0x12' \
		'PREROUTING meta l4proto udp counter ct mark set ct mark ^ 0x4'
}

@test "CONNMARK --save-mark that wipes the connection's other bits" {
	wrong mangle '-A PREROUTING -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff' \
		'PREROUTING counter ct mark set meta mark & 0xff'
}

@test "CONNMARK --save-mark that leaves a bit to new connections, of which nothing gets through" {
	wrong_by '/ct mark & 0xfffffffe/d' '*mangle' ':PREROUTING ACCEPT [0:0]' \
		'-A PREROUTING -m conntrack --ctstate NEW -j CONNMARK --save-mark --nfmask 0x3 --ctmask 0x3' COMMIT \
		'*filter' ':INPUT DROP [0:0]' ':FORWARD DROP [0:0]' COMMIT
}

@test "CONNMARK --restore-mark that wipes the packet's other bits" {
	wrong mangle '-A PREROUTING -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff' \
		'PREROUTING counter meta mark set ct mark & 0xff'
}

@test "CONNMARK with a shift that is lost" {
	wrong mangle '-A PREROUTING -p udp -j CONNMARK --set-xmark 0x23/0xffffffff --left-shift-mark 5' \
		'PREROUTING meta l4proto udp counter ct mark set 0x23'
}

@test "MARK --or-mark that sets, --and-mark that keeps, --xor-mark that ors" {
	wrong mangle '-A PREROUTING -p udp -j MARK --or-mark 0x10' 'PREROUTING meta l4proto udp counter meta mark set 0x10'
	wrong mangle '-A PREROUTING -p udp -j MARK --and-mark 0xf0' 'PREROUTING meta l4proto udp counter meta mark set meta mark & 0xff'
	wrong mangle '-A PREROUTING -p udp -j MARK --xor-mark 0x10' 'PREROUTING meta l4proto udp counter meta mark set meta mark | 0x10'
}

@test "IPv6 TOS of some bits, by a value for all of them" {
	wrong -6 mangle '-A PREROUTING -p udp -j TOS --set-tos 0x06/0x0f' 'PREROUTING meta l4proto udp counter ip6 dscp set 0x01'
}

@test "DSCP that is written as TOS" {
	wrong mangle '-A PREROUTING -p udp -j DSCP --set-dscp 0x2e' 'PREROUTING meta l4proto udp counter ip dscp set 0x0b'
}

@test "a TTL that is written without the header's checksum" {
	wrong mangle '-A PREROUTING -p udp -j TTL --ttl-set 77' 'PREROUTING meta l4proto udp counter @nh,64,8 set 77'
}

@test "NETMAP that hashes" {
	wrong nat '-A PREROUTING -d 198.51.100.0/24 -j NETMAP --to 203.0.113.0/24' \
		'PREROUTING ip daddr 198.51.100.0/24 counter dnat to 203.0.113.0-203.0.113.255'
}

@test "DNAT with a shift of ports that is lost" {
	wrong nat '-A PREROUTING -p tcp -m tcp --dport 5000:5010 -j DNAT --to-destination 198.51.100.7:7000-7010/5000' \
		'PREROUTING tcp dport 5000-5010 counter dnat to 198.51.100.7:7000-7010'
}

@test "IPv6 DNAT to one address of a range" {
	wrong -6 nat '-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination [2001:db8::5-2001:db8::8]:8080' \
		'PREROUTING tcp dport 80 counter dnat to [2001:db8::5]:8080'
}

@test "MASQUERADE and REDIRECT without their ports" {
	wrong nat '-A POSTROUTING -p tcp -j MASQUERADE --to-ports 20000-20010' 'POSTROUTING meta l4proto tcp counter masquerade'
	wrong nat '-A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 3128' 'PREROUTING tcp dport 80 counter redirect'
}

@test "ports to choose from: fewer, more, one" {
	local rule='-A POSTROUTING -p tcp -j MASQUERADE --to-ports 20000-29999' ports
	for ports in 20001-29999 20000-29998 19999-29999 20000-24999 20000-39999 20000; do
		wrong nat "$rule" "POSTROUTING meta l4proto tcp counter masquerade to :$ports"
	done
	wrong nat '-A PREROUTING -p udp -m udp --dport 80 -j REDIRECT --to-ports 8000-8010' 'PREROUTING udp dport 80 counter redirect to :8001-8010'
}

@test "ports to choose from: nearly all" {
	wrong nat '-A POSTROUTING -p tcp -j MASQUERADE --to-ports 443-65535 --random-fully' \
		'POSTROUTING meta l4proto tcp counter masquerade to :443-40000 fully-random'
}

@test "ports that are drawn where they are kept, and the other way" {
	wrong nat '-A POSTROUTING -p udp -j MASQUERADE' 'POSTROUTING meta l4proto udp counter masquerade random'
	wrong nat '-A POSTROUTING -p udp -j SNAT --to-source 192.0.2.1 --random-fully' 'POSTROUTING meta l4proto udp counter snat to 192.0.2.1'
	wrong nat '-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 198.51.100.7:8000-8003 --random' \
		'PREROUTING tcp dport 80 counter dnat to 198.51.100.7:8000-8003'
}

@test "REDIRECT to a port that is one off, of packets that only an own address of the rules takes" {
	wrong_by 's/:5353/:5354/' '*nat' '-A PREROUTING -i lan0 ! -d 192.0.2.0/24 -p udp -m udp --dport 53 -j REDIRECT --to-ports 5353' COMMIT \
		'*filter' ':INPUT DROP [0:0]' '-A INPUT -d 192.0.2.1/32 -i lan0 -p udp -m multiport --dports 53,5353 -j ACCEPT' COMMIT
}

@test "CT --helper before there are connections" {
	wrong_by 's/priority -199/priority -300/' '*raw' '-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp' COMMIT
}

@test "CT --helper of another protocol" {
	wrong_by '/OUTPUT.ct/s/tcp dport/tcp sport/' '*raw' ':OUTPUT ACCEPT [0:0]' '-A OUTPUT -p tcp -m tcp --dport 21 -j CT --helper ftp' COMMIT
}

@test "CT --zone after NOTRACK" {
	wrong_by 's/ct state != untracked ct zone/ct zone/' '*raw' '-A PREROUTING -p udp -j NOTRACK' \
		'-A PREROUTING -j CT --zone 5' COMMIT
}

@test "CT --zone that is lost, and another" {
	wrong_by 's/ct zone set 5//' '*raw' '-A PREROUTING -p udp -j CT --zone 5' COMMIT
	wrong_by 's/ct zone set 5/ct zone set 6/' '*raw' '-A PREROUTING -p udp -j CT --zone 5' COMMIT
}

@test "NOTRACK after connections are looked up" {
	wrong_by 's/priority raw/priority -150/' '*raw' ':PREROUTING ACCEPT [0:0]' '-A PREROUTING -p udp -m udp --dport 53 -j NOTRACK' COMMIT \
		'*filter' '-A FORWARD -m conntrack --ctstate NEW -j DROP' COMMIT
}

@test "the table security before filter" {
	wrong_by 's/priority \(50\|security\)/priority -1/' '*filter' '-A FORWARD -p udp -j MARK --set-xmark 0x1/0xffffffff' COMMIT \
		'*security' '-A FORWARD -m mark --mark 0x1 -j DROP' COMMIT
}

@test "mangle's OUTPUT that does not route again" {
	wrong_by 's/type route/type filter/' '*mangle' ':OUTPUT ACCEPT [0:0]' \
		'-A PREROUTING -i lo -p tcp -m tcp --dport 80 -m mark --mark 0x1 -j TPROXY --on-port 3129 --tproxy-mark 0x1/0x1' \
		'-A OUTPUT -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x1/0xffffffff' COMMIT
}

@test "TPROXY to another port, and without its mark" {
	local rule='-A PREROUTING -p udp -m udp --dport 53 -j TPROXY --on-port 5300 --tproxy-mark 0x1/0x1'
	wrong_by 's/:5300/:5301/' '*mangle' "$rule" COMMIT
	wrong_by 's/meta mark set meta mark | 0x00000001//' '*mangle' "$rule" COMMIT
}

@test "REJECT with another answer, and one that drops" {
	wrong filter '-A FORWARD -p udp -j REJECT --reject-with icmp-net-prohibited' \
		'FORWARD meta l4proto udp counter reject with icmp host-prohibited'
	wrong filter '-A INPUT -p tcp -j REJECT --reject-with tcp-reset' 'INPUT meta l4proto tcp counter drop'
	wrong -6 filter '-A FORWARD -j REJECT --reject-with icmp6-adm-prohibited' 'FORWARD counter reject with icmpv6 no-route'
}

@test "TCPMSS by another size" {
	wrong_by 's/size set 1400/size set 1300/' '*mangle' \
		'-A FORWARD -p tcp -m tcp --tcp-flags SYN,RST SYN -m tcpmss --mss 1401:65535 -j TCPMSS --set-mss 1400' COMMIT
}

@test "TEE to another neighbour, on the same device" {
	wrong mangle '-A FORWARD -j TEE --gateway 198.18.1.77' 'FORWARD counter dup to 198.18.1.78'
	wrong -6 mangle '-A FORWARD -j TEE --gateway fd00:1::77 --oif vf1' 'FORWARD counter dup to fd00:1::78 device "vf1"'
}
