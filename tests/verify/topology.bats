#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# xtlate verify: the network as the user gives it, or as it is here.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
	[ "$(id -u)" -eq 0 ] || skip "cannot here: needs root"
	[ -w /dev/net/tun ] || skip "cannot here: no /dev/net/tun"
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
	cli_table filter ':INPUT DROP [0:0]' ':FORWARD DROP [0:0]' ':OUTPUT ACCEPT [0:0]' \
		'-A INPUT -i lan -d 192.0.2.1/32 -p tcp -m tcp --dport 22 -j ACCEPT' \
		'-A FORWARD -i lan -o wan -s 192.0.2.0/24 -j ACCEPT' \
		'-A FORWARD -i wan -o lan -d 10.1.0.0/16 -j ACCEPT' >rules.v4
}

# topology LINE...: writes net.topology.
topology()
{
	printf '%s\n' "$@" >net.topology
}

# way PACKET: what comes of it.
way()
{
	"$xtlate" verify --topology net.topology --packet "$1" rules.v4
}

# here COMMAND...: in a namespace with devices, addresses, routes and rules.
here()
{
	unshare -n sh -c '
		set -e
		ip link set lo up
		for d in lan wan ppp0 down0; do ip tuntap add "$d" mode tap; done
		for d in lan wan ppp0; do ip link set "$d" up; done
		ip addr add 192.0.2.1/24 dev lan
		ip addr add 2001:db8::1/64 dev lan nodad
		ip addr add 198.51.100.1/24 dev wan
		ip addr add 203.0.113.1 peer 203.0.113.2/32 dev ppp0
		ip addr add 203.0.113.77/32 dev lo
		ip link set ppp0 mtu 1400
		ip route add default via 198.51.100.254
		ip route add 10.1.0.0/16 via 192.0.2.254
		ip route add 10.2.0.0/16 dev ppp0
		ip route add blackhole 10.3.0.0/16
		ip -6 route add default via 2001:db8::ff
		ip rule add fwmark 7 lookup 7
		ip route add default dev ppp0 table 7
		exec "$@"' sh "$@"
}

@test "the example is a topology, in which all is reached" {
	run "$xtlate" verify --topology "$XL_SRCDIR/examples/gateway.topology" rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'rules reached: 3 of 3' "$output"
}

@test "packets leave by the route that the file gives" {
	topology 'dev lan addr 192.0.2.1/24' 'dev wan addr 198.51.100.1/24' 'route 10.1.0.0/16 via 192.0.2.254' \
		'route default dev wan'
	cli_has 'is sent by lan' "$(way 'in=wan saddr=198.51.100.9 daddr=10.1.2.3 tcp sport=1 dport=2')"
	cli_has 'is sent by wan' "$(way 'in=lan saddr=192.0.2.9 daddr=10.2.2.3 tcp sport=1 dport=2')"
}

@test "without a default route, packets to elsewhere come to nothing" {
	topology 'dev lan addr 192.0.2.1/24' 'dev wan addr 198.51.100.1/24'
	run way 'in=lan saddr=192.0.2.9 daddr=10.2.2.3 tcp sport=1 dport=2'
	[[ $output != *'is sent by wan'* ]]
}

@test "policy routing: packets with a mark go another way" {
	topology 'dev lan addr 192.0.2.1/24' 'dev wan addr 198.51.100.1/24' 'dev dsl' 'route default dev dsl' \
		'rule fwmark 7 priority 5 table 7' 'route default dev wan table 7'
	cli_has 'is sent by wan' "$(way 'in=lan mark=0x7 saddr=192.0.2.9 daddr=10.2.2.3 tcp sport=1 dport=2')"
}

@test "all addresses of a local route are the host's own" {
	topology 'dev lan addr 192.0.2.1/24' 'dev wan' 'route local 10.9.0.0/16 dev lo'
	cli_table filter ':INPUT ACCEPT [0:0]' '-A INPUT -d 10.9.8.7/32 -p udp -j ACCEPT' >rules.v4
	run "$xtlate" verify --topology net.topology rules.v4
	echo "$output"
	cli_has 'rules reached: 1 of 1' "$output"
}

@test "sysctls are set in the sandbox only" {
	before=$(cat /proc/sys/net/ipv4/conf/all/rp_filter)
	topology 'dev lan addr 192.0.2.1/24' 'dev lan.20 addr 10.20.0.1/24' 'route default dev lan' \
		'sysctl net.ipv4.conf.all.rp_filter = 1' 'sysctl net.ipv4.conf.lan/20.rp_filter=1'
	cli_table filter ':INPUT ACCEPT [0:0]' '-A INPUT -p udp -j ACCEPT' >rules.v4
	cli_has 'nothing comes of it' "$(way 'in=lan.20 saddr=192.0.2.9 daddr=192.0.2.1 udp sport=1 dport=2')"
	cli_is "$before" "$(cat /proc/sys/net/ipv4/conf/all/rp_filter)"
}

@test "devices that only rules name are made, and said to be" {
	topology 'dev lan addr 192.0.2.1/24' 'route 10.1.0.0/16 dev lan'
	run "$xtlate" verify --topology net.topology rules.v4
	[ "$status" -eq 0 ]
	cli_has 'net.topology: note: has no device wan, which is made' "$output"
	cli_is '' "$("$xtlate" verify --quiet --topology net.topology rules.v4 2>&1)"
}

