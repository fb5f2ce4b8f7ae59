#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Set-ups with something missing or wrong. What breaks must break in the same way in the translation:
# above all, where no proxy listens nothing may get past it.

load ../lib/hosts

setup_file() { hosts_check; }
teardown() { hosts_gone; }

tproxy='-A PREROUTING -i xy -p tcp -m tcp --dport 80 -j TPROXY --on-port 8080 --tproxy-mark 0x1/0x1'
tproxy_udp=${tproxy//tcp/udp}
divert='-A PREROUTING -i xz -p tcp -m socket --transparent -j MARK --set-xmark 0x1/0x1'

dead_proxy() # 4|6
{
	hosts "$1"
	policy_route
	mangle "$tproxy"
	serve Z 80
	in_vain ask "$z" 80
	counters
	reached_z
	saw <<-END
		no answer: Connection timed out
		mangle PREROUTING 1 packets
		Z got 0 packets
	END
}

@test "TPROXY and no relay: Y times out, nothing reaches Z (IPv4)" { dead_proxy 4; }
@test "TPROXY and no relay: Y times out, nothing reaches Z (IPv6)" { dead_proxy 6; }

dead_proxy_udp() # 4|6
{
	hosts "$1"
	policy_route
	mangle "$tproxy_udp"
	serve Z -u 80
	in_vain ask -u "$z" 80
	counters
	reached_z
	saw <<-END
		no answer: Connection timed out
		mangle PREROUTING 1 packets
		Z got 0 packets
	END
}

@test "TPROXY of UDP and no relay: Y times out, nothing reaches Z (IPv4)" { dead_proxy_udp 4; }
@test "TPROXY of UDP and no relay: Y times out, nothing reaches Z (IPv6)" { dead_proxy_udp 6; }

# The four above can fail: this is what the translation of iptables 1.8.11 lets happen.
bare_tproxy() # 4|6 tcp|udp
{
	BACKENDS=native
	hosts "$1"
	policy_route
	nft_rules <<-END
		table $nft_family mangle {
			chain PREROUTING {
				type filter hook prerouting priority mangle
				iifname "xy" $2 dport 80 counter tproxy to :8080 meta mark set meta mark & 0xfffffffe xor 0x1 accept
			}
		}
	END
}

leak() # 4|6
{
	bare_tproxy "$1" tcp
	serve Z 80
	ask "$z" 80
	counters
	saw <<-END
		connected to $Z:80 from $Y:$port
		answer: I am $Z:80, you are $Y:$port
		mangle PREROUTING 6 packets
	END
}

@test "nft's tproxy without a drop after it and no relay: Y reaches Z (IPv4)" { leak 4; }
@test "nft's tproxy without a drop after it and no relay: Y reaches Z (IPv6)" { leak 6; }

leak_udp() # 4|6
{
	bare_tproxy "$1" udp
	serve Z -u 80
	ask -u "$z" 80
	counters
	saw <<-END
		answer from $Z:80: I am $Z:80, you are $Y:$port
		mangle PREROUTING 1 packets
	END
}

@test "nft's tproxy of UDP without a drop after it and no relay: Y reaches Z (IPv4)" { leak_udp 4; }
@test "nft's tproxy of UDP without a drop after it and no relay: Y reaches Z (IPv6)" { leak_udp 6; }

opaque_relay() # 4|6
{
	hosts "$1"
	policy_route
	mangle "$tproxy"
	serve Z 80
	relay
	in_vain ask "$z" 80
	counters
	reached_z
	saw <<-END
		no answer: Connection timed out
		mangle PREROUTING 1 packets
		Z got 0 packets
	END
}

@test "TPROXY and a relay without -t: Y times out, nothing reaches Z (IPv4)" { opaque_relay 4; }
@test "TPROXY and a relay without -t: Y times out, nothing reaches Z (IPv6)" { opaque_relay 6; }

no_policy_route() # 4|6
{
	hosts "$1"
	mangle "$tproxy"
	serve Z 80
	relay -t
	in_vain ask "$z" 80
	counters
	saw <<-END
		no answer: Connection timed out
		mangle PREROUTING 1 packets
	END
}

@test "TPROXY and no policy route: Y times out (IPv4)" { no_policy_route 4; }
@test "TPROXY and no policy route: Y times out (IPv6)" { no_policy_route 6; }

no_divert() # 4|6
{
	hosts "$1"
	policy_route
	rules <<-END
		*mangle
		:PREROUTING ACCEPT [0:0]
		:FORWARD ACCEPT [0:0]
		-A PREROUTING -i xz -p tcp -m tcp --sport 80
		-A FORWARD -i xz -p tcp -m tcp --sport 80
		COMMIT
	END
	serve Z 80
	relay -T
	in_vain ask_peeking "$x" 8080
	counters
	saw <<-END
		connected to $X:8080 from $Y:$port
		no answer: Connection timed out
		socket ESTAB $X:8080 $Y:$port
		socket SYN-SENT $Y:$port $Z:80
		mangle FORWARD 0 packets
		mangle PREROUTING 1 packets
	END
}

# X's own socket is found early, and ip_forward() drops a packet that has one.
@test "relay -T without DIVERT: X drops Z's answer (IPv4)" { no_divert 4; }
@test "relay -T without DIVERT: X drops Z's answer (IPv6)" { no_divert 6; }

no_divert_late_demux() # 4|6
{
	hosts "$1"
	policy_route
	each on X sysctl -qw net.ipv4.tcp_early_demux=0
	rules <<-END
		*mangle
		:FORWARD ACCEPT [0:0]
		-A FORWARD -i xz -p tcp -m tcp --sport 80
		-A FORWARD -i xy -p tcp -m tcp --tcp-flags RST RST
		COMMIT
	END
	serve Z 80
	relay -T
	in_vain ask "$x" 8080
	counters
	saw <<-END
		connected to $X:8080 from $Y:$port
		no answer: Connection timed out
		mangle FORWARD 1 packets
		mangle FORWARD 1 packets
	END
}

@test "relay -T without DIVERT or early demux: Y resets what it knows nothing of (IPv4)" {
	no_divert_late_demux 4
}

@test "relay -T without DIVERT or early demux: Y resets what it knows nothing of (IPv6)" {
	no_divert_late_demux 6
}

no_divert_udp() # 4|6
{
	hosts "$1"
	policy_route
	rules <<-END
		*mangle
		:PREROUTING ACCEPT [0:0]
		:FORWARD ACCEPT [0:0]
		-A PREROUTING -i xz -p udp -m udp --sport 80
		-A FORWARD -i xz -p udp -m udp --sport 80
		COMMIT
	END
	serve Z -u 80
	relay -u -T
	in_vain ask -u "$x" 8080
	counters
	saw <<-END
		no answer: Connection timed out
		mangle FORWARD 0 packets
		mangle PREROUTING 1 packets
	END
}

@test "UDP relay -T without DIVERT: X drops Z's answer (IPv4)" { no_divert_udp 4; }
@test "UDP relay -T without DIVERT: X drops Z's answer (IPv6)" { no_divert_udp 6; }

transparent() # 4|6
{
	hosts "$1"
	policy_route
	mangle "$tproxy" "$divert"
	serve Z 80
	relay -t -T
}

answered()
{
	ask "$z" 80
	saw <<-END
		connected to $Z:80 from $Y:$port
		answer: I am $Z:80, you are $Y:$port
	END
}

@test "relay -t -T does not mind rp_filter=0" {
	transparent 4
	each on X sysctl -qw net.ipv4.conf.{all,xy,xz}.rp_filter=0
	answered
}

@test "relay -t -T does not mind rp_filter=1" {
	transparent 4
	each on X sysctl -qw net.ipv4.conf.{all,xy,xz}.rp_filter=1
	answered
}

@test "relay -t -T does not mind rp_filter=2" {
	transparent 4
	each on X sysctl -qw net.ipv4.conf.{all,xy,xz}.rp_filter=2
	answered
}

@test "relay -t -T needs no forwarding (IPv4)" {
	transparent 4
	each on X sysctl -qw net.ipv4.ip_forward=0
	answered
}

@test "relay -t -T needs no forwarding (IPv6)" {
	transparent 6
	each on X sysctl -qw net.ipv6.conf.all.forwarding=0
	answered
}

# The source is looked up with the mark, and is found to be X's own.
martian() # RP_FILTER
{
	transparent 4
	each on X sysctl -qw net.ipv4.conf.{all,xy,xz}.rp_filter="$1" \
		net.ipv4.conf.{all,xy,xz}.src_valid_mark=1
	in_vain ask "$z" 80
	counters
	saw <<-END
		no answer: Connection timed out
		mangle PREROUTING 1 packets
		mangle PREROUTING 0 packets
	END
}

@test "src_valid_mark=1 breaks TPROXY, with rp_filter=0" { martian 0; }
@test "src_valid_mark=1 breaks TPROXY, with rp_filter=1" { martian 1; }
@test "src_valid_mark=1 breaks TPROXY, with rp_filter=2" { martian 2; }

tracked() # 4|6
{
	hosts "$1"
	policy_route
	rules <<-END
		*mangle
		:PREROUTING ACCEPT [0:0]
		$tproxy
		$divert
		COMMIT
		*filter
		:INPUT ACCEPT [0:0]
		:OUTPUT ACCEPT [0:0]
		-A INPUT -m conntrack --ctstate INVALID -j DROP
		-A OUTPUT -m conntrack --ctstate INVALID -j DROP
		COMMIT
	END
	# Both legs number their bytes by chance, and are now and then out of each other's window.
	each on X sysctl -qw net.netfilter.nf_conntrack_tcp_be_liberal=1
	serve Z 80
	relay -t -T
	each tracked_ask
	counters
	saw <<-END
		connected to $Z:80 from $Y:$port
		answer: I am $Z:80, you are $Y:$port
		net.netfilter.nf_conntrack_count = 1
		filter INPUT 0 packets
		filter OUTPUT 0 packets
		mangle PREROUTING 6 packets
		mangle PREROUTING 5 packets
	END
}

tracked_ask()
{
	ask_one -x "ip netns exec $(netns "$b.X") sysctl net.netfilter.nf_conntrack_count" "$z" 80
}

@test "relay -t -T under conntrack without windows: both legs are one connection, none invalid (IPv4)" { tracked 4; }
@test "relay -t -T under conntrack without windows: both legs are one connection, none invalid (IPv6)" { tracked 6; }
