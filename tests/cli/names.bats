#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Text that rules bring along is hostile: whatever it is, the output loads, survives being listed and
# loaded again, and deletes nobody's table.

load ../lib/cli

setup()
{
	cli_need_netns
	cd "$BATS_TEST_TMPDIR"
}

# safe LINE...: the translation reloads, beside a table that must survive it.
safe()
{
	cli_table filter "$@" >in
	"$xtlate" ruleset --quiet in >body 2>/dev/null || true
	{ echo 'table ip victim { }'; cat body; } >out
	cli_reloads "$PWD/out"
	grep -q 'table ip victim' out.list
}

@test "chains named like nft keywords, numbers, addresses and worse" {
	for name in reject dynamic drop 80 22in 0x10 1.2.3.4 dead:beef 5s a{b 'a;b' 'a#b' 'a$b' 'a"b' 'a(b' \
		bytes packets name last th é 'x*' -; do
		safe ":$name - [0:0]" ":ok - [0:0]"
	done
}

@test "two chains never become one" {
	cli_table filter ':80 - [0:0]' ':c_80 - [0:0]' ':a#b - [0:0]' ':a - [0:0]' '-A INPUT -j 80' '-A INPUT -j c_80' \
		'-A INPUT -j a#b' '-A INPUT -j a' >in
	run "$xtlate" ruleset --lines in
	cli_is 4 "$(grep -o 'jump .*' <<<"$output" | sort -u | wc -l)"
	cli_has 'jump c_80.2' "$output"
}

@test "the old name of a renamed chain stands in a comment" {
	run "$xtlate" ruleset <<<$'*filter\n:reject - [0:0]\nCOMMIT'
	cli_has '# chain "reject" in the input' "$output"
}

@test "a comment cannot end its string" {
	safe '-A INPUT -m comment --comment "x\"; delete table ip victim; #" -j DROP'
	cli_has "comment \"x'; delete table ip victim; #\"" "$(cat body)"
}

@test "comments with every printable character, UTF-8, and longer than nft's 128 bytes" {
	safe '-A INPUT -m comment --comment "\\ $x {} ; # %n '"'"' ~ é" -j DROP' \
		"-A INPUT -m comment --comment \"$(printf 'é%.0s' {1..120})\" -j DROP"
}

@test "an interface name with a quote is refused, not loaded without its verdict" {
	run cli_rules filter '-A INPUT -i "x\"" -j DROP' '-A INPUT -i y -j DROP'
	cli_is 'INPUT iifname "y" counter drop' "$output"
}

@test "interface names with * and backslashes mean themselves" {
	safe '-A INPUT -i "e*" -j DROP' '-A INPUT -i "a\\b" -j DROP' '-A INPUT -i "e*h+" -j DROP'
	cli_has 'iifname "e\*" counter drop' "$(cat body)"
}

@test "helper names cannot inject" {
	safe '-A INPUT -m helper --helper "a\"; delete table ip victim; #" -j DROP'
}

@test "log prefixes cannot inject" {
	safe '-A INPUT -j LOG --log-prefix "\";delete table ip victim #"' '-A INPUT -j LOG --log-prefix "cost $5 "' \
		'-A INPUT -j NFLOG --nflog-prefix "\";delete table ip victim #"'
}

@test "15 nested chains load; the rule that goes deeper is refused and the rest stays" {
	chains=() rules=()
	for i in {0..15}; do chains+=(":c$i - [0:0]"); done
	for i in {0..14}; do rules+=("-A c$i -j c$((i + 1))" "-A c$i -i x -j DROP"); done
	safe "${chains[@]}" '-A INPUT -j c0' "${rules[@]}"
	cli_is 1 "$(grep -c 'NOT TRANSLATED: nft nests at most 15' body)"
	cli_is 15 "$(grep -c 'iifname "x" counter drop' body)"
}

@test "chains that jump in a circle are refused, not loaded" {
	safe ':a - [0:0]' ':b - [0:0]' '-A INPUT -j a' '-A a -j b' '-A b -j a'
	cli_is 1 "$(grep -c 'NOT TRANSLATED' body)"
}
