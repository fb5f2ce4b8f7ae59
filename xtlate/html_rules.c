// SPDX-License-Identifier: GPL-2.0-or-later
#include "html_rules.h"

#include "html.h"

#include <stdlib.h>
#include <string.h>

enum {
	SET_MAX = 4000,	  /* bytes of a set that are shown */
	CHAINS_OPEN = 90, /* more of them are not listed at first */
	SHORT_RULE = 40,  /* bytes that go in one line */
};

/* Sorted by address. @row: the place in the report. */
struct rules_place {
	const struct xl_source *source;
	size_t row;
};

/* Sorted by address; several may stand for one source, in the order in which they are written. */
struct rules_nft {
	const struct xl_source *source;
	const struct nft_chain *chain;
	const struct nft_rule *rule;
	size_t order;
	const struct nft_set *set; /* where it is an element, without @chain and @rule */
	const struct nft_elem *elem;
};

static const char *const classes[RULE_STATES] = {
	[RULE_DIFFERENT] = "different", [RULE_REFUSED] = "refused",
	[RULE_UNVOUCHED] = "unvouched", [RULE_NEARLY] = "nearly",
	[RULE_UNREACHED] = "unreached", [RULE_UNCHECKED] = "unchecked",
	[RULE_ROUGH] = "rough",		[RULE_UNREACHABLE] = "unreachable",
	[RULE_NEVER] = "never",		[RULE_SAME] = "same",
};

const char *html_rules_class(enum rule_state state)
{
	return classes[state];
}

static int by_source(const void *a, const void *b)
{
	const struct rules_place *x = a, *y = b;

	return x->source < y->source ? -1 : x->source > y->source;
}

