# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build
# Where a rule goes: refused early, but only where the kernel would refuse it.

setup() {
	. "$XL_SRCDIR/tests/lib/plugins.bash"
	export XTABLES_LIBDIR=$plugins_ours
}

tproxy=(-p tcp -j TPROXY --on-port 80)

@test "legacy: each target in each chain" {
	plugins_in_netns plugins_places 4 legacy
	plugins_in_netns plugins_places 6 legacy
}

@test "nft: each target in each chain" {
	plugins_in_netns plugins_places 4 nft
	plugins_in_netns plugins_places 6 nft
}

# refused ARGUMENT...: iptables-translate, which asks no kernel, refuses the place.
refused() {
	run iptables-translate "$@"
	[ "$status" -eq 2 ] && [[ $output == *"works only in table"* ]]
}

taken() {
	run iptables-translate "$@"
	[ "$status" -eq 0 ] && [[ $output == *"add rule"*tproxy* ]]
}

@test "without -t the table is filter" {
	refused -A PREROUTING "${tproxy[@]}"
}

@test "all ways to write the table and the command are understood" {
	refused -tmangle -AOUTPUT "${tproxy[@]}"
	refused --table mangle --append OUTPUT "${tproxy[@]}"
	refused --table=mangle --insert=OUTPUT "${tproxy[@]}"
	refused -t mangle -I OUTPUT 1 "${tproxy[@]}"
	refused -A OUTPUT -t mangle "${tproxy[@]}"
	refused -A OUTPUT "${tproxy[@]}" --table mangle
	refused -v -w -t mangle -A OUTPUT "${tproxy[@]}"
}

@test "text that looks like -t or -A in another option's value misleads nobody" {
	taken -t mangle -A PREROUTING -m comment --comment -tnat "${tproxy[@]}"
	taken -t mangle -A PREROUTING -m comment --comment -t "${tproxy[@]}"
	taken -t mangle -A PREROUTING -m comment --comment -AOUTPUT "${tproxy[@]}"
	taken -A PREROUTING -m comment --comment -tnat -t mangle "${tproxy[@]}"
}

@test "options that are not understood leave the place to the kernel" {
	taken -t mangle --app PREROUTING "${tproxy[@]}"
	taken -A PREROUTING --tab mangle "${tproxy[@]}"
	taken --tab mangle -A PREROUTING "${tproxy[@]}"
}

@test "a user's chain is taken, in the right table" {
	taken -t mangle -A user "${tproxy[@]}"
	refused -t nat -A user "${tproxy[@]}"
}

@test "iptables-restore leaves the place to the kernel" {
	printf '*mangle\n-A OUTPUT %s\nCOMMIT\n' "${tproxy[*]}" >"$BATS_TEST_TMPDIR/rules"
	run unshare -n iptables-legacy-restore "$BATS_TEST_TMPDIR/rules"
	[ "$status" -eq 1 ] && [[ $output != *"works only"* ]]
}

@test "iptables-restore says which line has no -p" {
	printf '*mangle\n-A PREROUTING -j TPROXY --on-port 80\nCOMMIT\n' >"$BATS_TEST_TMPDIR/rules"
	run unshare -n iptables-legacy-restore "$BATS_TEST_TMPDIR/rules"
	[ "$status" -eq 2 ] && [[ $output == *"TPROXY needs -p tcp or -p udp in the same rule"*"line: 2"* ]]
}