@test "a wildcard of the rules takes the file's device" {
	topology 'dev ppp7 addr 192.0.2.1/24' 'dev wan addr 198.51.100.1/24'
	cli_table filter ':INPUT ACCEPT [0:0]' '-A INPUT -i ppp+ -j ACCEPT' >rules.v4
	run "$xtlate" verify --topology net.topology rules.v4
	[[ $output != *'has no device'* ]]
	cli_has 'rules reached: 1 of 1' "$output"
}

# wrong LINE PLACE-AND-MESSAGE
wrong()
{
	topology '# a comment' 'dev eth0 addr 192.0.2.1/24' "$1"
	run "$xtlate" verify --topology net.topology rules.v4
	[ "$status" -eq 2 ]
	cli_has "net.topology:3:$2" "$output"
}

@test "what is wrong comes with line and column" {
	wrong 'dev eth1 addr 192.0.2.256' '15: error: "192.0.2.256" is not an address'
	wrong 'dev eth1 addr 192.0.2.1/33' '15: error: "33" is not the length of a prefix'
	wrong 'dev eth1 address 192.0.2.1' '10: error: "address" is neither addr nor mtu'
	wrong 'dev a/b' '5: error: "a/b" cannot be a device'
	wrong 'device eth1' '1: error: "device" is none of dev, route, rule and sysctl'
	wrong 'route 10.0.0.0/8 dev eth9' '22: error: there is no device "eth9" in the lines above'
	wrong 'route default via' '15: error: "via" needs an address after it'
	wrong 'route default via 192.0.2.2 fast' '29: error: "fast" is not known here'
	wrong 'rule fwmark x table 1' '13: error: "x" is not a mark'
	wrong 'rule from 10.0.0.0/8 to 2001:db8::/32 table 1' '25: error: IPv4 and IPv6 in one line'
	wrong 'sysctl kernel.panic=1' '8: error: a sysctl is like'
	wrong 'sysctl net.ipv4.//.//.kernel.panic=1' '8: error: a sysctl is like'
}

@test "what the kernel refuses comes with its line" {
	wrong 'route 10.0.0.0/8 via 203.0.113.1' ' '
	cli_has 'gateway' "${output,,}"
	wrong 'sysctl net.ipv4.conf.eth0.nosuch=1' ' '
}

@test "--like-here takes devices, addresses, routes and rules of this host" {
	run here "$xtlate" verify --like-here rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'rules reached: 3 of 3' "$output"
	[[ $output != *'not quite as here'* && $output != *note:* ]]
}

@test "--like-here: packets go as they would here" {
	cli_has 'is sent by lan' "$(here "$xtlate" verify --like-here --packet 'in=wan saddr=1.1.1.1 daddr=10.1.0.9 tcp dport=1' rules.v4)"
	cli_table filter ':FORWARD ACCEPT [0:0]' >rules.v4
	for want in 10.2.0.9:ppp0 8.8.8.8:wan; do
		cli_has "is sent by ${want#*:}" "$(here "$xtlate" verify --like-here \
			--packet "in=lan saddr=192.0.2.7 daddr=${want%:*} tcp dport=1" rules.v4)"
	done
	cli_has 'is sent by ppp0' "$(here "$xtlate" verify --like-here \
		--packet 'in=lan mark=0x7 saddr=192.0.2.7 daddr=8.8.8.8 tcp dport=1' rules.v4)"
	cli_has 'is delivered from lan' "$(here "$xtlate" verify --like-here \
		--packet 'in=lan saddr=192.0.2.7 daddr=203.0.113.77 tcp dport=1' rules.v4)"
}

@test "--like-here changes nothing here" {
	run here sh -c 'state() { ip -d link; ip addr; ip route show table all; ip -6 route show table all; ip rule; nft list ruleset; }
		state >before; "$@" >/dev/null; state >after; cmp before after' sh "$xtlate" verify --like-here rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "--topology and --like-here do not go together" {
	topology 'dev lan'
	run "$xtlate" verify --topology net.topology --like-here rules.v4
	[ "$status" -eq 2 ]
}

@test "devices of all names: VLANs, wildcards, long and odd ones" {
	cli_table filter ':FORWARD ACCEPT [0:0]' '-A FORWARD -i eth0.10 -o ppp+ -j ACCEPT' \
		'-A FORWARD -i br-0123456789ab -o vlan@5 -j ACCEPT' '-A FORWARD -i fifteencharname -o fifteencharnam+ -j ACCEPT' \
		"-A FORWARD -i \"it's\" -j ACCEPT" '-A FORWARD -i e#2 -o -x -j ACCEPT' '-A FORWARD -i + -o tun0 -j ACCEPT' >rules.v4
	run "$xtlate" verify rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'rules reached: 6 of 6' "$output"
}

@test "names that no device can have are the reason why their rules are not reached" {
	cli_table filter ':FORWARD ACCEPT [0:0]' '-A FORWARD -i eth0:1 -j ACCEPT' '-A FORWARD -i eth0 -o all -j ACCEPT' \
		'-A FORWARD -o e/0 -j ACCEPT' >rules.v4
	run "$xtlate" verify rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'no device can be called eth0:1' "$output"
	cli_has 'no device can be called all' "$output"
	cli_has 'no device can be called e/0' "$output"
}
