#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What differs as doc/differences.md says is counted apart, and is no difference.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
	[ "$(id -u)" -eq 0 ] || skip "cannot here: needs root"
	[ -w /dev/net/tun ] || skip "cannot here: no /dev/net/tun"
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
}

# documented REASON OPTION... TABLE RULE: such probes differ for that reason, and all else is the same.
documented()
{
	local reason=$1 options=()
	shift
	while [[ $1 == -[46] || $1 == --* ]]; do
		options+=("$1")
		shift
	done
	cli_table "$@" >rules
	run "$xtlate" verify "${options[@]}" rules
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has "as documented: $reason" "$output"
}

# packet OPTION TABLE RULE PACKET: this one differs as documented.
packet()
{
	cli_table "$2" "$3" >rules
	run "$xtlate" verify "$1" rules --packet "$4"
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has '1 probe differs as documented' "$output"
}

hotdrop='malformed packets that iptables drops'
from='in=vf0 saddr=198.18.0.9 daddr=198.18.1.9'
from6='in=vf0 saddr=fd00:0::9 daddr=fd00:1::9'

@test "short headers" {
	documented "$hotdrop" filter '-A FORWARD -p udp -m udp --dport 53 -j ACCEPT'
	packet -4 filter '-A FORWARD -p udp -m udp --dport 53 -j ACCEPT' "$from udp dport=99 cut=7"
	packet -4 filter '-A FORWARD -p icmp -m icmp --icmp-type 3 -j ACCEPT' "$from icmp type=8 cut=7"
}

@test "a TCP header that says it is too short" {
	packet -4 filter '-A FORWARD -p tcp -m tcp --tcp-option 7 -j ACCEPT' "$from tcp dport=80 doff=3"
}

@test "TCP options that end early" {
	packet -4 filter '-A FORWARD -p tcp -m tcp --tcp-option 7 -j ACCEPT' "$from tcp dport=99 doff=8 cut=20"
}

@test "a fragment that could overwrite TCP flags" {
	packet -4 filter '-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT' "$from tcp dport=99 frag=8"
}

@test "extension headers that cannot be walked" {
	packet -6 filter '-A FORWARD -p tcp -j ACCEPT' "$from6 tcp dport=99 dstopts cut-ext"
}

@test "IPv6 behind an authentication header" {
	documented 'IPv6 packets with an authentication header' -6 filter '-A FORWARD -p udp -j DROP'
	packet -6 filter '-A FORWARD -p udp -j DROP' "$from6 udp dport=99 ah-header"
}

@test "--no-fragment-guard: later fragments" {
	documented 'later fragments, as --no-fragment-guard allows' --no-fragment-guard filter \
		'-A FORWARD -p udp -m udp --dport 24930 -j DROP'
}

@test "TCPMSS where there is no MSS" {
	documented 'SYNs without an MSS' mangle '-A FORWARD -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1400'
}

@test "IPv6 link-local addresses of addrtype" {
	{
		cli_table mangle '-A PREROUTING -i vfb -d fe80::/16 -m addrtype --dst-type LOCAL -j DROP'
		cli_table filter '-A INPUT -i vfa -d fe80::1 -j ACCEPT'
	} >rules
	run "$xtlate" verify -6 rules
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'as documented: IPv6 link-local addresses' "$output"
}

@test "what malformed packets count is not compared, but that they were there shows" {
	run "$xtlate" verify <(cli_table filter '-A FORWARD -p udp -m udp --dport 53 -j DROP' '-A FORWARD -p udp')
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'rule counters' "$output"
}

@test "a malformed packet that only nft drops is a difference" {
	cli_table filter '-A FORWARD -p udp -j ACCEPT' >rules
	{
		"$xtlate" ruleset --lines rules
		echo 'insert rule ip filter FORWARD meta l4proto udp meta length < 28 drop'
	} >wrong.nft
	run "$xtlate" verify --against wrong.nft rules
	echo "$output"
	[ "$status" -eq 1 ]
	cli_has ' cut=' "$output"
}

