#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build
# Real rulesets, where a collection of them is at hand.

load ../lib/corpus

@test "every ruleset translates, loads, and loads again from its listing" {
	unshare -n true 2>/dev/null || skip "cannot here: no right to make network namespaces"
	dir=$(corpus) || skip "cannot here: no collection of rulesets (XL_CORPUS)"
	run "$XL_SRCDIR/tests/corpus/check" "$dir"
	sed 's/^/# /' <<<"$output" >&3
	[ "$status" -eq 0 ]
}
