#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Probes made from rules: they hit what they are to hit, and the edges are where they should be.

load ../lib/cli
load ../lib/corpus

setup()
{
	cd "$BATS_TEST_TMPDIR"
	probe_test=$XL_BUILDDIR/tests/verify/probe-test
}

# rules TABLE LINE...: the save file "in"; the first line is line 2 of it.
rules()
{
	cli_table "$@" >in
}

# probes [LINE]: the probes of the rule on that line of "in".
probes()
{
	"$probe_test" -4 in probes | awk -v line="${1-2}" '$1 == line'
}

# values KEY [LINE]: the values that probes have for KEY, sorted, each once.
values()
{
	probes "${2-2}" | grep -oE " $1=[^ ]*" | cut -d= -f2- | sort -u | tr '\n' ' '
}

# has_values KEY VALUE...: probes of the first rule have all these values.
has_values()
{
	local key=$1 got
	shift
	got=" $(values "$key")"
	for v; do
		cli_has " $v " "$got"
	done
}

# reached LINE...: for each of these rules the model has a probe that matches it.
reached()
{
	local line
	for line; do
		probes "$line" | grep -qE '^[0-9]+ hit (yes|maybe) ' && continue
		echo "no probe reaches line $line"
		return 1
	done
}

# as_said: every probe does what it is for, as far as the model knows.
as_said()
{
	! "$probe_test" -4 in probes | grep -E '^[0-9]+ (hit no|miss yes) '
}

@test "a port: itself, one below, one above" {
	rules filter '-A INPUT -p tcp --dport 80 -j ACCEPT'
	has_values dport 79 80 81
	as_said
}

@test "a range of ports: both bounds and what is around them" {
	rules filter '-A FORWARD -p udp --sport 1000:2000 -j ACCEPT'
	has_values sport 999 1000 2000 2001
	as_said
}

@test "a network: first and last address and what is around them" {
	rules filter '-A FORWARD -s 192.0.2.64/26 -j ACCEPT'
	has_values saddr 192.0.2.63 192.0.2.64 192.0.2.127 192.0.2.128
	as_said
}

@test "a mask with holes: single bits of it" {
	rules filter '-A FORWARD -s 10.0.0.1/255.0.0.255 -j ACCEPT'
	has_values saddr 10.0.0.0 10.0.0.3
	as_said
}

@test "several ports: each of them" {
	rules filter '-A INPUT -p tcp -m multiport --dports 22,80,8000:8010 -j ACCEPT'
	has_values dport 21 22 23 79 80 81 7999 8000 8010 8011
	as_said
}

@test "TCP flags: each turned" {
	rules filter '-A INPUT -p tcp --tcp-flags SYN,ACK SYN -j ACCEPT'
	has_values flags syn syn,ack none
	as_said
}

@test "a mark: each bit of the mask" {
	rules filter '-A OUTPUT -m mark --mark 0x5/0xf -j ACCEPT'
	has_values mark 0x5 0x4 0x7 0x1 0xd
	as_said
}

@test "connection states: every one" {
	rules filter '-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT'
	has_values ct established reply related invalid
	as_said
}

@test "an ICMP type and its neighbours" {
	rules filter '-A INPUT -p icmp --icmp-type 8 -j ACCEPT'
	has_values type 7 8 9
	as_said
}

@test "a negated test is met and just missed" {
	rules filter '-A INPUT ! -s 192.0.2.0/24 -j ACCEPT'
	has_values saddr 192.0.1.255 192.0.2.0 192.0.3.0
	as_said
}

@test "a hop limit: as it is where the rule sees it" {
	rules filter '-A FORWARD -m ttl --ttl-eq 10 -j ACCEPT'
	has_values ttl 10 11 12
	as_said
}

@test "a wildcard names a device, and another is the miss" {
	rules filter '-A FORWARD -i eth+ -j ACCEPT'
	probes | grep -qE ' hit yes in=eth[01] '
	probes | grep -q ' miss no in=vf'
}

