#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# xtlate verify: what it needs, what it says when that is missing, and that nothing is left behind.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
	[ "$(id -u)" -eq 0 ] || skip "cannot here: needs root"
	[ -w /dev/net/tun ] || skip "cannot here: no /dev/net/tun"
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
	cat >rules.v4 <<'RULES'
*mangle
:PREROUTING ACCEPT [0:0]
-A PREROUTING -i eth0 -p tcp -m tcp --dport 8080 -j TPROXY --on-port 3129 --tproxy-mark 0x1/0x1
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT
-A FORWARD -i eth0 -o eth1 -s 192.0.2.0/24 -j ACCEPT
COMMIT
RULES
	chmod 755 . && chmod 644 rules.v4
}

# many_rules N: rules that take a while to load and to verify.
many_rules()
{
	cli_table filter ':FORWARD ACCEPT [0:0]' "$(awk -v n="$1" 'BEGIN {
		for (i = 1; i <= n; i++)
			printf "-A FORWARD -s 10.%d.%d.1/32 -p tcp -m tcp --dport %d -j ACCEPT\n", i / 256, i % 256, i
	}')"
}

# with_tun MODE COMMAND...: /dev/net/tun has other rights for this command; "none": it is not there.
with_tun()
{
	unshare -m sh -c 'mode=$1; shift
		mount -t tmpfs none /dev/net
		[ "$mode" = none ] || mknod -m "$mode" /dev/net/tun c 10 200
		exec "$@"' sh "$@"
}

# A user of no rights; the build may not be readable for users.
as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)

# hidden PROGRAM COMMAND...: the program cannot be run.
hidden()
{
	unshare -m sh -c 'mount --bind /dev/null "$(readlink -f "$(command -v "$1")")"; shift; exec "$@"' sh "$@"
}

need_nobody()
{
	"${as_nobody[@]}" "$xtlate" --version >/dev/null 2>&1 || skip "cannot here: the build is not readable for others"
	with_tun 666 "${as_nobody[@]}" unshare -rn true 2>/dev/null || skip "cannot here: no user namespaces"
}

# spaces PID: the namespaces that it holds, one a line.
spaces()
{
	find "/proc/$1/fd" "/proc/$1/ns/net" -lname 'net:*' -printf '%l\n' 2>/dev/null | sort -u |
		grep -vF "$(readlink /proc/self/ns/net)" || true
}

# held SPACES: whether a process has one of them.
held()
{
	find /proc/[0-9]*/fd /proc/[0-9]*/ns/net -lname 'net:*' -printf '%l\n' 2>/dev/null | grep -qF "$1"
}

# start FILE: verifies it in the background and waits until it has its namespaces.
start()
{
	mkdir -p tmp
	host=$(ls /sys/class/net; nft list ruleset; iptables-legacy-save | sed '/^#/d')
	TMPDIR=$PWD/tmp env --default-signal=INT "$xtlate" verify --report found.json "$1" >out 2>err 3>&- &
	pid=$!
	for ((i = 0; i < 200; i++)); do
		held=$(spaces "$pid")
		[ -n "$held" ] && return
		sleep 0.02
	done
	return 1
}

# nothing_left: of what start() began. The kernel takes a moment for a process that it kills.
nothing_left()
{
	for ((i = 0; i < 100; i++)); do
		held "$held" || break
		sleep 0.05
	done
	! held "$held"
	cli_is '' "$(ls tmp)"
	cli_is "$host" "$(ls /sys/class/net; nft list ruleset; iptables-legacy-save | sed '/^#/d')"
}

@test "a user without rights can verify, in a user namespace" {
	need_nobody
	run with_tun 666 "${as_nobody[@]}" "$xtlate" verify rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'same: verdicts, packets, marks, sockets, 3 rule counters' "$output"
}

@test "without the right to open /dev/net/tun: status 4, and what to do" {
	need_nobody
	run with_tun 600 "${as_nobody[@]}" "$xtlate" verify rules.v4
	[ "$status" -eq 4 ]
	cli_has 'no right to open /dev/net/tun: run it as root, or chmod 0666 /dev/net/tun' "$output"
}

@test "without /dev/net/tun: status 4, and what to do" {
	run with_tun none "$xtlate" verify rules.v4
	[ "$status" -eq 4 ]
	cli_has 'there is no /dev/net/tun' "$output"
}

@test "where no namespaces may be made: status 4, and which sysctls forbid it" {
	unshare -Ur true 2>/dev/null || skip "cannot here: no user namespaces"
	run unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces
		exec setpriv --bounding-set=-all --inh-caps=-all "$@"' sh "$xtlate" verify rules.v4
	echo "$output"
	[ "$status" -eq 4 ]
	cli_has 'user.max_user_namespaces' "$output"
}

@test "a user's rules that name other users cannot be loaded; it says so" {
	need_nobody
	cli_table filter ':OUTPUT ACCEPT [0:0]' '-A OUTPUT -m owner --uid-owner 1000 -j DROP' >owner.v4
	run with_tun 666 "${as_nobody[@]}" "$xtlate" verify owner.v4
	echo "$output"
	[ "$status" -eq 4 ]
	cli_has 'as root' "$output"
}

