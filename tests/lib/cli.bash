# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Helpers for tests of the command line.

xtlate=$XL_BUILDDIR/xtlate/xtlate

# cli_table TABLE LINE...: prints a save file with that table.
cli_table()
{
	local table=$1
	shift
	printf '*%s\n' "$table"
	printf '%s\n' "$@"
	echo COMMIT
}

# cli_rules [--OPTION]... TABLE LINE...: the lines of the translation, without tables and chains.
cli_rules()
{
	local options=()
	while [[ $1 == -* ]]; do
		options+=("$1")
		shift
	done
	cli_table "$@" | "$xtlate" ruleset --lines --quiet --no-fragment-guard "${options[@]}" 2>/dev/null |
		sed -n 's/^add rule ip6* [a-z]* //p'
}

# cli_many: 1,000 rules in 41 chains.
cli_many()
{
	local i j
	echo '*filter'
	printf ':%s DROP [0:0]\n' INPUT FORWARD OUTPUT
	for ((i = 0; i < 38; i++)); do
		echo ":zone-$i - [0:0]"
	done
	for ((i = 0; i < 38; i++)); do
		echo "-A FORWARD -i eth$i -j zone-$i"
		for ((j = 0; j < 25; j++)); do
			echo "-A zone-$i -s 192.0.2.$j/32 -p tcp -m tcp --dport $((1000 + j)) -j ACCEPT"
		done
	done
	for ((i = 0; i < 12; i++)); do
		echo "-A INPUT -p udp -m udp --dport $i -j ACCEPT"
	done
	echo COMMIT
}

cli_need_netns()
{
	unshare -n true 2>/dev/null || skip "cannot here: no right to make network namespaces"
}

# cli_reloads FILE: it loads, its listing loads, and then lists the same again.
cli_reloads()
{
	unshare -n bash -c '
		nft -f "$1" && nft list ruleset >"$1.list" && nft flush ruleset &&
		nft -f "$1.list" && nft list ruleset | diff "$1.list" -' sh "$1"
}

# cli_as NAME [ARGUMENT]...: runs the program under another name, as a link to it would.
cli_as()
{
	local name=$1
	shift
	ln -sf "$xtlate" "$BATS_TEST_TMPDIR/$name"
	"$BATS_TEST_TMPDIR/$name" "$@"
}

# cli_is WANT GOT
cli_is()
{
	[ "$1" = "$2" ] && return
	printf 'wanted: %s\ngot:    %s\n' "$1" "$2"
	return 1
}

# cli_has NEEDLE TEXT
cli_has()
{
	[[ $2 == *"$1"* ]] && return
	printf 'not there: %s\nin: %s\n' "$1" "$2"
	return 1
}
