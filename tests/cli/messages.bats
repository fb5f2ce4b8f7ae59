# SPDX-License-Identifier: GPL-2.0-or-later
# How messages look: the line that they are about, colours, the summary, --quiet and --verbose.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
	unset NO_COLOR
	cli_table filter '-A INPUT -m nosuch -j DROP' '-A INPUT -j DROP' >in
	escape=$'\033['
}

# on_terminal COMMAND...: its standard error is a terminal; what comes out of it.
on_terminal()
{
	command -v script >/dev/null || skip "cannot here: no script"
	TERM=${term-xterm} script -qec "$(printf '%q ' "$@")" /dev/null </dev/null
}

@test "behind a message stand the line and a caret under the column" {
	run --separate-stderr "$xtlate" ruleset in
	cli_has "in:2:13: error: Couldn't load match \`nosuch':No such file or directory
    -A INPUT -m nosuch -j DROP
                ^~~~~~
    hint: " "$stderr"
}

@test "the caret stands right behind characters of more bytes" {
	cli_table filter '-A INPUT -m comment --comment "ä€" --nosuch' >in
	run --separate-stderr "$xtlate" ruleset in
	cli_has '
    -A INPUT -m comment --comment "ä€" --nosuch
                                       ^~~~~~~~
' "$stderr"
}

@test "tabs and what would move the cursor are blanks" {
	cli_table filter $'-A INPUT\t-m comment --comment "\033[2J\302\233" --nosuch' >in
	run --separate-stderr "$xtlate" ruleset in
	[[ $stderr != *$'\033'* && $stderr != *$'\302\233'* ]]
	cli_has '
    -A INPUT -m comment --comment " [2J " --nosuch
                                          ^~~~~~~~
' "$stderr"
}

@test "of a long line there is the part with the column" {
	cli_table filter "-A INPUT -m comment --comment $(printf '%0200d' 0) --nosuch $(printf '%0200d' 0)" >in
	run --separate-stderr "$xtlate" ruleset in
	cli_is "    ...$(printf '%099d' 0) --nosuch $(printf '%051d' 0)..." "${stderr_lines[1]}"
	cli_is "$(printf '%107s' '')^~~~~~~~" "${stderr_lines[2]}"
}

@test "a line of ipset's file" {
	cli_table filter '-A INPUT -m set --match-set s src -j DROP' >in
	echo 'create s hash:nosuch' >sets
	run --separate-stderr "$xtlate" ruleset --ipset sets in
	cli_has '
    create s hash:nosuch
' "$stderr"
}

@test "a last line without its end" {
	printf '*filter\n-A INPUT --nosuch' >in
	run --separate-stderr "$xtlate" ruleset in
	cli_has '
    -A INPUT --nosuch
             ^~~~~~~~
' "$stderr"
}

@test "many messages do not take the square of their number" {
	cli_table filter "$(yes -- '-A INPUT -m nosuch' | head -n 20000)" >in
	run timeout 20 "$xtlate" ruleset --quiet in
	[ "$status" -eq 1 ]
}

@test "xtlate rule shows its words" {
	run --separate-stderr "$xtlate" rule -A INPUT -m comment --comment 'a b' --nosuch
	cli_is "error: unknown option \"--nosuch\"
    -A INPUT -m comment --comment 'a b' --nosuch
                                        ^~~~~~~~" "$(head -n 3 <<<"$stderr")"
}

@test "no colours where standard error is no terminal" {
	run "$xtlate" ruleset in
	[[ $output != *$escape* ]]
}

@test "colours on a terminal" {
	run on_terminal "$xtlate" ruleset -o out in
	cli_has "${escape}1;31merror:${escape}0m" "$output"
}

@test "no colours on a terminal with NO_COLOR, TERM=dumb or --color never" {
	export NO_COLOR=1
	run on_terminal "$xtlate" ruleset -o out in
	[[ $output == *error:* && $output != *$escape* ]]
	unset NO_COLOR
	term=dumb run on_terminal "$xtlate" ruleset -o out in
	[[ $output == *error:* && $output != *$escape* ]]
	run on_terminal "$xtlate" ruleset --color never -o out in
	[[ $output == *error:* && $output != *$escape* ]]
}

@test "colours anywhere with --color always" {
	NO_COLOR=1 run "$xtlate" ruleset --color=always in
	cli_has "${escape}1;31merror:" "$output"
}

@test "the result has no colours" {
	run --separate-stderr "$xtlate" ruleset --color always in
	[[ $output != *$escape* ]]
}

@test "another --color is bad usage" {
	run -2 "$xtlate" ruleset --color sometimes in
	cli_has 'auto, always or never, not "sometimes"' "$output"
}

@test "one line at the end counts rules" {
	run --separate-stderr "$xtlate" ruleset in
	cli_is '2 rules: 1 translated, 1 refused' "${stderr_lines[-1]}"
}

@test "where all is the same, that line is for terminals and --verbose" {
	cli_table filter '-A INPUT -j DROP' >well
	run --separate-stderr "$xtlate" ruleset well
	cli_is '' "$stderr"
	run --separate-stderr "$xtlate" ruleset --verbose well
	cli_is '1 rule: 1 translated' "${stderr_lines[-1]}"
	run on_terminal "$xtlate" ruleset -o out well
	cli_has '1 rule: 1 translated' "$output"
	run on_terminal "$xtlate" ruleset --quiet -o out well
	cli_is '' "$output"
}

@test "--quiet says only what is wrong" {
	cli_table filter '-A INPUT -m comment --comment "a\"b" -j DROP' >well
	run --separate-stderr "$xtlate" ruleset --quiet well
	cli_is '' "$stderr"
	run --separate-stderr "$xtlate" ruleset --quiet in
	cli_has 'in:2:13: error:' "$stderr"
	[[ $stderr != *translated* ]]
}

@test "--verbose says what was read and written, and for which nft" {
	run --separate-stderr "$xtlate" ruleset --verbose --nft-version 1.0.6 -6 in
	cli_has 'in: for ip6tables; rules: 2' "$stderr"
	cli_has 'written for nft 1.0.6, at -O1' "$stderr"
	cli_has 'table ip6 filter; chains: 1, rules: 1, sets and maps: 0' "$stderr"
	run --separate-stderr "$xtlate" ruleset --verbose in
	cli_has 'in: for iptables (guessed)' "$stderr"
}

@test "xtlate rule has the options of translation, before iptables' own" {
	run -1 "$xtlate" rule -A INPUT -m policy --dir in --pol ipsec --proto esp
	run -1 "$xtlate" rule --approximate -A INPUT -m policy --dir in --pol ipsec --proto esp
	cli_has 'add rule ip filter INPUT meta ipsec exists' "$output"
	run --separate-stderr "$xtlate" rule --quiet --nft-version=0.9.8 --no-fragment-guard -6 -A INPUT -p tcp --dport 1
	cli_is "nft 'add rule ip6 filter INPUT tcp dport 1 counter'" "$output"
}
