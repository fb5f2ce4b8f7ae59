// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Several rules in a row, each with a guard against later fragments, become a chain behind one
 * guard: a later fragment passes over all of them either way. Only rules that do not leave their
 * chain by "return" or "goto" and jump nowhere, so that the chain is the only level added.
 */
#include "nft/build.h"
#include "nft/names.h"
#include "nft/passes.h"

enum { RUN_MIN = 3, DEPTH_MAX = 15 };

static bool is_comment(const struct nft_rule *r)
{
	return nft_stmts_empty(&r->stmts);
}

/* The guard may move to the front: only tests without state stand before it. */
static bool is_guarded(const struct nft_rule *r)
{
	const struct nft_stmt *s = r->stmts.first;

	while (s && s->kind == NFT_S_MATCH)
		s = s->next;
	return s && s->kind == NFT_S_GUARD;
}

static bool stays_in_chain(const struct nft_rule *r)
{
	for (const struct nft_stmt *s = r->stmts.first; s; s = s->next) {
		if (s->chain || (s->kind == NFT_S_VERDICT && s->verdict == NFT_RETURN))
			return false;
		if (s->kind == NFT_S_VMAP || s->kind == NFT_S_TEXT)
			return false;
	}
	return true;
}

/* How many rules from @r on make a run; its last one is put in *@last. */
static unsigned int run_length(struct nft_rule *r, struct nft_rule **last)
{
	unsigned int n = 0;

	for (; r; r = r->next) {
		if (is_comment(r))
			continue;
		if (!is_guarded(r) || !stays_in_chain(r))
			break;
		*last = r;
		n++;
	}
	return n;
}

static struct nft_stmt *take_guard(struct nft_rule *r)
{
	struct nft_stmt **p = &r->stmts.first, *guard;

	while (*p && (*p)->kind != NFT_S_GUARD)
		p = &(*p)->next;
	guard = *p;
	if (!guard)
		return NULL;
	*p = guard->next;
	if (!*p)
		r->stmts.end = p;
	return guard;
}

/* Moves the rules from *@at to @last into a chain of their own. */
static void make_chain(struct nft_ruleset *rs, struct nft_table *t, struct nft_chain *c,
		       struct nft_rule **at, struct nft_rule *last)
{
	const char *want = xl_printf(rs->arena, "%s.unfragmented", c->name);
	struct nft_chain *to;
	struct nft_rule *jump = xl_new(rs->arena, struct nft_rule);
	struct nft_stmt *guard = NULL, *g;

	to = nft_chain_new(rs, t, nft_name_claim(rs->arena, &t->chain_names, want));
	to->helper = true;
	to->uses = 1;
	to->depth = c->depth + 1;
	to->rules = *at;
	to->end = &last->next;
	jump->next = last->next;
	last->next = NULL;
	*at = jump;
	if (c->end == &last->next)
		c->end = &jump->next;
	for (struct nft_rule *r = to->rules; r; r = r->next) {
		g = take_guard(r);
		guard = guard ? guard : g;
	}
	nft_stmts_init(&jump->stmts);
	nft_stmts_add(&jump->stmts, guard);
	nft_stmts_add(&jump->stmts, nft_verdict(rs->arena, NFT_JUMP, to));
	jump->note = "later fragments pass over these rules";
}

static void group_chain(struct nft_ruleset *rs, struct nft_table *t, struct nft_chain *c)
{
	struct nft_rule **at = &c->rules, *last = NULL;

	while (*at) {
		if (!is_comment(*at) && run_length(*at, &last) >= RUN_MIN)
			make_chain(rs, t, c, at, last);
		at = &(*at)->next;
	}
}

void nft_group_guards(struct nft_ruleset *rs)
{
	for (struct nft_table *t = rs->tables; t; t = t->next)
		for (struct nft_chain *c = t->chains; c; c = c->next)
			if (c->depth < DEPTH_MAX)
				group_chain(rs, t, c);
}
