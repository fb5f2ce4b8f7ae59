# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

# corpus: prints the folder of real rulesets, where a collection of them is at hand: XL_CORPUS, or
# corpus/rules beside the project. None of them is part of it.
corpus()
{
	local dir
	for dir in "${XL_CORPUS-}" "$XL_SRCDIR"/../*/corpus/rules; do
		[ -d "$dir" ] && echo "$dir" && return
	done
	return 1
}
