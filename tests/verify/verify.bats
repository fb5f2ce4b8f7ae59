#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# xtlate verify: what is the same is found the same, and what is not, is not.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
	[ "$(id -u)" -eq 0 ] || skip "cannot here: needs root"
	[ -w /dev/net/tun ] || skip "cannot here: no /dev/net/tun"
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
}

# only_other_differs: rules.v4 verifies, and the translation of other.v4 is not taken for its.
only_other_differs()
{
	run "$xtlate" verify rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	"$xtlate" ruleset -4 other.v4 >other.nft
	run "$xtlate" verify --same-rules --against other.nft rules.v4
	echo "$output"
	[ "$status" -eq 1 ]
}

# host_rules: a small host that uses much of what there is.
host_rules()
{
	cat <<'RULES'
*mangle
:PREROUTING ACCEPT [0:0]
-A PREROUTING -i eth0 -p tcp -m tcp --dport 8080 -j TPROXY --on-port 3129 --tproxy-mark 0x1/0x1
-A PREROUTING -p udp -m udp --dport 53 -j MARK --set-xmark 0x10/0xf0
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
-A INPUT -m conntrack --ctstate INVALID -j DROP
-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j services
-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT
-A INPUT -p udp -m multiport --dports 53,100:200 -j ACCEPT
-A INPUT -j REJECT --reject-with icmp-port-unreachable
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i eth0 -d 198.51.100.0/25 -p tcp -m multiport --dports 22,80,443 -j ACCEPT
-A FORWARD -m iprange --src-range 192.0.2.10-192.0.2.20 -j ACCEPT
-A FORWARD -m mark --mark 0x10/0xf0 -j ACCEPT
-A OUTPUT -p tcp -m owner --uid-owner 1000 -m tcp --dport 25 -j REJECT --reject-with tcp-reset
-A services -p tcp -m tcp --dport 22 -s 192.0.2.0/24 -j ACCEPT
-A services -p tcp -m tcp --dport 22 -j DROP
-A services -p tcp -m tcp --dport 80 -j RETURN
-A services -p tcp -m tcp --dport 443 -j ACCEPT
COMMIT
RULES
}

@test "a translation is the same as its original, and nearly every rule is reached" {
	host_rules >rules.v4
	run "$xtlate" verify rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'same: verdicts, packets, marks, sockets, 21 rule counters' "$output"
	[[ $output =~ "rules reached: "([0-9]+)" of 21" ]]
	[ "${BASH_REMATCH[1]}" -ge 20 ]
}

