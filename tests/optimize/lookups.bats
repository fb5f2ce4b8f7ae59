# SPDX-License-Identifier: GPL-2.0-or-later
# Rules that become elements of sets and maps: -O2.

bats_require_minimum_version 1.5.0

setup()
{
	load ../lib/cli
	rules=$BATS_TEST_TMPDIR/rules.v4
}

# each N FORMAT: a rule for each number from 1 to N, which FORMAT may have several times
each()
{
	local i n=$1

	for ((i = 1; i <= n; i++)); do
		# shellcheck disable=SC2059 # a format
		printf -- "${2//%d/$i}\n"
	done
}

table()
{
	local table=${1:-filter}

	case $table in
	nat) printf '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n' ;;
	mangle) printf '*mangle\n:PREROUTING ACCEPT [0:0]\n' ;;
	*) printf '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n' ;;
	esac
	cat
	echo COMMIT
}

# merged: what -O2 makes of $rules
merged()
{
	"$xtlate" ruleset -O2 --no-fragment-guard "$rules"
}

# in_chain CHAIN: the rules of a chain in the text on standard input
in_chain()
{
	sed -n "/^\tchain $1 {/,/^\t}/ { /^\t\t/ { /hook/! s/^\t\t//p } }"
}

# same: nothing differs from iptables, and what nft lists of it loads again
same()
{
	[ "$(id -u)" -eq 0 ] || skip "cannot here: needs root"
	[ -w /dev/net/tun ] || skip "cannot here: no /dev/net/tun"
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
	run timeout 120 "$xtlate" verify -O2 --max "${1:-3000}" "$rules"
	cli_is 0 "$status"
	[[ $output != *'not checked'* ]]
	merged >"$BATS_TEST_TMPDIR/nft"
	cli_reloads "$BATS_TEST_TMPDIR/nft"
}

@test "one verdict: a set" {
	each 9 '-A FORWARD -s 192.0.2.%d -j DROP' | table >"$rules"
	cli_is 'ip saddr @FORWARD-saddr drop' "$(merged | in_chain FORWARD)"
	same
}

@test "several verdicts: a verdict map" {
	{
		echo ':web - [0:0]'
		each 9 '-A FORWARD -d 192.0.2.%d -p tcp -m tcp --dport 80 -j web'
		each 9 '-A FORWARD -d 192.0.2.%d -p tcp -m tcp --dport 443 -j ACCEPT'
		echo '-A web -s 198.51.100.0/24 -j DROP'
	} | table >"$rules"
	cli_is 'ip daddr . tcp dport vmap @FORWARD-daddr-dport' "$(merged | in_chain FORWARD)"
	same
}

@test "tcp and udp: the protocol becomes part of the key" {
	{
		each 9 '-A INPUT -p udp -m udp --dport 5%d -j ACCEPT'
		each 9 '-A INPUT -p tcp -m tcp --dport 5%d -j DROP'
	} | table >"$rules"
	cli_is 'meta l4proto . th dport vmap @INPUT-proto-dport' "$(merged | in_chain INPUT)"
	same
}

@test "what is the same in all stays a test in front" {
	each 9 '-A FORWARD -i lan0 -d 192.0.2.%d -p tcp -m tcp --dport 80 -m conntrack --ctstate NEW -j ACCEPT' |
		table >"$rules"
	cli_is 'iifname "lan0" tcp dport 80 ct state new ip daddr @FORWARD-daddr accept' "$(merged | in_chain FORWARD)"
	same
}

@test "counters and comments become the elements'" {
	{
		each 9 '[%d:%d00] -A FORWARD -s 192.0.2.%d -j DROP -m comment --comment "bad %d"'
	} | table >"$rules"
	cli_has '192.0.2.7 counter packets 7 bytes 700 comment "bad 7"' "$(merged)"
}

