// SPDX-License-Identifier: GPL-2.0-or-later
#include "ruleset_html.h"

#include "html.h"
#include "html_rules.h"

static const char *const words[RULE_STATES] = {
	[RULE_REFUSED] = "not translated",    [RULE_NEARLY] = "nearly the same",
	[RULE_UNVOUCHED] = "not vouched for", [RULE_NEVER] = "never matches",
	[RULE_SAME] = "translated",
};

static void mark_rules(struct rules_view *view)
{
	static const enum rule_state states[] = {
		[XL_TRANSLATED] = RULE_SAME,	 [XL_NEVER_MATCHES] = RULE_NEVER,
		[XL_APPROXIMATED] = RULE_NEARLY, [XL_NOT_VOUCHED] = RULE_UNVOUCHED,
		[XL_REFUSED] = RULE_REFUSED,
	};

	for (size_t i = 0; i < view->run->env.nreport; i++) {
		view->marks[i].state = states[view->run->env.report[i].outcome];
		view->marks[i].why = view->run->env.report[i].why;
	}
}

static void messages(struct xl_buf *b, const struct run *r)
{
	if (!r->diags.n)
		return;
	xl_buf_puts(b, "<details><summary>Messages</summary>\n<ul class=\"more\">\n");
	for (size_t i = 0; i < r->diags.n; i++) {
		const struct xl_diag *d = &r->diags.v[i];

		xl_buf_puts(b, "<li>");
		if (d->loc.file)
			html_tag(b, "span", "q", d->loc.file);
		if (d->loc.file && d->loc.line)
			xl_buf_printf(b, "<span class=\"q\">:%u</span>", d->loc.line);
		xl_buf_printf(b, " %s: ", xl_severity_name(d->severity));
		html_text(b, d->text);
		if (d->hint)
			html_tag(b, "p", "q", d->hint);
		xl_buf_puts(b, "</li>\n");
	}
	xl_buf_puts(b, "</ul></details>\n");
}

int ruleset_html(struct run *r, const struct inputs *in, const char *path)
{
	const char *title = xl_printf(&r->arena, "%s%s, translated", in->v[0].name,
				      in->n > 1 ? " and others" : "");
	struct rules_view view;
	struct xl_buf b = { 0 };

	html_rules_init(&view, r, words);
	mark_rules(&view);
	html_begin(&b, title);
	xl_buf_puts(&b, "<header class=\"top\">");
	html_tag(&b, "h1", NULL, title);
	html_rules_tally(&b, &view);
	xl_buf_puts(&b, "</header>\n");
	html_rules_bar(&b, &view, in->v[0].name);
	xl_buf_puts(&b, "<main>\n");
	messages(&b, r);
	html_rules_chains(&b, &view);
	html_rules(&b, &view);
	html_rules_sets(&b, &view);
	html_end(&b);
	return html_write(r, &b, path);
}
