#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# xtlate ruleset --dot: hooks, chains and jumps as a graph for graphviz.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

# graph ARGUMENT...: graph.dot for a translation.
graph()
{
	"$xtlate" ruleset --quiet --dot graph.dot -o out.nft "$@" 2>said || [ $? -eq 1 ]
}

# Jumps as "FROM TO LABEL", by the names of the chains.
jumps()
{
	sed -n -e 's/^\t\t\(c[0-9]*\) \[.*label=<<b>\([^<]*\)<.*/name \1 \2/p' \
		-e 's/^\t\(c[0-9]*\) -> \(c[0-9]*\) \[\(.*label="\([^"]*\)"\)*\];$/jump \1 \2 \4/p' graph.dot |
		awk '$1 == "name" { name[$2] = $3 }
		     $1 == "jump" { $2 = name[$2]; $3 = name[$3]; sub("^jump ", ""); sub(" $", ""); print }' | sort
}

# What a chain's node says, without markup.
node() # NAME
{
	grep "<b>$1</b>" graph.dot | sed 's/.*label=<\(.*\)>\];/\1/; s/<br\/>/ | /g; s/<[^>]*>//g'
}

# count_rules: what all nodes say, added up.
count_rules()
{
	grep '^		c' graph.dot | sed 's/<[^>]*>/ /g' | grep -o '[0-9,]* rules\?' | tr -d , |
		awk '{ n += $1 } END { print n }'
}

# drawn FILE: graphviz makes a picture of it, has nothing to say against it, and names each chain.
drawn()
{
	command -v dot >/dev/null || skip "cannot here: no graphviz"
	dot -Tsvg "$1" -o graph.svg 2>dot.said
	cli_is '' "$(<dot.said)"
	cli_is "$(grep -c '^		c[0-9]* \[' "$1")" "$(grep -c '<title>c[0-9]*</title>' graph.svg)"
}

@test "base chains have their policy, and each how many rules it has" {
	cli_table filter ':INPUT DROP [0:0]' ':OUTPUT ACCEPT [0:0]' ':web - [0:0]' '-A INPUT -p tcp --dport 80 -j web' '-A INPUT -i lo -j ACCEPT' \
		'-A web -j ACCEPT' >in
	graph in
	cli_is 'INPUT | policy drop | 2 rules' "$(node INPUT)"
	cli_is 'OUTPUT | policy accept | 0 rules' "$(node OUTPUT)"
	cli_is 'web | 1 rule' "$(node web)"
}

@test "the chains at a hook stand in the order of packets" {
	graph "$XL_SRCDIR/examples/transparent-proxy.rules"
	cli_is 'ip input mangle, priority mangle filter, priority filter nat, priority 100' \
		"$(grep '^	ip_input \[' graph.dot | sed 's/.*label=<//; s/<[^>]*>/ /g; s/>\];//' | xargs)"
}

@test "jumps and gotos are counted apart" {
	cli_table filter ':a - [0:0]' '-A INPUT -i x -j a' '-A INPUT -i y -j a' '-A INPUT -i z -g a' '-A OUTPUT -j a' >in
	graph in
	cli_is $'INPUT a goto\nINPUT a ×2\nOUTPUT a' "$(jumps)"
}

@test "what a helper chain does counts for the chain with its rule" {
	cli_table filter ':a - [0:0]' '-A OUTPUT -m owner ! --uid-owner 0 -j a' \
		'-A OUTPUT -p tcp --syn -m tcpmss ! --mss 5 -m connmark --mark 7 -j a' '-A OUTPUT -p tcp -j a' >in
	graph in
	grep -qx '	chain OUTPUT.1 {' out.nft
	cli_is 'OUTPUT a ×3' "$(jumps)"
	cli_is 'OUTPUT | policy accept | 3 rules' "$(node OUTPUT)"
}

@test "at -O2 elements of sets and verdict maps count as the rules that they were" {
	cli_many >in
	graph -O2 in
	grep -q 'vmap @' out.nft
	cli_is 1000 "$(count_rules)"
	cli_is 38 "$(jumps | grep -c '^FORWARD zone-[0-9]*$')"
}

@test "rules that are not translated are told, and their jumps are none" {
	cli_table filter ':a - [0:0]' '-A INPUT -m nosuch -j a' '-A INPUT -i lo -j ACCEPT' >in
	graph in
	cli_is 'INPUT | policy accept | 2 rules | 1 not translated' "$(node INPUT)"
	cli_is '' "$(jumps)"
	cli_is 'a | not used | 0 rules' "$(node a)"
}

@test "the project's own rulesets keep their number of rules in the graph" {
	for file in "$XL_SRCDIR"/examples/*.rules "$XL_SRCDIR"/tests/verify/rules/*.v[46]; do
		graph "$file"
		cli_is "$file $("$xtlate" ruleset --quiet --report - -o /dev/null "$file" 2>/dev/null | jq '.rules | length')" \
			"$file $(count_rules)"
	done
}

@test "names that would end a label or be markup stay text" {
	cli_table filter ':a"];evil->b;" - [0:0]' ':<b>&amp; - [0:0]' ':x>];y - [0:0]' "$(printf ':a\\\xe2\x80\xaeb\x80\\ - [0:0]')" \
		'-A INPUT -j a"];evil->b;"' '-A INPUT -j <b>&amp;' '-A INPUT -g x>];y' >in
	graph in
	! grep -q 'evil->' graph.dot
	grep -q '&lt;b&gt;&amp;amp;' graph.dot
	drawn graph.dot
	cli_is 5 "$(grep -c '<title>c[0-9]*</title>' graph.svg)"
}

@test "graphviz draws the example" {
	graph "$XL_SRCDIR/examples/transparent-proxy.rules"
	drawn graph.dot
}

@test "graphviz draws 1,000 rules on one sheet, readable" {
	cli_many >in
	graph in
	drawn graph.dot
	cli_is 1000 "$(count_rules)"
	# 41 chains below each other, not 1,000 rules: in points, of which a line of text has 11.
	read -r wide high < <(sed -n 's/^<svg width="\([0-9]*\)pt" height="\([0-9]*\)pt"$/\1 \2/p' graph.svg)
	((wide < 1200 && high < 2500))
}

@test "both families and bridges are drawn apart" {
	cli_table filter '-A FORWARD -m physdev --physdev-in p1 -j ACCEPT' >v4
	cli_table filter '-A FORWARD -i lan -j ACCEPT' >v6
	graph -4 v4 -6 v6
	drawn graph.dot
	cli_has '<b>bridge ' "$(<graph.dot)"
	cli_has '<b>ip forward</b>' "$(<graph.dot)"
	cli_has '<b>ip6 forward</b>' "$(<graph.dot)"
	graph --inet -4 v4 -6 v6
	drawn graph.dot
}

@test "a graph that cannot be written is status 4" {
	cli_table filter '-A INPUT -j ACCEPT' >in
	run "$xtlate" ruleset --dot nosuch/graph.dot -o out in
	[ "$status" -eq 4 ]
	cli_has 'nosuch/graph.dot' "$output"
}
