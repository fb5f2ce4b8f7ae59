#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# xtlate ruleset --html: the rules beside their translation, for a browser.

load ../lib/cli
load ../lib/html

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

# page LINE...: page.html for these rules of the filter table.
page()
{
	cli_table filter "$@" >in
	"$xtlate" ruleset --quiet --html page.html -o out.nft in 2>/dev/null || [ $? -eq 1 ]
}

# hostile: rules whose text would break out of a page.
hostile()
{
	page '-A INPUT -p tcp --dport 22 -m comment --comment "</code><script>alert(1)</script> & '"'"'x'"'"'" -j ACCEPT' \
		'-A INPUT -m comment --comment "]]></style><img src=x onerror=alert(2)>" -j ACCEPT' \
		':<b>bold - [0:0]' '-A INPUT -j <b>bold' \
		"$(printf -- '-A INPUT -m comment --comment "a\xe2\x80\xaeb\xff\x01c" -j DROP')"
}

@test "the page holds each rule, its translation and why one is refused" {
	page '-A INPUT -p tcp --dport 22 -j ACCEPT' '-A INPUT -m nosuch --thing -j DROP' '-A FORWARD -p udp --dport 53 -j ACCEPT'
	html_well_formed page.html
	text=$(sed 's/<[^>]*>//g' page.html)
	cli_has '-A INPUT -p tcp --dport 22 -j ACCEPT' "$text"
	cli_has 'tcp dport 22 counter accept' "$text"
	cli_has '-A INPUT -m nosuch --thing -j DROP' "$text"
	cli_has 'nosuch' "$(grep 'class="why"' page.html)"
	cli_is 3 "$(grep -c '<tr id=' page.html)"
}

@test "hostile text in rules and names of chains stays text" {
	hostile
	html_well_formed page.html
	cli_is 1 "$(grep -c '<script>' page.html)"
	cli_is 1 "$(grep -c '</style>' page.html)"
	! grep -E '<(img|b)[ >]' page.html
	cli_has '&lt;/code&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#39;x&#39;' "$(<page.html)"
}

@test "what cannot be seen or turns text around is written out" {
	hostile
	cli_has 'a\u{202e}b\xff\x01c' "$(sed 's/\\\\/\\/g' page.html)"
}

@test "the page fetches nothing" {
	page '-A INPUT -m comment --comment http://192.0.2.1/ -j ACCEPT'
	! grep -E '(src|href|url)[=(]["'"'"']?[a-z]+:' page.html
	grep -q "default-src 'none'" page.html
}

@test "a file that was there is replaced in one step, or stays" {
	echo before >page.html
	chmod 600 page.html
	page '-A INPUT -j ACCEPT'
	grep -q '<!DOCTYPE html>' page.html
	cli_is 600 "$(stat -c %a page.html)"
	cli_table filter '-A INPUT -j ACCEPT' >in
	run "$xtlate" ruleset --quiet --html nosuch/page.html -o out in
	[ "$status" -eq 4 ]
	cli_has 'nosuch/page.html' "$output"
}

@test "in a browser, search and filters leave the rules that fit" {
	html_need_browser
	page '-A INPUT -p tcp --dport 22 -j ACCEPT' '-A INPUT -m nosuch --thing -j DROP' '-A FORWARD -p udp --dport 53 -j ACCEPT'
	cli_is '1280: 2,3,4 4 3' "$(html_eval page.html '
		function left() {
			return Array.from(document.querySelectorAll("tbody tr")).filter(function (r) {
				return r.getClientRects().length;
			}).map(function (r) { return r.cells[0].textContent; }).join();
		}
		function search(words) {
			var input = document.querySelector("#filter input");
			input.value = words;
			input.dispatchEvent(new Event("input"));
			return left();
		}
		var all = left(), some = search("UDP 53");
		search("");
		document.querySelector("button[value=refused]").click();
		return [all, some, left()].join(" ");' 1280)"
}

@test "in a browser, it is there and fits, wide and narrow" {
	html_need_browser
	hostile
	html_fits page.html 400 1280
	html_not_blank page.html 400
}

@test "in a browser, 1,000 rules are there and fit, and a search leaves its own" {
	html_need_browser
	cli_many >in
	"$xtlate" ruleset --html page.html -o out.nft in
	html_fits page.html 400 1280
	html_not_blank page.html 1280
	cli_is '1280: 1000 26 1' "$(html_eval page.html '
		var input = document.querySelector("#filter input");
		function left(words) {
			input.value = words;
			input.dispatchEvent(new Event("input"));
			return Array.from(document.querySelectorAll("tbody tr")).filter(function (r) {
				return r.getClientRects().length;
			}).length;
		}
		return [left(""), left("zone-30"), left("zone-30 192.0.2.7/32")].join(" ");' 1280)"
}
