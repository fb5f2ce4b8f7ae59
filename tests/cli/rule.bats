#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# xtlate rule and the drop-in names. What they print is run by a shell, as a user would.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

# A namespace with base chains and three rules; then each command line is translated and run.
in_netns()
{
	unshare -n bash -c '
		set -e
		nft "add table ip filter; add chain ip filter INPUT { type filter hook input priority 0; }"
		for i in one two three; do nft "add rule ip filter INPUT iifname \"$i\" counter drop"; done
		for line; do
			eval "$XTLATE rule $line" >script
			sh -e script
		done
		nft list chain ip filter INPUT | sed -n "s/^\t\t\(iifname.*\)/\1/p; s/.*policy \(.*\);/\1/p" |
			sed "s/ counter packets 0 bytes 0//"' sh "$@"
}
export XTLATE=$xtlate

@test "-A" {
	cli_is "nft 'add rule ip filter INPUT ip saddr 192.0.2.1 counter drop'" \
		"$("$xtlate" rule -A INPUT -s 192.0.2.1 -j DROP)"
}

@test "-6" {
	cli_is "nft 'add rule ip6 filter INPUT ip6 saddr 2001:db8::1 counter drop'" \
		"$("$xtlate" rule -6 -A INPUT -s 2001:db8::1 -j DROP)"
}

@test "quotes for the shell" {
	cli_is "nft 'add rule ip filter INPUT counter comment \"it'\\''s\"'" \
		"$("$xtlate" rule -A INPUT -m comment --comment "it's")"
}

@test "-I puts a rule first, -I N before the Nth" {
	cli_need_netns
	cli_is 'accept
iifname "first" drop
iifname "one" drop
iifname "second" drop
iifname "two" drop
iifname "three" drop' "$(in_netns '-I INPUT -i first -j DROP' '-I INPUT 3 -i second -j DROP')"
}

@test "-D by number and by rule, -R, -P" {
	cli_need_netns
	cli_is 'drop
iifname "x" drop' "$(in_netns '-D INPUT 1' '-D INPUT -i three -j DROP' '-R INPUT 1 -i x -j DROP' '-P INPUT DROP')"
}

@test "-C succeeds for a rule that is there and fails for one that is not" {
	cli_need_netns
	run in_netns '-C INPUT -i two -j DROP'
	[ "$status" -eq 0 ]
	run in_netns '-C INPUT -i four -j DROP'
	[ "$status" -ne 0 ]
}

@test "-N, -E, -F and -X" {
	cli_need_netns
	run in_netns '-N mine' '-A mine -j DROP' '-F mine' '-E mine yours' '-X yours' '-F INPUT'
	cli_is accept "$output"
}

@test "chains that nft cannot name have the same name in every command" {
	cli_is "nft 'add chain ip filter c_22in'" "$("$xtlate" rule -N 22in)"
	cli_has 'jump c_22in' "$("$xtlate" rule -A INPUT -j 22in)"
}

@test "TPROXY is one rule that drops where no proxy listens" {
	cli_is "nft 'add rule ip mangle PREROUTING tcp dport 80 counter jump { meta l4proto tcp tproxy to :50080 meta mark set meta mark | 0x00000001 accept; drop; }'" \
		"$("$xtlate" rule -t mangle -A PREROUTING -p tcp --dport 80 -j TPROXY --on-port 50080 --tproxy-mark 0x1/0x1)"
}

@test "errors: status 2 for a bad line, 1 for what cannot be translated" {
	run "$xtlate" rule -A INPUT -p tcp --dport 99999 -j DROP
	[ "$status" -eq 2 ]
	run "$xtlate" rule -A INPUT -i 'x"' -j DROP
	[ "$status" -eq 1 ]
	cli_has 'not translated: the interface name' "$output"
}

@test "iptables-translate and ip6tables-translate" {
	cli_is "nft 'add rule ip filter INPUT counter accept'" "$(cli_as iptables-translate -A INPUT -j ACCEPT)"
	cli_is "nft 'add rule ip6 filter INPUT counter accept'" "$(cli_as ip6tables-translate -A INPUT -j ACCEPT)"
	run cli_as iptables-translate -V
	cli_has 'iptables-translate v' "$output"
}

@test "iptables-restore-translate prints lines, from a file and from standard input" {
	cli_table filter ':INPUT DROP [0:0]' '-A INPUT -i lo -j ACCEPT' >in
	want='add table ip filter
add chain ip filter INPUT { type filter hook input priority filter; policy drop; }
add rule ip filter INPUT iifname "lo" counter accept'
	cli_is "$want" "$(cli_as iptables-restore-translate -f in | grep -v '^#')"
	cli_is "$want" "$(cli_as iptables-restore-translate <in | grep -v '^#')"
}

@test "ip6tables-restore-translate" {
	cli_table filter '-A INPUT -i lo -j ACCEPT' >in
	cli_has 'add rule ip6 filter INPUT iifname "lo" counter accept' "$(cli_as ip6tables-restore-translate -f in)"
}

@test "a shortened option is iptables' own before the protocol's match is loaded" {
	cli_is 'FORWARD ip daddr 10.0.0.1 meta l4proto tcp counter drop' \
		"$(cli_rules filter ':FORWARD ACCEPT [0:0]' '-A FORWARD -p tcp --dest 10.0.0.1 -j DROP')"
	cli_is 'FORWARD tcp sport 5-70 counter drop' \
		"$(cli_rules filter ':FORWARD ACCEPT [0:0]' '-A FORWARD -p tcp --source-p 5:70 -j DROP')"
	cli_table filter '-A FORWARD -p tcp --dport 5 --dest 10.0.0.1 -j DROP' >"$BATS_TEST_TMPDIR/in"
	run "$xtlate" ruleset -4 "$BATS_TEST_TMPDIR/in"
	cli_has '"--dest" could be several options' "$output"
}

@test "a match that only the other family has is not there" {
	cli_table filter '-A INPUT -p tcp -m osf --genre Linux -j ACCEPT' '-A INPUT -j DROP' >"$BATS_TEST_TMPDIR/in"
	run "$xtlate" ruleset --lines -6 "$BATS_TEST_TMPDIR/in"
	cli_has "Couldn't load match \`osf'" "$output"
	cli_has 'add rule ip6 filter INPUT counter drop' "$output"
}
