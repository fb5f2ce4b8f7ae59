#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build
# What examples/three-hosts prints with nft stands in xtlate-tproxy(7), and is compared there.

setup()
{
	command -v python3 >/dev/null || skip "python3 is not installed"
	unshare -n true 2>/dev/null || unshare -rn true 2>/dev/null ||
		skip "cannot here: no right to make network namespaces"
	three_hosts=$XL_SRCDIR/examples/three-hosts/three-hosts
	export PATH=$XL_BUILDDIR/xtlate:$PATH
}

# shown: what the manual has.
shown()
{
	sed -n '/^\$ examples.three/,/^\.EE/p' "$XL_SRCDIR/man/xtlate-tproxy.7.in" | sed -e '1d;$d' -e 's/\\-/-/g'
}

same_with() # LOADER
{
	unshare -rn "$1-restore" -w 5 <<<$'*nat\nCOMMIT' >/dev/null 2>&1 || unshare -n "$1-restore" -w 5 <<<$'*nat\nCOMMIT' ||
		skip "cannot here: no $1"
	diff -u <(shown) <("$three_hosts" "$1" 2>&1)
}

@test "the three hosts see each other alike with iptables-legacy and our extensions" {
	system=$(make -s -C "$XL_BUILDDIR" --eval 'xl-xtlibdir: ; @echo $(xtlibdir)' xl-xtlibdir | tail -n 1)
	export XTABLES_LIBDIR=$XL_BUILDDIR/extensions/.libs:$system
	same_with iptables-legacy
}

@test "the three hosts see each other alike with iptables-nft" { same_with iptables-nft; }

@test "the three hosts are gone when the script is killed" {
	mark=$BATS_TEST_TMPDIR/rules
	TMPDIR=$BATS_TEST_TMPDIR "$three_hosts" >/dev/null 2>&1 3>&- &
	for ((i = 0; i < 200; i++)); do
		pgrep -f "talk.py serve" >/dev/null && break
		sleep 0.05
	done
	kill -KILL $!
	for ((i = 0; i < 200; i++)); do
		[ -n "$(pgrep -P $! 2>/dev/null)" ] || break
		sleep 0.05
	done
	[ "$i" -lt 200 ]
	! ip netns list | grep -qwE 'client|gateway|server'
}

@test "another loader is refused" {
	run "$three_hosts" iptables
	[ "$status" -eq 2 ]
	[[ $output == *'"iptables" is none of'* ]]
}
