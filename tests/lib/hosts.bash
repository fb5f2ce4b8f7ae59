# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Three hosts: the client Y, X between, the server Z. They exist once for each backend that X's rules
# can be loaded with; whatever a test does, it does in each of them, and all must show the same.
#
#	Y y0 ----------- xy X xz ----------- z0 Z
#	   10.0.3.1   .101     10.0.4.1   .2

load ../lib/netns

who=${XL_BUILDDIR:?is not set: run tests/run}/tests/helpers/who
relay=$XL_BUILDDIR/tests/helpers/relay
xtlate=$XL_BUILDDIR/xtlate/xtlate

# The client's port. X's own ports are 50000 and up, and are shown as "any".
port=40001
# How long a client waits for an answer, in ms.
patience=3000

: "${BACKENDS=legacy nft native}"

# For setup_file. Drops the backends that this machine cannot have; backends.bats tells of them.
hosts_check()
{
	local b able=()
	((EUID == 0)) || return 0
	netns_sweep || true
	for b in $BACKENDS; do
		if [[ $b == native ]] || backend_works "$b"; then
			able+=("$b")
		fi
	done
	export BACKENDS=${able[*]}
}

backend_works() # legacy|nft
{
	unshare -n "iptables-$1-restore" -w 5 <<<$'*mangle\nCOMMIT' >/dev/null 2>&1
}

# Runs COMMAND for each backend, all at once; $b is the backend. Fails when one fails.
each() # COMMAND...
{
	local b pid status=0 pids=()
	for b in $BACKENDS; do
		"$@" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || status=1
	done
	return $status
}

on() # HOST COMMAND...
{
	local host=$1
	shift
	netns_run "$b.$host" "$@"
}

transcript()
{
	echo "$BATS_TEST_TMPDIR/$b"
}

# Addresses: small letters bare, capitals as they stand in front of a port.
addresses() # 4|6
{
	family=$1
	if [[ $family == 4 ]]; then
		y=10.0.3.1 x=10.0.3.101 xz=10.0.4.1 z=10.0.4.2
		Y=$y X=$x XZ=$xz Z=$z
		iptables=iptables nft_family=ip
	else
		y=fd03::1 x=fd03::101 xz=fd04::1 z=fd04::2
		Y=[$y] X=[$x] XZ=[$xz] Z=[$z]
		iptables=ip6tables nft_family=ip6
	fi
}

hosts_one()
{
	local h
	for h in Y X Z; do
		netns_add "$b.$h"
		# Link-local addresses are of use at once, not after a second.
		on "$h" sysctl -qw net.ipv6.conf.{all,default}.accept_dad=0
	done
	ip link add y0 netns "$(netns "$b.Y")" type veth peer name xy netns "$(netns "$b.X")"
	ip link add z0 netns "$(netns "$b.Z")" type veth peer name xz netns "$(netns "$b.X")"
	for h in Y:y0 X:xy X:xz Z:z0; do
		ip -n "$(netns "$b.${h%:*}")" link set "${h#*:}" up
	done
	on X sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
		net.ipv4.conf.{all,xy,xz}.rp_filter=1 "net.ipv4.ip_local_port_range=50000 59999"
	on Y ip -b - <<-END
		address add 10.0.3.1/24 dev y0
		address add fd03::1/64 dev y0 nodad
		route add 10.0.4.0/24 via 10.0.3.101
		route add fd04::/64 via fd03::101
	END
	on X ip -b - <<-END
		address add 10.0.3.101/24 dev xy
		address add fd03::101/64 dev xy nodad
		address add 10.0.4.1/24 dev xz
		address add fd04::1/64 dev xz nodad
	END
	on Z ip -b - <<-END
		address add 10.0.4.2/24 dev z0
		address add fd04::2/64 dev z0 nodad
		route add 10.0.3.0/24 via 10.0.4.1
		route add fd03::/64 via fd04::1
	END
	# What reaches Z at all, answered or not.
	on Z nft -f - <<-END
		table inet seen {
			chain in {
				type filter hook prerouting priority raw
				meta l4proto { tcp, udp } counter
			}
		}
	END
}

hosts() # 4|6
{
	netns_needed
	addresses "$1"
	each hosts_one
}

# X takes marked packets for its own, whoever they are for.
policy_route()
{
	each on X ip "-$family" rule add fwmark 1/1 lookup 100
	each on X ip "-$family" route add local default dev lo table 100
}

rules_one() # FILE
{
	case $b in
	legacy | nft) on X "$iptables-$b-restore" -w 5 "$1" ;;
	native)
		"$xtlate" ruleset "-$family" "$1" >"$1.nft"
		on X nft -f "$1.nft"
		;;
	esac
}

# Loads the iptables-save text on stdin in X.
rules()
{
	cat >"$BATS_TEST_TMPDIR/rules"
	each rules_one "$BATS_TEST_TMPDIR/rules"
}

