#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Random rulesets, a few of those of "make check-fuzz"; and input that is none.

load ../lib/cli

@test "random rulesets are translated or refused rule by rule, and nft takes and lists what comes out" {
	cli_need_netns
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
	unshare -n iptables-legacy-restore </dev/null || skip "cannot here: the kernel has no iptables"
	XL_VERIFY=no run "$XL_SRCDIR/tests/fuzz/run" 1 5
	echo "$output"
	[ "$status" -eq 0 ]
}

# crashing OPTION MESSAGE: the rule costs itself only.
crashing()
{
	command -v "${CC:-cc}" >/dev/null || skip "cannot here: no C compiler"
	"${CC:-cc}" -shared -fPIC -o "$BATS_TEST_TMPDIR/libxt_crashing.so" "$XL_SRCDIR/tests/fuzz/crashing.c"
	cli_table filter '-A INPUT -p tcp -j ACCEPT' "-A INPUT -m crashing --$1" '-A INPUT -p udp -j ACCEPT' >"$BATS_TEST_TMPDIR/rules"
	XTABLES_LIBDIR=$BATS_TEST_TMPDIR:$(pkg-config --variable=xtlibdir xtables) \
		run "$xtlate" ruleset --lines -4 "$BATS_TEST_TMPDIR/rules"
	echo "$output"
	[ "$status" -eq 1 ]
	cli_has "rules:3:22: error: $2" "$output"
	cli_has 'INPUT meta l4proto udp counter accept' "$output"
}

@test "a plugin that ends the program costs its rule" {
	crashing exit "this extension's plugin ended the program"
}

@test "a plugin that aborts costs its rule" {
	crashing abort "this extension's plugin crashed (SIGABRT)"
}

@test "a plugin that crashes costs its rule" {
	crashing segfault "this extension's plugin crashed (SIGSEGV)"
}

# survives FILE: an answer, in time, for what is no ruleset; and no file that is half written.
survives()
{
	run timeout 60 "$xtlate" ruleset --quiet -o "$BATS_TEST_TMPDIR/out" -4 "$1"
	printf '%.2000s\n' "$output"
	[ "$status" -eq "$2" ]
}

@test "binary input" {
	head -c 100000 "$(command -v bash)" >"$BATS_TEST_TMPDIR/in"
	survives "$BATS_TEST_TMPDIR/in" 2
	[ ! -e "$BATS_TEST_TMPDIR/out" ]
}

@test "a line of a megabyte" {
	{
		printf "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -j ACCEPT\n"
		printf -- '-A INPUT -i '
		head -c 1000000 /dev/zero | tr '\0' x
		printf '\nCOMMIT\n'
	} >"$BATS_TEST_TMPDIR/long"
	survives "$BATS_TEST_TMPDIR/long" 1
	grep -q 'tcp counter accept' "$BATS_TEST_TMPDIR/out"
}

@test "a hundred thousand chains" {
	{
		echo '*filter'
		seq -f ':c%.0f - [0:0]' 100000
		seq -f '-A c%.0f -j ACCEPT' 100000
		echo COMMIT
	} >"$BATS_TEST_TMPDIR/in"
	survives "$BATS_TEST_TMPDIR/in" 0
}

@test "lines that end with CR LF" {
	printf '*filter\r\n:INPUT DROP [0:0]\r\n-A INPUT -p tcp -j ACCEPT\r\nCOMMIT\r\n' >"$BATS_TEST_TMPDIR/in"
	survives "$BATS_TEST_TMPDIR/in" 0
	grep -q 'tcp counter accept' "$BATS_TEST_TMPDIR/out"
}
