#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A sample of the wrong translations that "make check-mutants" makes, one of a kind: all are found.

# bats file_tags=plain-build

load ../lib/wrong

rules=$XL_SRCDIR/tests/verify/rules

setup()
{
	wrong_setup
}

# found FILE SED...: the file's translation is right, and wrong when changed by any of the sed programs.
found()
{
	local file=$rules/$1 program options
	options=("-${1##*.v}" "$file")
	[ ! -f "${file%.v?}.ipset" ] || options+=(--ipset "${file%.v?}.ipset")
	shift
	"$xtlate" ruleset --lines --quiet "${options[@]}" >right.nft
	run "$xtlate" verify --quiet --same-rules --against right.nft "${options[@]}"
	echo "$output"
	[ "$status" -eq 0 ]
	for program; do
		echo "$program"
		sed "$program" right.nft >wrong.nft
		! cmp -s right.nft wrong.nft
		run "$xtlate" verify --quiet --same-rules --against wrong.nft "${options[@]}"
		echo "$output"
		[ "$status" -eq 1 ]
	done
}

@test "of a gateway: NAT, marks of connections, a jump, a priority, a range" {
	found gateway.v4 's/redirect to :5353/redirect to :5354/' '/uplinks.*ct mark set ct mark & 0xffff7fff/s/ct mark set.*//' \
		'/jump PREROUTING\.1/s/jump/goto/' '/filter OUTPUT/s/priority filter/priority -170/' 's/8000-8100/8000-8099/'
}

@test "of a proxy: sets, TPROXY without its drop, ports to choose from, a policy" {
	found proxy.v4 '/@services drop/s/ udp dport.*/ continue/' 's/20000-29999/20001-29999/' \
		's/198.51.100.54 . udp . 53/198.51.100.55 . udp . 53/' 's/ip daddr @direct/ip saddr @direct/' \
		'/mangle FORWARD /s/policy accept/policy drop/'
}

@test "of a host with IPv6: a prefix, a type, an answer, a bound, a port" {
	found host.v6 's/fe80::\/10/fe80::\/9/' 's/nd-neighbor-solicit/nd-neighbor-advert/' 's/icmpv6 admin-prohibited/icmpv6 no-route/' \
		's/nd-neighbor-solicit ip6 hoplimit 255/nd-neighbor-solicit ip6 hoplimit 254/' 's/\[2001:db8:2::25\]:2525/[2001:db8:2::25]:2526/'
}