@test "the owner of a socket: sent from here, uids around" {
	rules filter '-A OUTPUT -m owner --uid-owner 1000 -j ACCEPT'
	has_values uid 999 1000 1001
	! probes | grep -v ' out '
}

@test "-i lo: sent from here to here" {
	rules filter '-A INPUT -i lo -p tcp --dport 25 -j ACCEPT'
	probes | grep -qE ' hit yes out .* dport=25'
}

@test "a limit is also met spent" {
	rules filter '-A INPUT -m limit --limit 1/s --limit-burst 5 -j ACCEPT'
	has_values repeat 7
}

@test "elements of an ipset and their neighbours" {
	rules filter '-A INPUT -m set --match-set s src -j ACCEPT'
	printf '%s\n' 'create s hash:net' 'add s 192.0.2.0/24' >set
	"$probe_test" -4 -i set in probes >out
	cli_has ' hit yes ' "$(<out)"
	cli_has 'saddr=192.0.1.255 ' "$(<out)"
	cli_has 'saddr=192.0.3.0 ' "$(<out)"
}

@test "a way through jumps" {
	rules filter ':a -' ':b -' '-A INPUT -p tcp -j a' '-A a -s 192.0.2.0/24 -j b' '-A b -p tcp --dport 22 -j DROP'
	reached 4 5 6
	! probes 6 | grep ' hit ' | grep -v ' saddr=192.0.2'
}

@test "a way through a goto" {
	rules filter ':a -' '-A INPUT -p udp -g a' '-A a -p udp --dport 53 -j ACCEPT' '-A INPUT -j DROP'
	reached 3 4 5
	as_said
}

@test "a rule behind a return" {
	rules filter ':a -' '-A INPUT -j a' '-A a -p tcp --dport 22 -j RETURN' '-A a -p tcp -j DROP'
	reached 4 5
	! probes 5 | grep ' yes ' | grep ' dport=22 '
}

@test "rules in the way are gone round" {
	rules filter '-A INPUT -s 10.0.0.0/8 -j ACCEPT' '-A INPUT -p udp -j DROP' '-A INPUT -p tcp --dport 1024:65535 -j DROP' \
		'-A INPUT -p tcp -j ACCEPT' '-A INPUT -j DROP'
	reached 2 3 4 5 6
}

@test "an earlier table's drops are gone round" {
	{
		cli_table raw '-A PREROUTING -p tcp --dport 1024:65535 -j DROP'
		cli_table filter '-A INPUT -p tcp -j ACCEPT'
	} >in
	reached 5
}

@test "a policy of DROP is passed by a rule that accepts" {
	{
		cli_table filter ':FORWARD DROP [0:0]' '-A FORWARD -p tcp --dport 443 -j ACCEPT'
		cli_table nat '-A POSTROUTING -s 192.0.2.0/24 -o eth0 -j MASQUERADE'
	} >in
	reached 6
}

@test "near misses, too, are brought past a policy of DROP" {
	{
		cli_table filter ':FORWARD DROP [0:0]' '-A FORWARD -s 192.0.2.0/24 -j ACCEPT' '-A FORWARD -s 192.0.3.0/24 -j ACCEPT'
		cli_table nat '-A POSTROUTING -s 192.0.2.0/24 -o eth0 -j MASQUERADE'
	} >in
	probes 7 | grep -q ' miss no .* saddr=192.0.3.0 '
	probes 7 | grep -q ' miss no .* daddr=198.18.1.'
}

@test "a mark that an earlier rule sets" {
	{
		cli_table mangle '-A PREROUTING -p tcp --dport 80 -j MARK --set-xmark 0x7/0xffffffff' \
			'-A PREROUTING -p tcp ! --dport 80 -j MARK --set-xmark 0/0xffffffff'
		cli_table filter '-A FORWARD -p tcp -m mark --mark 0x7 -j ACCEPT'
	} >in
	reached 6
}

@test "no probes for a rule that an earlier one hides, and why" {
	rules filter '-A INPUT -p tcp -j ACCEPT' '-A INPUT -p tcp --dport 80 -j DROP'
	cli_is '' "$(probes 3)"
	cli_is '3 no packet can get here: in:2 takes them all' "$("$probe_test" -4 in why)"
}

