# SPDX-License-Identifier: GPL-2.0-or-later
# Makes wrong translations of one ruleset, one small change each. In: the lines of "xtlate ruleset
# --lines". Out: KIND TAB RANK TAB LINE TAB COUNT TAB TEXT, where TEXT replaces COUNT lines from LINE
# on (^A between two); RANK is a number by which to choose some, from SEED.

{ line[NR] = $0 }

function random()
{
	seed = seed * 16807 % 2147483647
	return seed
}

function put(kind, at, n, text)
{
	if (text != old && !((kind, at, text) in made)) {
		made[kind, at, text] = 1
		printf "%s\t%d\t%d\t%d\t%s\n", kind, random(), at, n, text
	}
}

# change(KIND, REGEX, TO): one mutant for each place where REGEX is. In TO, & is what was there.
function change(kind, regex, to,    start, rest, place, with)
{
	for (start = 1; match(rest = substr(old, start), regex); start += place + length(with) - 1) {
		place = RSTART
		rest = with = substr(rest, RSTART, RLENGTH)
		sub(regex, to, rest)
		put(kind, now, 1, substr(old, 1, start + place - 2) rest substr(old, start + place - 1 + length(with)))
	}
}

# number(KIND, REGEX, BY): the last number of what REGEX finds (it may end in a space) becomes greater by BY.
function number(kind, regex, by,    start, place, with, n, after)
{
	for (start = 1; match(substr(old, start), regex); start += place + length(with) - 1) {
		place = RSTART
		with = substr(old, start + RSTART - 1, RLENGTH)
		n = with
		after = match(n, / $/) ? " " : ""
		sub(/ $/, "", n)
		sub(/.*[^0-9]/, "", n)
		if (n + by >= 0)
			put(kind, now, 1, substr(old, 1, start + place - 2) substr(with, 1, length(with) - length(n after)) \
				(n + by) after substr(old, start + place - 1 + length(with)))
	}
}

function hex(s,    n, i)
{
	for (i = 3; i <= length(s); i++)
		n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
	return n
}

function bit(n, i)
{
	return int(n / 2 ^ i) % 2
}

# bits(KIND, BEFORE): in the number after each BEFORE, a bit that is set is lost, and one that is not, set.
function bits(kind, before,    start, place, n, i, text, head)
{
	for (start = 1; match(substr(old, start), before "0x[0-9a-f]+"); start += place) {
		place = RSTART + RLENGTH - 1
		text = substr(old, start + RSTART - 1, RLENGTH)
		match(text, /0x[0-9a-f]+$/)
		head = substr(old, 1, start + place - 1 - RLENGTH)
		n = hex(substr(text, RSTART))
		for (i = 0; i < 32 && !bit(n, i); i++)
			;
		if (i < 32)
			put(kind, now, 1, head sprintf("0x%08x", n - 2 ^ i) substr(old, start + place))
		for (i = 31; i >= 0 && bit(n, i); i--)
			;
		if (i >= 0)
			put(kind, now, 1, head sprintf("0x%08x", n + 2 ^ i) substr(old, start + place))
	}
}

