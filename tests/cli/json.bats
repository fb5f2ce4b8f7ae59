# SPDX-License-Identifier: GPL-2.0-or-later
# xtlate ruleset --json: nft loads the same from it as from the text.

bats_require_minimum_version 1.5.0

setup()
{
	load ../lib/cli
	cd "$BATS_TEST_TMPDIR"
}

# case_rules FAMILY FILE: the rules of a case file as a save file.
case_rules()
{
	awk -v family="$1" '
		$1 ~ /^(4|6|46):$/ && index($1, family) {
			table = "filter"
			sub(/^[46]+: */, "")
			if (match($0, /^-t [a-z]+ /)) {
				table = substr($0, 4, RLENGTH - 4)
				sub(/^-t [a-z]+ /, "")
			}
			rules[table] = rules[table] $0 "\n"
		}
		$1 == "chain:" { chains[table] = chains[table] ":" $2 " - [0:0]\n" }
		END {
			for (t in rules)
				printf "*%s\n%s%sCOMMIT\n", t, chains[t], rules[t]
		}' "$2"
}

# without_refused FAMILY FILE: takes out the rules that have no JSON form.
without_refused()
{
	"$xtlate" ruleset --json --quiet "-$1" "$2" 2>&1 >/dev/null |
		sed -n 's/^[^:]*:\([0-9]*\):.*not translated: .*JSON.*/\1d/p' >drop
	sed -i -f drop "$2"
}

# same_list: what nft lists of "text" and of "json", but for how the types of sets are said. 2: the text does not load.
same_list()
{
	nft -f text 2>/dev/null || return 2
	nft list ruleset >a
	nft flush ruleset
	nft -j -f json
	nft list ruleset >b
	nft flush ruleset
	sed -i -E 's/\ttype(of)? [^;]*$/\tTYPE/; s/flags dynamic,timeout/flags timeout,dynamic/' a b
	diff a b
}

translate()
{
	"$xtlate" ruleset --quiet "$@" 2>/dev/null
}

# compare SAVE-FILE FAMILY: in a namespace of its own
compare()
{
	translate "-$2" "$1" >text || [ $? -eq 1 ]
	translate --json "-$2" "$1" >json || [ $? -eq 1 ]
	same_list
}

export_all()
{
	export xtlate
	export -f case_rules without_refused same_list translate compare all_cases
}

all_cases()
{
	local file family same=0 status
	for file in "$XL_SRCDIR"/libxt/translate/*/*.case; do
		for family in 4 6; do
			case_rules "$family" "$file" >rules
			[ -s rules ] || continue
			without_refused "$family" rules
			status=0
			compare rules "$family" || status=$?
			nft flush ruleset
			[ "$status" -ne 2 ] || continue
			[ "$status" -eq 0 ] || { echo "$file, IPv$family"; return 1; }
			same=$((same + 1))
		done
	done
	echo "$same"
	[ "$same" -gt 100 ]
}

@test "all rules of the case files are the same as in text" {
	cli_need_netns
	export_all
	unshare -n bash -c all_cases
}

@test "the examples are the same as in text" {
	cli_need_netns
	export_all
	for file in "$XL_SRCDIR"/examples/*.rules; do
		unshare -n bash -c "compare $file 4"
	done
}

rules()
{
	cli_table filter ':INPUT DROP [0:0]' \
		'-A INPUT -p tcp -m multiport --dports 22,80 -m comment --comment "a \"b\"" -j ACCEPT' \
		'-A INPUT -p udp -m multiport --dports 22,80 -j ACCEPT' \
		'-A INPUT -m conntrack --ctstate NEW,RELATED -j DROP'
}

@test "libnftables can check it" {
	cli_need_netns
	rules | unshare -n "$xtlate" ruleset --json --check >/dev/null
}

@test "sets that rules share are in it" {
	out=$(rules | translate --json)
	cli_has '"name": "ports-1", "type": "inet_service", "elem": [22, 80]' "$out"
	cli_has '"right": "@ports-1"' "$out"
}

@test "--replace lets it take the place of what is loaded" {
	cli_need_netns
	rules | translate --json --replace >json
	unshare -n sh -c 'nft -j -f json && nft list ruleset >a && nft -j -f json && nft list ruleset >b'
	diff a b
}

@test "what has no form in JSON is refused with the reason" {
	run -1 --separate-stderr "$xtlate" ruleset --json - < <(cli_table filter \
		'-A INPUT -p tcp -j ACCEPT' '-A INPUT -m time --monthdays 1 -j ACCEPT')
	cli_has '3:' "$stderr"
	cli_has "not translated: nft's JSON has no name for the type of its set" "$stderr"
	cli_has '"tcp"' "$output"
	[[ $output != *monthdays* ]]
}

@test "JSON is UTF-8, so other bytes are refused" {
	run -1 --separate-stderr "$xtlate" ruleset --json - < <(cli_table filter \
		$'-A INPUT -m comment --comment "caf\xe9" -j ACCEPT')
	cli_has 'JSON holds text in UTF-8 only' "$stderr"
}

@test "counts of elements of sets are not lost silently" {
	printf 'create a hash:ip counters\nadd a 192.0.2.1 packets 5 bytes 300\n' >sets
	run -1 --separate-stderr "$xtlate" ruleset --json --ipset sets - < <(cli_table filter \
		'-A INPUT -m set --match-set a src -j ACCEPT')
	cli_has "nft's JSON has no counts" "$stderr"
}
