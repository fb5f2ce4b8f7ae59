# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Helpers for tests of pages.

# html_well_formed FILE: also strict XML, so that nothing in it can have ended a tag or an attribute.
html_well_formed()
{
	command -v xmllint >/dev/null || skip "xmllint is not installed"
	xmllint --noout "$1"
}

# html_need_browser: sets "browser".
html_need_browser()
{
	local name
	for name in chromium chromium-headless-shell chromium-browser; do
		browser=$(command -v "$name") && return
	done
	skip "cannot here: no chromium"
}

# html_browse OPTION...: the browser without a window, with a home of its own.
html_browse()
{
	timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars \
		--disable-background-networking --no-first-run \
		--user-data-dir="$BATS_TEST_TMPDIR/browser" "$@" 2>"$BATS_TEST_TMPDIR/browser.log" && return
	tail "$BATS_TEST_TMPDIR/browser.log"
	return 1
}

# html_eval FILE SCRIPT WIDTH...: what the function whose body SCRIPT is returns in the page, a line for each width. Frames
# have it, since a window cannot be narrow.
html_eval()
{
	local file=$1 script=$2 width
	shift 2
	{
		cat "$file"
		printf '<script>parent.postMessage([innerWidth, (function () { %s })()].join(": "), "*");</script>\n' "$script"
	} >"$file.eval.html"
	{
		echo '<!DOCTYPE html><title></title><body><script>'
		echo 'addEventListener("message", function (e) {'
		echo '	document.body.appendChild(document.createElement("pre")).textContent = "said " + e.data + " said"; });'
		echo '</script>'
		for width; do
			printf '<iframe src="%s.eval.html" width="%s" height="800" style="border: 0"></iframe>\n' \
				"${file##*/}" "$width"
		done
	} >"$file.frame.html"
	html_browse --window-size=1600,900 --virtual-time-budget=5000 --dump-dom "file://$PWD/$file.frame.html" >"$file.dom" || return
	grep -o '<pre>said [^<]* said<' "$file.dom" | sed 's/^<pre>said //; s/ said<$//' | sort -n
}

# html_fits FILE WIDTH...: nothing stands out on the right.
html_fits()
{
	local file=$1 width want=
	shift
	for width; do
		want+="$width: 0"$'\n'
	done
	cli_is "${want%$'\n'}" \
		"$(html_eval "$file" 'var d = document.documentElement; return d.scrollWidth - d.clientWidth;' "$@")"
}

# html_not_blank FILE WIDTH: a picture of it has much more to it than one of an empty page, of some 5 kB.
html_not_blank()
{
	html_browse --window-size="$2,900" --screenshot="$BATS_TEST_TMPDIR/page.png" "file://$PWD/$1" || return
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/page.png")" -gt 20000 ]
}
