# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build

setup() {
	cd "$XL_SRCDIR" || return
	mapfile -t c_files < <(find examples extensions include libxt xtlate tests -name '*.[ch]' | sort)
}

@test "clang-format changes nothing" {
	command -v clang-format >/dev/null || skip "clang-format is not installed"
	clang-format --version | grep -q 'version 14\.' ||
		skip "cannot here: .clang-format is written for clang-format 14"
	clang-format --dry-run -Werror "${c_files[@]}"
}

@test "cppcheck finds nothing" {
	command -v cppcheck >/dev/null || skip "cppcheck is not installed"
	cppcheck --version | grep -q ' 2\.10' ||
		skip "cannot here: every version has false alarms of its own; those of cppcheck 2.10 are known"
	# It does not know that FAIL() leaves by longjmp(), and so warns of what comes after.
	cppcheck --quiet --std=c11 --error-exitcode=1 --enable=warning,portability,performance \
		--inline-suppr --suppress=nullPointerRedundantCheck -I include -I libxt -j "$(nproc)" "${c_files[@]}"
}

@test "every source file names its licence in the first line" {
	for f in "${c_files[@]}"; do
		head -n 1 "$f" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || echo "$f"
	done >"$BATS_TEST_TMPDIR/without"
	cat "$BATS_TEST_TMPDIR/without"
	[ ! -s "$BATS_TEST_TMPDIR/without" ]
}
