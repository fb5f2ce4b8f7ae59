#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every example that a document shows is run, and must print what is shown: a test for each document.
cat <<'EOF'
load "$XL_SRCDIR/tests/lib/examples"

@test "the examples of README.md" {
	examples_of_markdown "$XL_SRCDIR/README.md" | examples_run
}
EOF
for page in "$XL_BUILDDIR"/man/*.[1-8]; do
	grep -q '^\$ ' "$page" || continue
	page=${page##*/}
	echo
	# The system's iptables cannot load extensions that are built with sanitizers.
	[ "$page" != xtlate-extensions.8 ] || echo '# bats test_tags=plain-build'
	cat <<EOF
@test "the examples of $page" {
	examples_need_namespace
	examples_of_man "\$XL_BUILDDIR/man/$page" | examples_run
}
EOF
done
