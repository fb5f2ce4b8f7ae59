// SPDX-License-Identifier: GPL-2.0-or-later
// Search and filter. Without it the page is whole, only longer to look through.
(function () {
	"use strict";
	var form = document.getElementById("filter");
	if (!form)
		return;
	var input = form.querySelector("input"), shown = form.querySelector("output");
	var buttons = Array.from(form.querySelectorAll("button"));
	var chains = Array.from(document.querySelectorAll(".chain")).map(function (chain) {
		return {
			node: chain,
			rows: Array.from(chain.querySelectorAll("tbody tr")).map(function (row) {
				return { node: row, state: row.className, text: null };
			})
		};
	});

	function textOf(row) {
		if (row.text === null)
			row.text = row.node.textContent.toLowerCase();
		return row.text;
	}

	function apply() {
		var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
		var states = buttons.filter(function (b) {
			return b.getAttribute("aria-pressed") === "true";
		}).map(function (b) { return b.value; });
		var all = 0, some = 0;
		chains.forEach(function (chain) {
			var left = 0;
			chain.rows.forEach(function (row) {
				var show = (!states.length || states.includes(row.state)) &&
					words.every(function (w) { return textOf(row).includes(w); });
				if (row.node.hidden === show)
					row.node.hidden = !show;
				left += show;
			});
			chain.node.hidden = !left && (words.length || states.length);
			all += chain.rows.length;
			some += left;
		});
		shown.textContent = some === all ? all + " rules" : some + " of " + all + " rules";
	}

	// A link to a rule that is filtered away shows all again.
	function follow() {
		var row = document.getElementById(location.hash.slice(1));
		if (!row || !row.closest("[hidden]"))
			return;
		input.value = "";
		buttons.forEach(function (b) { b.setAttribute("aria-pressed", "false"); });
		apply();
		row.scrollIntoView();
	}

	form.addEventListener("submit", function (e) { e.preventDefault(); });
	input.addEventListener("input", apply);
	buttons.forEach(function (b) {
		b.addEventListener("click", function () {
			b.setAttribute("aria-pressed", b.getAttribute("aria-pressed") !== "true");
			apply();
		});
	});
	document.addEventListener("keydown", function (e) {
		if (e.key === "/" && e.target !== input) {
			e.preventDefault();
			input.focus();
		} else if (e.key === "Escape" && e.target === input) {
			input.value = "";
			apply();
		}
	});
	window.addEventListener("hashchange", follow);
	form.hidden = false;
	apply();
})();