@test "no probes for a chain that nothing leads to, and why" {
	rules filter ':a -' '-A a -j DROP'
	cli_is '' "$(probes 3)"
	cli_is '3 no chain leads here' "$("$probe_test" -4 in why)"
}

@test "what cannot be told is said" {
	rules filter '-A INPUT -m time --timestart 01:00 --timestop 02:00 -j DROP'
	cli_is '2 -m time: the time of day' "$("$probe_test" -4 in why)"
}

@test "the same seed gives the same probes, another gives others" {
	rules filter '-A INPUT -s 10.0.0.0/8 -p tcp -j ACCEPT' '-A FORWARD -m state --state NEW -j ACCEPT'
	"$probe_test" -4 -s 7 in probes >one
	"$probe_test" -4 -s 7 in probes >same
	"$probe_test" -4 -s 8 in probes >other
	cmp one same
	! cmp -s one other
}

@test "random probes are put together from the rules' values" {
	rules filter '-A INPUT -s 192.0.2.1 -p tcp --dport 80 -j ACCEPT' '-A INPUT -s 192.0.2.9 -p udp --dport 53 -j ACCEPT'
	"$probe_test" -4 in random 500 >out
	cli_is 500 "$(wc -l <out)"
	grep 'saddr=192.0.2.9' out | grep -q 'tcp .*dport=80'
}

@test "the text of a probe is read as it is written" {
	rules filter '-A INPUT -i eth0 -j ACCEPT'
	"$probe_test" -4 in probes | cut -d' ' -f4- >text
	echo 'out saddr=192.0.2.1 daddr=192.0.2.2 tcp flags=none sport=1 dport=2 option=2 option-value=1460 ttl=3 tos=0x4 mark=0x5 uid=6 gid=7 len=8 frag=64+ bad-checksum ct=reply smac=02:00:00:00:00:09' >>text
	while read -r line; do
		cli_is "$line" "$("$probe_test" -4 in parse "$line" | sed 's/ id=0//')"
	done <text
}

@test "a word that is none is named" {
	rules filter '-A INPUT -j ACCEPT'
	run "$probe_test" -4 in parse 'tcp dport=99999'
	[ "$status" -eq 1 ]
	cli_has 'dport=99999' "$output"
}

# hides PROBE PACKET PACKET: what is compared of two packets that come of the probe is the same. Packets are given
# as "ADDRESS PORT ADDRESS PORT", all in hex.
hides()
{
	local probe=$1 from sport to dport

	for packet in "$2" "$3"; do
		read -r from sport to dport <<<"$packet"
		echo "45000028000100003f060000$from$to$sport${dport}000000010000000050022000${sport}0000"
	done | "$probe_test" -4 in hide "$probe" >hidden
	[ "$(sort -u hidden | wc -l)" = 1 ]
}

@test "a source port that NAT drew is hidden, also where a rule for destinations names the same" {
	rules nat '-A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.0.0.1:4097' '-A POSTROUTING -o a -j MASQUERADE'
	local probe='in=a saddr=198.18.0.9 daddr=10.0.0.1 id=1 tcp sport=41605 dport=80'
	hides "$probe" 'c6120009 1001 0a000001 0050' 'c6120009 8765 0a000001 0050'
	hides "$probe" 'c6120009 1001 0a000001 1001' 'c6120009 8765 0a000001 1001'
	hides "$probe" 'c0000201 1001 0a000001 0050' 'c0000201 8765 0a000001 0050'
}

@test "a source port that a rule names is not hidden, nor is the destination" {
	rules nat '-A POSTROUTING -o a -p tcp -j SNAT --to-source 192.0.2.1:4097'
	local probe='in=a saddr=198.18.0.9 daddr=10.0.0.1 id=1 tcp sport=41605 dport=80'
	! hides "$probe" 'c0000201 1001 0a000001 0050' 'c0000201 1002 0a000001 0050'
	! hides "$probe" 'c0000201 a285 0a000001 0050' 'c0000201 a285 0a000001 0051'
}

