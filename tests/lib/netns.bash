# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Network namespaces that no other test can meet, and that are gone after the test.

netns_prefix=xltest$$

# Skips the test where namespaces cannot be made.
netns_needed()
{
	((EUID == 0)) || skip "cannot here: network namespaces need root"
	local try=$netns_prefix.try
	ip netns add "$try" 2>/dev/null || skip "cannot here: no network namespaces"
	ip netns del "$try"
}

# Removes what tests left behind that were killed: their process is no more.
netns_sweep()
{
	local ns pid
	for ns in $(netns_list xltest); do
		pid=${ns#xltest} pid=${pid%%.*}
		[[ -d /proc/$pid ]] || netns_remove "$ns"
	done
}

# The full name of this test's namespace NAME.
netns() # NAME
{
	echo "$netns_prefix.$1"
}

netns_add() # NAME
{
	local ns
	ns=$(netns "$1")
	ip netns add "$ns"
	ip -n "$ns" link set lo up
}

# Runs COMMAND in NAME. fd 3 is bats' own: a helper that lives on must not hold it.
netns_run() # NAME COMMAND...
{
	local name=$1
	shift
	ip netns exec "$(netns "$name")" "$@" 3>&-
}

# Ends what runs in this test's namespaces and removes them; fails if anything stays.
netns_cleanup()
{
	local ns status=0
	for ns in $(netns_list "$netns_prefix."); do
		netns_remove "$ns" || status=1
	done
	return $status
}

netns_remove() # FULL-NAME
{
	local i pids
	for ((i = 0; i < 100; i++)); do
		pids=$(ip netns pids "$1")
		[[ -n $pids ]] || break
		# shellcheck disable=SC2086 # one word for each process
		kill $pids 2>/dev/null || true
		sleep 0.01
	done
	ip netns del "$1"
	[[ -z $pids ]] || { echo "processes in $1 do not end: $pids" >&2; return 1; }
}

netns_list() # PREFIX
{
	ip netns list | awk -v p="$1" 'index($1, p) == 1 { print $1 }'
}
