#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Files of "ipset save": what is read from them, and what is told of lines that cannot be.

load ../lib/cli

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

# elements SET LINE...: the elements that the set has in the translation.
elements()
{
	local set=$1
	shift
	printf '%s\n' "$@" >sets
	cli_table filter "-A INPUT -m set --match-set $set src,dst,src -j DROP" |
		"$xtlate" ruleset --lines --quiet --ipset sets - 2>messages |
		sed -n "s/^add set ip filter $set {.* elements = { \(.*\) }; }/\1/p"
}

# told WORDS LINE...: the message about the file.
told()
{
	local words=$1
	shift
	printf '%s\n' "$@" >sets
	run --separate-stderr "$xtlate" ruleset --ipset sets - <<<''
	[ "$status" -eq 1 ]
	cli_has "$words" "$stderr"
}

@test "what ipset save writes" {
	cli_is '10.0.0.1, 10.0.0.2' "$(elements s \
		'create s hash:ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x1234' \
		'add s 10.0.0.2' 'add s 10.0.0.1')"
}

@test "comments with spaces, options in any order, names of ports and messages" {
	cli_is '10.0.0.1 . tcp . 80 counter packets 1 bytes 2 timeout 9s comment "a  b"' "$(elements s \
		'create s hash:ip,port timeout 0 counters comment' \
		'add s 10.0.0.1,tcp:http comment "a  b" bytes 2 packets 1 timeout 9' \
		'add s 10.0.0.1,icmp:host-unreachable' 'add s 10.0.0.1,vrrp:0')"
}

@test "what people write: -exist, old command names, comments, ranges, blank lines, CRLF" {
	cli_is '10.0.0.0/31 . tcp . 80, 10.0.0.0/31 . tcp . 81' "$(elements s '# a comment' '' \
		$'-N s ipporthash\r' '-! create other hash:ip' 'add -exist s 10.0.0.0/31,80-81 ' 'COMMIT')"
}

@test "del and flush take elements out" {
	cli_is '10.0.0.2' "$(elements s 'create s hash:ip' 'add s 10.0.0.9' 'flush s' 'add s 10.0.0.1' \
		'add s 10.0.0.2' 'del s 10.0.0.1')"
}

@test "several files" {
	echo 'create a hash:ip' >one
	echo 'create b hash:ip' >two
	cli_table filter '-A INPUT -m set --match-set a src -m set --match-set b src' >in
	run "$xtlate" ruleset --ipset one --ipset two in
	cli_has 'ip saddr @a ip saddr @b' "$output"
}

@test "a file that cannot be read is status 2" {
	run --separate-stderr "$xtlate" ruleset --ipset nowhere - <<<''
	[ "$status" -eq 2 ]
	cli_has 'nowhere: No such file or directory' "$stderr"
}

@test "a bad line is one message with its place and what is wrong" {
	told 'sets:1:10: error: "hash:ipp" is no type of set' 'create s hash:ipp'
	told 'sets:1:18: error: "ttl" is no option of a set' 'create s hash:ip ttl 5'
	told 'sets:1:25: error: "inet5" is no family' 'create s hash:ip family inet5'
	told 'sets:1:26: error: "x" is not a number' 'create s hash:ip timeout x'
	told 'sets:1:10: error: a bitmap:ip needs a range' 'create s bitmap:ip'
	told 'sets:1:5: error: no line before this creates a set "s"' 'add s 10.0.0.1'
	told 'sets:2:7: error: "10.0.0.256" is not an IPv4 address' 'create s hash:ip' 'add s 10.0.0.256'
	told 'sets:2:7: error: "example.org" is not an IPv4 address' 'create s hash:ip' 'add s example.org'
	told 'sets:2:16: error: "80a" is not a port' 'create s hash:ip,port' 'add s 10.0.0.1,80a'
	told 'sets:2:7: error: "10.0.0.1" has not the 2 parts' 'create s hash:ip,port' 'add s 10.0.0.1'
	told 'sets:2:16: error: the protocol gre has no ports' 'create s hash:ip,port' 'add s 10.0.0.1,gre:5'
	told 'sets:2:7: error: "5000" is outside the range' 'create s bitmap:port range 0-99' 'add s 5000'
	told 'sets:2:16: error: "tim" is no option of an element' 'create s hash:ip' 'add s 10.0.0.1 tim 5'
	told 'sets:2:24: error: the set "s" is created without a timeout' 'create s hash:ip' 'add s 10.0.0.1 timeout 5'
	told 'sets:2:24: error: a quote is opened and never closed' 'create s hash:ip' 'add s 10.0.0.1 comment "x'
	told 'sets:2:8: error: the set "s" is there already' 'create s hash:ip' 'create s hash:net'
	told 'sets:2:7: error: no line before this adds such an element' 'create s hash:ip' 'del s 10.0.0.1'
	told 'sets:1:1: error: "list" is no command of an ipset file' 'list s'
}

@test "a set with a bad line is not used, others are" {
	printf '%s\n' 'create bad hash:ip' 'add bad 10.0.0.1' 'add bad 10.0.0' 'create good hash:ip' \
		'add good 10.0.0.2' >sets
	cli_table filter '-A INPUT -m set --match-set bad src' '-A INPUT -m set --match-set good src' >in
	run --separate-stderr "$xtlate" ruleset --lines --ipset sets in
	[ "$status" -eq 1 ]
	cli_has 'the ipset "bad" could not be read in full (sets:3)' "$stderr"
	cli_has 'ip saddr @good' "$output"
}

@test "a file that is no text ends in messages" {
	head -c 100000 "$BASH" >sets
	printf 'create s hash:ip\nadd s \xff\x00\x01,,,,\nadd s 10.0.0.1 comment\n' >>sets
	run "$xtlate" ruleset --ipset sets - <<<''
	[ "$status" -eq 1 ]
}
