#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# xtlate coverage: it lists every option that the installed plugins know, and what it claims is tested.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
	src=$BATS_TEST_DIRNAME/../..
}

# plugins: names of the installed extensions of iptables and ip6tables.
plugins()
{
	find "$(pkg-config --variable=xtlibdir xtables)" -name 'lib*.so' -printf '%f\n' |
		sed -n 's/^lib\(xt\|ipt\|ip6t\)_\(.*\)\.so$/\2/p' | sort -u
}

@test "every option of every installed extension has a line" {
	"$xtlate" coverage --json >have.json
	jq -r '.[] | select(.kind != "rule") | . as $r | .families[] as $f |
		(($r.option // "") | if . == "" then [""] else split(" ") end)[] |
		"\($f) \($r.kind) \($r.extension) \(.)"' have.json | sed 's/ $//' | sort -u >have
	# "standard" is -j ACCEPT and so on.
	for family in 4 6; do
		plugins | grep -vx standard | xargs "$XL_BUILDDIR/tests/helpers/options" "$family" |
			sed "s/^/ip${family#4} /"
	done | sort -u >want
	[ "$(wc -l <want)" -gt 300 ]
	comm -13 have want >missing
	cat missing
	[ ! -s missing ]
}

@test "what is exact or partly so has a case with that option that is translated" {
	"$xtlate" coverage --json | jq -r '.[] | select(.kind != "rule" and .option != null) |
		select(.translation == "exact" or .translation == "partly") |
		"\(.kind) \(.extension) \(.option)"' >claims
	[ "$(wc -l <claims)" -gt 200 ]
	bare=0
	while read -r kind name options; do
		flag=-m
		[ "$kind" = match ] || flag=-j
		found=
		for option in $options; do
			translated_case "$flag" "$name" "$option" && found=1
		done
		[ -n "$found" ] || { echo "no case: $kind $name $options"; bare=1; }
	done <claims
	[ "$bare" -eq 0 ]
}

# translated_case FLAG EXTENSION OPTION: some case has the option in its rule and a translation. The
# extension may be loaded by -p.
translated_case()
{
	[ -s cases ] || cat "$src"/libxt/translate/*.case "$src"/libxt/translate/*/*.case | awk '
		/^(4|6|46): / { rule = $0 }
		/^more: / { rule = rule " " $0 }
		/^(nft[46]?|never): ?/ && rule != "" { print rule " "; rule = "" }' >cases
	grep -E -- "($1 $2|-p ${2/icmp6/(icmp6|icmpv6|ipv6-icmp)}) " cases | grep -q -e " $3[ =]"
}

@test "coverage says of an extension what it is asked" {
	run "$xtlate" coverage TPROXY
	[ "$status" -eq 0 ]
	[[ $output == *"target TPROXY"*"--on-port"* ]]
	[[ $output == *"3 options: 3 exact, 0 partly, 0 approximate, 0 impossible" ]]
}

@test "an extension that there is not is an error" {
	run "$xtlate" coverage TPORXY
	[ "$status" -eq 2 ]
	[[ $output == *'no extension "TPORXY"'* ]]
}

@test "coverage that cannot be written is an error" {
	run bash -c '"$1" coverage >/dev/full' sh "$xtlate"
	[ "$status" -eq 4 ]
}

@test "what is not exact has a reason" {
	"$xtlate" coverage --json | jq -e 'all(.[]; .translation == "exact" or (.reason | length > 10))'
}
