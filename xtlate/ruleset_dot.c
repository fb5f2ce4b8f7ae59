// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The nodes are chains as the user knows them: what stands in helper chains counts for the chain
 * that leads there. Labels are graphviz's kind of HTML, so that text is escaped as in pages.
 */
#include "ruleset_dot.h"

#include "html.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A chain. Sorted by address. @id: of its node; @walked: the last node whose rules led here; @used:
 * some do. */
struct place {
	const struct nft_chain *chain;
	size_t id, walked;
	bool used;
};

enum what { WHAT_RULE, WHAT_REFUSED, WHAT_JUMP, WHAT_GOTO };

/* That node @from has a rule, or one that goes to node @to. A rule of iptables may show up several
 * times, as several nft rules or elements do its work. */
struct fact {
	size_t from, to;
	enum what what;
	const struct xl_source *source;
};

struct graph {
	struct xl_arena *arena;
	const struct nft_ruleset *nft;
	struct place *places;
	size_t n_places, nodes;
	struct fact *facts;
	size_t n, cap;
};

/* Where a walk through the rules of a node is. */
struct walk {
	struct graph *g;
	size_t node;
	const struct xl_source *source;
};

/* Base chains of ours do what rules cannot do in their own chains; no rule goes there. */
static bool is_node(const struct nft_chain *c)
{
	return !c->helper || c->base;
}

static int by_chain(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->chain < y->chain ? -1 : x->chain > y->chain;
}

static struct place *place_of(const struct graph *g, const struct nft_chain *c)
{
	struct place key = { .chain = c };

	return bsearch(&key, g->places, g->n_places, sizeof(key), by_chain);
}

/* Ids begin at 1, and go in the order in which the chains are written. */
static void index_chains(struct graph *g)
{
	size_t cap = 0;

	for (const struct nft_table *t = g->nft->tables; t; t = t->next)
		for (const struct nft_chain *c = t->chains; c; c = c->next) {
			struct place at = { c, is_node(c) ? ++g->nodes : 0, 0, false };

			xl_push(g->arena, g->places, g->n_places, cap, at);
		}
	if (g->n_places)
		qsort(g->places, g->n_places, sizeof(*g->places), by_chain);
}

static void add_fact(const struct walk *w, size_t to, enum what what)
{
	struct graph *g = w->g;
	struct fact f = { w->node, to, what, w->source };

	xl_push(g->arena, g->facts, g->n, g->cap, f);
}

static void walk_chain(const struct walk *from, const struct nft_chain *c);

static void go_to(const struct walk *w, const struct nft_chain *c, bool jump)
{
	struct place *at = place_of(w->g, c);

	at->used = true;
	if (is_node(c))
		add_fact(w, at->id, jump ? WHAT_JUMP : WHAT_GOTO);
	else if (at->walked != w->node) {
		at->walked = w->node;
		walk_chain(w, c);
	}
}

static void walk_expr(const struct walk *w, const struct nft_expr *e)
{
	const struct nft_set *set;

	if (!e)
		return;
	walk_expr(w, e->a);
	walk_expr(w, e->b);
	for (size_t i = 0; i < e->n; i++)
		walk_expr(w, e->elems[i]);
	if (e->kind == NFT_E_VERDICT && e->chain)
		go_to(w, e->chain, e->num == NFT_JUMP);
	set = e->kind == NFT_E_SETREF ? e->set : NULL;
	for (size_t i = 0; set && i < set->n; i++) {
		struct walk elem = { w->g, w->node, set->elems[i].source };

		if (!elem.source)
			elem.source = w->source;
		else
			add_fact(&elem, 0, WHAT_RULE);
		walk_expr(&elem, set->elems[i].data);
	}
}

static void walk_stmt(const struct walk *w, const struct nft_stmt *s)
{
	walk_expr(w, s->l);
	walk_expr(w, s->r);
	if (s->kind == NFT_S_NAT) {
		walk_expr(w, s->nat.addr);
		walk_expr(w, s->nat.port);
	}
	if (s->kind == NFT_S_VERDICT && s->chain)
		go_to(w, s->chain, s->verdict == NFT_JUMP);
}

static void walk_chain(const struct walk *from, const struct nft_chain *c)
{
	for (const struct nft_rule *r = c->rules; r; r = r->next) {
		struct walk w = { from->g, from->node, r->source ? r->source : from->source };

		if (r->source)
			add_fact(&w, 0, r->refused ? WHAT_REFUSED : WHAT_RULE);
		if (r->refused)
			continue;
		for (const struct nft_stmt *s = r->stmts.first; s; s = s->next)
			walk_stmt(&w, s);
	}
}

static int by_what(const struct fact *x, const struct fact *y)
{
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return x->what < y->what ? -1 : x->what > y->what;
}

static int by_all(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;
	int what = by_what(x, y);

	if (what)
		return what;
	return x->source < y->source ? -1 : x->source > y->source;
}

