#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A TCP relay on X: transparent towards neither side, the server (-T), the client (-t), or both.

load ../lib/hosts

setup_file() { hosts_check; }
teardown() { hosts_gone; }

tproxy='-A PREROUTING -i xy -p tcp -m tcp --dport 80 -j TPROXY --on-port 8080 --tproxy-mark 0x1/0x1'
divert='-A PREROUTING -i xz -p tcp -m socket --transparent -j MARK --set-xmark 0x1/0x1'

plain() # 4|6
{
	hosts "$1"
	serve Z 80
	relay
	ask_peeking "$x" 8080
	saw <<-END
		connected to $X:8080 from $Y:$port
		answer: I am $Z:80, you are $XZ:any
		socket ESTAB $X:8080 $Y:$port
		socket ESTAB $XZ:any $Z:80
	END
}

@test "relay: Y sees X, Z sees X (IPv4)" { plain 4; }
@test "relay: Y sees X, Z sees X (IPv6)" { plain 6; }

redirect() # 4|6
{
	hosts "$1"
	rules <<-END
		*nat
		:PREROUTING ACCEPT [0:0]
		-A PREROUTING -i xy -d $z -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080
		COMMIT
	END
	serve Z 80
	relay
	ask_peeking "$z" 80
	told relay
	counters
	saw <<-END
		connected to $Z:80 from $Y:$port
		answer: I am $Z:80, you are $XZ:any
		socket ESTAB $X:8080 $Y:$port
		socket ESTAB $XZ:any $Z:80
		relay: client $Y:$port at $X:8080, asked for $Z:80
		nat PREROUTING 1 packets
	END
}

@test "REDIRECT and relay: Y sees Z, Z sees X (IPv4)" { redirect 4; }
@test "REDIRECT and relay: Y sees Z, Z sees X (IPv6)" { redirect 6; }

outwards() # 4|6
{
	hosts "$1"
	policy_route
	mangle "$divert"
	serve Z 80
	relay -T
	ask_peeking "$x" 8080
	counters
	saw <<-END
		connected to $X:8080 from $Y:$port
		answer: I am $Z:80, you are $Y:$port
		socket ESTAB $X:8080 $Y:$port
		socket ESTAB $Y:$port $Z:80
		mangle PREROUTING 5 packets
	END
}

@test "relay -T: Y sees X, Z sees Y (IPv4)" { outwards 4; }
@test "relay -T: Y sees X, Z sees Y (IPv6)" { outwards 6; }

inwards() # 4|6
{
	hosts "$1"
	policy_route
	mangle "$tproxy"
	serve Z 80
	relay -t
	ask_peeking "$z" 80
	told relay
	counters
	saw <<-END
		connected to $Z:80 from $Y:$port
		answer: I am $Z:80, you are $XZ:any
		socket ESTAB $XZ:any $Z:80
		socket ESTAB $Z:80 $Y:$port
		relay: client $Y:$port at $Z:80
		mangle PREROUTING 6 packets
	END
}

@test "relay -t: Y sees Z, Z sees X (IPv4)" { inwards 4; }
@test "relay -t: Y sees Z, Z sees X (IPv6)" { inwards 6; }

both() # 4|6
{
	hosts "$1"
	policy_route
	mangle "$tproxy" "$divert"
	serve Z 80
	relay -t -T
	ask_peeking "$z" 80
	counters
	saw <<-END
		connected to $Z:80 from $Y:$port
		answer: I am $Z:80, you are $Y:$port
		socket ESTAB $Y:$port $Z:80
		socket ESTAB $Z:80 $Y:$port
		mangle PREROUTING 6 packets
		mangle PREROUTING 5 packets
	END
}

@test "relay -t -T: nobody sees X (IPv4)" { both 4; }
@test "relay -t -T: nobody sees X (IPv6)" { both 6; }

# As the kernel's own documentation of TPROXY has it: known connections are diverted, and only the
# first packet of each goes to TPROXY.
divert_chain() # 4|6
{
	hosts "$1"
	policy_route
	rules <<-END
		*mangle
		:PREROUTING ACCEPT [0:0]
		:DIVERT - [0:0]
		-A PREROUTING -p tcp -m socket -j DIVERT
		$tproxy
		-A DIVERT -j MARK --set-xmark 0x1/0xffffffff
		-A DIVERT -j ACCEPT
		COMMIT
	END
	serve Z 80
	relay -t -T
	ask_peeking "$z" 80
	counters
	saw <<-END
		connected to $Z:80 from $Y:$port
		answer: I am $Z:80, you are $Y:$port
		socket ESTAB $Y:$port $Z:80
		socket ESTAB $Z:80 $Y:$port
		mangle DIVERT 10 packets
		mangle DIVERT 10 packets
		mangle PREROUTING 10 packets
		mangle PREROUTING 1 packets
	END
}

@test "a DIVERT chain takes all but the first packet from TPROXY (IPv4)" { divert_chain 4; }
@test "a DIVERT chain takes all but the first packet from TPROXY (IPv6)" { divert_chain 6; }
