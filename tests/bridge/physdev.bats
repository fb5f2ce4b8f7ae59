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