# Each element of each set, too few; and the first of each, one more.
function elements(    start, place, text, n, e, i, j, all)
{
	for (start = 1; match(substr(old, start), /\{ [0-9a-fx][^{}]*, [^{}]* \}/); start += place) {
		place = RSTART + RLENGTH - 1
		text = substr(old, start + RSTART + 1, RLENGTH - 4)
		n = split(text, e, /, /)
		for (i = 1; i <= n; i++) {
			all = ""
			for (j = 1; j <= n; j++)
				if (j != i)
					all = all (all ? ", " : "") e[j]
			put("element-lost", now, 1, substr(old, 1, start + place - 1 - length(text) - 2) all \
				substr(old, start + place - 2))
		}
	}
	if (old ~ /^add set .*elements = \{ [0-9.]+[,\/ ]/ && old !~ / \. /)
		change("element-more", "elements = \\{ ", "&198.51.100.99, ")
	if (old ~ /port \{ /)
		change("element-more", "port \\{ ", "&33333, ")
	if (old ~ /^add set /)
		number("element-changed", "[{,] [0-9.]+[0-9]", 1)
}

# What a rule tests in a way that excludes others: KEY of RULE, or "".
function tests(rule, key,    v)
{
	if (!match(rule, "(^| )" key " [^ ]+"))
		return ""
	v = substr(rule, RSTART, RLENGTH)
	sub(/.* /, "", v)
	return v ~ /^(!=|==|<|>|&|\{|@.*)$/ || v ~ /-/ ? "" : v
}

# Two values that no packet has both. Networks are compared by what comes before the first dot or colon.
function apart(x, y)
{
	if (!x || !y)
		return 0
	if (x ~ /\// || y ~ /\//) {
		sub(/[.:\/].*/, "", x)
		sub(/[.:\/].*/, "", y)
	}
	if (sub(/\*"$/, "", x) + sub(/\*"$/, "", y)) {
		sub(/"$/, "", x)
		sub(/"$/, "", y)
		return index(x, y) != 1 && index(y, x) != 1
	}
	return x != y
}

function protocol(rule)
{
	if (match(rule, / (tcp|udp|icmp|icmpv6) (sport|dport|flags|type|option) /))
		return substr(rule, RSTART + 1, index(substr(rule, RSTART + 1), " ") - 1)
	return tests(rule, "meta l4proto")
}

function disjoint(a, b,    i, n, keys, x, y)
{
	x = protocol(a)
	y = protocol(b)
	if (x && y && x != y)
		return 1
	n = split("iifname,oifname,ip saddr,ip daddr,ip6 saddr,ip6 daddr,dport,sport,type,ct state,meta skuid", keys, ",")
	for (i = 1; i <= n; i++) {
		if (apart(tests(a, keys[i]), tests(b, keys[i])))
			return 1
	}
	return 0
}

function verdict(rule)
{
	if (match(rule, / (accept|drop|return|reject.*|jump .*|goto .*|[ds]nat (prefix )?to .*|redirect.*|masquerade.*|notrack)$/))
		return substr(rule, RSTART + 1)
	return "none"
}

# Whether goto instead of jump can be wrong: something follows, and the chain may end.
function comes_back(    chain, next_rule, last)
{
	chain = old
	sub(/.* /, "", chain)
	split(line[now + 1], next_rule)
	last = ends[f[3] " " f[4] " " chain]
	return next_rule[3] " " next_rule[4] " " next_rule[5] == f[3] " " f[4] " " f[5] &&
		last !~ /^add rule [^ ]+ [^ ]+ [^ ]+ counter (accept|drop|reject.*)$/
}

# A swap is wrong where a packet may meet both rules, and they do not do the same.
function swap(    next_line, a, b)
{
	next_line = line[now + 1]
	split(old, a)
	split(next_line, b)
	if (next_line !~ /^add rule / || a[3] a[4] a[5] != b[3] b[4] b[5] || verdict(old) == verdict(next_line) ||
	    verdict(old) == "none" && verdict(next_line) == "none" || disjoint(old, next_line))
		return
	put("order", now, 2, next_line "\001" old)
}

function numbers()
{
	number("port", "(port|port !=) [0-9]+", 1)
	number("port-range", "port [0-9]+-[0-9]+", 1)
	number("port-range", "port [0-9]+-[0-9]+", -1)
	if (old !~ / to /)
		number("prefix", "(addr|addr !=) [0-9a-f.:]+/[0-9]+", 1)
	number("prefix", "(addr|addr !=) [0-9a-f.:]+/[0-9]+", -1)
	number("address", "addr [0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+ ", 1)
	number("address", "addr [0-9.]+-[0-9.]+", -1)
	number("length", "(length|hoplimit|ttl|size|length [0-9]+-|size [0-9]+-|code|type|hoplimit [<>]|ttl [<>]) ?[0-9]+", 1)
	number("set-value", "(ttl|hoplimit|maxseg size) set [0-9]+", -1)
	number("owner", "(skuid|skgid|skuid !=) [0-9]+", 1)
	number("quota", "quota [0-9]+", 100)
	number("nat-address", "[ds]nat to [0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+", 1)
	number("nat-address", "nat to (\\[?[0-9a-f]+:[0-9a-f:]*)", 1)
	number("gateway", "dup to ([0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+|[0-9a-f]+:[0-9a-f:]*)", 1)
	number("nat-port", "(dnat|snat|redirect|tproxy|masquerade) to [^ ]*:[0-9]+", 1)
	number("burst", "burst [0-9]+", -4)
	number("burst", "burst [0-9]+", 40)
	bits("mark", "(== |!= |mark set |\\^ |\\| |mark )")
	bits("mark-mask", "& ")
}

function words(    chain)
{
	change("device", "[io]ifname (!= )?\"[a-z0-9]+", "&x")
	change("device", "\\*\"", "\"")
	change("saddr-daddr", " saddr ", " daddr ")
	change("saddr-daddr", " daddr ", " saddr ")
	change("sport-dport", " sport ", " dport ")
	change("sport-dport", " dport ", " sport ")
	change("protocol", "l4proto tcp", "l4proto udp")
	change("protocol", "l4proto udp", "l4proto tcp")
	change("protocol", " tcp dport", " udp dport")
	change("protocol", " udp dport", " tcp dport")
	change("state", "established,related", "established")
	change("state", "established,related", "related")
	change("state", "established,related", "established,related,new")
	change("state", "ct state new", "ct state established")
	change("state", "ct state new ", "")
	change("state", "ct state invalid", "ct state untracked")
	change("state", "ct status dnat", "ct status snat")
	change("icmp-type", "echo-request", "echo-reply")
	change("icmp-type", "destination-unreachable", "time-exceeded")
	change("icmp-type", "nd-neighbor-solicit", "nd-neighbor-advert")
	change("icmp-type", "packet-too-big", "destination-unreachable")
	change("flag-mask", "\\((fin|syn|rst) \\| ", "(")
	change("flag-mask", " \\| [a-z]+\\)", ")")
	change("flag-value", "== (fin|syn) ", "== ack ")
	change("flag-value", " \\| (syn|rst|urg|psh|ack) ", " | cwr ")
	change("negation", " != ", " ")
	if (match(old, /(port|saddr|daddr|iifname|oifname) [0-9@"]/))
		put("negation", now, 1, substr(old, 1, RSTART + RLENGTH - 2) "!= " substr(old, RSTART + RLENGTH - 1))
	change("verdict", " accept$", " drop")
	change("verdict", " drop$", " accept")
	change("verdict", " reject with .*$", " drop")
	change("reject", "icmp (net|host|admin)-(unreachable|prohibited)", "icmp port-unreachable")
	change("reject", "icmpv6 (admin-prohibited|no-route)", "icmpv6 addr-unreachable")
	change("return", " return$", " accept")
	change("return", " return$", "")
	change("no-verdict", " (accept|drop|reject with .*|jump [^ ]*|goto [^ ]*)$", "")
	change("no-verdict", " ((dnat|snat|redirect|tproxy) to .*|masquerade.*|notrack)$", "")
	change("statement", "(meta|ct) mark set .*", "")
	change("statement", " (ip6?|tcp option) (ttl|hoplimit|dscp|maxseg size) set .*", "")
	if (comes_back())
		change("goto", " jump ", " goto ")
	change("goto", " goto ", " jump ")
	change("limit", "limit rate [^{}]* packets ", "")
	change("nat-range", "-[0-9.:]+[0-9]$", "")
	change("match", "[io]ifname (!= )?\"[^\"]*\" ", "")
	change("match", "(tcp|udp) [ds]port (!= )?[0-9-]+ ", "")
	change("match", "ip6? [sd]addr (!= )?[0-9a-f][^ ]* ", "")
	change("match", "(meta|ct) mark (& 0x[0-9a-f]* )?[!=]= 0x[0-9a-f]* ", "")
	change("match", "ct (state|status) [a-z,]+ ", "")
	change("match", "meta sk[ug]id (!= )?[0-9-]+ ", "")
	change("counter", " counter", "")
	for (chain in chains)
		if (old ~ / (jump|goto) /)
			change("chain", "(jump|goto) [^ ]*$", "jump " chain)
}

# Where the first rule finds no socket, the second drops.
function removals(    place, head)
{
	split(old, place)
	head = place[1] " " place[2] " " place[3] " " place[4] " " place[5] " continue"
	if (line[now - 1] ~ / tproxy / && old ~ / drop$/)
		put("tproxy-drop", now, 1, head)
	else if (old ~ / (jump|goto) [^ ]*\.[0-9]+$/)
		put("helper-chain", now, 1, head)
	else
		put("missing", now, 1, head)
}

function base_chain()
{
	change("policy", "policy accept", "policy drop")
	change("policy", "policy drop", "policy accept")
	if (old !~ / nat hook /) {
		change("priority", "priority filter", "priority -170")
		change("priority", "priority mangle", "priority 20")
		change("priority", "priority raw", "priority 30")
		change("priority", "priority -199", "priority -310")
	}
}

END {
	seed = SEED + 1
	for (now = 1; now <= NR; now++) {
		split(line[now], f)
		if (line[now] ~ /^add chain .* [A-Za-z_0-9.-]+$/)
			users[f[3] " " f[4]] = users[f[3] " " f[4]] " " f[5]
		if (line[now] ~ /^add rule /)
			ends[f[3] " " f[4] " " f[5]] = line[now]
	}
	for (now = 1; now <= NR; now++) {
		old = line[now]
		split(old, f)
		if (old ~ /^add chain .*priority/) {
			base_chain()
		} else if (old ~ /^add set /) {
			elements()
		} else if (old ~ /^add rule /) {
			split("", chains)
			n = split(users[f[3] " " f[4]], names)
			for (i = 1; i <= n && i <= 3; i++)
				chains[names[i]] = 1
			numbers()
			words()
			elements()
			swap()
			removals()
		}
	}
}