@test "networks within others keep their order" {
	{
		each 9 '-A FORWARD -s 10.%d.2.1 -j ACCEPT'
		each 9 '-A FORWARD -s 10.%d.2.0/24 -j DROP'
		each 9 '-A FORWARD -s 10.%d.0.0/16 -j ACCEPT'
		each 9 '-A FORWARD -s 10.%d.2.0/25 -j DROP'
		echo '-A FORWARD -s 10.0.0.0/8 -j DROP'
	} | table >"$rules"
	cli_is "$(printf 'ip saddr %s\n' '@FORWARD-saddr accept' '@FORWARD-saddr.2 drop' '@FORWARD-saddr.3 accept' \
		'@FORWARD-saddr.4 drop' '10.0.0.0/8 counter drop')" "$(merged | in_chain FORWARD)"
	same
}

@test "a rule that can match the same packets is not passed" {
	{
		each 9 '-A FORWARD -s 192.0.2.%d -j ACCEPT'
		echo '-A FORWARD -p udp -j DROP'
		each 9 '-A FORWARD -s 198.51.100.%d -j ACCEPT'
	} | table >"$rules"
	cli_is "$(printf '%s\n' 'ip saddr @FORWARD-saddr accept' 'meta l4proto udp counter drop' \
		'ip saddr @FORWARD-saddr.2 accept')" "$(merged | in_chain FORWARD)"
	same
}

@test "a rule that cannot match the same packets is passed" {
	{
		each 9 '-A FORWARD -s 192.0.2.%d -j ACCEPT'
		echo '-A FORWARD -s 203.0.113.0/24 -m limit --limit 1/hour -j LOG'
		each 9 '-A FORWARD -s 198.51.100.%d -j ACCEPT'
	} | table >"$rules"
	cli_is "$(printf '%s\n' 'ip saddr @FORWARD-saddr accept' \
		'ip saddr 203.0.113.0/24 limit rate 1/hour burst 5 packets counter log')" "$(merged | in_chain FORWARD)"
	same
}

@test "a limit before the test that tells rules apart is not passed" {
	{
		each 9 '-A FORWARD -s 192.0.2.%d -j ACCEPT'
		echo '-A FORWARD -m limit --limit 1/hour --limit-burst 3 -m iprange --src-range 203.0.113.1-203.0.113.9 -j DROP'
		each 9 '-A FORWARD -s 198.51.100.%d -j ACCEPT'
	} | table >"$rules"
	cli_is 3 "$(merged | in_chain FORWARD | grep -c .)"
	same
}

@test "bits of a field stay tests of bits" {
	{
		each 9 '-A FORWARD -s 192.0.2.%d -p tcp -m tcp --tcp-flags SYN,ACK SYN -j DROP'
		each 9 '-A FORWARD -s 192.0.2.%d -m conntrack --ctstate NEW,RELATED -j ACCEPT'
		each 9 '-A FORWARD -m mark --mark %d/0xff -j ACCEPT'
	} | table >"$rules"
	cli_is "$(
		printf '%s\n' 'tcp flags & (syn | ack) == syn ip saddr @FORWARD-saddr drop' \
			'ct state related,new ip saddr @FORWARD-saddr.2 accept'
		each 9 'meta mark & 0x000000ff == 0x0000000%d counter accept'
	)" "$(merged | in_chain FORWARD)"
	same
}

@test "marks that some rule sets are not looked up" {
	{
		each 9 '-A PREROUTING -m mark --mark %d -j MARK --set-mark 1%d'
		each 9 '-A PREROUTING -m mark --mark 1%d -j MARK --set-mark 2%d'
	} | table mangle >"$rules"
	cli_is 18 "$(merged | in_chain PREROUTING | grep -c 'meta mark set')"
	same
}

@test "marks that none sets are" {
	each 9 '-A FORWARD -m mark --mark %d -j DROP' | table >"$rules"
	cli_is 'meta mark @FORWARD-mark drop' "$(merged | in_chain FORWARD)"
	same
}

