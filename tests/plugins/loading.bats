# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build
# Our plugins beside the system's.

setup() {
	. "$XL_SRCDIR/tests/lib/plugins.bash"
	export XTABLES_LIBDIR=$plugins_ours
	rules=$BATS_TEST_TMPDIR/rules
}

# Restores $rules with all programs: silently, and with the same -save as by the system's plugins.
restores_alike() { # FAMILY
	local program ip
	for program in legacy nft; do
		ip=$(plugins_ip "$1" "$program")
		cat >"$rules.sh" <<-END
			$ip-restore $rules || exit
			$ip-save | grep -v '^#'
		END
		XTABLES_LIBDIR=$plugins_ours unshare -n sh "$rules.sh" >"$rules.ours" 2>&1
		XTABLES_LIBDIR=$plugins_system unshare -n sh "$rules.sh" >"$rules.theirs" 2>&1
		grep -q '^COMMIT' "$rules.ours"
		diff "$rules.theirs" "$rules.ours"
	done
}

@test "each of ours is found before the system's, in both families" {
	for name in "${plugins_names[@]}"; do
		for ip in iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft; do
			unshare -n "$ip" -j "$name" -h | sed -n "/^$name target options/,\$p" >"$rules.ours"
			XTABLES_LIBDIR=$plugins_system unshare -n "$ip" -j "$name" -h |
				sed -n "/^$name target options/,\$p" >"$rules.theirs"
			[ -s "$rules.ours" ]
			run cmp -s "$rules.ours" "$rules.theirs"
			[ "$status" -eq 1 ]
		done
	done
}

@test "the help of each names every option" {
	for name in "${plugins_names[@]}"; do
		unshare -n iptables-legacy -j "$name" -h >"$rules"
		for option in $(sed -n 's/.*\.name = "\([a-z-]*\)", \.id.*/\1/p' "$XL_SRCDIR/extensions/$name.c"); do
			grep -q -e "--$option" "$rules"
		done
	done
}

@test "all targets and the system's other extensions in one file (IPv4)" {
	cat >"$rules" <<-END
		*mangle
		-A PREROUTING -p udp -m comment --comment "a b" -j TPROXY --on-port 80
		-A PREROUTING -m mark --mark 1 -j MARK --set-mark 2
		-A PREROUTING -p tcp -m socket --transparent -j CONNMARK --save-mark
		-A PREROUTING -p tcp -m multiport --dports 1,2 -j TPROXY --on-port 81
		COMMIT
		*nat
		-A PREROUTING -j NETMAP --to 10.0.0.0/24
		-A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 81
		-A PREROUTING -m addrtype --dst-type LOCAL -j DNAT --to-destination 10.0.0.1
		-A OUTPUT -m conntrack --ctstate NEW -j LOG
		-A OUTPUT -j DNAT --to-destination 10.0.0.2
		-A POSTROUTING -j MASQUERADE
		-A POSTROUTING -j SNAT --to-source 10.0.0.3
		-A POSTROUTING -j NETMAP --to 10.0.1.0/24
		COMMIT
	END
	restores_alike 4
}

@test "all targets and the system's other extensions in one file (IPv6)" {
	cat >"$rules" <<-END
		*mangle
		-A PREROUTING -p udp -m comment --comment "a b" -j TPROXY --on-port 80
		-A PREROUTING -m hl --hl-eq 3 -j HL --hl-set 2
		COMMIT
		*nat
		-A PREROUTING -j NETMAP --to 2001:db8::/64
		-A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 81
		-A PREROUTING -p icmpv6 -m icmp6 --icmpv6-type 128 -j DNAT --to-destination 2001:db8::1
		-A POSTROUTING -j MASQUERADE
		-A POSTROUTING -j SNAT --to-source 2001:db8::3
		COMMIT
	END
	restores_alike 6
}

# libxtables looks for an extension named as the chain, and the system has all NAT targets in a
# libxt_NAT.so.
@test "a chain named NAT does not bring in the system's NAT targets" {
	cat >"$rules" <<-END
		*nat
		:NAT - [0:0]
		-A NAT -j DNAT --to-destination 10.0.0.1
		-A PREROUTING -j NAT
		-A NAT -j DNAT --to-destination 10.0.0.1
		-A NAT -p tcp -j REDIRECT --to-ports 80
		COMMIT
	END
	restores_alike 4
	run unshare -n iptables-legacy -t nat -A PREROUTING -j NAT
	[[ $output != *"already registered"* ]]
}

@test "they export nothing" {
	command -v nm >/dev/null || skip "nm is not installed"
	for name in "${plugins_names[@]}"; do
		[ -z "$(nm -D --defined-only "$XL_BUILDDIR/extensions/.libs/libxt_$name.so")" ]
	done
}

@test "xtlate uses them for both families in one run" {
	printf '*nat\n-A PREROUTING -p tcp -j DNAT --to-destination %s\nCOMMIT\n' 10.0.0.1:90-80 >"$rules.4"
	printf '*nat\n-A PREROUTING -p tcp -j DNAT --to-destination %s\nCOMMIT\n' '[2001:db8::1]:90-80' >"$rules.6"
	run "$XL_BUILDDIR/xtlate/xtlate" ruleset -4 "$rules.4" -6 "$rules.6"
	[ "$(grep -c 'error:.* the port range is turned round' <<<"$output")" -eq 2 ]
}

@test "xtlate finds the system's for both families in one run" {
	printf '*nat\n-A POSTROUTING -j SNAT --to-source %s\n-A PREROUTING -j DNAT --to-destination %s\nCOMMIT\n' 10.0.0.1 10.0.0.2 >"$rules.4"
	printf '*nat\n-A PREROUTING -j DNAT --to-destination %s\n-A POSTROUTING -j SNAT --to-source %s\nCOMMIT\n' 2001:db8::1 2001:db8::2 >"$rules.6"
	export XTABLES_LIBDIR=$plugins_system
	run "$XL_BUILDDIR/xtlate/xtlate" ruleset --lines -4 "$rules.4" -6 "$rules.6"
	[ "$(grep -c '^add rule' <<<"$output")" -eq 4 ]
	run "$XL_BUILDDIR/xtlate/xtlate" ruleset --lines -6 "$rules.6" -4 "$rules.4"
	[ "$(grep -c '^add rule' <<<"$output")" -eq 4 ]
}

@test "xtlate finds several of them again after the family changed" {
	printf '*mangle\n-A PREROUTING -p tcp -j TPROXY --on-port 1\nCOMMIT\n*nat\n-A PREROUTING -p tcp -j REDIRECT --to-ports 80\nCOMMIT\n' >"$rules"
	export XTABLES_LIBDIR=$plugins_system
	run "$XL_BUILDDIR/xtlate/xtlate" ruleset --quiet -4 "$rules" -6 "$rules"
	[ "$status" -eq 0 ]
	[ "$(grep -c redirect <<<"$output")" -eq 2 ]
}

@test "TPROXY is translated to what drops without a proxy" {
	run plugins_translation 4 -t mangle -A PREROUTING -p tcp --dport 80 \
		-j TPROXY --on-port 50080 --tproxy-mark 0x1/0x1
	[ "$output" = "add rule ip mangle PREROUTING tcp dport 80 counter jump { meta l4proto tcp tproxy to :50080 meta mark set meta mark | 0x00000001 accept; drop; }" ]
}