@test "a port that happens to be the first of its range is hidden with its checksum" {
	rules nat '-A PREROUTING -i a -p tcp --dport 80 -j DNAT --to-destination 10.0.0.1:4096-4100'
	hides 'in=a saddr=198.18.0.9 daddr=10.0.0.9 id=1 tcp sport=41605 dport=80' 'c6120009 a285 0a000001 1000' 'c6120009 a285 0a000001 1001'
}

@test "devices, own addresses and routes come from the rules" {
	rules filter '-A INPUT -i eth0 -d 192.0.2.7 -j ACCEPT' '-A FORWARD -o tun+ -d 10.9.0.0/16 -j ACCEPT'
	"$probe_test" -4 in topology >out
	grep -q '^eth0 .*own 192.0.2.7/32' out
	grep -q '^tun0 .*behind 10.9.0.0/16' out
}

@test "a network that two devices share is told apart" {
	rules filter '-A FORWARD -o eth1 -d 10.0.0.0/8 -j ACCEPT' '-A FORWARD -o eth2 -d 10.0.0.0/8 -j ACCEPT'
	reached 2 3
}

@test "ports to listen on and the mark of TPROXY" {
	rules mangle '-A PREROUTING -p tcp -j TPROXY --on-port 3128 --tproxy-mark 1/1'
	"$probe_test" -4 in topology >out
	grep -qx 'listen 3128' out
	grep -qx 'mark 0x1/0x1' out
}

@test "IPv6: networks, extension headers, ICMP types" {
	cli_table filter '-A FORWARD -s 2001:db8::/64 -p ipv6-icmp --icmpv6-type 1 -j ACCEPT' '-A INPUT -m hbh -j DROP' >in
	"$probe_test" -6 in probes >out
	grep -q '^2 hit yes .*saddr=2001:db8::' out
	grep -q '^2 miss no .*saddr=2001:db7:ffff' out
	grep -q '^3 hit .* hbh' out
}

