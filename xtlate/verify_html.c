// SPDX-License-Identifier: GPL-2.0-or-later
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "verify_html.h"

#include "html.h"
#include "html_difference.h"
#include "html_rules.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

enum { MISCOUNTS_MAX = 50 };

/* For a page about one packet. */
static const char *const way_words[RULE_STATES] = {
	[RULE_DIFFERENT] = "counted by some",
	[RULE_REFUSED] = "not translated",
	[RULE_NEVER] = "not counted",
	[RULE_SAME] = "counted",
};

static const char *const words[RULE_STATES] = {
	[RULE_DIFFERENT] = "different",
	[RULE_REFUSED] = "not translated",
	[RULE_UNVOUCHED] = "not vouched for",
	[RULE_UNREACHED] = "not reached",
	[RULE_UNCHECKED] = "not checked",
	[RULE_ROUGH] = "compared roughly",
	[RULE_UNREACHABLE] = "unreachable",
	[RULE_NEVER] = "never matches",
	[RULE_SAME] = "same",
};

static void mark(const struct rules_view *view, const struct xt_rule *rule, enum rule_state state,
		 const char *why)
{
	struct rule_mark *m = rule ? html_rules_mark(view, &rule->source) : NULL;

	if (!m || m->state == RULE_NEVER)
		return;
	m->state = state;
	m->why = why;
}

static void mark_translated(struct rules_view *view)
{
	const struct xl_env *env = &view->run->env;

	for (size_t i = 0; i < env->nreport; i++) {
		struct rule_mark *m = &view->marks[i];

		if (env->report[i].outcome == XL_REFUSED)
			*m = (struct rule_mark){ RULE_REFUSED, env->report[i].why, SIZE_MAX };
		else if (env->report[i].outcome == XL_NEVER_MATCHES)
			m->state = RULE_NEVER;
		else if (env->report[i].outcome == XL_NOT_VOUCHED)
			m->state = RULE_UNVOUCHED;
	}
}

/* The worst that is known of a rule comes last. */
static void mark_rules(struct rules_view *view, const struct vf_result *res)
{
	static const enum rule_state hopes[] = {
		[VF_MAY] = RULE_UNREACHED,
		[VF_HARDLY] = RULE_UNREACHED,
		[VF_NOT_HERE] = RULE_UNCHECKED,
		[VF_NEVER] = RULE_UNREACHABLE,
	};

	mark_translated(view);
	for (size_t i = 0; i < res->rules.n; i++) {
		struct rule_mark *m = html_rules_mark(view, &res->rules.v[i]->source);

		if (m)
			m->at = i;
		if (res->rough && res->rough[i])
			mark(view, res->rules.v[i], RULE_ROUGH,
			     "It, or a rule before it, depends on the clock or on chance.");
		if (res->stopped && (!res->counts[0] || !res->counts[0][i].packets))
			mark(view, res->rules.v[i], RULE_UNREACHED, "It was stopped before.");
	}
	for (size_t i = 0; i < res->n_unreached; i++)
		mark(view, res->unreached[i].rule, hopes[res->unreached[i].hope],
		     res->unreached[i].why);
	for (size_t i = 0; i < res->n_unchecked; i++)
		mark(view, res->unchecked[i].rule, RULE_UNCHECKED, res->unchecked[i].why);
	for (size_t i = 0; i < res->n_miscounts; i++)
		mark(view, res->miscounts[i].rule, RULE_DIFFERENT, "It counted differently.");
	for (size_t i = 0; i < res->n_differences; i++)
		mark(view, res->differences[i].rule, RULE_DIFFERENT,
		     xl_printf(view->run->xt.arena, "The ways part here: difference %zu.", i + 1));
}

static bool differs(const struct vf_result *res)
{
	return res->different || res->n_miscounts;
}

static void fact(struct xl_buf *b, const char *name)
{
	xl_buf_printf(b, "<dt>%s</dt><dd>", name);
}

/* What a program says of its version: the first line. */
static void version(struct xl_buf *b, const char *command)
{
	char line[200];
	FILE *f = popen(command, "r");

	if (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		xl_buf_puts(b, "<br/>");
		html_text(b, line);
	}
	if (f)
		pclose(f);
}

