# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A router R with a bridge of three ports, a host behind each, and a fourth behind a device of its
# own. It exists once for legacy and once for our nft; all that is done is done in both.
#
#	H1 e ---- p1 \
#	H2 e ---- p2  br0 R leg ---- e L
#	H3 e ---- p3 /
#	10.9.1.N     .254   .254     10.9.2.1

load ../lib/netns

xtlate=${XL_BUILDDIR:?is not set: run tests/run}/xtlate/xtlate
sides="legacy nft"

bridge_needed()
{
	netns_needed
	netns_sweep || true
	[[ -d /proc/sys/net/bridge ]] || modprobe br_netfilter 2>/dev/null ||
		skip "cannot here: no br_netfilter"
	[[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]] || skip "cannot here: no br_netfilter"
	unshare -n iptables-legacy -m physdev -h >/dev/null 2>&1 || skip "cannot here: no legacy iptables"
}

on() # SIDE.HOST COMMAND...
{
	netns_run "$@"
}

# Names, so that frames go to the same ports on both sides and nobody has to ask for an address.
mac() # HOST
{
	case $1 in
	H*) echo "02:00:00:00:01:0${1#H}" ;;
	R) echo 02:00:00:00:01:fe ;;
	leg) echo 02:00:00:00:02:fe ;;
	L) echo 02:00:00:00:02:01 ;;
	esac
}

settle() # SIDE.HOST
{
	on "$1" sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 \
		net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
		net.ipv6.conf.default.router_solicitations=0 net.ipv4.ip_forward="${2-0}" \
		net.ipv6.conf.all.forwarding="${2-0}"
}

wire() # SIDE HOST DEVICE-OF-R
{
	ip link add "$3" netns "$(netns "$1.R")" type veth peer name e netns "$(netns "$1.$2")" \
		address "$(mac "$2")"
	ip -n "$(netns "$1.R")" link set "$3" up
}

address() # SIDE.HOST DEVICE NET LAST
{
	local n
	n=$(netns "$1")
	ip -n "$n" link set "$2" up
	ip -n "$n" addr add "10.9.$3.$4/24" dev "$2"
	ip -n "$n" addr add "fd00:$3::$4/64" dev "$2" nodad
}

neighbour() # SIDE.HOST DEVICE NET LAST MAC
{
	ip -n "$(netns "$1")" neigh replace "10.9.$3.$4" lladdr "$5" dev "$2"
	ip -n "$(netns "$1")" neigh replace "fd00:$3::$4" lladdr "$5" dev "$2"
}

way_out() # SIDE.HOST NET
{
	ip -n "$(netns "$1")" route add default via "10.9.$2.254"
	ip -n "$(netns "$1")" route add default via "fd00:$2::254"
}

host() # SIDE NUMBER
{
	local i

	netns_add "$1.H$2"
	settle "$1.H$2"
	wire "$1" "H$2" "p$2"
	ip -n "$(netns "$1.R")" link set "p$2" master br0
	address "$1.H$2" e 1 "$2"
	way_out "$1.H$2" 1
	for i in 1 2 3; do
		[[ $i == "$2" ]] || neighbour "$1.H$2" e 1 $i "$(mac "H$i")"
	done
	neighbour "$1.H$2" e 1 254 "$(mac R)"
	neighbour "$1.H$2" e 1 97 "$(mac H3)" # not his address
	neighbour "$1.H$2" e 1 98 02:00:00:00:01:98 # nobody, so that it goes to all ports
	neighbour "$1.H$2" e 1 99 ff:ff:ff:ff:ff:ff
	bridge -n "$(netns "$1.R")" fdb replace "$(mac "H$2")" dev "p$2" master static
	neighbour "$1.R" br0 1 "$2" "$(mac "H$2")"
}

router() # SIDE
{
	netns_add "$1.R"
	settle "$1.R" 1
	ip -n "$(netns "$1.R")" link add br0 address "$(mac R)" type bridge forward_delay 0 \
		mcast_snooping 0
	on "$1.R" sysctl -qw net.bridge.bridge-nf-call-iptables=1 \
		net.bridge.bridge-nf-call-ip6tables=1
	address "$1.R" br0 1 254
}

bridge_up()
{
	local s i

	for s in $sides; do
		router "$s"
		for i in 1 2 3; do
			host "$s" $i
		done
		netns_add "$s.L"
		settle "$s.L"
		wire "$s" L leg
		ip -n "$(netns "$s.R")" link set leg address "$(mac leg)"
		address "$s.R" leg 2 254
		address "$s.L" e 2 1
		way_out "$s.L" 2
		neighbour "$s.L" e 2 254 "$(mac leg)"
		neighbour "$s.R" leg 2 1 "$(mac L)"
	done
}

# A packet and one in fragments, from HOST to UDP port 9 of an address; nobody has to answer.
send() # HOST ADDRESS
{
	local s
	for s in $sides; do
		# shellcheck disable=SC2016 # for the other bash
		on "$s.$1" bash -c 'for i in 1 3000; do head -c $i /dev/zero >"/dev/udp/$1/9"; done' - "$2" ||
			true
	done
}

# The rules of "$BATS_TEST_TMPDIR/vN", on either side.
bridge_rules() # 4|6
{
	local f=$BATS_TEST_TMPDIR/v$1 restore=iptables-legacy-restore
	[[ $1 == 4 ]] || restore=ip6tables-legacy-restore
	on legacy.R $restore "$f"
	"$xtlate" ruleset --quiet "-$1" "$f" -o "$f.nft"
	on nft.R nft -f "$f.nft"
}

# The rules with a counter, as packets, in the order of the file.
counted() # SIDE 4|6 TABLE CHAIN
{
	local family=ip save=iptables-legacy-save
	[[ $2 == 4 ]] || family=ip6 save=ip6tables-legacy-save
	if [[ $1 == legacy ]]; then
		on legacy.R $save -c -t "$3" | sed -n "s/^\[\([0-9]*\):.*\] -A $4 .*/\1/p"
	else
		on nft.R nft list chain $family "$3" "$4" | sed -n 's/.*counter packets \([0-9]*\) .*/\1/p'
	fi
}

# Shows each rule of the chain with what it counted; fails where the sides differ.
same_counts() # 4|6 TABLE CHAIN
{
	local legacy ours
	legacy=$(counted legacy "$@") ours=$(counted nft "$@")
	paste <(echo "$legacy") <(echo "$ours") \
		<(grep -e "^-A $3 " "$BATS_TEST_TMPDIR/v$1.$2") | sed "s/^/$1 $2 /"
	[[ -n $legacy && $legacy == "$ours" ]]
}