# answers: rules whose own answers to untracked packets come to CT in OUTPUT.
answers()
{
	cli_table raw '-A PREROUTING -j CT --notrack' '-A OUTPUT -j CT --notrack'
	cli_table filter '-A INPUT -p udp -j REJECT' '-A OUTPUT -p icmp -m conntrack --ctstate UNTRACKED' \
		'-A OUTPUT -p icmp -m conntrack --ctstate INVALID'
}

@test "CT in OUTPUT: iptables leaves the answer to an untracked packet alone, nft does not" {
	answers >rules
	"$xtlate" ruleset rules >rules.nft
	for load in 'iptables-legacy-restore rules' 'nft -f rules.nft'; do
		unshare -n bash -c "ip link set lo up; $load; (echo >/dev/udp/127.0.0.1/999)
			iptables-legacy-save -c -t filter; nft list ruleset" >>counts 2>/dev/null
	done
	cat counts
	grep -q '^\[1:.*INVALID' counts
	grep -q 'untracked counter packets 1 ' counts
}

@test "CT in OUTPUT: all the rest of it can be compared" {
	answers >rules
	run "$xtlate" verify rules
	echo "$output"
	[ "$status" -eq 0 ]
	[[ ! $output =~ 'not reached: rules:'.*UNTRACKED ]]
}

# connlimit RULE...: with these before it.
connlimit()
{
	# Older kernels count connections when they are first seen.
	[ "$(printf '%s\n' 6.18 "$(uname -r)" | sort -V | head -n 1)" = 6.18 ] || skip "cannot here: Linux before 6.18"
	documented 'packets of connections that -m connlimit has not counted' -4 filter "$@" \
		'-A INPUT -p tcp -m tcp --syn --dport 80 -m conntrack --ctstate ESTABLISHED -j LOG' \
		'-A INPUT -p tcp -m connlimit --connlimit-above 2 --connlimit-mask 32 --connlimit-saddr -j REJECT --reject-with tcp-reset'
}

@test "connections that -m connlimit has not counted" {
	connlimit
}

@test "connections that -m connlimit has not counted, where rules give connections a mark" {
	connlimit '-A INPUT -p tcp -m tcp --dport 9 -j CONNMARK --set-mark 1'
}

@test "a malformed packet that iptables drops when it comes in by lo, where rules give connections a mark" {
	packet -6 mangle '-A INPUT -p mh -m mh --mh-type 1 -j CONNMARK --set-mark 1' 'out saddr=fd00::1 daddr=::1 proto=135'
}

@test "a mark that only nft gives is no matter of malformed packets" {
	cli_table mangle '-A INPUT -p mh -m mh --mh-type 1' '-A FORWARD -m connmark --mark 1' >rules
	printf 'table ip6 t {\nchain c { type filter hook forward priority mangle; ct mark set 1; }\n}\n' >other
	run "$xtlate" verify -6 rules --against other --packet "$from6 proto=135"
	echo "$output"
	[ "$status" -eq 1 ]
}

# steady TIMES OPTION... TABLE RULE: the same each time.
steady()
{
	local times=$1 family=-4
	shift
	[[ $1 != -6 ]] || { family=$1 && shift; }
	cli_table "$@" >rules
	for ((; times; times--)); do
		run "$xtlate" verify "$family" rules
		echo "$output"
		[ "$status" -eq 0 ]
	done
}

@test "a rate faster than the kernel's tick, of which iptables lets fewer through" {
	steady 3 raw '-A PREROUTING -d 198.18.0.1 -m limit --limit 9999/s -j RETURN'
}

@test "a burst of which rounding takes a little in iptables" {
	steady 1 filter '-A FORWARD ! -p udp -m limit --limit 7/minute -j ACCEPT' '-A FORWARD -j DROP'
	steady 1 filter '-A FORWARD ! -p udp -m limit --limit 1/hour --limit-burst 100 -j ACCEPT'
}