/* Facts of one kind in a row are one for the graph. The number of rules, and where the next begin.
 */
static size_t count_rules(const struct graph *g, size_t *at)
{
	const struct fact *f = g->facts;
	size_t first = *at, n = 0;

	for (; *at < g->n && !by_what(&f[*at], &f[first]); ++*at)
		n += *at == first || f[*at].source != f[*at - 1].source;
	return n;
}

static void collect(struct graph *g)
{
	for (const struct nft_table *t = g->nft->tables; t; t = t->next)
		for (const struct nft_chain *c = t->chains; c; c = c->next) {
			struct walk w = { g, place_of(g, c)->id, NULL };

			if (is_node(c))
				walk_chain(&w, c);
		}
	if (g->n)
		qsort(g->facts, g->n, sizeof(*g->facts), by_all);
}

/* A chain at a hook. */
struct seat {
	const struct nft_table *table;
	const struct nft_chain *chain;
	size_t id;
};

/* A hook of a family, and what is there in the order of packets. */
struct hook {
	const char *family, *name, *color;
	struct seat *seats;
	size_t n, cap;
};

static void hook_find(struct graph *g, struct hook *h)
{
	for (const struct nft_table *t = g->nft->tables; t; t = t->next)
		for (const struct nft_chain *c = t->chains; c; c = c->next) {
			struct seat seat = { t, c, place_of(g, c)->id };
			size_t at = h->n;

			if (!c->base || strcmp(t->family, h->family) ||
			    strcmp(c->base->hook, h->name))
				continue;
			xl_push(g->arena, h->seats, h->n, h->cap, seat);
			for (; at && h->seats[at - 1].chain->base->prio > c->base->prio; at--)
				h->seats[at] = h->seats[at - 1];
			h->seats[at] = seat;
		}
}

static void write_hook(struct xl_buf *b, const struct hook *h)
{
	xl_buf_printf(b,
		      "\t%s_%s [shape=plain, label=<<table border=\"0\" cellborder=\"1\" "
		      "cellspacing=\"0\" cellpadding=\"4\" bgcolor=\"#f5f6f8\" color=\"#57606a\">"
		      "<tr><td bgcolor=\"#e3e6ea\"><b>%s %s</b></td></tr>",
		      h->family, h->name, h->family, h->name);
	for (size_t i = 0; i < h->n; i++) {
		xl_buf_printf(b, "<tr><td port=\"p%zu\" align=\"left\">", h->seats[i].id);
		html_text(b, h->seats[i].table->name);
		xl_buf_puts(b, ", priority ");
		nft_write_priority(b, h->seats[i].chain->base);
		xl_buf_puts(b, "</td></tr>");
	}
	xl_buf_puts(b, "</table>>];\n");
	for (size_t i = 0; i < h->n; i++)
		xl_buf_printf(b, "\t%s_%s:p%zu -> c%zu [color=\"%s\"];\n", h->family, h->name,
			      h->seats[i].id, h->seats[i].id, h->color);
}

/* The ways of a packet from hook to hook. Arrows from a hook have a colour of their own. */
static const struct {
	const char *name, *color;
	const char *next[2];
} hooks[] = {
	{ "prerouting", "#0a5fc2", { "input", "forward" } },
	{ "input", "#1a7f37", { NULL } },
	{ "forward", "#8a5a00", { "postrouting" } },
	{ "output", "#6a3fc0", { "postrouting" } },
	{ "postrouting", "#c4161f", { NULL } },
};

enum { HOOKS = sizeof(hooks) / sizeof(hooks[0]) };

static bool follows(size_t hook, const char *name)
{
	for (size_t i = 0; i < sizeof(hooks->next) / sizeof(hooks->next[0]); i++)
		if (hooks[hook].next[i] && !strcmp(hooks[hook].next[i], name))
			return true;
	return false;
}

/* Hooks stand in a column, in their order: edges that are not seen hold them there. */
static void write_ways(struct xl_buf *b, const struct hook *have)
{
	const struct hook *last = NULL;

	xl_buf_puts(b, "\t{ rank=same");
	for (const struct hook *h = have; h < have + HOOKS; h++) {
		if (!h->n)
			continue;
		if (last)
			xl_buf_printf(b, "; %s_%s -> %s_%s [style=invis]", h->family, last->name,
				      h->family, h->name);
		last = h;
	}
	xl_buf_puts(b, " }\n");
	for (size_t i = 0; i < HOOKS; i++)
		for (size_t j = 0; j < HOOKS; j++)
			if (have[i].n && have[j].n && follows(i, have[j].name))
				xl_buf_printf(b,
					      "\t%s_%s -> %s_%s [style=bold, constraint=false, "
					      "color=\"#9ba5b0\"];\n",
					      have->family, have[i].name, have->family,
					      have[j].name);
}

