# SPDX-License-Identifier: GPL-2.0-or-later
# Sets that rules share: -O1.

bats_require_minimum_version 1.5.0

setup()
{
	load ../lib/cli
}

# ports LIST...: a rule of multiport for each list
ports()
{
	local list i=0
	for list; do
		printf -- '-A INPUT -s 192.0.2.%d -p tcp -m multiport --dports %s -j ACCEPT\n' $((++i)) "$list"
	done
}

table()
{
	printf '*filter\n:INPUT ACCEPT [0:0]\n'
	cat
	echo COMMIT
}

translate()
{
	table | "$xtlate" ruleset --no-fragment-guard "$@"
}

# every_kind: two rules for each kind of set that gets a name
every_kind()
{
	ports 80,443 80,443 1000:2000,22 1000:2000,22
	for i in 1 2; do
		echo "-A INPUT -p icmp -m icmp --icmp-type echo-request -j ACCEPT"
		echo "-A INPUT -p udp -m multiport --sports 53,5353 -j ACCEPT -m comment --comment $i"
		echo "-A INPUT -p sctp -m multiport ! --dports 53,5353 -j DROP"
	done
}

@test "equal sets of several rules become one" {
	out=$(ports 80,443 443,80 | translate)
	cli_is 1 "$(grep -c 'set ports-1 {' <<<"$out")"
	cli_is 2 "$(grep -c 'tcp dport @ports-1' <<<"$out")"
	! grep 'dport {' <<<"$out"
}

@test "a set that one rule uses stays in the rule" {
	out=$(ports 80,443 22,25 | translate)
	cli_is 2 "$(grep -c 'dport {' <<<"$out")"
	! grep 'set ports' <<<"$out"
}

@test "what one rule needs twice is still its own" {
	out=$(echo '-A INPUT -p tcp -m multiport --ports 80,443 -j ACCEPT' | translate)
	! grep 'set ports' <<<"$out"
}

@test "very many different sets get names, too" {
	out=$(for i in {1..101}; do ports "$i,40000"; done | translate)
	cli_is 101 "$(grep -c 'set ports-' <<<"$out")"
	! grep 'dport {' <<<"$out"
}

@test "-O0 leaves them in the rules" {
	out=$(ports 80,443 80,443 | translate -O0)
	cli_is 2 "$(grep -c 'tcp dport { 80, 443 } counter packets 0 bytes 0 accept\|tcp dport { 80, 443 } counter accept' <<<"$out")"
}

@test "lines are at -O0 unless a level is given" {
	cli_is 2 "$(ports 80,443 80,443 | translate --lines | grep -c 'dport {')"
	cli_is 2 "$(ports 80,443 80,443 | translate --lines -O1 | grep -c 'dport @ports-1')"
}

@test "a set with ranges is one of intervals" {
	out=$(ports 22,1000:2000 22,1000:2000 | translate)
	cli_has 'flags interval;' "$out"
}

@test "names do not clash with those of sets that the user has" {
	printf 'create ports-1 hash:ip\nadd ports-1 192.0.2.1\n' >"$BATS_TEST_TMPDIR/sets"
	out=$({ ports 80,443 80,443; echo '-A INPUT -m set --match-set ports-1 src -j DROP'; } |
		translate --ipset "$BATS_TEST_TMPDIR/sets")
	cli_has 'tcp dport @ports-1.2' "$out"
	cli_has 'ip saddr @ports-1 ' "$out"
}

@test "the numbers of sets depend on nothing but the rules" {
	a=$(ports 22,23 80,443 80,443 22,23 | translate)
	b=$(ports 22,23 80,443 80,443 22,23 | translate)
	cli_is "$a" "$b"
}

@test "counters, comments and sources stay" {
	rules='[7:420] -A INPUT -p tcp -m multiport --dports 80,443 -m comment --comment web -j ACCEPT'
	out=$(printf '%s\n' "$rules" "$rules" | translate --report "$BATS_TEST_TMPDIR/report")
	cli_is 2 "$(grep -c 'tcp dport @ports-1 counter packets 7 bytes 420 accept comment "web"' <<<"$out")"
	cli_is 2 "$(grep -c '"outcome": "translated"' "$BATS_TEST_TMPDIR/report")"
}

@test "every kind loads, and what is listed then loads" {
	cli_need_netns
	every_kind | translate >"$BATS_TEST_TMPDIR/nft"
	cli_reloads "$BATS_TEST_TMPDIR/nft"
}

@test "the file loads twice" {
	cli_need_netns
	every_kind | translate >"$BATS_TEST_TMPDIR/nft"
	unshare -n sh -c 'nft -f "$1" && nft -f "$1"' sh "$BATS_TEST_TMPDIR/nft"
}

@test "there is no fourth level" {
	run "$xtlate" ruleset -O3 /dev/null
	cli_is 2 "$status"
	cli_has 'only -O0, -O1 and -O2' "$output"
}

@test "the verifier finds rules that share sets the same as the originals" {
	[ "$(id -u)" -eq 0 ] || skip "cannot here: needs root"
	[ -w /dev/net/tun ] || skip "cannot here: no /dev/net/tun"
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
	ports 80,443 80,443 1000:2000,22 1000:2000,22 | table >"$BATS_TEST_TMPDIR/rules.v4"
	timeout 120 "$xtlate" verify --max 2000 "$BATS_TEST_TMPDIR/rules.v4"
	timeout 120 "$xtlate" verify --max 2000 -O0 --quiet "$BATS_TEST_TMPDIR/rules.v4"
}

@test "nft still sees which protocols a port of DNAT is for" {
	cli_need_netns
	for i in 1 2; do
		echo "-A PREROUTING -s 192.0.2.$i ! -p tcp -j REDIRECT --to-ports 8080"
		echo "-A PREROUTING -s 192.0.2.$i ! -p tcp -j DNAT --to-destination 192.0.2.9:8080"
	done | { echo '*nat'; cat; echo COMMIT; } | "$xtlate" ruleset >"$BATS_TEST_TMPDIR/nft"
	cli_reloads "$BATS_TEST_TMPDIR/nft"
}