# The same for rules of mangle's PREROUTING.
mangle() # RULE...
{
	rules <<-END
		*mangle
		:PREROUTING ACCEPT [0:0]
		$(printf '%s\n' "$@")
		COMMIT
	END
}

# Loads the nft text on stdin in X, as it is.
nft_rules()
{
	cat >"$BATS_TEST_TMPDIR/rules"
	each on X nft -f "$BATS_TEST_TMPDIR/rules"
}

# Starts a server that tells clients what it sees.
serve() # HOST [-t] [-u] PORT
{
	each serve_one "$@"
}

serve_one() # HOST OPTION...
{
	local host=$1
	shift
	on "$host" "$who" serve "-$family" "$@" >>"$(transcript).$host" 2>&1
}

# Starts a relay on X's port 8080 to Z's port 80.
relay() # [-t] [-T] [-u]
{
	each relay_one "$@"
}

relay_one() # OPTION...
{
	on X "$relay" "-$family" "$@" 8080 "$z" 80 >>"$(transcript).relay" 2>&1
}

# Y asks; what it gets to know goes to the transcript. No answer is an answer too.
ask() # [-u] [-x COMMAND] HOST PORT
{
	each ask_one "$@"
}

ask_one() # OPTION...
{
	on Y "$who" ask "-$family" -p "$port" -w "$patience" "$@" >>"$(transcript)" 2>&1 || (($? == 1))
}

# The same, and X's TCP sockets while the conversation lasts.
ask_peeking() # HOST PORT
{
	each ask_peeking_one "$@"
}

ask_peeking_one() # HOST PORT
{
	local ss
	ss="ip netns exec $(netns "$b.X") ss -$family -Htn state connected exclude time-wait"
	ask_one -x "$ss | awk '{ print \"socket\", \$1, \$4, \$5 }' | LC_ALL=C sort" "$@"
}

# For a question that gets no answer: TCP must not repeat itself, or the counters hang on the clock.
in_vain() # COMMAND...
{
	local patience=400
	"$@"
}

# What a helper has told so far.
told() # HOST|relay
{
	each told_one "$1"
}

told_one() # HOST|relay
{
	sed "s/^/$1: /" "$(transcript).$1" >>"$(transcript)"
}

# How much TCP and UDP has reached Z.
reached_z()
{
	each reached_z_one
}

reached_z_one()
{
	on Z nft list table inet seen | sed -n 's/.*counter packets \([0-9]*\) .*/Z got \1 packets/p' \
		>>"$(transcript)"
}

# Each rule's counters, as "TABLE CHAIN PACKETS packets BYTES bytes".
counters()
{
	each counters_one
}

counters_one()
{
	case $b in
	legacy | nft) on X "$iptables-$b-save" -c | counters_of_save ;;
	native) on X nft list ruleset | counters_of_nft ;;
	esac | LC_ALL=C sort -s -k 1,2 >>"$(transcript)"
}

counters_of_save()
{
	awk '/^\*/ { table = substr($1, 2) }
	     /^\[/ { split(substr($1, 2, length($1) - 2), c, ":"); print table, $3, c[1], "packets", c[2], "bytes" }'
}

# What a rule or a row of rules became may stand in a chain with a dot in its name: that counts
# where it is jumped to.
counters_of_nft()
{
	awk 'function show(table, chain, as,   i, line, c) {
		for (i = 1; i <= lines[table, chain]; i++) {
			line = text[table, chain, i]
			if (match(line, /counter packets [0-9]+ bytes [0-9]+/)) {
				split(substr(line, RSTART, RLENGTH), c, " ")
				print table, as, c[3], "packets", c[5], "bytes"
			}
			if (match(line, /(jump|goto) [^ ]+\.[^ ]+$/))
				show(table, substr(line, RSTART + 5), as)
		}
	     }
	     $1 == "table" { table = $3 }
	     $1 == "chain" { chain = $2; if (chain !~ /\./) order[++n] = table SUBSEP chain; next }
	     { text[table, chain, ++lines[table, chain]] = $0 }
	     END { for (i = 1; i <= n; i++) { split(order[i], at, SUBSEP); show(at[1], at[2], at[2]) } }'
}

# The transcripts must be equal in each byte, and be what stdin says, which leaves out the bytes of
# counters and X's own ports.
saw()
{
	local b first expected=$BATS_TEST_TMPDIR/expected
	first=$BATS_TEST_TMPDIR/${BACKENDS%% *}
	cat >"$expected"
	for b in $BACKENDS; do
		sed -i -E 's/:5[0-9]{4}\b/:any/g' "$(transcript)"
		sed -E 's/ packets [0-9]+ bytes$/ packets/' "$(transcript)" |
			diff -u --label "expected" --label "$b" "$expected" -
		diff -u "$first" "$(transcript)"
	done
}

# For teardown. After a failure, shows what was loaded and what the helpers had to say.
hosts_gone()
{
	[[ -n ${BATS_TEST_COMPLETED-} ]] || tail -n +1 "$BATS_TEST_TMPDIR"/* >&2 || true
	netns_cleanup
}