static void write_hooks(struct xl_buf *b, struct graph *g)
{
	static const char *const families[] = { "bridge", "inet", "ip", "ip6" };

	for (size_t f = 0; f < sizeof(families) / sizeof(families[0]); f++) {
		struct hook have[HOOKS] = { 0 };

		for (size_t i = 0; i < HOOKS; i++) {
			have[i].family = families[f];
			have[i].name = hooks[i].name;
			have[i].color = hooks[i].color;
			hook_find(g, &have[i]);
			if (have[i].n)
				write_hook(b, &have[i]);
		}
		write_ways(b, have);
	}
}

/* The facts of a node stand behind each other, those without a target first. The rules whose work a
 * base chain of ours does are counted where they were read. */
static void write_counts(struct xl_buf *b, const struct graph *g, const struct place *place,
			 size_t *at)
{
	size_t id = place->id, rules = 0, refused = 0;

	while (*at < g->n && g->facts[*at].from == id && !g->facts[*at].to) {
		bool is_refused = g->facts[*at].what == WHAT_REFUSED;

		*(is_refused ? &refused : &rules) = count_rules(g, at);
	}
	if (place->chain->helper)
		xl_buf_puts(b, "for rules of other chains");
	else
		html_amount(b, rules + refused, "rule");
	if (refused)
		xl_buf_printf(b, "<br/><font color=\"#c4161f\">%zu not translated</font>", refused);
	while (*at < g->n && g->facts[*at].from == id)
		++*at;
}

static void write_chain(struct xl_buf *b, const struct graph *g, const struct nft_chain *c,
			size_t *at)
{
	const struct place *place = place_of(g, c);

	xl_buf_printf(b, "\t\tc%zu [fillcolor=\"%s\"%s, label=<<b>", place->id,
		      c->base ? "#eef6ff" : "#ffffff",
		      c->base || place->used ? "" : ", style=\"filled,rounded,dashed\"");
	html_text(b, c->name);
	xl_buf_puts(b, "</b><br/>");
	if (c->orig) {
		xl_buf_puts(b, "<font color=\"#57606a\">was “");
		html_text(b, c->orig);
		xl_buf_puts(b, "”</font><br/>");
	}
	if (c->base)
		xl_buf_printf(b, "<font color=\"%s\">policy %s</font><br/>",
			      c->base->policy == NFT_DROP ? "#c4161f" : "#57606a",
			      nft_verdict_words[c->base->policy]);
	else if (!place->used)
		xl_buf_puts(b, "<font color=\"#57606a\">not used</font><br/>");
	write_counts(b, g, place, at);
	xl_buf_puts(b, ">];\n");
}

static void write_tables(struct xl_buf *b, const struct graph *g)
{
	size_t at = 0, number = 0;

	for (const struct nft_table *t = g->nft->tables; t; t = t->next) {
		xl_buf_printf(b, "\tsubgraph cluster_%zu {\n\t\tlabel=<<b>%s ", ++number,
			      t->family);
		html_text(b, t->name);
		xl_buf_puts(b, "</b>>;\n");
		for (const struct nft_chain *c = t->chains; c; c = c->next)
			if (is_node(c))
				write_chain(b, g, c, &at);
		xl_buf_puts(b, "\t}\n");
	}
}

static void write_jumps(struct xl_buf *b, const struct graph *g)
{
	for (size_t at = 0; at < g->n;) {
		const struct fact *f = &g->facts[at];
		size_t n = count_rules(g, &at);

		if (!f->to)
			continue;
		xl_buf_printf(b, "\tc%zu -> c%zu [", f->from, f->to);
		if (f->what == WHAT_GOTO)
			xl_buf_puts(b, "style=dashed, label=\"goto");
		else
			xl_buf_puts(b, "label=\"");
		if (n > 1)
			xl_buf_printf(b, "%s×%zu", f->what == WHAT_GOTO ? " " : "", n);
		xl_buf_puts(b, "\"];\n");
	}
}

int ruleset_dot(struct run *r, const char *path)
{
	struct graph g = { .arena = &r->arena, .nft = &r->nft };
	struct xl_buf b = { 0 };

	index_chains(&g);
	collect(&g);
	xl_buf_puts(&b, "// To be read by graphviz, such as: dot -Tsvg -O FILE\n"
			"digraph ruleset {\n"
			"\tgraph [rankdir=LR, charset=\"UTF-8\", fontname=\"sans-serif\", "
			"fontsize=12, ranksep=0.9, nodesep=0.15, color=\"#d5d9df\", "
			"style=rounded];\n"
			"\tnode [shape=box, style=\"filled,rounded\", fontname=\"sans-serif\", "
			"fontsize=11, color=\"#57606a\", margin=\"0.12,0.05\"];\n"
			"\tedge [fontname=\"sans-serif\", fontsize=10, arrowsize=0.7];\n");
	write_hooks(&b, &g);
	write_tables(&b, &g);
	write_jumps(&b, &g);
	xl_buf_puts(&b, "}\n");
	return html_write(r, &b, path);
}
