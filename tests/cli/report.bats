#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --report of xtlate ruleset is as doc/report.schema.json says.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

# valid FILE: it is as the schema says.
valid()
{
	python3 -c 'import jsonschema' 2>/dev/null || skip "cannot here: no python3-jsonschema"
	python3 -c 'import json, jsonschema, sys; jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' \
		"$1" "$XL_SRCDIR/doc/report.schema.json"
}

@test "a report of every outcome" {
	cli_table filter '-A INPUT -j ACCEPT' '-A INPUT -m nosuch -j DROP' '-A INPUT -i "x\"" -j DROP' \
		'-A INPUT -m policy --dir in --pol ipsec --proto esp -j ACCEPT' \
		'-A INPUT -m iprange --src-range 10.0.0.9-10.0.0.1' >in
	run "$xtlate" ruleset --approximate --report r.json -4 in
	valid r.json
	cli_is 'approximate never-matches refused translated' \
		"$(jq -r '[.rules[].outcome] | unique | join(" ")' r.json)"
}

@test "a report of nothing" {
	"$xtlate" ruleset --report r.json </dev/null
	valid r.json
}

@test "a report of bytes that JSON cannot hold" {
	cli_table filter $'-A INPUT -m comment --comment "\xff\x01" -j DROP' $'-A INPUT -m \xff' >$'in\xff'
	run "$xtlate" ruleset --report r.json $'in\xff'
	valid r.json
}

@test "the schema knows what is not in it" {
	"$xtlate" ruleset --report r.json <<<$'*filter\n-A INPUT -j DROP\nCOMMIT'
	jq '.rules[0].outcome = "refused"' r.json >bad.json
	valid r.json
	! valid bad.json
}
