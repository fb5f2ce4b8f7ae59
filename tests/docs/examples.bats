# SPDX-License-Identifier: GPL-2.0-or-later
# Every example that a document shows is run, and must print what is shown.

load ../lib/examples

@test "the examples of README.md" {
	examples_of_markdown "$XL_SRCDIR/README.md" | examples_run
}

@test "the examples of xtlate(1)" {
	examples_of_man "$XL_BUILDDIR/man/xtlate.1" | examples_run
}
