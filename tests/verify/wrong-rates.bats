#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Wrong translations of rules that count packets or connections: each is found.

load ../lib/wrong

setup()
{
	wrong_setup
}

@test "another number of packets, of which the same number match" {
	wrong_by 's/mod 3/mod 4/' '*mangle' ':PREROUTING ACCEPT [0:0]' \
		'-A PREROUTING -m statistic --mode nth --every 3 --packet 0 -j MARK --set-xmark 0x10/0xf0' 'COMMIT'
}

@test "connections that a rule behind counts, too: another number, and the rules in the wrong order" {
	local rules=('*filter' ':INPUT DROP [0:0]' ':FORWARD ACCEPT [0:0]' ':OUTPUT ACCEPT [0:0]'
		'-A INPUT -p tcp -m connlimit --connlimit-above 9 --connlimit-mask 32 -j REJECT --reject-with tcp-reset'
		'-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT' 'COMMIT')

	wrong_by 's/over 9/over 11/' "${rules[@]}"
	wrong_by '/ct count over/{h;d};/dport 80/G' "${rules[@]}"
}

@test "a limit and the rule behind it in the wrong order" {
	wrong_by '/limit rate/{h;d};/dport 80/G' '*filter' ':INPUT ACCEPT [0:0]' ':FORWARD DROP [0:0]' ':OUTPUT ACCEPT [0:0]' \
		'-A FORWARD -m limit --limit 1/hour --limit-burst 5 -j ACCEPT' '-A FORWARD -p tcp -m tcp --dport 80 -j DROP' 'COMMIT'
}

@test "--packet sends as many packets as it says, and shows the last" {
	wrong_by 's/mod 3/mod 4/' '*mangle' ':PREROUTING ACCEPT [0:0]' \
		'-A PREROUTING -m statistic --mode nth --every 3 --packet 0 -j MARK --set-xmark 0x10/0xf0' 'COMMIT'
	run "$xtlate" verify --packet 'in=vf0 saddr=198.18.0.9 daddr=198.18.0.1 udp sport=40000 dport=9 repeat=4 step' --against wrong.nft -4 rules
	[ "$status" -eq 1 ]
	run "$xtlate" verify --packet 'in=vf0 saddr=198.18.0.9 daddr=198.18.0.1 udp sport=40000 dport=9 repeat=3 step' --against wrong.nft -4 rules
	[ "$status" -eq 0 ]
}