@test "too few open files: status 4, and what to do" {
	run bash -c 'ulimit -n 12; exec "$@"' bash "$xtlate" verify rules.v4
	[ "$status" -eq 4 ]
	cli_has 'too many open files' "${output,,}"
}

@test "the soft limit of open files does not matter" {
	run bash -c 'ulimit -S -n 12; exec "$@"' bash "$xtlate" verify rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
}

# bats test_tags=plain-build
@test "too little memory: status 4" {
	many_rules 5000 >many.v4
	for size in 10000 20000 30000; do
		run bash -c 'ulimit -v "$1"; shift; exec "$@"' bash "$size" "$xtlate" verify many.v4
		echo "$output"
		[ "$status" -eq 4 ]
		cli_has 'emory' "$output"
	done
}

@test "no folder for temporary files is needed" {
	TMPDIR=/nonexistent run "$xtlate" verify rules.v4
	[ "$status" -eq 0 ]
}

@test "without iptables-legacy, iptables-nft is the reference, and the report says so" {
	run hidden iptables-legacy-restore "$xtlate" verify --report found.json rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'compared with iptables-nft instead of iptables-legacy: there is no iptables-legacy-restore' "$output"
	cli_is iptables-nft "$(jq -r '.sides[0]' found.json)"
}

# bats test_tags=plain-build
@test "without legacy tables in the kernel, iptables-nft is the reference" {
	command -v cc >/dev/null || skip "cannot here: no compiler"
	cat >no-legacy.c <<-'C'
		#include <errno.h>
		int getsockopt(int fd, int level, int name, void *value, void *n)
		{
			(void)fd, (void)level, (void)name, (void)value, (void)n;
			errno = ENOPROTOOPT;
			return -1;
		}
	C
	cc -shared -fPIC -o no-legacy.so no-legacy.c
	LD_PRELOAD=$PWD/no-legacy.so run "$xtlate" verify rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'the kernel has no legacy table mangle for IPv4 (Protocol not available)' "$output"
}

@test "where iptables-legacy is asked for, nothing else will do" {
	run hidden iptables-legacy-restore "$xtlate" verify --backends legacy,native rules.v4
	[ "$status" -eq 4 ]
	cli_has 'there is no iptables-legacy-restore' "$output"
}

@test "iptables-nft need not be there" {
	run hidden iptables-nft-restore "$xtlate" verify rules.v4
	[ "$status" -eq 0 ]
}

@test "without either, status 4" {
	run hidden iptables-nft-restore unshare -m sh -c \
		'mount --bind /dev/null "$(readlink -f "$(command -v iptables-legacy-restore)")"; exec "$@"' sh \
		"$xtlate" verify rules.v4
	[ "$status" -eq 4 ]
	cli_has 'there is no iptables-nft-restore' "$output"
}

@test "Ctrl-C: what was found so far, status 130, and nothing left" {
	many_rules 3000 >many.v4
	start many.v4
	sleep 1
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	cat out err
	[ "$status" -eq 130 ]
	nothing_left
	cli_has 'stopped before the end' "$(cat out)"
	cli_is true "$(jq -r .stopped found.json)"
}

@test "SIGTERM while a program loads rules: it ends at once, with the program" {
	many_rules 60000 >many.v4
	start many.v4
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 143 ]
	nothing_left
}

@test "killed: the kernel takes all with it" {
	many_rules 60000 >many.v4
	start many.v4
	sleep 0.3
	kill -KILL "$pid"
	wait "$pid" || true
	nothing_left
}

@test "two at the same time do not wait for one another" {
	"$xtlate" verify --max 300 rules.v4 >one 2>&1 &
	first=$!
	run "$xtlate" verify --max 300 rules.v4
	[ "$status" -eq 0 ]
	wait "$first"
}

@test "local sockets send with owners, marks, TOS and all protocols, in both families" {
	cli_table filter ':OUTPUT ACCEPT [0:0]' '-A OUTPUT -p udp -m tos --tos 0x10/0x3f -j DROP' \
		'-A OUTPUT -m mark --mark 0x77 -j DROP' '-A OUTPUT -m owner --uid-owner 2000-2010 -p udp -j ACCEPT' \
		'-A OUTPUT -m owner --gid-owner 3000 -p sctp -j DROP' '-A OUTPUT -m owner ! --uid-owner 0 -p esp -j DROP' \
		'-A OUTPUT -o lo -m owner --uid-owner 5 -p tcp -j DROP' '-A OUTPUT -p gre -j DROP' '-A OUTPUT -p dccp -j DROP' \
		'-A OUTPUT -p udplite -j DROP' '-A OUTPUT -o eth0 -m owner --uid-owner 6 --gid-owner 7 -j DROP' >both
	cp both rules.v4
	cp both rules.v6
	run "$xtlate" verify -4 rules.v4 -6 rules.v6
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'rules reached: 20 of 20' "$output"
}

@test "a control group that no socket is in is not counted as verified" {
	cli_table filter ':OUTPUT ACCEPT [0:0]' '-A OUTPUT -m cgroup --cgroup 1048577 -j DROP' >rules.v4
	run "$xtlate" verify rules.v4
	echo "$output"
	[ "$status" -eq 0 ]
	cli_has 'not checked: rules.v4:3  -m cgroup: a process in that control group' "$output"
}