@test "iptables-nft as a third side" {
	host_rules >rules.v4
	run "$xtlate" verify --backends legacy,nft-compat,native --max 3000 rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "the same seed sends the same, another seed something else" {
	host_rules >rules.v4
	first=$("$xtlate" verify --seed 7 rules.v4 | grep -o '^[0-9]* probes in')
	cli_is "$first" "$("$xtlate" verify --seed 7 rules.v4 | grep -o '^[0-9]* probes in')"
	[ "$("$xtlate" verify --seed 8 rules.v4; echo $?)" != 1 ]
}

@test "--quiet says nothing when nothing differs" {
	host_rules >rules.v4
	cli_is '' "$("$xtlate" verify --quiet --max 2000 rules.v4 2>&1)"
}

@test "a difference comes with its packet, both outcomes and the rule" {
	host_rules >rules.v4
	"$xtlate" ruleset --quiet rules.v4 | sed 's/tcp dport 443 counter.* accept/tcp dport 444 counter accept/' >wrong.nft
	run "$xtlate" verify --against wrong.nft rules.v4
	echo "$output"
	[ "$status" -eq 1 ]
	cli_has 'dport=443' "$output"
	cli_has 'iptables-legacy:' "$output"
}

# differs RULE...: the difference between these rules and their translation, changed by the sed command $change.
differs()
{
	cli_table filter "$@" >rules
	"$xtlate" ruleset --quiet rules | sed "$change" >wrong.nft
	cmp -s wrong.nft <("$xtlate" ruleset --quiet rules) && return 1
	run "$xtlate" verify --against wrong.nft rules
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "where nft rules have no known source, the rules that the original counts are shown" {
	change='s/udp dport 53 counter.* drop/udp dport 54 counter drop/'
	differs ':a - [0:0]' '-A INPUT -p udp -j a' '-A a -p udp --dport 53 -j DROP'
	cli_has 'iptables-legacy counts it at rules:3: -A INPUT -p udp -j a' "$output"
	cli_has 'iptables-legacy counts it at rules:4: -A a -p udp --dport 53 -j DROP' "$output"
}

@test "--packet shows the rules in the order in which the packet meets them" {
	{
		cli_table filter ':a - [0:0]' '-A a -p tcp --dport 22 -j DROP' '-A FORWARD -p tcp -j a'
		cli_table mangle '-A PREROUTING -p tcp -j MARK --set-xmark 0x1/0xff'
	} >rules
	run "$xtlate" verify --packet 'in=vf0 saddr=198.18.0.9 daddr=198.18.1.9 tcp dport=22' rules
	echo "$output"
	[ "$status" -eq 0 ]
	cli_is 'PREROUTING FORWARD a' "$(grep -oE -- '-A [^ ]*' <<<"$output" | cut -c4- | paste -sd' ')"
}

@test "--same-rules compares counters with the file's, rule by rule" {
	host_rules >rules.v4
	"$xtlate" ruleset --quiet rules.v4 >right.nft
	run "$xtlate" verify --same-rules --against right.nft rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has '21 rule counters' "$output"
	sed '0,/tcp dport 443 counter/s//tcp dport 443/' right.nft >wrong.nft
	run "$xtlate" verify --same-rules --against wrong.nft rules.v4
	echo "$output"
	[ "$status" -eq 1 ]
	cli_has 'different: 0 probes, 1 rule counters' "$output"
}

@test "--same-rules refuses a file with more rules, or fewer" {
	host_rules >rules.v4
	"$xtlate" ruleset --quiet rules.v4 >right.nft
	grep -v 'tcp dport 443' right.nft >fewer.nft
	(cat right.nft && echo 'add rule ip filter OUTPUT counter') >more.nft
	for file in fewer.nft more.nft; do
		run "$xtlate" verify --same-rules --against "$file" rules.v4
		echo "$output"
		[ "$status" -eq 2 ]
	done
	run "$xtlate" verify --same-rules rules.v4
	[ "$status" -eq 2 ]
}

@test "many ICMPv6 errors at once: the kernel's limit on them does not tell the sides apart" {
	{
		printf '*filter\n'
		printf -- '-A INPUT -p udp -m udp --dport %d -j REJECT\n' {1000..1100}
		echo COMMIT
	} >rules.v6
	run "$xtlate" verify rules.v6
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *"once and not again"* ]]
}

@test "status 2 for a file that iptables refuses, 3 for one that nft refuses" {
	printf '*filter\n-A nosuch -j ACCEPT\nCOMMIT\n' >undeclared
	run "$xtlate" verify undeclared
	[ "$status" -eq 2 ]
	host_rules >rules.v4
	echo 'table ip filter { chain c { nonsense; }; }' >bad.nft
	run "$xtlate" verify --against bad.nft rules.v4
	[ "$status" -eq 3 ]
	run "$xtlate" verify nosuchfile
	[ "$status" -eq 2 ]
}

@test "rules that are not translated are left out on both sides, and said to be" {
	printf '*filter\n:INPUT DROP [0:0]\n-A INPUT -m nosuch -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n' >rules.v4
	run "$xtlate" verify rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'rules.v4:3  not translated: ' "$output"
}

@test "a rule that the kernel does not take is left out on both sides, and the others are checked" {
	cli_table filter ':INPUT ACCEPT [0:0]' ':OUTPUT ACCEPT [0:0]' ':out - [0:0]' '-A INPUT -p tcp -m tcp --dport 80 -j DROP' \
		'-A OUTPUT -j out' '-A out -m cgroup --path no/such/group -j out2' '-A out -p udp -j DROP' ':out2 - [0:0]' \
		'-A out2 -p tcp -m tcp --dport 25 -j DROP' >rules.v4
	run "$xtlate" verify --report report rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'not checked: rules.v4:7  iptables-legacy refuses it here: ' "$output"
	cli_has 'counters' "$output"
	[ "$(jq -c '[."not-checked"[].line]' report)" = '[7]' ]
	printf '*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -m cgroup --path no/such/group -j DROP\nCOMMIT\n' >only.v4
	run "$xtlate" verify only.v4
	[ "$status" -eq 2 ]
}