static int by_source_and_order(const void *a, const void *b)
{
	const struct rules_nft *x = a, *y = b;

	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void index_table(struct rules_index *x, struct xl_arena *a, size_t *cap,
			const struct nft_table *t)
{
	for (const struct nft_chain *c = t->chains; c; c = c->next)
		for (const struct nft_rule *r = c->inlined ? NULL : c->rules; r; r = r->next) {
			struct rules_nft at = { r->source, c, r, x->n_nft, NULL, NULL };

			xl_push(a, x->nft, x->n_nft, *cap, at);
		}
	for (const struct nft_set *s = t->sets; s; s = s->next)
		for (size_t i = 0; i < s->n && s->elems[i].source; i++) {
			struct rules_nft at = { s->elems[i].source, NULL, NULL,
						x->n_nft,	    s,	  &s->elems[i] };

			xl_push(a, x->nft, x->n_nft, *cap, at);
		}
}

static void index_nft(struct rules_index *x, struct xl_arena *a, const struct nft_ruleset *rs)
{
	size_t cap = 0;

	for (const struct nft_table *t = rs->tables; t; t = t->next)
		index_table(x, a, &cap, t);
	if (x->n_nft)
		qsort(x->nft, x->n_nft, sizeof(*x->nft), by_source_and_order);
}

void html_rules_init(struct rules_view *view, struct run *r, const char *const *words)
{
	struct rules_index *x = &view->index;

	*view = (struct rules_view){ .run = r, .words = words, .translation = true };
	x->n = r->env.nreport;
	x->places = xl_alloc(&r->arena, (x->n + 1) * sizeof(*x->places));
	view->marks = xl_alloc(&r->arena, (x->n + 1) * sizeof(*view->marks));
	for (size_t i = 0; i < x->n; i++) {
		x->places[i] = (struct rules_place){ r->env.report[i].source, i };
		view->marks[i] = (struct rule_mark){ .state = RULE_SAME, .at = SIZE_MAX };
	}
	qsort(x->places, x->n, sizeof(*x->places), by_source);
	index_nft(x, &r->arena, &r->nft);
}

size_t html_rules_row(const struct rules_view *view, const struct xl_source *source)
{
	struct rules_place key = { .source = source }, *at;

	at = bsearch(&key, view->index.places, view->index.n, sizeof(key), by_source);
	return at ? at->row : SIZE_MAX;
}

struct rule_mark *html_rules_mark(const struct rules_view *view, const struct xl_source *source)
{
	size_t row = html_rules_row(view, source);

	return row == SIZE_MAX ? NULL : &view->marks[row];
}

static void tally(const struct rules_view *view, size_t from, size_t to, size_t *n)
{
	memset(n, 0, RULE_STATES * sizeof(*n));
	for (size_t i = from; i < to; i++)
		n[view->marks[i].state]++;
}

void html_rules_tally(struct xl_buf *b, const struct rules_view *view)
{
	size_t n[RULE_STATES];

	tally(view, 0, view->index.n, n);
	xl_buf_puts(b, "<ul class=\"tally\">\n<li><b>");
	html_number(b, view->index.n);
	xl_buf_puts(b, "</b> rules</li>\n");
	for (size_t i = 0; i < RULE_STATES; i++) {
		if (!n[i])
			continue;
		xl_buf_printf(b, "<li class=\"%s\"><b>", classes[i]);
		html_number(b, n[i]);
		xl_buf_printf(b, "</b> %s</li>\n", view->words[i]);
	}
	xl_buf_puts(b, "</ul>\n");
}

void html_rules_bar(struct xl_buf *b, const struct rules_view *view, const char *title)
{
	size_t n[RULE_STATES];

	tally(view, 0, view->index.n, n);
	xl_buf_puts(b, "<nav class=\"bar\"><div>");
	html_tag(b, "span", "name", title);
	xl_buf_puts(b,
		    "<form id=\"filter\" role=\"search\" hidden=\"hidden\"><input type=\"search\" "
		    "placeholder=\"Search rules ( / )\" aria-label=\"Search rules\"/>");
	for (size_t i = 0; i < RULE_STATES; i++)
		if (n[i])
			xl_buf_printf(b,
				      "<button type=\"button\" class=\"%s\" value=\"%s\" "
				      "aria-pressed=\"false\">%s</button>",
				      classes[i], classes[i], view->words[i]);
	xl_buf_puts(b, "<output></output></form></div></nav>\n");
}

/* A chain's part of the report, which goes chain by chain. */
struct part {
	size_t from, to;
	const struct xl_rule_report *first;
};

static bool next_part(const struct rules_view *view, struct part *p)
{
	const struct xl_rule_report *rep = view->run->env.report;

	p->from = p->to;
	if (p->from >= view->index.n)
		return false;
	p->first = &rep[p->from];
	for (; p->to < view->index.n; p->to++)
		if (strcmp(rep[p->to].chain, p->first->chain) ||
		    strcmp(rep[p->to].table, p->first->table) ||
		    strcmp(rep[p->to].family, p->first->family))
			break;
	return true;
}

static void cover(struct xl_buf *b, const struct rules_view *view, const struct part *p)
{
	static const enum rule_state order[RULE_STATES] = {
		RULE_SAME,	RULE_ROUGH,  RULE_NEVER,     RULE_UNREACHABLE, RULE_UNCHECKED,
		RULE_UNREACHED, RULE_NEARLY, RULE_UNVOUCHED, RULE_REFUSED,     RULE_DIFFERENT
	};
	size_t n[RULE_STATES], all = p->to - p->from;

	tally(view, p->from, p->to, n);
	xl_buf_puts(b, "<span class=\"cover\" aria-hidden=\"true\">");
	for (size_t i = 0; i < RULE_STATES; i++)
		if (n[order[i]])
			xl_buf_printf(b, "<i class=\"%s\" style=\"width:%.4g%%\"></i>",
				      classes[order[i]], 100 * (double)n[order[i]] / (double)all);
	xl_buf_printf(b, "</span><small>%zu of %zu</small>", n[RULE_SAME], all);
}

static void chain_name(struct xl_buf *b, const struct part *p)
{
	xl_buf_printf(b, "%s %s ", p->first->family, p->first->table);
	html_text(b, p->first->chain);
}

static bool same_table(const struct part *p, const struct part *q)
{
	return !strcmp(p->first->family, q->first->family) &&
	       !strcmp(p->first->table, q->first->table);
}

static size_t count_parts(const struct rules_view *view)
{
	struct part p = { .to = 0 };
	size_t n = 0;

	while (next_part(view, &p))
		n++;
	return n;
}

void html_rules_chains(struct xl_buf *b, const struct rules_view *view)
{
	struct part p = { .to = 0 }, last = { .first = NULL };
	size_t n = count_parts(view);

	xl_buf_printf(b,
		      "<h2 id=\"chains\">Chains</h2>\n<details%s><summary>How many of the rules of "
		      "each chain are marked “%s”</summary>\n",
		      n > CHAINS_OPEN ? "" : " open=\"open\"", view->words[RULE_SAME]);
	while (next_part(view, &p)) {
		if (!last.first || !same_table(&p, &last))
			xl_buf_printf(b, "%s<h3 class=\"m\">%s %s</h3>\n<ul class=\"chains\">\n",
				      last.first ? "</ul>\n" : "", p.first->family, p.first->table);
		last = p;
		xl_buf_printf(b, "<li><a href=\"#c%zu\">", p.from);
		html_text(b, p.first->chain);
		xl_buf_puts(b, "</a>");
		cover(b, view, &p);
		xl_buf_puts(b, "</li>\n");
	}
	xl_buf_printf(b, "%s</details>\n", last.first ? "</ul>\n" : "");
}

static const struct rules_nft *nft_rules(const struct rules_view *view,
					 const struct xl_source *source)
{
	struct rules_nft key = { .source = source };
	size_t from = 0, to = view->index.n_nft;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (by_source_and_order(&view->index.nft[mid], &key) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return &view->index.nft[from];
}

static void element(struct xl_buf *b, const struct rules_nft *at)
{
	struct xl_buf text = { 0 };

	xl_buf_puts(b, "<span class=\"helper\">element of ");
	html_text(b, at->set->name);
	xl_buf_puts(b, ":</span><code>");
	nft_write_elem(&text, at->elem);
	html_text_n(b, text.s, text.len);
	xl_buf_puts(b, "</code>");
	b->failed |= text.failed;
	xl_buf_free(&text);
}

/* The rules that stand for one; those of helper chains come under the chain's name, which is said
 * once where several rules in a row have theirs there: *@last is the chain of the last. */
static void translation(struct xl_buf *b, const struct rules_view *view,
			const struct xl_source *source, const struct nft_chain **last)
{
	const struct rules_nft *at = nft_rules(view, source);
	const struct rules_nft *end = view->index.nft + view->index.n_nft;
	struct xl_buf text = { 0 };

	for (; at < end && at->source == source; at++) {
		if (at->elem) {
			element(b, at);
			continue;
		}
		if (at->chain->helper && at->chain != *last) {
			xl_buf_puts(b, "<span class=\"helper\">in chain ");
			html_text(b, at->chain->name);
			xl_buf_puts(b, ":</span>");
		}
		*last = at->chain;
		if (at->rule->note)
			html_tag(b, "code", "q", at->rule->note);
		text.len = 0;
		if (at->rule->refused || nft_stmts_empty(&at->rule->stmts))
			continue;
		nft_write_rule(&text, at->rule);
		xl_buf_puts(b, "<code>");
		html_text_n(b, text.s, text.len);
		xl_buf_puts(b, "</code>");
	}
	b->failed |= text.failed;
	xl_buf_free(&text);
}

static void counters(struct xl_buf *b, const struct rules_view *view, const struct rule_mark *m)
{
	for (size_t s = 0; s < view->n_sides; s++) {
		xl_buf_printf(b, "<td class=\"c\" data-side=\"%s\">", view->sides[s]);
		if (m->at == SIZE_MAX || !view->counts[s]) {
			xl_buf_puts(b, "–</td>");
			continue;
		}
		html_number(b, view->counts[s][m->at].packets);
		xl_buf_puts(b, " <small>");
		if (view->counts[s][m->at].packets) {
			html_number(b, view->counts[s][m->at].bytes);
			xl_buf_puts(b, " B");
		}
		xl_buf_puts(b, "</small></td>");
	}
}

/* The rule as it was written. Where it may need several lines, browsers are kept from breaking them
 * inside options, behind a "-". */
static void original(struct xl_buf *b, const char *s)
{
	bool keep = strlen(s) > SHORT_RULE;

	for (size_t n; *s; s += n) {
		bool option;

		n = strcspn(s, " ");
		option = keep && *s == '-' && n < 30;
		xl_buf_puts(b, option ? "<span class=\"w\">" : "");
		html_text_n(b, s, n);
		xl_buf_puts(b, option ? "</span>" : "");
		for (; s[n] == ' '; n++)
			xl_buf_putc(b, ' ');
	}
}

static void one_row(struct xl_buf *b, const struct rules_view *view, size_t row,
		    const struct nft_chain **last)
{
	const struct xl_rule_report *rep = &view->run->env.report[row];
	const struct rule_mark *m = &view->marks[row];

	xl_buf_printf(b, "<tr id=\"r%zu\" class=\"%s\"><td class=\"n\">%u</td><td><code>", row,
		      classes[m->state], rep->source->loc.line);
	original(b, rep->source->text);
	xl_buf_puts(b, "</code>");
	if (view->translation)
		xl_buf_puts(b, "</td><td class=\"x\">");
	if (view->translation)
		translation(b, view, rep->source, last);
	if (m->why)
		html_tag(b, "p", "why", m->why);
	xl_buf_puts(b, "</td>");
	counters(b, view, m);
	xl_buf_printf(b, "<td class=\"s\">%s</td></tr>\n", view->words[m->state]);
}

static const struct xt_chain *find_chain(const struct rules_view *view, const struct part *p)
{
	uint8_t family = strcmp(p->first->family, "ip") ? NFPROTO_IPV6 : NFPROTO_IPV4;

	for (const struct xt_table *t = view->run->xt.tables; t; t = t->next)
		if (t->family == family && !strcmp(t->name, p->first->table))
			return xt_chain_find(t, p->first->chain);
	return NULL;
}

/* The chain of the translation: that of the rule, unless it was put in a helper. */
static const struct nft_chain *nft_chain(const struct rules_view *view, const struct part *p)
{
	const struct rules_nft *at = nft_rules(view, p->first->source);

	if (at == view->index.nft + view->index.n_nft || at->source != p->first->source ||
	    (at->chain && at->chain->helper))
		return NULL;
	return at->chain;
}

static void chain_head(struct xl_buf *b, const struct rules_view *view, const struct part *p)
{
	const struct xt_chain *c = find_chain(view, p);
	const struct nft_chain *n = view->translation ? nft_chain(view, p) : NULL;
	struct xl_buf base = { 0 };

	xl_buf_printf(b, "<section class=\"chain\" id=\"c%zu\"><div><h3 class=\"m\">", p->from);
	chain_name(b, p);
	xl_buf_puts(b, "</h3><span class=\"q\">");
	if (p->first->source->loc.file)
		html_text(b, p->first->source->loc.file);
	if (c && c->hook >= 0)
		xl_buf_printf(b, ", policy %s", c->policy == XT_POLICY_DROP ? "DROP" : "ACCEPT");
	xl_buf_puts(b, "</span>");
	if (n && n->base) {
		nft_write_base(&base, n->base);
		html_tag(b, "code", "q", base.s ? base.s : "");
	} else if (n && n->orig) {
		html_tag(b, "code", "q", n->name);
	}
	xl_buf_free(&base);
	cover(b, view, p);
	xl_buf_puts(b, "</div>\n");
}

static void table_head(struct xl_buf *b, const struct rules_view *view)
{
	xl_buf_puts(b, "<table class=\"rules\"><colgroup><col class=\"n\"/><col/>");
	if (view->translation)
		xl_buf_puts(b, "<col/>");
	for (size_t s = 0; s < view->n_sides; s++)
		xl_buf_puts(b, "<col class=\"c\"/>");
	xl_buf_puts(b, "<col class=\"s\"/></colgroup>\n"
		       "<thead><tr><th>line</th><th>original</th>");
	if (view->translation)
		xl_buf_puts(b, "<th>translation</th>");
	for (size_t s = 0; s < view->n_sides; s++)
		html_tag(b, "th", "c", view->sides[s]);
	xl_buf_puts(b, "<th>result</th></tr></thead>\n<tbody>\n");
}

void html_rules(struct xl_buf *b, const struct rules_view *view)
{
	struct part p = { .to = 0 };

	xl_buf_printf(b, "<h2 id=\"rules\">%s</h2>\n",
		      view->translation ? "Original and translation" : "Rules of the original");
	while (next_part(view, &p)) {
		const struct nft_chain *last = NULL;

		chain_head(b, view, &p);
		table_head(b, view);
		for (size_t i = p.from; i < p.to; i++)
			one_row(b, view, i, &last);
		xl_buf_puts(b, "</tbody></table></section>\n");
	}
}

static void add_cut(struct xl_buf *b, const struct xl_buf *text)
{
	bool cut = text->len > SET_MAX;

	html_text_n(b, text->s, cut ? SET_MAX : text->len);
	if (cut)
		xl_buf_printf(b, " … (%zu bytes more)", text->len - SET_MAX);
	xl_buf_putc(b, '\n');
}

static void table_sets(struct xl_buf *b, const struct nft_table *t)
{
	struct xl_buf text = { 0 };

	for (const struct nft_object *o = t->objects; o; o = o->next) {
		text.len = 0;
		xl_buf_printf(&text, "%s %s %s %s { %s }", o->kind, t->family, t->name, o->name,
			      o->body);
		add_cut(b, &text);
	}
	for (const struct nft_set *s = t->sets; s; s = s->next) {
		text.len = 0;
		xl_buf_printf(&text, "%s %s %s %s ", s->map ? "map" : "set", t->family, t->name,
			      s->name);
		nft_write_set_line(&text, s);
		add_cut(b, &text);
	}
	b->failed |= text.failed;
	xl_buf_free(&text);
}

void html_rules_sets(struct xl_buf *b, const struct rules_view *view)
{
	bool any = false;

	for (const struct nft_table *t = view->run->nft.tables; t; t = t->next)
		any |= t->sets || t->objects;
	if (!any || !view->translation)
		return;
	xl_buf_puts(b, "<h2 id=\"sets\">Sets, maps and objects of the translation</h2>\n<pre>");
	for (const struct nft_table *t = view->run->nft.tables; t; t = t->next)
		table_sets(b, t);
	xl_buf_puts(b, "</pre>\n");
}
