# SPDX-License-Identifier: GPL-2.0-or-later

# complete WORD...: what is offered for the last one.
complete_words() {
	PATH=$XL_BUILDDIR/xtlate:$PATH bash -c '
		. "$XL_SRCDIR/completions/xtlate"
		COMP_WORDS=(xtlate "$@") COMP_CWORD=$#
		_xtlate
		printf "%s\n" "${COMPREPLY[@]}"' sh "$@"
}

@test "verbs are completed" {
	[ "$(complete_words rules)" = ruleset ]
}

@test "options of a verb are completed" {
	[ "$(complete_words ruleset --rep | tr '\n' ' ')" = "--report --replace " ]
}

@test "tables are completed behind -t" {
	[ "$(complete_words rule -t m)" = mangle ]
}

@test "files are completed elsewhere" {
	cd "$XL_SRCDIR/examples"
	[ "$(complete_words ruleset web)" = web-server.rules ]
}

@test "levels are completed" {
	[ "$(complete_words verify -O | tr '\n' ' ')" = "-O0 -O1 -O2 " ]
}
