#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build
# Real rulesets, where a collection of them is at hand.

load ../lib/corpus

@test "a sample verifies clean, at every level" {
	[ "$(id -u)" -eq 0 ] || skip "cannot here: needs root"
	[ -w /dev/net/tun ] || skip "cannot here: no /dev/net/tun"
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
	for level in 0 1 2; do
		XL_LEVEL=$level XL_MAX=1500 run "$XL_SRCDIR/tests/corpus/verify" "$XL_SRCDIR/tests/verify/rules"
		echo "$output"
		[ "$status" -eq 0 ]
		[[ $output == *" 0 not loadable here"* ]]
	done
}

@test "every ruleset translates, loads, and loads again from its listing" {
	unshare -n true 2>/dev/null || skip "cannot here: no right to make network namespaces"
	dir=$(corpus) || skip "cannot here: no collection of rulesets (XL_CORPUS)"
	run "$XL_SRCDIR/tests/corpus/check" "$dir"
	sed 's/^/# /' <<<"$output" >&3
	[ "$status" -eq 0 ]
}