static void versions(struct xl_buf *b, const struct vf_result *res)
{
	static const char *const commands[] = {
		[VF_LEGACY] = "iptables-legacy --version 2>/dev/null",
		[VF_COMPAT] = "iptables-nft --version 2>/dev/null",
		[VF_NATIVE] = "nft --version 2>/dev/null",
	};
	struct utsname u;

	fact(b, "Versions");
	xl_buf_puts(b, "xtlate " PACKAGE_VERSION);
	for (size_t s = 0; s < res->sides; s++)
		version(b, commands[res->kinds[s]]);
	if (!uname(&u)) {
		xl_buf_puts(b, "<br/>");
		html_text(b, u.sysname);
		xl_buf_putc(b, ' ');
		html_text(b, u.release);
	}
	xl_buf_puts(b, "</dd>\n");
}

static void inputs(struct xl_buf *b, const struct verify_about *about, const struct vf_result *res)
{
	const struct inputs *in = about->in;

	fact(b, "Original");
	for (size_t i = 0; i < in->n; i++) {
		xl_buf_puts(b, i ? ", " : "");
		html_text(b, in->v[i].name);
		xl_buf_puts(b, in->v[i].family == NFPROTO_IPV4 ? " (iptables)" : " (ip6tables)");
	}
	for (size_t i = 0; i < in->nipsets; i++) {
		xl_buf_puts(b, ", ");
		html_text(b, in->ipsets[i].name);
		xl_buf_puts(b, " (ipset)");
	}
	xl_buf_printf(b, ", loaded with %s</dd>\n", vf_kind_name(res->kinds[0]));
	if (res->no_legacy) {
		fact(b, "Not iptables-legacy");
		html_text(b, res->no_legacy);
		xl_buf_puts(b, "</dd>\n");
	}
	if (res->not_done) {
		fact(b, "Not done");
		html_text(b, res->not_done);
		xl_buf_puts(b, "</dd>\n");
	}
	fact(b, "Compared with");
	if (about->against)
		html_text(b, about->against);
	else
		xl_buf_printf(b, "its translation (-O%u)", (unsigned int)about->run->level);
	xl_buf_puts(b, ", loaded with nft");
	if (res->sides > 2)
		xl_buf_puts(b, "; and the original loaded with iptables-nft");
	xl_buf_puts(b, "</dd>\n");
}

static void numbers(struct xl_buf *b, const struct vf_setup *setup, const struct vf_result *res)
{
	size_t of = res->rules.n - res->never - res->beyond;
	char when[64];
	time_t now = time(NULL);
	struct tm tm;

	fact(b, "Packets sent");
	html_number(b, res->probes);
	xl_buf_printf(b, " in %.1f s, seed %llu</dd>\n", res->seconds,
		      (unsigned long long)setup->seed);
	fact(b, "Rules reached");
	html_number(b, res->reached);
	xl_buf_puts(b, " of ");
	html_number(b, of);
	if (of)
		xl_buf_printf(b, " (%.1f%%)", 100 * (double)res->reached / (double)of);
	xl_buf_puts(b, "</dd>\n");
	if (res->never) {
		fact(b, "Unreachable");
		html_amount(b, res->never, "rule");
		xl_buf_puts(b, " more that no packet can match</dd>\n");
	}
	if (res->loose) {
		fact(b, "Compared roughly");
		html_amount(b, res->loose, "rule");
		xl_buf_puts(b, ", for the clock or chance decides there or before</dd>\n");
	}
	if (res->unsteady) {
		fact(b, "Unsteady");
		html_amount(b, res->unsteady, "packet");
		xl_buf_puts(b, " that differed once and not again</dd>\n");
	}
	if (gmtime_r(&now, &tm) && strftime(when, sizeof(when), "%Y-%m-%d %H:%M UTC", &tm)) {
		fact(b, "Done on");
		xl_buf_printf(b, "%s</dd>\n", when);
	}
}

static void verdict_same(struct xl_buf *b, const struct vf_result *res)
{
	html_tag(b, "p", "verdict same", "same");
	xl_buf_puts(b, "<p>Verdicts, packets, marks and sockets are the same");
	if (res->counts[1]) {
		xl_buf_puts(b, ", and so are the counters of ");
		html_amount(b, res->checked, "rule");
	}
	xl_buf_puts(b, ".</p>\n");
}

