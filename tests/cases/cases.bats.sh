#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prints a test for each of the case files that lie beside the translators: doc/CASES.md.
cd "$XL_SRCDIR/libxt/translate" || exit
for f in *.case */*.case; do
	cat <<-EOF
		@test "${f%.case}: texts and packets" {
			run "\$XL_BUILDDIR/tests/helpers/case-run" "\$XL_SRCDIR/libxt/translate/$f"
			[ "\$status" -ne 77 ] || skip "\$output"
			echo "\$output"
			[ "\$status" -eq 0 ]
		}

	EOF
done
