#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# xtlate verify --html: what was found, for a browser.

load ../lib/cli
load ../lib/html

setup()
{
	cd "$BATS_TEST_TMPDIR"
	[ "$(id -u)" -eq 0 ] || skip "cannot here: needs root"
	[ -w /dev/net/tun ] || skip "cannot here: no /dev/net/tun"
	command -v iptables-legacy-restore >/dev/null || skip "cannot here: no iptables-legacy-restore"
}

# rules: some of which one is not translated, one no packet can match and one leaves it to chance.
rules()
{
	cat >rules.v4 <<'RULES'
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:web - [0:0]
-A INPUT -m nosuch -j DROP
-A INPUT -m comment --comment "<b>&\"x" -m statistic --mode random --probability 0.5 -j ACCEPT
-A FORWARD -i eth0 -p tcp -j web
-A FORWARD -p udp --dport 53 -j ACCEPT
-A web -p tcp --dport 80 -j ACCEPT
-A web -p tcp --dport 443 -j ACCEPT
-A web -p tcp -j DROP
-A web -p tcp --dport 22 -j ACCEPT
COMMIT
RULES
}

# state LINE: what the page says of the rule on that line.
state()
{
	sed -n "s|^<tr id=\"r[0-9]*\" class=\"\([a-z]*\)\"><td class=\"n\">$1</td>.*|\1|p" page.html
}

# verify [OPTION]...: page.html; its differences are not an error here.
verify()
{
	rules
	timeout 120 "$xtlate" verify --quiet --html page.html "$@" rules.v4 >said || [ $? -eq 1 ]
	html_well_formed page.html
}

# wrong: a translation in which port 443 became 444.
wrong()
{
	rules
	"$xtlate" ruleset --quiet rules.v4 2>/dev/null | sed 's/tcp dport 443/tcp dport 444/' >wrong.nft
}

@test "each rule stands beside its translation, with its result" {
	verify
	cli_is 8 "$(grep -c '<tr id=' page.html)"
	cli_is refused "$(state 6)"
	cli_is rough "$(state 7)"
	cli_is same "$(state 9)"
	cli_is unreachable "$(state 13)"
	cli_has 'udp dport 53 counter accept' "$(<page.html)"
	cli_has 'rules.v4:12 takes them all' "$(grep '>13</td>' page.html)"
}

@test "rules that cannot be tried here are not said to be the same" {
	cli_table filter '-A FORWARD -m policy --dir in --pol ipsec -j ACCEPT' >rules.v4
	timeout 120 "$xtlate" verify --quiet --html page.html rules.v4
	cli_is unchecked "$(state 2)"
}

@test "the summary says what was compared, how much, and what came of it" {
	verify --seed 5
	text=$(sed '/<style>/,/<.style>/d; s/<[^>]*>/ /g' page.html | tr -s ' \n' ' ')
	cli_has 'rules.v4: the same' "$text"
	cli_has 'rules.v4 (iptables), loaded with iptables-legacy' "$text"
	cli_has 'its translation (-O1), loaded with nft' "$text"
	cli_has ', seed 5' "$text"
	cli_has 'nftables v' "$text"
	[[ $text =~ 'Rules reached '[56]' of 6' ]]
}

@test "the counters of each side stand with the rules" {
	verify
	row=$(grep '>9</td>' page.html)
	cli_has 'data-side="iptables-legacy"' "$row"
	[[ $row =~ iptables-legacy\"\>([0-9]+)" <".*data-side=\"nft\"\>([0-9]+)" <" ]]
	[ "${BASH_REMATCH[1]}" -gt 0 ]
	cli_is "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
}

@test "a difference has its packet, both outcomes and its way, with the rule where the ways part" {
	wrong
	verify --same-rules --against wrong.nft
	cli_is different "$(state 11)"
	text=$(<page.html)
	cli_has 'dport=44' "$(grep 'class="packet"' page.html)"
	cli_has 'nothing comes of it' "$text"
	cli_has '<svg class="way"' "$text"
	cli_has 'the ways part here' "$text"
	cli_has 'class="chip not"' "$text"
	cli_has 'tcp dport 444' "$text"
	again=$(grep 'xtlate verify --packet' page.html)
	cli_has '--same-rules --against wrong.nft rules.v4' "$again"
	[[ $again != *--html* ]]
}

@test "the way of one packet, with --packet" {
	wrong
	verify --same-rules --against wrong.nft --packet 'in=eth0 saddr=198.18.0.9 daddr=198.18.1.9 tcp flags=syn dport=443'
	cli_has '<h3>Different</h3>' "$(<page.html)"
	cli_is different "$(state 11)"
	cli_is same "$(state 8)"
	cli_is never "$(state 10)"
	verify --packet 'in=eth0 saddr=198.18.0.9 daddr=198.18.1.9 tcp flags=syn dport=443'
	cli_has '<h3>The same</h3>' "$(<page.html)"
	! grep -q 'the ways part' page.html
}

@test "rules of another file that cannot be told apart are not made up" {
	wrong
	verify --against wrong.nft
	text=$(<page.html)
	cli_has 'which rules count here is not known' "$text"
	! grep -q '<th>translation' page.html
	! grep -q 'the ways part' page.html
}

@test "hostile names of devices and files, and what the other file holds, stay text" {
	cli_table filter '-A FORWARD -i <b>x -p tcp --dport 80 -j DROP' >'<i>in&'
	echo 'table ip t { comment "</pre><script>alert(1)</script>"; chain "c" { }; }' | sed 's/"c"/c/' >'<u>"nft'
	timeout 120 "$xtlate" verify --quiet --html page.html --against '<u>"nft' '<i>in&' >said || [ $? -eq 1 ]
	html_well_formed page.html
	! grep -E '<(i|b|u)>' page.html
	cli_is 1 "$(grep -c '<script>' page.html)"
	cli_has 'in=&lt;b&gt;x' "$(<page.html)"
	cli_has 'from &lt;b&gt;x' "$(<page.html)"
	cli_has '&lt;/pre&gt;&lt;script&gt;alert(1)' "$(<page.html)"
}

@test "what differs as documented is listed apart" {
	cli_table filter '-A FORWARD -p udp -m udp --dport 53 -j ACCEPT' >rules.v4
	timeout 120 "$xtlate" verify --quiet --html page.html rules.v4
	html_well_formed page.html
	cli_has 'malformed packets that iptables drops' "$(sed -n '/id="documented"/,/<\/ul>/p' page.html)"
}

@test "a run that is stopped says so, and vouches for no rule that it did not reach" {
	{
		echo '*filter'
		seq 5000 | sed 's/.*/-A FORWARD -p tcp --dport & -j ACCEPT/'
		echo COMMIT
	} >rules.v4
	timeout -k 60 -s INT 1 "$xtlate" verify --quiet --html page.html rules.v4 || true
	[ -s page.html ] || skip "cannot here: it is stopped before it has begun"
	html_well_formed page.html
	grep -q 'It was stopped before' page.html
	grep -q 'stopped before the end' page.html
	! grep -q 'class="verdict same"' page.html
}

@test "in a browser, a page with differences fits and its filters work" {
	html_need_browser
	wrong
	verify --same-rules --against wrong.nft
	html_fits page.html 400 1280
	html_not_blank page.html 1280
	cli_is '1280: 1' "$(html_eval page.html '
		document.querySelector("button[value=refused]").click();
		return Array.from(document.querySelectorAll("tbody tr")).filter(function (r) {
			return r.getClientRects().length; }).length;' 1280)"
}