@test "the kernel's own reports do not spend what a limit has" {
	steady 2 -6 filter '-A OUTPUT -m limit --limit 3/hour -j RETURN' '-A OUTPUT -j DROP'
}

@test "two bytes that the kernel may draw are found by chance" {
	steady 2 filter '-A OUTPUT -m string --hex-string "|ff00|" --algo bm -j LOG'
}

@test "later IPv6 fragments at -m tcpmss, and those that cannot be put together" {
	packet -6 filter '-A FORWARD -p tcp -m tcpmss --mss 1:500' "$from6 tcp dport=9 frag=512+"
	steady 1 filter '-A FORWARD -p tcp -f -m tcpmss --mss 0:65535 -j ACCEPT' '-A FORWARD -p tcp -j DROP'
	packet -6 filter $'-A FORWARD -m conntrack --ctstate NEW -j LOG\n-A FORWARD -p sctp -m sctp --sport 1000:65535 -j DROP' "$from6 sctp sport=40000 frag=512+"
}

@test "what -m connlimit makes of packets of a connection from before, or without one" {
	[ "$(printf '%s\n' 6.18 "$(uname -r)" | sort -V | head -n 1)" = 6.18 ] || skip "cannot here: Linux before 6.18"
	packet -6 mangle '-A PREROUTING -m connlimit --connlimit-upto 2 -m hbh --hbh-len 255 -j CONNMARK --set-mark 1' 'in=vf0 saddr=fd00::9 daddr=fd00::1 proto=59'
	packet -6 filter '-A FORWARD -m connlimit --connlimit-upto 0 -j DROP' "$from6 tcp dport=9 ct=established"
}

@test "connections that iptables tracks for rules that no packet can match" {
	steady 1 -6 mangle '-A FORWARD -m connlabel --label 1 -m hl --hl-gt 255 -j CONNMARK --set-mark 1' '-A FORWARD -p udp --dport 53'
}

@test "entries of hashlimit that nft forgets at once" {
	steady 3 raw '-A PREROUTING -p tcp -m hashlimit --hashlimit-above 7/minute --hashlimit-burst 3 --hashlimit-name h --hashlimit-htable-expire 1'
}

@test "mobility headers with something behind them, which -m mh drops" {
	documented "$hotdrop" -6 filter '-A FORWARD -p mh -m mh --mh-type 1:4 -j ACCEPT'
}

@test "an IPComp header that is not there, which -m ipcomp drops" {
	packet -4 filter '-A INPUT -p ipcomp -m ipcomp --ipcompspi 1:5' 'in=vf0 saddr=198.18.0.9 daddr=198.18.0.1 proto=108 len=0'
}

@test "a SYN to which iptables adds an MSS, told by a rule behind" {
	cli_table filter '-A FORWARD -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu' >rules
	cli_table mangle ':POSTROUTING ACCEPT [0:0]' '-A POSTROUTING -m length ! --length 40' >>rules
	run "$xtlate" verify -4 rules --packet "$from tcp flags=syn dport=9 len=0"
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'SYNs without an MSS' "$output"
}

@test "an ICMP header of which -m set reads no type" {
	echo 'create s hash:ip,port
add s 198.18.1.9,icmp:3/1' >sets
	cli_table filter '-A FORWARD -m set --match-set s dst,dst -j DROP' >rules
	run "$xtlate" verify -4 rules --ipset sets --packet "$from icmp type=3 code=1 cut=3"
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has '-m set reads no port' "$output"
}

@test "wrong checksums, at SYNPROXY" {
	packet -4 filter '-A FORWARD -p tcp -j SYNPROXY --sack-perm' "$from tcp flags=syn,ack bad-checksum"
	packet -4 filter '-A INPUT -p tcp -j SYNPROXY --sack-perm' "out saddr=0.0.0.0 daddr=198.18.0.1 tcp flags=syn,ack"
}
