# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build

scripts() {
	cd "$XL_SRCDIR" && grep -rlE '^#!.*\b(sh|bash)$' bootstrap .ci tests examples doc packaging 2>/dev/null
}

@test "shellcheck finds nothing in our scripts" {
	command -v shellcheck >/dev/null || skip "shellcheck is not installed"
	cd "$XL_SRCDIR"
	mapfile -t files < <(scripts && printf "%s\n" completions/xtlate doc/*.bash)
	[ ${#files[@]} -ge 2 ]
	shellcheck "${files[@]}"
}
