#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# X rewrites the destination: DNAT publishes a server on Z, REDIRECT brings a connection to X.

load ../lib/hosts

setup_file() { hosts_check; }
teardown() { hosts_gone; }

nat() # RULE...
{
	rules <<-END
		*nat
		:PREROUTING ACCEPT [0:0]
		:POSTROUTING ACCEPT [0:0]
		$(printf '%s\n' "$@")
		COMMIT
	END
}

dnat() # 4|6
{
	hosts "$1"
	nat "-A PREROUTING -i xy -d $x -p tcp -m tcp --dport 8080 -j DNAT --to-destination $Z:80"
	serve Z 80
	ask_peeking "$x" 8080
	counters
	saw <<-END
		connected to $X:8080 from $Y:$port
		answer: I am $Z:80, you are $Y:$port
		nat PREROUTING 1 packets
	END
}

@test "DNAT: Y sees X, Z sees Y, X has no socket (IPv4)" { dnat 4; }
@test "DNAT: Y sees X, Z sees Y, X has no socket (IPv6)" { dnat 6; }

dnat_udp() # 4|6
{
	hosts "$1"
	nat "-A PREROUTING -i xy -d $x -p udp -m udp --dport 8080 -j DNAT --to-destination $Z:80"
	serve Z -u 80
	ask -u "$x" 8080
	counters
	saw <<-END
		answer from $X:8080: I am $Z:80, you are $Y:$port
		nat PREROUTING 1 packets
	END
}

@test "DNAT of UDP: the answer comes from X, Z sees Y (IPv4)" { dnat_udp 4; }
@test "DNAT of UDP: the answer comes from X, Z sees Y (IPv6)" { dnat_udp 6; }

redirect() # 4|6
{
	hosts "$1"
	nat "-A PREROUTING -i xy -d $z -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080"
	serve X 8080
	ask_peeking "$z" 80
	counters
	reached_z
	saw <<-END
		connected to $Z:80 from $Y:$port
		answer: I am $X:8080, you are $Y:$port, you asked for $Z:80
		socket ESTAB $X:8080 $Y:$port
		nat PREROUTING 1 packets
		Z got 0 packets
	END
}

@test "REDIRECT: Y sees Z, the server on X sees Y and where it wanted to go (IPv4)" { redirect 4; }
@test "REDIRECT: Y sees Z, the server on X sees Y and where it wanted to go (IPv6)" { redirect 6; }

redirect_udp() # 4|6
{
	hosts "$1"
	nat "-A PREROUTING -i xy -d $z -p udp -m udp --dport 80 -j REDIRECT --to-ports 8080"
	serve X -u 8080
	ask -u "$z" 80
	counters
	reached_z
	saw <<-END
		answer from $Z:80: I am $X:8080, you are $Y:$port
		nat PREROUTING 1 packets
		Z got 0 packets
	END
}

@test "REDIRECT of UDP: the answer comes from Z, the server on X sees Y (IPv4)" { redirect_udp 4; }
@test "REDIRECT of UDP: the answer comes from Z, the server on X sees Y (IPv6)" { redirect_udp 6; }

other_port() # 4|6
{
	hosts "$1"
	nat "-A PREROUTING -i xy -d $z -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080"
	serve Z 81
	ask "$z" 81
	counters
	saw <<-END
		connected to $Z:81 from $Y:$port
		answer: I am $Z:81, you are $Y:$port
		nat PREROUTING 0 packets
	END
}

@test "REDIRECT leaves another port alone (IPv4)" { other_port 4; }
@test "REDIRECT leaves another port alone (IPv6)" { other_port 6; }

lose_way_back()
{
	on Z ip "-$family" route del "$1"
}

no_way_back() # 4|6
{
	local net=10.0.3.0/24
	[[ $1 == 4 ]] || net=fd03::/64
	hosts "$1"
	each lose_way_back $net
	serve Z 80
}

dnat_no_way_back() # 4|6
{
	no_way_back "$1"
	nat "-A PREROUTING -i xy -d $x -p tcp -m tcp --dport 8080 -j DNAT --to-destination $Z:80"
	in_vain ask "$x" 8080
	counters
	saw <<-END
		no answer: Connection timed out
		nat PREROUTING 1 packets
	END
}

@test "DNAT, and Z knows no way back to Y: no answer (IPv4)" { dnat_no_way_back 4; }
@test "DNAT, and Z knows no way back to Y: no answer (IPv6)" { dnat_no_way_back 6; }

dnat_masquerade() # 4|6
{
	no_way_back "$1"
	nat "-A PREROUTING -i xy -d $x -p tcp -m tcp --dport 8080 -j DNAT --to-destination $Z:80" \
		"-A POSTROUTING -o xz -j MASQUERADE"
	ask "$x" 8080
	counters
	saw <<-END
		connected to $X:8080 from $Y:$port
		answer: I am $Z:80, you are $XZ:$port
		nat POSTROUTING 1 packets
		nat PREROUTING 1 packets
	END
}

@test "DNAT and MASQUERADE: Z needs no way back, it sees X with Y's port (IPv4)" { dnat_masquerade 4; }
@test "DNAT and MASQUERADE: Z needs no way back, it sees X with Y's port (IPv6)" { dnat_masquerade 6; }