# bats test_tags=plain-build
@test "real rulesets: how many of their rules the model reaches" {
	dir=$(corpus) || skip "cannot here: no collection of rulesets (XL_CORPUS)"
	for f in "$dir"/*.v[46]; do
		args=("-${f##*.v}")
		[ ! -f "${f%.v?}.ipset" ] || args+=(-i "${f%.v?}.ipset")
		[ "$(wc -l <"$f")" -gt 10000 ] || "$probe_test" "${args[@]}" "$f" coverage
	done >out
	awk '
		$2 {
			n++; reached += ($4 + $6) / $2; excused += $8 / $2
			probes += $10; as_said += $12; time += $10 * $14
		}
		END {
			printf "# %d files: of their rules %.1f%% reached, %.1f%% cannot be; ", n, 100 * reached / n, 100 * excused / n
			printf "%d probes, %.1f%% as meant, %.1f us each\n", probes, 100 * as_said / probes, time / probes
			exit (reached + excused) / n < 0.9
		}' out >&3
}

@test "rules on different ways that ask for what is never so of one packet are told apart" {
	rules filter ':a -' '-A INPUT -i eth0 -j a' '-A INPUT -i eth1 -j a' '-A a -i eth1 -j DROP' '-A a -i eth2 -j DROP'
	cli_is '6 no packet can match: in:4, which leads here, lets none of them by' "$("$probe_test" -4 in why)"
}

@test "earlier rules that take all states of a connection between them leave nothing" {
	rules filter '-A INPUT -m state --state INVALID -j DROP' '-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT' \
		'-A INPUT -p icmp -m icmp --icmp-type 3 -j ACCEPT' '-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT'
	cli_is '4 no packet can get here: in:3 takes them all' "$("$probe_test" -4 in why)"
}

# why_is TEXT: what is said of rules that may not be reached is this, one rule a line.
why_is()
{
	cli_is "$1" "$("$probe_test" "${@:2}" in why)"
}

@test "what a chain takes is not there behind the jump to it" {
	rules filter ':a -' ':b -' '-A INPUT -m state --state INVALID,RELATED,ESTABLISHED -j ACCEPT' '-A INPUT -p udp -j a' \
		'-A INPUT -p udp --dport 53 -j ACCEPT' '-A a -m state --state NEW -j b' '-A b -j DROP'
	why_is '6 no packet can get here: in:5 takes them all' -4
}

@test "a chain that returns some takes less" {
	rules filter ':a -' '-A INPUT -p udp -j a' '-A INPUT -p udp --dport 53 -j ACCEPT' '-A a -p udp --dport 53 -j RETURN' '-A a -j DROP'
	why_is '' -4
}

@test "an owner's packets and all others leave nothing" {
	rules filter '-A OUTPUT -o lo -m owner ! --uid-owner 7 -j RETURN' '-A OUTPUT -m owner --uid-owner 7 -j RETURN' \
		'-A OUTPUT -o lo -p tcp -j DROP' '-A OUTPUT -p tcp -j DROP'
	why_is '4 no packet can get here: in:3 takes them all' -4
}

@test "ESP is never of no connection" {
	rules filter '-A INPUT -m state --state NEW,RELATED,ESTABLISHED -j ACCEPT' '-A INPUT -p esp -j DROP' '-A INPUT -p tcp -j DROP'
	why_is '3 no packet can get here: in:2 takes them all' -4
}

@test "IPv6: only neighbour discovery is untracked by itself" {
	cli_table filter '-A INPUT -m state --state INVALID -j DROP' '-A INPUT -p tcp --tcp-flags ALL NONE -j DROP' \
		'-A INPUT -p ipv6-icmp --icmpv6-type 137 -j DROP' '-A INPUT -p ipv6-icmp --icmpv6-type 135 -j DROP' '-A INPUT -p icmp -j DROP' >in
	why_is "$(printf '%s no packet can get here: in:2 takes them all\n' 3 4 6)" -6
}

@test "a set that is empty and stays so" {
	rules filter ':a -' '-A INPUT -m set --match-set s src -j a' '-A INPUT -m set --match-set t src -j DROP' '-A INPUT -p tcp -j SET --add-set t src' '-A a -j DROP'
	printf '%s\n' 'create s hash:net' 'create t hash:ip' >set
	"$probe_test" -4 -i set in never >out
	cli_is '6 3' "$(cut -d' ' -f1 out | xargs)"
}

@test "what raw leaves untracked has no state and no NAT" {
	{
		cli_table raw '-A PREROUTING -i eth0 -j CT --notrack'
		cli_table nat '-A PREROUTING -i eth0 -p tcp -j REDIRECT' '-A PREROUTING -p tcp -j REDIRECT'
		cli_table filter '-A INPUT -i eth0 -m state --state ESTABLISHED -j ACCEPT' '-A INPUT -m state --state ESTABLISHED -j ACCEPT'
	} >in
	why_is "$(printf '%s no packet can match: in:2 keeps them from being tracked\n' 5 9)" -4
}

@test "addresses that the kernel drops before" {
	rules filter '-A FORWARD -s 224.0.0.0/4 -j DROP' '-A FORWARD -s 0.0.0.0/8 -j DROP' '-A INPUT -i eth0 -s 224.0.0.0/4 -j DROP' '-A INPUT -s 224.0.0.0/4 -j DROP'
	why_is "$(printf '%s no packet can match: the kernel has dropped such addresses before\n' 2 3 4)" -4
}

@test "a mark that was cleared, and that a chain called before gives some packets" {
	rules filter ':a -' ':b -' '-A FORWARD -j MARK --set-xmark 0x0/0xff' '-A FORWARD -m mark --mark 0x0/0x1 -j a' \
		'-A a -p tcp --dport 7 -j DROP' '-A a -j b' '-A a -m mark --mark 0x10/0x10 -j DROP' '-A a -j ACCEPT' \
		'-A b -p udp --dport 53 -j MARK --set-xmark 0x10/0x10' '-A b -m mark --mark 0x10/0x10 -j RETURN' '-A b -j DROP'
	reached 8 11
	why_is "$(printf '%s no packet can get here: with the marks that they have, in:%s takes the last of them\n' 9 8)" -4
}

@test "a mark that no packet has is a reason, and so are the rules to which it leads" {
	rules filter ':a -' ':b -' '-A INPUT -j MARK --set-xmark 0x0/0xff' '-A INPUT -m mark --mark 0x10/0x10 -j a' \
		'-A INPUT -s 192.0.2.1/32 -j b' '-A INPUT -s 192.0.2.0/24 -m mark --mark 0x20/0x20 -j DROP' '-A INPUT -s 192.0.2.1/32 -m mark ! --mark 0x20/0x20 -j DROP' \
		'-A a -j DROP' '-A b -j MARK --set-xmark 0x20/0x20'
	why_is "$(printf '%s\n' '9 no packet can get here: none matches in:5, which leads here' '5 no packet can match: the mark is another since in:4')" -4
	rules filter ':b -' '-A INPUT -s 192.0.2.1/32 -j b' '-A INPUT -j DROP' '-A b -s 192.0.2.1/32 -j MARK --set-xmark 0x20/0x20' '-A b -m mark ! --mark 0x20/0x20 -j DROP'
	why_is '6 no packet can match: the mark is another since in:5' -4
}

@test "a mark that may come from outside, or from a connection, is not known" {
	{
		cli_table mangle '-A PREROUTING -j MARK --set-xmark 0x0/0xff' '-A PREROUTING -j CONNMARK --restore-mark --nfmask 0xf0 --ctmask 0xf0'
		cli_table filter '-A INPUT -m mark --mark 0x10/0x10 -j DROP' '-A INPUT -m mark --mark 0x100/0x100 -j DROP' '-A INPUT -m mark --mark 0x1/0x1 -j DROP' \
			'-A OUTPUT -m mark --mark 0x1/0x1 -j DROP'
	} >in
	why_is '8 no packet can match: the mark is another since in:2' -4
}

@test "a wildcard is also a device that no rule names in full" {
	rules filter '-A FORWARD -o eth1 -j ACCEPT' '-A FORWARD -o eth+ -j DROP' '-A FORWARD -o eth1 -p udp -j DROP'
	reached 3
	why_is '4 no packet can get here: in:2 takes them all' -4
	rules filter '-A FORWARD -o eth+ -j ACCEPT' '-A FORWARD -o eth1 -p udp -j DROP'
	why_is '3 no packet can get here: in:2 takes them all' -4
}

@test "behind each device are networks besides those that are kept for tests" {
	rules filter '-A FORWARD -d 198.18.0.0/15 -j DROP' '-A FORWARD -o eth1 -j DROP'
	reached 3
}

@test "multicast is tracked where what is local is not" {
	{
		cli_table raw '-A PREROUTING -m addrtype --dst-type LOCAL -j CT --notrack'
		cli_table filter '-A INPUT -m state --state ESTABLISHED -j ACCEPT'
	} >in
	reached 5
}

@test "bytes that no packet has, or that an earlier rule asks for, too" {
	rules filter '-A INPUT -m u32 --u32 0x28=0x12345678&&0x30=0x1 -j DROP' '-A INPUT -m u32 --u32 0x1c=0x1&&0x28=0x12345678&&0x30=0x1 -j DROP' \
		'-A INPUT -m u32 --u32 0x28&0xffdfdfdf=0x6d -j DROP' '-A INPUT -m u32 --u32 0x28&0xff000000=0x1000000&&0x26&0xff=0x2&&0x29=0x7&&0x28=0x1000000 -j DROP' \
		'-A INPUT -m u32 --u32 0x28&0xffdfdfdf=0x4d&&0x2a=0x4d0000 -j DROP'
	why_is "$(printf '%s\n' '2 -m u32: bytes of the packet' '3 no packet can get here: in:2 takes them all' \
		'4 no packet can match: nothing is all that it asks for' '5 no packet can match: nothing is all that it asks for' '6 -m u32: bytes of the packet')" -4
}

@test "states that rules take on the way and in the chain itself" {
	rules filter ':a -' '-A INPUT -m state --state ESTABLISHED -j ACCEPT' '-A INPUT -j a' '-A a -m state --state INVALID -j DROP' \
		'-A a -p icmp -m icmp --icmp-type 18 -j DROP' '-A a -p icmp -m icmp --icmp-type 5 -j DROP'
	why_is '6 no packet can get here: in:3 takes them all' -4
}

@test "a rule without a destination takes what another does not want to go there" {
	rules filter '-A OUTPUT -o lo -m owner --uid-owner 7 -j RETURN' '-A OUTPUT -o lo -m owner ! --uid-owner 7 -j RETURN' '-A OUTPUT ! -d 127.0.0.1/32 -o lo -p tcp -j DROP'
	why_is '4 no packet can get here: in:3 takes them all' -4
}

@test "a mark that is kept where chains return" {
	{
		cli_table mangle ':a -' '-A PREROUTING -i eth0 -j a' '-A a -m mac --mac-source 02:00:00:00:00:09 -j RETURN' '-A a -j MARK --set-xmark 0x44/0xffffffff'
		cli_table nat '-A PREROUTING -i eth0 -p tcp -m mark --mark 0x63 -j DNAT --to-destination 192.0.2.1' '-A PREROUTING -p tcp -m mark --mark 0x44 -j DNAT --to-destination 192.0.2.2'
	} >in
	reached 8
}

@test "a host that rules name in INPUT and, more often, in FORWARD is another" {
	rules filter ':a -' '-A INPUT -j a' '-A FORWARD -d 192.0.2.10/32 -p tcp -j a' '-A FORWARD -d 192.0.2.10/32 -p udp -j DROP' '-A a -d 192.0.2.10/32 -j ACCEPT' '-A INPUT -d 192.0.2.11/32 -j DROP'
	"$probe_test" -4 in topology >out
	[[ $(<out) != *'own 192.0.2.10/'* ]]
	cli_has 'own 192.0.2.11/' "$(<out)"
}

@test "an address that a network wants is not one that others want elsewhere" {
	{
		cli_table nat ':S -' '-A PREROUTING -j S' '-A S -d 192.0.2.1/32 -p tcp -j DNAT --to-destination 10.0.0.1' '-A S -m addrtype --dst-type LOCAL -j DNAT --to-destination 10.0.0.2'
		cli_table filter '-A INPUT -d 192.0.2.0/24 -j DROP'
	} >in
	"$probe_test" -4 in topology >out
	[[ $(<out) != *'own 192.0.2.1/'* ]]
	cli_has 'own 192.0.2.2/' "$(<out)"
}

@test "packets of IPsec and all others leave nothing" {
	rules filter '-A INPUT -p udp --dport 1701 -m policy --dir in --pol none -j DROP' '-A INPUT -p udp --dport 1701 -m policy --dir in --pol ipsec -j ACCEPT' \
		'-A INPUT -p udp --dport 1701 -j DROP' '-A INPUT -p tcp -m policy --dir in --pol none -j DROP' '-A INPUT -p tcp -m policy --dir in --pol ipsec --proto esp -j ACCEPT' \
		'-A INPUT -p tcp -j DROP'
	cli_is '4 no packet can get here: in:3 takes them all' "$("$probe_test" -4 in why | grep -v policy)"
}

@test "errors about what is tracked are related, although nothing that is sent is tracked" {
	{
		cli_table raw '-A OUTPUT -j CT --notrack'
		cli_table filter '-A OUTPUT -p icmp -m state --state RELATED -j ACCEPT' '-A OUTPUT -p udp -m state --state RELATED -j ACCEPT' '-A OUTPUT -p icmp -m state --state ESTABLISHED -j ACCEPT'
	} >in
	why_is "$(printf '%s no packet can match: in:2 keeps them from being tracked\n' 6 7)" -4
}
