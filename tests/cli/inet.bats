# SPDX-License-Identifier: GPL-2.0-or-later
# --inet: one table for both families.

bats_require_minimum_version 1.5.0

setup()
{
	load ../lib/cli
	cd "$BATS_TEST_TMPDIR"
}

both()
{
	cat >v4 <<'RULES'
*mangle
:PREROUTING ACCEPT [0:0]
-A PREROUTING -i eth0 -p tcp -m tcp --dport 8080 -j TPROXY --on-ip 192.0.2.1 --on-port 3129 --tproxy-mark 0x1/0x1
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -i eth0 -p tcp -m tcp --dport 2222 -j DNAT --to-destination 198.51.100.5:22
-A PREROUTING -i eth1 -p tcp -m tcp --dport 81 -j REDIRECT --to-ports 3128
-A POSTROUTING -s 192.0.2.0/24 -o eth1 -j MASQUERADE
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:services - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j services
-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT
-A INPUT -p udp -m multiport --dports 53,100:200 -j ACCEPT
-A INPUT -j REJECT --reject-with icmp-port-unreachable
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i eth0 -d 198.51.100.0/25 -p tcp -m multiport --dports 22,80,443 -j ACCEPT
-A services -p tcp -m tcp --dport 22 -s 192.0.2.0/24 -j ACCEPT
-A services -p tcp -m tcp --dport 80 -j RETURN
-A services -p tcp -m multiport --dports 22,80,443 -j ACCEPT
COMMIT
RULES
	sed 's/198.51.100.5:22/[2001:db8:5::5]:22/; s/192.0.2.0.24/2001:db8:1::\/64/
		s/198.51.100.0.25/2001:db8:5::\/64/; s/icmp-port/icmp6-port/; s/192.0.2.1 /2001:db8:1::1 /
		s/-p icmp -m icmp --icmp-type 8/-p icmpv6 -m icmpv6 --icmpv6-type 128/' v4 >v6
}

translate()
{
	"$xtlate" ruleset --inet -4 v4 -6 v6 "$@" 2>messages
}

# rules_of FAMILY LINE...: a filter table with these rules.
rules_of()
{
	local file=v$1
	shift
	cli_table filter "$@" >"$file"
}

@test "tables of both families become one" {
	both
	out=$(translate)
	cli_is 3 "$(grep -c '^table inet' <<<"$out")"
	! grep -E '^table ip6? ' <<<"$out"
}

@test "it loads, and what is listed then loads" {
	cli_need_netns
	both
	translate >nft
	cli_reloads nft
}

@test "it is the same in JSON" {
	cli_need_netns
	both
	translate >text
	translate --json >json
	unshare -n sh -c 'nft -f text; nft list ruleset >a; nft flush ruleset; nft -j -f json; nft list ruleset >b'
	diff <(sed -E 's/\ttype(of)? [^;]*$/\tTYPE/' a) <(sed -E 's/\ttype(of)? [^;]*$/\tTYPE/' b)
}

@test "each base chain lets the other family pass" {
	rules_of 4 '-A INPUT -s 192.0.2.1 -j DROP'
	rules_of 6 ':INPUT DROP [0:0]' '-A INPUT -s 2001:db8::1 -j ACCEPT'
	out=$(translate --lines)
	cli_has 'INPUT meta nfproto != ipv4 accept' "$out"
	cli_has 'INPUT-v6 meta nfproto != ipv6 accept' "$out"
	cli_has 'INPUT-v6 { type filter hook input priority filter; policy drop; }' "$out"
}

@test "a base chain that lets everything pass needs no rule for that" {
	rules_of 4 ':OUTPUT ACCEPT [0:0]'
	rules_of 6 ':OUTPUT ACCEPT [0:0]'
	! translate | grep nfproto
}

@test "what both families have a name for is renamed for IPv6, and said so" {
	rules_of 4 ':web - [0:0]' '-A web -j DROP'
	rules_of 6 ':web - [0:0]' ':web-v6 - [0:0]' '-A web -j DROP' '-A INPUT -j web'
	out=$(translate)
	cli_has '# chain "web" in the input' "$out"
	cli_is 'web web-v6 web-v6.2' "$(sed -n 's/^\tchain \(web[^ ]*\) {/\1/p' <<<"$out" | sort | paste -sd' ')"
	cli_has 'jump web-v6.2' "$out"
	cli_has $'# chain "web" in the input\n\tchain web-v6.2 {' "$out"
}

@test "a table that only one family has stays its own" {
	rules_of 4 '-A INPUT -j DROP'
	cli_table raw '-A PREROUTING -p tcp -j DROP' >v6
	out=$(translate)
	cli_has 'table ip filter' "$out"
	cli_has 'table ip6 raw' "$out"
}

@test "a rule that an inet table cannot have keeps its table apart" {
	rules_of 4 '-A FORWARD -j TEE --gateway 192.0.2.1'
	rules_of 6 '-A FORWARD -j DROP'
	out=$(translate)
	cli_has 'table ip filter' "$out"
	cli_has 'table ip6 filter' "$out"
	cli_has 'v4:2:1: note: table filter stays one table a family: an inet table cannot have this rule' "$(cat messages)"
}

@test "connection tracking is not turned on for a family that has none" {
	rules_of 4 '-A FORWARD -m conntrack --ctstate NEW -j ACCEPT'
	rules_of 6 '-A FORWARD -m frag --fragmore -j DROP'
	out=$(translate)
	cli_has 'table ip6 filter' "$out"
	cli_has 'reassemble fragments' "$(cat messages)"
}

@test "the verifier finds it the same, each counter included" {
	[ "$(id -u)" -eq 0 ] || skip "cannot here: needs root"
	[ -w /dev/net/tun ] || skip "cannot here: no /dev/net/tun"
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
	both
	run timeout 200 "$xtlate" verify --inet -4 v4 -6 v6
	echo "$output"
	cli_is 0 "$status"
	cli_has '30 rule counters' "$output"
}
