# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Helpers for tests of wrong translations.

load ../lib/cli

wrong_setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	[ "$(id -u)" -eq 0 ] || skip "cannot here: needs root"
	[ -w /dev/net/tun ] || skip "cannot here: no /dev/net/tun"
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
}

# wrong [-6] TABLE RULE TEXT...: RULE's translation is taken to be TEXT (CHAIN STATEMENTS, a line each).
wrong()
{
	local family=-4 ip=ip
	if [ "$1" = -6 ]; then
		family=-6 ip=ip6
		shift
	fi
	local table=$1 rule=$2
	shift 2
	cli_table "$table" "$rule" >rules
	run "$xtlate" verify "$family" rules
	echo "$output"
	[ "$status" -eq 0 ]
	"$xtlate" ruleset --lines --quiet "$family" rules | grep -E '^add (table|chain)' >wrong.nft
	printf "add rule $ip $table %s\n" "$@" >>wrong.nft
	run "$xtlate" verify --against wrong.nft "$family" rules
	echo "$output"
	[ "$status" -eq 1 ]
}

# wrong_by SED [-6] RULESET...: the translation, changed by the sed program, is wrong. $same: --same-rules,
# where only counters tell.
wrong_by()
{
	local program=$1 family=-4
	shift
	if [ "$1" = -6 ]; then
		family=-6
		shift
	fi
	printf '%s\n' "$@" >rules
	run "$xtlate" verify "$family" rules
	echo "$output"
	[ "$status" -eq 0 ]
	"$xtlate" ruleset --lines --quiet "$family" rules >right.nft
	sed "$program" right.nft >wrong.nft
	! cmp -s right.nft wrong.nft
	run "$xtlate" verify ${same:+"$same"} --against wrong.nft "$family" rules
	echo "$output"
	[ "$status" -eq 1 ]
}