static void verdict(struct xl_buf *b, const struct vf_result *res)
{
	if (!differs(res) && !res->stopped) {
		verdict_same(b, res);
		return;
	}
	if (differs(res))
		html_tag(b, "p", "verdict different", "different");
	if (res->stopped)
		html_tag(b, "p", "verdict unreached", "stopped before the end");
	xl_buf_puts(b, "<p>Of ");
	html_amount(b, res->probes, "packet");
	xl_buf_puts(b, ", ");
	html_number(b, res->different);
	xl_buf_puts(b, " came out differently; ");
	html_amount(b, res->n_miscounts, "rule");
	xl_buf_puts(b, " counted differently.</p>\n");
}

/* The packet and the rules when all that does not matter is gone, and how to see it again. */
static void simplest(struct xl_buf *b, const struct verify_about *about,
		     const struct vf_result *res, const struct vf_simplest *s)
{
	struct xl_buf command = { 0 };

	verify_command(&command, about, res, s);
	xl_buf_puts(b, "<details><summary>As simple as it gets</summary>\n<pre>");
	html_text(b, command.s ? command.s : "");
	xl_buf_puts(b, "</pre>\n");
	xl_buf_free(&command);
	if (s->rules) {
		xl_buf_printf(b, "<p>The fewest rules that show it%s:</p>\n<pre>",
			      s->alone ? "" : ", in the network of the whole ruleset");
		html_text(b, s->rules);
		xl_buf_puts(b, "</pre>\n");
	}
	xl_buf_puts(b, "</details>\n");
}

static void differences(struct xl_buf *b, const struct verify_about *about,
			const struct vf_result *res, const struct rules_view *view)
{
	if (!res->n_differences)
		return;
	xl_buf_puts(b, "<h2 id=\"differences\">Differences</h2>\n");
	if (res->different > res->n_differences)
		xl_buf_printf(b, "<p class=\"q\">The first of each kind: %zu of %zu.</p>\n",
			      res->n_differences, res->different);
	for (size_t i = 0; i < res->n_differences; i++) {
		const struct vf_difference *d = &res->differences[i];

		html_packet_begin(b, res, view, d,
				  xl_printf(view->run->xt.arena, "Difference %zu", i + 1));
		if (d->simplest)
			simplest(b, about, res, d->simplest);
		xl_buf_puts(b, "</article>\n");
	}
}

static void documented(struct xl_buf *b, const struct vf_result *res)
{
	if (!res->n_documented)
		return;
	xl_buf_puts(b, "<h2 id=\"documented\">Different as documented</h2>\n<ul class=\"more\">\n");
	for (size_t i = 0; i < res->n_documented; i++) {
		const struct vf_documented *d = &res->documented[i];
		struct xl_buf text = { 0 };

		xl_buf_puts(b, "<li>");
		html_amount(b, d->probes, "packet");
		xl_buf_puts(b, ": ");
		html_text(b, d->why);
		xl_buf_puts(b, "<br/>");
		vf_probe_text(&text, res->topo, &d->probe);
		html_tag(b, "code", "q", text.s ? text.s : "");
		xl_buf_free(&text);
		xl_buf_puts(b, "</li>\n");
	}
	xl_buf_puts(b, "</ul>\n");
}

static void miscounts(struct xl_buf *b, const struct vf_result *res, const struct rules_view *view)
{
	if (!res->n_miscounts)
		return;
	xl_buf_puts(b, "<h2 id=\"miscounts\">Counted differently</h2>\n<ul class=\"more\">\n");
	for (size_t i = 0; i < res->n_miscounts && i < MISCOUNTS_MAX; i++) {
		xl_buf_puts(b, "<li>");
		html_rule_link(b, view, res->miscounts[i].rule);
		for (size_t s = 0; s < res->sides; s++) {
			if (!res->counts[s])
				continue;
			xl_buf_printf(b, "<br/>%s: ", vf_kind_name(res->kinds[s]));
			html_amount(b, res->miscounts[i].by[s].packets, "packet");
			xl_buf_puts(b, ", ");
			html_amount(b, res->miscounts[i].by[s].bytes, "byte");
		}
		xl_buf_puts(b, "</li>\n");
	}
	xl_buf_puts(b, "</ul>\n");
	if (res->n_miscounts > MISCOUNTS_MAX)
		xl_buf_printf(b, "<p>And %zu more; they are marked below.</p>\n",
			      res->n_miscounts - MISCOUNTS_MAX);
}