@test "marks beside networks" {
	each 9 '-A FORWARD -s 10.%d.0.0/16 -m mark --mark %d -j DROP' | table >"$rules"
	cli_is 'ip saddr . meta mark @FORWARD-saddr-mark drop' "$(merged | in_chain FORWARD)"
	same
}

@test "marks by address: a map" {
	each 9 '-A PREROUTING -s 192.0.2.%d -j MARK --set-mark %d' | table mangle >"$rules"
	cli_is 'meta mark set ip saddr map @PREROUTING-saddr' "$(merged | in_chain PREROUTING)"
	same
}

@test "port forwards: a map of addresses and ports" {
	{
		each 9 '-A PREROUTING -i wan0 -p tcp -m tcp --dport 80%d -j DNAT --to-destination 192.0.2.%d:80'
		each 9 '-A PREROUTING -i wan0 -p udp -m udp --dport 80%d -j DNAT --to-destination 192.0.2.%d:53'
		each 9 '-A PREROUTING -d 203.0.113.%d -j DNAT --to-destination 192.0.2.%d'
	} | table nat >"$rules"
	cli_is "$(printf '%s\n' \
		'iifname "wan0" dnat ip to meta l4proto . th dport map @PREROUTING-proto-dport' \
		'dnat ip to ip daddr map @PREROUTING-daddr')" "$(merged | in_chain PREROUTING)"
	same
}

@test "ports of REDIRECT: a map" {
	each 9 '-A PREROUTING -p tcp -m tcp --dport 80%d -j REDIRECT --to-ports 90%d' | table nat >"$rules"
	cli_is 'meta l4proto tcp redirect to :tcp dport map @PREROUTING-dport' "$(merged | in_chain PREROUTING)"
	same
}

@test "rules that only count may be in any order" {
	each 9 '-A FORWARD -s 192.0.2.%d\n-A FORWARD -d 192.0.2.%d' | table >"$rules"
	cli_is "$(printf 'ip %s\n' 'saddr @FORWARD-saddr' 'daddr @FORWARD-daddr')" "$(merged | in_chain FORWARD)"
	same
}

@test "lists of ports: an element each, which count together" {
	each 9 '-A FORWARD -d 192.0.2.%d -p tcp -m multiport --dports 80,443,8000:800%d -j ACCEPT' | table >"$rules"
	cli_is 'ip daddr . tcp dport @FORWARD-daddr-dport accept' "$(merged | in_chain FORWARD)"
	cli_is 27 "$(merged | grep -c '192\.0\.2\.[0-9] \. ')"
	same
}

@test "pairs of addresses and MAC addresses" {
	{
		each 9 '-A FORWARD -s 192.0.2.%d -m mac --mac-source 02:00:00:00:00:0%d -j ACCEPT'
		echo '-A FORWARD -i lan0 -j DROP'
	} | table >"$rules"
	cli_has 'ether saddr . ip saddr @FORWARD-mac-saddr accept' "$(merged | in_chain FORWARD)"
	same
}

@test "returns from a chain" {
	{
		echo ':proxy - [0:0]'
		echo '-A PREROUTING -p tcp -j proxy'
		each 9 '-A proxy -d %d.0.0.0/8 -j RETURN'
		echo '-A proxy -p tcp -j REDIRECT --to-ports 12345'
	} | table nat >"$rules"
	cli_is 'ip daddr @proxy-daddr return' "$(merged | in_chain proxy | head -n 1)"
	same
}

@test "a few rules stay as they are" {
	each 7 '-A FORWARD -s 192.0.2.%d -j DROP' | table >"$rules"
	cli_is 7 "$(merged | in_chain FORWARD | grep -c counter)"
}

@test "a long run of other rules is split by a field that all test" {
	each 20 '-A FORWARD -d 10.%d.0.0/16 -m limit --limit 1/hour -j LOG
-A FORWARD -d 10.%d.0.0/16 -p tcp -m tcp --dport 80%d -j ACCEPT
-A FORWARD -d 10.%d.0.0/16 -j REJECT' | table >"$rules"
	cli_is 'ip daddr vmap @FORWARD-by-daddr' "$(merged | in_chain FORWARD)"
	cli_is 3 "$(merged | in_chain 'FORWARD-10.7.0.0\/16' | grep -c .)"
	same 6000
}

