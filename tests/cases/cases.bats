# SPDX-License-Identifier: GPL-2.0-or-later
# The case files that lie beside the translators: doc/CASES.md.

run_cases()
{
	run "$XL_BUILDDIR/tests/helpers/case-run" "$@"
	[ "$status" -ne 77 ] || skip "$output"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "core: cases" {
	run_cases "$XL_SRCDIR"/libxt/translate/*.case
}

@test "matches: cases" {
	run_cases "$XL_SRCDIR"/libxt/translate/match/*.case
}

@test "targets: cases" {
	run_cases "$XL_SRCDIR"/libxt/translate/target/*.case
}