@test "policies without counters are loaded, too" {
	printf '*filter\n:INPUT DROP\n-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT\nCOMMIT\n' >rules.v4
	run "$xtlate" verify rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
}

dice_rules()
{
	printf '*nat\n-A PREROUTING -i eth0 -p tcp -m tcp --dport 2222 -j DNAT --to-destination 198.51.100.5:22\n'
	printf -- '-A POSTROUTING -s 192.0.2.0/24 -j MASQUERADE\nCOMMIT\n'
	cli_table filter ':FORWARD ACCEPT [0:0]' '-A FORWARD -p tcp -m tcp --dport 22 -s 192.0.2.0/24 -j ACCEPT' \
		'-A FORWARD -p tcp -m statistic --mode random --probability 0.5 -j DROP' '-A FORWARD -p udp -m udp --dport 80 -j DROP'
}

@test "rules that throw dice: a right file without counters is the same" {
	dice_rules >rules.v4
	"$xtlate" ruleset --quiet rules.v4 >right.nft
	for seed in 1 2 3 4; do
		run "$xtlate" verify --seed "$seed" --against right.nft rules.v4
		echo "$output"
		[ "$status" -eq 0 ]
	done
}

@test "rules that throw dice: a wrong port is different" {
	dice_rules >rules.v4
	"$xtlate" ruleset --quiet rules.v4 | sed 's/198.51.100.5:22/198.51.100.5:23/' >wrong.nft
	run "$xtlate" verify --against wrong.nft rules.v4
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "iptables-legacy is the same as itself" {
	host_rules >rules.v4
	run "$xtlate" verify --backends legacy,legacy rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'iptables-legacy | iptables-legacy' "$output"
}

@test "nothing is left behind" {
	host_rules >rules.v4
	before=$(ls /sys/class/net)
	"$xtlate" verify --max 500 rules.v4 >/dev/null
	timeout -s KILL 0.5 "$xtlate" verify rules.v4 >/dev/null 2>&1 || true
	cli_is "$before" "$(ls /sys/class/net)"
}

@test "copies of TEE that the host would get back do not go round without end" {
	cat >rules.v6 <<'RULES'
*mangle
:OUTPUT ACCEPT [0:0]
:INPUT ACCEPT [0:0]
-A OUTPUT -j MARK --set-xmark 0x1/0xffffffff
-A INPUT -j MARK --set-xmark 0x3/0xffffffff
COMMIT
*filter
:INPUT ACCEPT [0:0]
-A INPUT -j TEE --gateway 2001:db8::9
COMMIT
RULES
	run timeout 60 "$xtlate" verify --max 200 -6 rules.v6
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "nor do copies to a group that the host has joined" {
	cat >rules.v4 <<'RULES'
*mangle
:OUTPUT ACCEPT [0:0]
:INPUT ACCEPT [0:0]
-A OUTPUT -j MARK --set-mark 1
-A INPUT -j MARK --set-mark 3
COMMIT
*filter
:INPUT ACCEPT [0:0]
-A INPUT -j TEE --gateway 192.0.2.2
-A INPUT -j TEE --gateway 192.0.2.1
COMMIT
RULES
	run timeout 30 "$xtlate" verify --packet 'out daddr=224.0.0.1 tcp flags=syn' rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "ICMPv6 errors are not limited: each is the same however fast they come" {
	cat >rules.v6 <<'RULES'
*filter
:INPUT ACCEPT [0:0]
-A INPUT -m mark --mark 0x1/0x3 -j REJECT --reject-with icmp6-addr-unreachable
-A INPUT -p udp -j REJECT --reject-with icmp6-adm-prohibited
-A INPUT -p tcp -m multiport --dports 1:9999 -j REJECT --reject-with icmp6-no-route
COMMIT
RULES
	run "$xtlate" verify --max 6000 -6 rules.v6
	echo "$output"
	[ "$status" -eq 0 ]
	[[ ! $output =~ "differed once" ]]
}

@test "packets come with the marks that rules ask for" {
	cat >rules.v4 <<-'RULES'
	*filter
	:INPUT ACCEPT [0:0]
	:FORWARD ACCEPT [0:0]
	:OUTPUT ACCEPT [0:0]
	-A FORWARD -m mark --mark 0x1020304/0xffffffff -j DROP
	COMMIT
	RULES
	run "$xtlate" verify rules.v4
	echo "$output"
	[[ $output == *"rules reached: 1 of 1"* ]]
}

@test "rulesets of all kinds are the same, with several seeds" {
	for seed in 1 2 3; do
		for file in "$XL_SRCDIR"/tests/verify/rules/*.v[46]; do
			options=("-${file##*.v}" "$file")
			[ ! -f "${file%.*}.ipset" ] || options+=(--ipset "${file%.*}.ipset")
			run "$xtlate" verify --quiet --seed "$seed" "${options[@]}"
			echo "$file: $output"
			[ "$status" -eq 0 ]
		done
	done
}

@test "ports that NAT draws where two connections would become one, in answers too" {
	cat >rules.v6 <<'RULES'
*raw
:OUTPUT ACCEPT [0:0]
-A OUTPUT -p udp -m mark --mark 0x539/0xfff -m udp --dport 53 -j CT --zone 1
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING ! -d ::1 -p tcp -m tcp ! --dport 15008 -m mark ! --mark 0x539/0xfff -j REDIRECT --to-ports 15006
-A OUTPUT -d 2001:db8::1 -p tcp -j ACCEPT
-A OUTPUT ! -o lo -p udp -m mark ! --mark 0x539/0xfff -m udp --dport 53 -j REDIRECT --to-ports 15053
-A OUTPUT ! -d ::1 -p tcp -m tcp --dport 53 -m mark ! --mark 0x539/0xfff -j REDIRECT --to-ports 15053
-A OUTPUT -p tcp -m mark --mark 0x111/0xfff -j ACCEPT
-A OUTPUT ! -d ::1 -o lo -j ACCEPT
-A OUTPUT ! -d ::1 -p tcp -m mark ! --mark 0x539/0xfff -j REDIRECT --to-ports 15001
COMMIT
RULES
	run "$xtlate" verify -6 rules.v6
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "ports that masquerading draws, in what an ICMP error quotes" {
	cat >rules.v6 <<'RULES'
*nat
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -o lo -p udp -j MASQUERADE --random
COMMIT
RULES
	run "$xtlate" verify -6 rules.v6
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "a port that masquerading draws for a packet from and to ports of one number" {
	cli_table nat '-A POSTROUTING -p tcp -j MASQUERADE --random' >rules
	for _ in 1 2 3; do
		run "$xtlate" verify -6 rules --packet 'in=vf1 saddr=fd00:1::9 daddr=fd00::9 tcp flags=syn sport=700 dport=700'
		echo "$output"
		[ "$status" -eq 0 ]
	done
}

@test "the first port of a range to which DNAT may go" {
	cli_table nat '-A PREROUTING -p tcp -d 198.18.0.1 -j DNAT --to-destination 198.18.1.9:1000-1001 --random' >rules
	for _ in 1 2 3; do
		run "$xtlate" verify -4 rules
		echo "$output"
		[ "$status" -eq 0 ]
	done
}

@test "a counter of every nth packet stays in step after malformed packets" {
	cat >rules <<'RULES'
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 81
COMMIT
*filter
:INPUT ACCEPT [0:0]
-A INPUT -p tcp -m tcp --tcp-option 7
-A INPUT -p udp -m udp --dport 53
-A INPUT -p udp -m length --length 100:1000
-A INPUT -p udp -m length --length 0:50
-A INPUT -m statistic --mode nth --every 5 --packet 0
-A INPUT -m statistic --mode nth --every 3 --packet 1
COMMIT
RULES
	run "$xtlate" verify rules
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "a malformed packet that iptables drops when it comes in by lo" {
	cli_table filter '-A INPUT -p tcp -m tcp --tcp-option 7 -j ACCEPT' '-A OUTPUT -o lo' >rules
	run "$xtlate" verify rules --packet 'out saddr=198.18.0.1 daddr=198.18.0.1 tcp dport=99 doff=3'
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'differs as documented' "$output"
}

@test "a rule that throws dice is told from a difference, with what its marks lead to" {
	dice() {
		cat <<-RULES
			*mangle
			:PREROUTING ACCEPT [0:0]
			:OUTPUT ACCEPT [0:0]
			:policy - [0:0]
			-A PREROUTING -j CONNMARK --restore-mark
			-A PREROUTING -m mark --mark 0 -j policy
			-A PREROUTING -j CONNMARK --save-mark
			-A PREROUTING -m mark --mark 2 -p tcp -m tcp --dport $1 -j DROP
			-A policy -m statistic --mode random --probability 0.3 -j MARK --set-mark 1
			-A policy -m mark --mark 0 -j MARK --set-mark 2
			COMMIT
		RULES
	}
	dice 80 >rules.v4
	dice 81 >other.v4
	only_other_differs
	[[ $output == *"dport=8"* ]]
}

@test "a difference behind a rate is found: the rate decides alike in the end" {
	rate() {
		cat <<-RULES
			*filter
			:INPUT DROP [0:0]
			-A INPUT -p icmp -m limit --limit 2/sec --limit-burst 3 -j RETURN
			-A INPUT -m recent --update --seconds 60 --hitcount 4 --name x -j DROP
			-A INPUT -p udp -m udp --dport $1 -j ACCEPT
			-A INPUT -p tcp -m tcp --dport 22 -m recent --set --name x -j ACCEPT
			COMMIT
		RULES
	}
	rate 53 >rules.v4
	rate 54 >other.v4
	only_other_differs
	[[ $output == *"dport=5"* ]]
}

@test "an MSS that iptables adds to an answer of SYNPROXY is no difference" {
	cat >rules.v4 <<'RULES'
*mangle
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
COMMIT
*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 80 --tcp-flags FIN,SYN,RST,ACK SYN -j CT --notrack
COMMIT
*filter
:INPUT ACCEPT [0:0]
-A INPUT -p tcp -m tcp --dport 80 -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY --sack-perm --mss 1460
COMMIT
RULES
	run "$xtlate" verify rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "what the kernel answers, or does not since a rate let nothing through, is counted alike" {
	cat >rules.v6 <<'RULES'
*filter
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p tcp -m tcp --dport 22 -m limit --limit 1000/sec --limit-burst 5 -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -j DROP
-A OUTPUT -p tcp -m tcp --tcp-flags RST RST
-A OUTPUT -o vf+
COMMIT
RULES
	run "$xtlate" verify -6 rules.v6
	echo "$output"
	[ "$status" -eq 0 ]
	run "$xtlate" verify --seed 2 -6 rules.v6
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "behind chance, too, counters that are not known are not compared" {
	{
		cli_table mangle '-A PREROUTING -i eth0 -p tcp -m tcp --dport 8080 -j TPROXY --on-port 3129 --tproxy-mark 0x1/0x1'
		cli_table nat '-A POSTROUTING -s 192.0.2.0/24 -o eth1 -j MASQUERADE'
		cli_table filter ':FORWARD DROP [0:0]' \
			'-A FORWARD ! -s 10.0.0.0/8 -p tcp ! --dport 80 -m statistic --mode random --probability 0.5 -j DROP'
	} >rules.v4
	"$xtlate" ruleset --quiet rules.v4 >same.nft
	run timeout 60 "$xtlate" verify --against same.nft rules.v4
	echo "$output"
	[[ $output != *'counted differently'* ]]
}

@test "packets carry the bytes that string and u32 ask for" {
	cat >rules.v4 <<-'RULES'
	*filter
	:INPUT ACCEPT [0:0]
	:FORWARD ACCEPT [0:0]
	:OUTPUT ACCEPT [0:0]
	-A INPUT -p udp -m string --hex-string "|04|evil|07|" --algo bm --from 40 --to 80 -j DROP
	-A INPUT -p udp -m u32 --u32 "0>>22&0x3C@12=0x01020304&&0x34&0xff00=0x4100:0x4200" -j DROP
	COMMIT
	RULES
	run "$xtlate" verify rules.v4
	echo "$output"
	[ "$status" -le 1 ]
	[[ $output == *"rules reached: 2 of 2"* ]]
}

@test "what an error quotes of a local socket's packet has an id that the kernel draws" {
	cli_table filter ':INPUT ACCEPT [0:0]' ':OUTPUT ACCEPT [0:0]' '-A INPUT -d 192.0.2.7/32 -j ACCEPT' \
		'-A OUTPUT -d 192.0.2.7/32 -p udp -j ACCEPT' >rules.v4
	run -0 "$xtlate" verify --packet 'out saddr=198.18.0.1 daddr=192.0.2.7 udp sport=40000 dport=9' rules.v4
	[[ $output == *"010303"* ]]
}

@test "a connection that a helper expected is related, and gets its NAT" {
	{
		cli_table nat '-A PREROUTING -p tcp -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'
		cli_table filter '-A INPUT -p tcp -m conntrack --ctstate RELATED -j ACCEPT' '-A OUTPUT -p udp -m conntrack --ctstate RELATED -j DROP'
	} >rules.v4
	run -0 "$xtlate" verify rules.v4
	[[ $output == *"rules reached: 3 of 3"* ]]
}

# off RULE TEXT WRONG: WRONG in the place of TEXT in RULE's translation is found.
off() {
	cli_table filter "$1" >rules.v4
	"$xtlate" ruleset --lines rules.v4 >right.nft
	sed "s/$2/$3/" right.nft >wrong.nft
	! cmp -s right.nft wrong.nft || return 1
	run "$xtlate" verify --same-rules --against right.nft rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	run "$xtlate" verify --same-rules --against wrong.nft rules.v4
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "a burst is met to the packet, also where what comes behind it is accepted as well" {
	off '-A INPUT -p icmp -m limit --limit 5/sec --limit-burst 20 -j ACCEPT' 'burst 20' 'burst 16'
	off '-A INPUT -p icmp -m limit --limit 5/sec --limit-burst 20 -j ACCEPT' 'burst 20' 'burst 60'
	off '-A INPUT -p icmp -m limit --limit 5/sec --limit-burst 20 -j ACCEPT' 'limit rate .* packets ' ''
}

@test "hashlimit by another address" {
	off '-A FORWARD -p udp -m hashlimit --hashlimit-above 5/min --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name a -m udp --dport 80 -j ACCEPT' '{ ip saddr' '{ ip daddr'
}

@test "a quota that is some packets greater" {
	off '-A FORWARD -s 192.0.2.7/32 -p udp -m quota --quota 400 -j ACCEPT' 'quota 400' 'quota 500'
}

@test "bits of a mark that a connection keeps" {
	cat >rules.v4 <<-'RULES'
	*mangle
	:PREROUTING ACCEPT [0:0]
	:INPUT ACCEPT [0:0]
	:FORWARD ACCEPT [0:0]
	:OUTPUT ACCEPT [0:0]
	:POSTROUTING ACCEPT [0:0]
	-A PREROUTING -m conntrack --ctstate RELATED,ESTABLISHED -j CONNMARK --restore-mark --nfmask 0xff00 --ctmask 0xff00
	COMMIT
	RULES
	"$xtlate" ruleset --lines rules.v4 >right.nft
	sed 's/!= 0x00000000 meta mark set meta mark | 0x00000800/!= 0x00000000 meta mark set meta mark | 0x00000400/' right.nft >wrong.nft
	! cmp -s right.nft wrong.nft || return 1
	run "$xtlate" verify --against wrong.nft rules.v4
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "groups are joined, broadcasts leave, and what must be local is" {
	{
		cli_table nat ':L -' '-A PREROUTING -m addrtype --dst-type LOCAL -j L' '-A POSTROUTING -s 192.0.2.0/24 -d 255.255.255.255/32 -j RETURN' \
			'-A L -d 203.0.113.9/32 -p tcp --dport 80 -j DNAT --to-destination 10.0.0.2:80'
		cli_table filter '-A INPUT -d 224.0.0.251/32 -p udp --dport 5353 -j ACCEPT' '-A INPUT -i eth1 -d 239.255.255.250/32 -p udp --dport 1900 -j ACCEPT' \
			'-A INPUT -p udp -m pkttype --pkt-type broadcast -j DROP' '-A INPUT -p udp -m pkttype --pkt-type multicast -j DROP'
	} >rules.v4
	run -0 "$xtlate" verify rules.v4
	[[ $output == *"rules reached: 7 of 7"* ]]
}

@test "rules that only packets could reach that are not made here are left out of the count" {
	{
		printf '%s\n' '*filter' ':INPUT ACCEPT [0:0]' ':FORWARD ACCEPT [0:0]' ':OUTPUT ACCEPT [0:0]' ':a -'
		printf '%s\n' '-A FORWARD -m physdev --physdev-is-bridged -j a' '-A FORWARD -p udp -j ACCEPT' '-A a -p tcp -j DROP' COMMIT
	} >rules.v4
	run -0 "$xtlate" verify --report report rules.v4
	[[ $output == *"rules reached: 1 of 1"* ]]
	cli_is '3 1 0 2' "$(jq -r '"\(.rules) \(.reached) \(.unreachable) \(.beyond)"' report)"
	cli_is '6 8' "$(jq -r '[."not-checked"[].line] | join(" ")' report)"
}

@test "packets that others must have come before: a knock at three ports" {
	cli_table filter ':INPUT ACCEPT [0:0]' ':a -' ':b -' '-A INPUT -p tcp -m recent --rcheck --seconds 60 --name B --rsource -j b' \
		'-A INPUT -m recent --rcheck --seconds 60 --name A --rsource -j a' '-A INPUT -p tcp -m tcp --dport 7001 -m recent --set --name A --rsource -j DROP' \
		'-A a -m recent --remove --name A --rsource' '-A a -p udp -m udp --dport 7002 -m recent --set --name B --rsource -j DROP' '-A a -j DROP' \
		'-A b -p tcp -m tcp --dport 22 -j ACCEPT' '-A b -j DROP' >rules.v4
	run -0 "$xtlate" verify rules.v4
	[[ $output == *"rules reached: 8 of 8"* ]]
}

@test "--max holds for rules that are tried again" {
	{
		printf '%s\n' '*filter' ':INPUT ACCEPT [0:0]' ':a - [0:0]' '-A INPUT -p udp -m udp --dport 1 -m length --length 1:20 -j a'
		for ((i = 1; i <= 100; i++)); do echo "-A a -p udp -m udp --sport $i"; done
		echo COMMIT
	} >rules.v4
	run -0 "$xtlate" verify --quiet --max 100 --report report rules.v4
	[[ $(jq .probes report) -le 110 ]]
}

@test "a malformed packet that iptables drops where dice would have let it through" {
	cli_table raw ':PREROUTING ACCEPT [0:0]' ':c - [0:0]' '-A PREROUTING -j c' '-A c -m statistic --mode random --probability 0.5 -j DROP' \
		'-A c -p tcp -m tcp --dport 1024' >rules.v4
	for seed in 1 2 3 4 5 6; do
		run -0 "$xtlate" verify --quiet --seed "$seed" rules.v4
	done
}

@test "ports that NAT draws are not told by packets that differ as documented" {
	cli_table nat ':POSTROUTING ACCEPT [0:0]' '-A POSTROUTING -s 2001:db8:1::/64 ! -d 2001:db8:1::/64 -p tcp -j MASQUERADE --to-ports 500-1000' \
		'-A POSTROUTING -s 2001:db8:1::/64 ! -d 2001:db8:1::/64 -j MASQUERADE' >rules.v6
	for seed in 2 4; do
		run -0 "$xtlate" verify --quiet --seed "$seed" rules.v6
	done
}