@test "a split keeps returns where the chain goes on" {
	{
		echo ':hosts - [0:0]'
		echo '-A FORWARD -j hosts'
		echo '-A FORWARD -j DROP'
		each 20 '-A hosts -d 10.%d.0.0/16 -m limit --limit 1/hour -j LOG
-A hosts -d 10.%d.0.0/16 -p tcp -m tcp --dport 80%d -j RETURN
-A hosts -d 10.%d.0.0/16 -p udp -j ACCEPT'
		echo '-A hosts -j ACCEPT'
	} | table >"$rules"
	cli_is 61 "$(merged | in_chain hosts | grep -c .)"
	sed -i '/^-A hosts -j ACCEPT/d' "$rules"
	cli_is 'ip daddr vmap @hosts-by-daddr' "$(merged | in_chain hosts)"
	same 6000
}

@test "lines load, too" {
	cli_need_netns
	each 20 '-A FORWARD -d 10.%d.0.0/16 -m limit --limit 1/hour -j LOG
-A FORWARD -d 10.%d.0.0/16 -j ACCEPT
-A FORWARD -d 10.%d.0.0/16 -j DROP' | table >"$rules"
	"$xtlate" ruleset -O2 --lines "$rules" >"$BATS_TEST_TMPDIR/nft"
	cli_has 'add map ip filter FORWARD-by-daddr' "$(<"$BATS_TEST_TMPDIR/nft")"
	unshare -n nft -f "$BATS_TEST_TMPDIR/nft"
}

@test "IPv6" {
	{
		each 9 '-A FORWARD -s 2001:db8::%d/128 -j DROP'
		each 9 '-A FORWARD -s 2001:db8:%d::/48 -d 2001:db8::/32 -p tcp -m tcp --dport 80 -j ACCEPT'
	} | table >"$BATS_TEST_TMPDIR/rules.v6"
	rules=$BATS_TEST_TMPDIR/rules.v6
	cli_is "$(printf '%s\n' 'ip6 saddr @FORWARD-saddr drop' \
		'ip6 daddr 2001:db8::/32 tcp dport 80 ip6 saddr @FORWARD-saddr.2 accept')" "$(merged | in_chain FORWARD)"
	same
}

@test "neither JSON nor nft before 1.0.6 has such maps" {
	run "$xtlate" ruleset -O2 --json /dev/null
	cli_is 2 "$status"
	cli_has 'take -O1' "$output"
	run "$xtlate" ruleset -O2 --nft-version 1.0.5 /dev/null
	cli_is 2 "$status"
	cli_has 'take -O1' "$output"
}

@test "a page shows the element that stands for a rule" {
	each 9 '-A FORWARD -s 192.0.2.%d -j DROP' | table >"$rules"
	"$xtlate" ruleset -O2 --html "$BATS_TEST_TMPDIR/page" "$rules" >/dev/null
	cli_has 'element of FORWARD-saddr:</span><code>192.0.2.7</code>' "$(<"$BATS_TEST_TMPDIR/page")"
}

@test "thousands of rules that overlap are no slower than others" {
	{
		each 20000 '-A FORWARD -s 10.0.0.0/8 -p tcp -m tcp --dport 80 -j ACCEPT\n-A FORWARD -s 10.1.1.1 -p tcp -m tcp --dport 80 -j DROP'
	} | table >"$rules"
	timeout 60 "$xtlate" ruleset -O2 --quiet "$rules" >/dev/null
}

@test "random rulesets made for it" {
	[ "$(id -u)" -eq 0 ] || skip "cannot here: needs root"
	[ -w /dev/net/tun ] || skip "cannot here: no /dev/net/tun"
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
	XL_MAX=2000 "$XL_SRCDIR/tests/fuzz/lookups" 14 17
}
