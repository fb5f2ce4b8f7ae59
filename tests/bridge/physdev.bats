#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# -m physdev: the same frames through a bridge with legacy rules and one with the translation. Every
# rule must have counted the same.

load ../lib/bridge

setup() { bridge_needed; }
teardown() { netns_cleanup; }

# Without a port, so that the rules stay in their chain. Every option and its inversion, alone and with others. In OUTPUT iptables takes some only.
everywhere=(
	"--physdev-in p1" "! --physdev-in p1" "--physdev-in p2" "! --physdev-in p3"
	"--physdev-in p+" "! --physdev-in p+" "--physdev-in q+" "! --physdev-in q+"
	"--physdev-in nobody" "! --physdev-in nobody" "--physdev-in +" "! --physdev-in +"
	"--physdev-is-in" "! --physdev-is-in" "--physdev-is-bridged" "! --physdev-is-bridged"
	"--physdev-in p1 --physdev-is-bridged" "! --physdev-in p1 --physdev-is-bridged"
	"--physdev-in p1 ! --physdev-is-bridged" "! --physdev-is-in ! --physdev-is-bridged"
	"--physdev-is-in ! --physdev-is-bridged"
	"--physdev-out p2 --physdev-is-bridged" "! --physdev-out p2 --physdev-is-bridged"
)
bridged=(
	"--physdev-out p2" "! --physdev-out p2" "--physdev-out p1" "! --physdev-out p3"
	"--physdev-out p+" "! --physdev-out p+" "--physdev-out p3+" "! --physdev-out p3+"
	"--physdev-out +" "! --physdev-out +" "--physdev-is-out" "! --physdev-is-out"
	"! --physdev-out p2 ! --physdev-is-bridged" "--physdev-in p1 --physdev-out p2"
	"! --physdev-in p1 ! --physdev-out p2" "--physdev-in p1 ! --physdev-out p2"
	"! --physdev-in p1 --physdev-out p2" "--physdev-is-in ! --physdev-is-out"
	"! --physdev-is-in ! --physdev-is-out" "! --physdev-is-out ! --physdev-out p2"
)

rules() # 4|6 TABLE CHAIN...
{
	local chain m table=$2 f=$BATS_TEST_TMPDIR/v$1.$2
	shift 2
	{
		echo "*$table"
		for chain; do
			for m in "${everywhere[@]}"; do
				echo "-A $chain -p udp -m physdev $m"
			done
			for m in "${bridged[@]}"; do
				[[ $chain == OUTPUT ]] || echo "-A $chain -p udp -m physdev $m"
			done
		done
		echo COMMIT
	} >"$f"
}

# To every host by every way: bridged, routed, from and to R, flooded.
talk() # PREFIX-OF-BRIDGE PREFIX-OF-LEG LOOPBACK
{
	send H1 "${1}2"
	send H2 "${1}1"
	send H1 "${1}3"
	send H3 "${1}2"
	send H1 "${1}254"
	send R "${1}2"
	send H1 "${2}1"
	send L "${1}2"
	send R "${2}1"
	send L "${2}254"
	send R "$3"
	send H1 "${1}98"
	send H2 "${1}99"
}

all_rules() # 4|6
{
	rules "$1" raw PREROUTING OUTPUT
	rules "$1" mangle PREROUTING INPUT FORWARD OUTPUT POSTROUTING
	rules "$1" filter FORWARD
	cat "$BATS_TEST_TMPDIR/v$1".{raw,mangle,filter} >"$BATS_TEST_TMPDIR/v$1"
}

compare() # 4|6
{
	local chain status=0
	for chain in raw:{PREROUTING,OUTPUT} mangle:{PREROUTING,INPUT,FORWARD,OUTPUT,POSTROUTING} \
		filter:FORWARD; do
		same_counts "$1" "${chain%:*}" "${chain#*:}" || status=1
	done
	return $status
}

every_way() # 4|6
{
	all_rules "$1"
	bridge_up
	bridge_rules "$1"
	if [[ $1 == 4 ]]; then
		talk 10.9.1. 10.9.2. 127.0.0.1
	else
		talk fd00:1:: fd00:2:: ::1
	fi
	compare "$1"
}

@test "each option and its inversion, bridged, routed and local (IPv4)" { every_way 4; }
@test "each option and its inversion, bridged, routed and local (IPv6)" { every_way 6; }

same_from() # 4|6 TABLE
{
	cat >"$BATS_TEST_TMPDIR/v$1.$2"
	cp "$BATS_TEST_TMPDIR/v$1.$2" "$BATS_TEST_TMPDIR/v$1"
	bridge_rules "$1"
}

@test "what the bridge sends to another port, since its address changed, has the ports it takes" {
	bridge_up
	same_from 4 nat <<-END
		*nat
		-A PREROUTING -d 10.9.1.97/32 -m physdev --physdev-in p1 -j DNAT --to-destination 10.9.1.2
		COMMIT
		*mangle
		-A FORWARD -m physdev --physdev-in p1 --physdev-out p2 --physdev-is-bridged
		-A FORWARD -m physdev --physdev-in p1 --physdev-out p3
		-A POSTROUTING -m physdev --physdev-in p1 --physdev-out p2
		COMMIT
	END
	send H1 10.9.1.97
	send H2 10.9.1.97
	same_counts 4 nat PREROUTING
	cp "$BATS_TEST_TMPDIR/v4" "$BATS_TEST_TMPDIR/v4.mangle"
	same_counts 4 mangle FORWARD
	same_counts 4 mangle POSTROUTING
	[ "$(counted nft 4 mangle POSTROUTING)" = 2 ]
}

