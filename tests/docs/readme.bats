#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build
# What README.md tells a new user to do, all but the installation.

setup()
{
	unshare -n true 2>/dev/null || skip "cannot here: no right to make network namespaces"
	cd "$BATS_TEST_TMPDIR"
	cp "$XL_SRCDIR/examples/web-server.rules" rules
	export PATH=$XL_BUILDDIR/xtlate:$PATH
}

# commands MARK: the block behind <!-- MARK -->.
commands()
{
	sed -n "/^<!-- $1 -->\$/,/^\`\`\`\$/p" "$XL_SRCDIR/README.md" | grep -v -e '^<!--' -e '^```'
}

# The iptables of the commands is that of this name.
with() # legacy|nft
{
	local name
	command -v "iptables-$1" >/dev/null || skip "cannot here: no iptables-$1"
	unshare -n "iptables-$1-restore" -c rules || skip "cannot here: iptables-$1 has no tables"
	mkdir bin
	for name in iptables-save iptables-restore; do
		ln -s "$(command -v "iptables-$1${name#iptables}")" "bin/$name"
	done
	PATH=$PWD/bin:$PATH
}

script() # COMMAND...: all in one namespace
{
	printf '%s\n' 'set -ex' 'ip link set lo up' 'iptables-restore -c rules' "$@" >script
	unshare -n bash script
}

@test "five commands from the package to rules that are in force, as counted so far (iptables-nft)" {
	with nft
	[ "$(commands 'five commands' | head -n 1)" = 'apt install ./*.deb' ]
	[ "$(commands 'five commands' | wc -l)" -eq 5 ]
	script "$(commands 'five commands' | tail -n +2)" 'nft list ruleset >list' 'iptables-nft-save -c >after 2>&1'
	grep -q 'ct state established,related counter packets 93 bytes 7451 accept' list
	[ "$(grep -c 'hook input' list)" -eq 1 ]
}

@test "the same beside iptables-legacy, whose rules are then taken away" {
	with legacy
	script "$(commands 'five commands' | tail -n +2)" "$(commands 'no more legacy')" 'nft list ruleset >list' \
		'iptables-legacy-save >after'
	grep -q 'hook input priority filter; policy drop;' list
	! grep -e ^-A -e DROP -e f2b after
	grep -q '^:INPUT ACCEPT' after
}

@test "what was can be brought back" {
	with nft
	script "$(commands 'five commands' | tail -n +2)" 'nft delete table ip filter' 'iptables-restore -c <old.v4' \
		'iptables-save -c >after'
	diff <(grep -v '^#' old.v4) <(grep -v '^#' after)
}

@test "a report of what is different has all that is needed" {
	unshare -n true && [ -e /dev/net/tun ] || skip "cannot here: no /dev/net/tun"
	cp rules old.v4
	xtlate ruleset old.v4 | sed 's/443/8443/' >wrong.nft
	eval "$(commands 'to report') --against wrong.nft" || [ $? -eq 1 ]
	jq -e '.differences[0].simplest | .packet and .command and .outcomes' report.json
}
