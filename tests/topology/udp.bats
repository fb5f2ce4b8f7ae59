#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# UDP: TPROXY to a server on X, and the relay in all its forms.

load ../lib/hosts

setup_file() { hosts_check; }
teardown() { hosts_gone; }

tproxy='-A PREROUTING -i xy -p udp -m udp --dport 80 -j TPROXY --on-port 8080 --tproxy-mark 0x1/0x1'
divert='-A PREROUTING -i xz -p udp -m socket --transparent -j MARK --set-xmark 0x1/0x1'

server() # 4|6
{
	hosts "$1"
	policy_route
	mangle "$tproxy"
	serve X -u -t 8080
	ask -u "$z" 80
	counters
	reached_z
	saw <<-END
		answer from $Z:80: I am $Z:80, you are $Y:$port
		mangle PREROUTING 1 packets
		Z got 0 packets
	END
}

@test "TPROXY of UDP to a server on X: it answers as Z and sees Y (IPv4)" { server 4; }
@test "TPROXY of UDP to a server on X: it answers as Z and sees Y (IPv6)" { server 6; }

plain() # 4|6
{
	hosts "$1"
	serve Z -u 80
	relay -u
	ask -u "$x" 8080
	told relay
	saw <<-END
		answer from $X:8080: I am $Z:80, you are $XZ:any
		relay: client $Y:$port at $X:8080
	END
}

@test "UDP relay: Y sees X, Z sees X (IPv4)" { plain 4; }
@test "UDP relay: Y sees X, Z sees X (IPv6)" { plain 6; }

redirect() # 4|6
{
	hosts "$1"
	rules <<-END
		*nat
		:PREROUTING ACCEPT [0:0]
		-A PREROUTING -i xy -d $z -p udp -m udp --dport 80 -j REDIRECT --to-ports 8080
		COMMIT
	END
	serve Z -u 80
	relay -u
	ask -u "$z" 80
	told relay
	counters
	saw <<-END
		answer from $Z:80: I am $Z:80, you are $XZ:any
		relay: client $Y:$port at $X:8080
		nat PREROUTING 1 packets
	END
}

@test "REDIRECT and UDP relay: Y sees Z, Z sees X (IPv4)" { redirect 4; }
@test "REDIRECT and UDP relay: Y sees Z, Z sees X (IPv6)" { redirect 6; }

outwards() # 4|6
{
	hosts "$1"
	policy_route
	mangle "$divert"
	serve Z -u 80
	relay -u -T
	ask -u "$x" 8080
	counters
	saw <<-END
		answer from $X:8080: I am $Z:80, you are $Y:$port
		mangle PREROUTING 1 packets
	END
}

@test "UDP relay -T: Y sees X, Z sees Y (IPv4)" { outwards 4; }
@test "UDP relay -T: Y sees X, Z sees Y (IPv6)" { outwards 6; }

inwards() # 4|6
{
	hosts "$1"
	policy_route
	mangle "$tproxy"
	serve Z -u 80
	relay -u -t
	ask -u "$z" 80
	told relay
	counters
	saw <<-END
		answer from $Z:80: I am $Z:80, you are $XZ:any
		relay: client $Y:$port at $Z:80
		mangle PREROUTING 1 packets
	END
}

@test "UDP relay -t: Y sees Z, Z sees X (IPv4)" { inwards 4; }
@test "UDP relay -t: Y sees Z, Z sees X (IPv6)" { inwards 6; }

both() # 4|6
{
	hosts "$1"
	policy_route
	mangle "$tproxy" "$divert"
	serve Z -u 80
	relay -u -t -T
	ask -u "$z" 80
	ask -u "$z" 80
	told relay
	counters
	saw <<-END
		answer from $Z:80: I am $Z:80, you are $Y:$port
		answer from $Z:80: I am $Z:80, you are $Y:$port
		relay: client $Y:$port at $Z:80
		mangle PREROUTING 2 packets
		mangle PREROUTING 2 packets
	END
}

@test "UDP relay -t -T: nobody sees X, and a second question goes the same way (IPv4)" { both 4; }
@test "UDP relay -t -T: nobody sees X, and a second question goes the same way (IPv6)" { both 6; }