whole_marks() # 4|6 PREFIX-OF-BRIDGE PREFIX-OF-LEG
{
	local icmp=icmp
	[[ $1 == 4 ]] || icmp=ipv6-icmp
	bridge_up
	same_from "$1" mangle <<-END
		*mangle
		-A PREROUTING -p udp -m mark --mark 0x0 -m physdev --physdev-in p1 -j MARK --set-xmark 0x5/0xffffffff
		-A PREROUTING -p udp -m mark --mark 0x5 -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff
		-A PREROUTING -p $icmp -m conntrack --ctstate RELATED -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff
		-A INPUT -m mark --mark 0x5 -m physdev --physdev-in p1
		-A FORWARD -m mark --mark 0x5 -m physdev --physdev-in p1 --physdev-out p2
		-A FORWARD -m mark --mark 0x5 -m physdev --physdev-in p2 --physdev-out p1
		-A FORWARD -p udp -m mark ! --mark 0x5 -m physdev --physdev-is-bridged
		-A FORWARD -p udp -m physdev --physdev-in p1 -j MARK --set-xmark 0x7/0xffffffff
		-A POSTROUTING -m mark --mark 0x7 -m physdev --physdev-out p2 --physdev-is-bridged
		-A POSTROUTING -m mark --mark 0x7
		-A POSTROUTING -m mark --mark 0x5
		-A POSTROUTING -m connmark --mark 0x5
		COMMIT
	END
	send H1 "${2}2"
	send H3 "${2}2"
	send H1 "${2}254"
	send H1 "${3}1"
	same_counts "$1" mangle PREROUTING
	same_counts "$1" mangle INPUT
	same_counts "$1" mangle FORWARD
	same_counts "$1" mangle POSTROUTING
	! counted nft "$1" mangle FORWARD | grep -x 0
}

@test "rules that set, compare and copy whole marks (IPv4)" { whole_marks 4 10.9.1. 10.9.2.; }
@test "rules that set, compare and copy whole marks (IPv6)" { whole_marks 6 fd00:1:: fd00:2::; }

@test "many ports; a file a family, loaded one after the other" {
	local f i
	bridge_up
	for f in 4 6; do
		{
			echo "*filter"
			for i in {1..60}; do
				echo "-A FORWARD -p udp -m physdev --physdev-in p$i"
				echo "-A FORWARD -p udp -m physdev --physdev-is-bridged --physdev-out p$((61 - i))"
			done
			echo COMMIT
		} | same_from $f filter
	done
	talk 10.9.1. 10.9.2. 127.0.0.1
	talk fd00:1:: fd00:2:: ::1
	same_counts 4 filter FORWARD
	same_counts 6 filter FORWARD
}

# Counts what has a high bit of the mark: the kernel's own MLD reports have low ones of it, as the
# room at their end is kept in the same place (struct sk_buff: reserved_tailroom). Of chains with the same priority the one that came last is first.
marks_left()
{
	local bits=0xffff0000

	on nft.R nft -f - <<-END
		table inet test {
			chain in { type filter hook input priority 2147483647; meta mark & $bits != 0 counter; }
			chain out { type filter hook postrouting priority 2147483647; meta mark & $bits != 0 counter; }
		}
		table netdev test {
			chain p2 { type filter hook egress device p2 priority 0; meta mark & $bits != 0 counter; }
			chain leg { type filter hook egress device leg priority 0; meta mark & $bits != 0 counter; }
		}
	END
}

@test "no bit of the mark is left for sockets and devices" {
	all_rules 4
	all_rules 6
	bridge_up
	marks_left
	bridge_rules 4
	bridge_rules 6
	talk 10.9.1. 10.9.2. 127.0.0.1
	talk fd00:1:: fd00:2:: ::1
	run on nft.R nft list ruleset inet; echo "$output"
	[ "$(grep -c 'counter packets 0 ' <<<"$output")" = 2 ]
	run on nft.R nft list ruleset netdev; echo "$output"
	[ "$(grep -c 'counter packets 0 ' <<<"$output")" = 2 ]
}

@test "one table for both families, and JSON" {
	all_rules 4
	all_rules 6
	cd "$BATS_TEST_TMPDIR"
	"$xtlate" ruleset --quiet --inet -4 v4 -6 v6 -o inet.nft
	"$xtlate" ruleset --quiet --json -4 v4 -6 v6 -o json.nft
	unshare -n nft -f inet.nft
	unshare -n nft -j -f json.nft
}

@test "a single rule is refused" {
	run "$xtlate" rule -A FORWARD -m physdev --physdev-in p1 -j DROP
	[ "$status" -eq 1 ]
	[[ $output == *"translate the whole ruleset"* ]]
}
