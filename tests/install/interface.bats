# SPDX-License-Identifier: GPL-2.0-or-later
# The interface of libxtlate, called in all its ways; tests/install/use.c.

load ../lib/cli

setup() {
	use=$XL_BUILDDIR/tests/install/use
	cd "$BATS_TEST_TMPDIR" || return
	cli_table filter ':FORWARD DROP [0:0]' '-A FORWARD -p tcp -m multiport --dports 22,80 -j ACCEPT' \
		'-A FORWARD -s 10.0.0.1 -j DROP' '-A FORWARD -s 10.0.0.2 -j DROP' >rules.v4
	cli_table filter ':FORWARD DROP [0:0]' '-A FORWARD -p tcp --dport htttp -j ACCEPT' \
		'-A FORWARD ! -i + -j DROP' '-A FORWARD -m string --algo bm --string x -j DROP' \
		'-A FORWARD -m set --match-set ours src -j DROP' >trouble.v4
	cat >sets <<-END
		create ours hash:ip family inet
		add ours 10.0.0.1
	END
}

# What it prints, when it prints nothing to standard error.
silently() {
	run bash -c '"$@" 2>said' bash "$use" "$@"
	cli_is '' "$(<said)"
}

# Prints nothing, and all that it checks is so.
quiet() {
	run "$use" "$@"
	cli_is '' "$output" && [ "$status" -eq 0 ]
}

@test "the text is that of xtlate ruleset, at every level" {
	for level in 0 1 2; do
		"$use" text 0 "$level" rules.v4 | diff - <("$xtlate" ruleset "-O$level" rules.v4)
	done
}

@test "the same as lines and as JSON" {
	"$use" text 1 1 rules.v4 | diff - <("$xtlate" ruleset -O1 --lines rules.v4)
	"$use" text 2 1 rules.v4 | diff - <("$xtlate" ruleset --json rules.v4)
}

@test "rules that are not the same: status 1, and each with its outcome and reason" {
	silently rules trouble.v4
	[ "$status" -eq 1 ]
	cli_has "3 ip filter FORWARD 1 refused: -A FORWARD -p tcp --dport htttp -j ACCEPT # " "$output"
	cli_has "4 ip filter FORWARD 2 never-matches: -A FORWARD ! -i + -j DROP" "$output"
	cli_has "5 ip filter FORWARD 3 refused: -A FORWARD -m string" "$output"
}

@test "messages have places, in the order of lines" {
	silently messages trouble.v4
	[ "$status" -eq 1 ]
	cli_has "trouble.v4:3:" "${lines[0]}"
	cli_has "error: invalid port/service \`htttp' specified" "${lines[0]}"
	printf '%s\n' "${lines[@]}" | cut -d: -f2 | sort -nc
}

@test "ipsets from a file" {
	cli_table filter '-A FORWARD -m set --match-set ours src -j DROP' >with-set.v4
	"$use" ipsets with-set.v4 sets | diff - <("$xtlate" ruleset --ipset sets with-set.v4)
}

@test "a file that is not there, and one that is no ruleset: status 2 with the reason" {
	run "$use" rules nowhere
	[ "$status" -eq 2 ] && cli_is "No such file or directory" "$output"
	run "$use" rules "$XL_SRCDIR/COPYING"
	[ "$status" -eq 2 ] && cli_is "there is nothing in this that iptables-save has written" "$output"
}

@test "a folder instead of a file: status 2" {
	run "$use" rules /
	[ "$status" -eq 2 ] && cli_is "Is a directory" "$output"
}

@test "one run after another, of both families" {
	quiet again
}

@test "a second run at the same time: EBUSY" {
	quiet busy
}

@test "calls in the wrong order are status 2 with the reason" {
	quiet order
}

@test "options and their values" {
	quiet values
}

@test "what is read is copied" {
	quiet copies
}

@test "handlers of signals are put back" {
	quiet signals
}

# bats test_tags=plain-build
@test "where memory runs out: status 4, and the next run works" {
	quiet memory
}