static void other_file(struct xl_buf *b, const struct vf_setup *setup, const char *against)
{
	if (!against)
		return;
	xl_buf_puts(b, "<h2 id=\"other\">");
	html_text(b, against);
	xl_buf_puts(b, "</h2>\n<pre>");
	html_text(b, setup->nft_text);
	xl_buf_puts(b, "</pre>\n");
}

static void page_head(struct xl_buf *b, const struct verify_about *about,
		      const struct vf_setup *setup, const struct vf_result *res,
		      const struct rules_view *view)
{
	const struct inputs *in = about->in;
	const char *title =
		xl_printf(setup->arena, "%s%s: %s", in->v[0].name, in->n > 1 ? " and others" : "",
			  differs(res)	 ? "different"
			  : res->stopped ? "stopped"
					 : "the same");

	html_begin(b, title);
	xl_buf_puts(b, "<header class=\"top\">\n");
	html_tag(b, "h1", NULL, title);
	verdict(b, res);
	xl_buf_puts(b, "<dl class=\"facts\">\n");
	inputs(b, about, res);
	numbers(b, setup, res);
	versions(b, res);
	xl_buf_puts(b, "</dl>\n");
	html_rules_tally(b, view);
	xl_buf_puts(b, "</header>\n");
	html_rules_bar(b, view, in->v[0].name);
}

static void show_sides(struct rules_view *view, const struct vf_result *res)
{
	for (size_t s = 0; s < res->sides; s++) {
		if (!res->counts[s])
			continue;
		view->sides[view->n_sides] = vf_kind_name(res->kinds[s]);
		view->counts[view->n_sides++] = res->counts[s];
	}
}

int verify_html(struct run *r, const struct verify_about *about, const struct vf_setup *setup,
		const struct vf_result *res, const char *path)
{
	struct rules_view view;
	struct xl_buf b = { 0 };

	html_rules_init(&view, r, words);
	mark_rules(&view, res);
	view.translation = !about->against;
	show_sides(&view, res);
	page_head(&b, about, setup, res, &view);
	xl_buf_puts(&b, "<main>\n");
	differences(&b, about, res, &view);
	miscounts(&b, res, &view);
	html_rules_chains(&b, &view);
	html_rules(&b, &view);
	html_rules_sets(&b, &view);
	documented(&b, res);
	other_file(&b, setup, about->against);
	html_end(&b);
	return html_write(r, &b, path);
}

static void mark_way(struct rules_view *view, const struct vf_result *res, const struct vf_way *way)
{
	unsigned int all = 0;

	for (size_t s = 0; s < res->sides; s++)
		all |= res->counts[s] ? 1U << s : 0;
	mark_translated(view);
	for (size_t i = 0; i < res->rules.n; i++) {
		struct rule_mark *m = html_rules_mark(view, &res->rules.v[i]->source);

		if (m)
			*m = (struct rule_mark){ RULE_NEVER, NULL, i };
	}
	for (size_t i = 0; i < way->n; i++) {
		struct rule_mark *m = html_rules_mark(view, &way->steps[i].rule->source);

		if (m)
			m->state = way->steps[i].by == all ? RULE_SAME : RULE_DIFFERENT;
	}
}

int verify_html_way(struct run *r, const struct verify_about *about, const struct vf_setup *setup,
		    const struct vf_result *res, const struct vf_difference *d, const char *path)
{
	const char *title =
		xl_printf(setup->arena, "%s: the way of a packet", about->in->v[0].name);
	struct rules_view view;
	struct xl_buf b = { 0 };

	html_rules_init(&view, r, way_words);
	mark_way(&view, res, &d->way);
	view.translation = !about->against;
	show_sides(&view, res);
	html_begin(&b, title);
	xl_buf_puts(&b, "<header class=\"top\">\n");
	html_tag(&b, "h1", NULL, title);
	xl_buf_puts(&b, "<dl class=\"facts\">\n");
	inputs(&b, about, res);
	versions(&b, res);
	xl_buf_puts(&b, "</dl>\n");
	html_packet_begin(&b, res, &view, d,
			  html_packet_differs(res, d) ? "Different" : "The same");
	xl_buf_puts(&b, "</article>\n");
	xl_buf_puts(&b, "</header>\n");
	html_rules_bar(&b, &view, about->in->v[0].name);
	xl_buf_puts(&b, "<main>\n");
	documented(&b, res);
	html_rules(&b, &view);
	other_file(&b, setup, about->against);
	html_end(&b);
	return html_write(r, &b, path);
}
