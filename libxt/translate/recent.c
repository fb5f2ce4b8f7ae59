// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sets for the lists of -m recent. Semantics: recent_mt(), net/netfilter/xt_recent.c.
 *
 * N hits in S seconds need the times of the last N hits. They are a ring: N sets with a timeout of
 * S, each hit goes to the next one and stays for S seconds, so that there were N hits in that time
 * when all N have the address. Which one is next is kept in N more sets, of which an address is in
 * one. When that is forgotten, after S seconds without a hit, the ring is empty and any will do.
 *
 * Adding to a set that is full ends the rule, so hits are added in rules of their own.
 */
#include "translate/recent.h"

#include "nft/names.h"
#include "translate/addr.h"
#include "translate/env.h"
#include "translate/rule.h"

#include <string.h>

struct xl_recent_window *xl_recent_window(struct xl_recent *l, uint32_t seconds, uint32_t hits)
{
	for (unsigned int i = 0; i < l->windows; i++)
		if (l->window[i].seconds == seconds && l->window[i].hits == hits)
			return &l->window[i];
	return NULL;
}

static struct nft_set *new_set(struct xl_ctx *c, const char *stem, uint32_t seconds)
{
	struct nft_set *s = xl_new_set(c, stem);

	s->type = xl_printf(c->arena, "typeof %s", nft_keys[xl_addr_key(c, true)].text);
	s->flags = NFT_SET_DYNAMIC;
	s->size = UINT16_MAX;
	if (seconds) {
		s->flags |= NFT_SET_TIMEOUT;
		s->timeout_ms = seconds * 1000ULL;
	}
	return s;
}

static void make_window(struct xl_ctx *c, const char *name, struct xl_recent_window *w)
{
	struct xl_arena *a = c->arena;

	if (w->hits == 1) {
		w->slot[0] =
			new_set(c, xl_printf(a, "recent_%s_%us", name, w->seconds), w->seconds);
		return;
	}
	for (unsigned int i = 0; i < w->hits; i++)
		w->slot[i] =
			new_set(c, xl_printf(a, "recent_%s_%us_hit%u", name, w->seconds, i + 1),
				w->seconds);
	for (unsigned int i = 0; i < w->hits; i++)
		w->next[i] =
			new_set(c, xl_printf(a, "recent_%s_%us_next%u", name, w->seconds, i + 1),
				w->seconds);
}

static void make_sets(struct xl_ctx *c, struct xl_recent *l)
{
	struct xl_arena *a = c->arena;

	if (l->made)
		return;
	l->made = true;
	if (l->exists && !l->hits)
		l->hits = 1;
	for (unsigned int i = 0; i < l->hits; i++)
		l->level[i] = new_set(c,
				      i ? xl_printf(a, "recent_%s_%ux", l->name, i + 1)
					: xl_printf(a, "recent_%s", l->name),
				      0);
	for (unsigned int i = 0; i < l->windows; i++)
		make_window(c, l->name, &l->window[i]);
}

struct xl_recent *xl_recent_list(struct xl_ctx *c, const char *name)
{
	struct xl_recent *l = c->env->recents;

	while (l && (l->family != c->family || strcmp(l->name, name) != 0))
		l = l->next;
	if (l && !l->why)
		make_sets(c, l);
	return l;
}

static struct nft_expr *key(struct xl_ctx *c, const struct xl_recent *l, bool src)
{
	return xl_masked_addr(c, xl_addr_key(c, src), &l->mask);
}

static struct nft_stmt *in_set(struct xl_ctx *c, const struct xl_recent *l, bool src,
			       struct nft_set *set)
{
	return nft_match(c->arena, key(c, l, src), NFT_EQ, nft_setref(c->arena, set));
}

void xl_recent_test_not(struct xl_ctx *c, struct xl_recent *l, bool src, uint32_t seconds,
			uint32_t hits)
{
	struct nft_stmt *s;

	if (seconds && hits > 1) {
		xl_begin_none(c);
		xl_recent_test(c, l, src, seconds, hits);
		xl_end(c);
		return;
	}
	s = in_set(c, l, src,
		   seconds ? xl_recent_window(l, seconds, 1)->slot[0] : l->level[hits - 1]);
	s->relop = NFT_NE; /* an address can always be loaded */
	xl_add(c, s);
}

static struct nft_stmt *change(struct xl_ctx *c, const struct xl_recent *l, bool src,
			       enum nft_dynset_op op, struct nft_set *set)
{
	return nft_dynset(c->arena, op, set, key(c, l, src));
}

void xl_recent_test(struct xl_ctx *c, struct xl_recent *l, bool src, uint32_t seconds,
		    uint32_t hits)
{
	struct xl_recent_window *w = xl_recent_window(l, seconds, hits);

	if (!seconds)
		xl_add(c, in_set(c, l, src, l->level[hits - 1]));
	for (uint32_t i = 0; seconds && i < hits; i++)
		xl_add(c, in_set(c, l, src, w->slot[i]));
}

static void ring_rule(struct xl_ctx *c, struct xl_recent *l, struct xl_recent_window *w, bool src,
		      uint32_t i)
{
	struct nft_rule *r = nft_rule_new(c->env->out, w->chain[!src], NULL);

	if (i < w->hits)
		nft_stmts_add(&r->stmts, in_set(c, l, src, w->next[i]));
	nft_stmts_add(&r->stmts, change(c, l, src, NFT_UPDATE, w->slot[i % w->hits]));
	nft_stmts_add(&r->stmts, change(c, l, src, NFT_UPDATE, w->next[(i + 1) % w->hits]));
	if (i == w->hits)
		return;
	nft_stmts_add(&r->stmts, change(c, l, src, NFT_DELETE, w->next[i]));
	nft_stmts_add(&r->stmts, nft_verdict(c->arena, NFT_RETURN, NULL));
}

static struct nft_chain *ring(struct xl_ctx *c, struct xl_recent *l, struct xl_recent_window *w,
			      bool src)
{
	struct nft_table *t = c->place->table;
	const char *name;

	if (w->chain[!src])
		return w->chain[!src];
	name = xl_printf(c->arena, "recent_%s_%us%s", l->name, w->seconds, src ? "" : "_dst");
	w->chain[!src] =
		nft_chain_new(c->env->out, t, nft_name_claim(c->arena, &t->chain_names, name));
	w->chain[!src]->helper = true;
	for (uint32_t i = 0; i <= w->hits; i++)
		ring_rule(c, l, w, src, i);
	return w->chain[!src];
}

/* Starts the next rule of the list of rules. */
static void next_rule(struct xl_ctx *c, struct xl_recent *l, bool src, bool known, bool *first)
{
	if (!*first)
		xl_next(c);
	*first = false;
	if (known)
		xl_add(c, in_set(c, l, src, l->level[0]));
}

void xl_recent_hit(struct xl_ctx *c, struct xl_recent *l, bool src, bool known)
{
	bool first = true;

	for (unsigned int i = 0; i < l->windows; i++) {
		struct xl_recent_window *w = &l->window[i];

		next_rule(c, l, src, known, &first);
		if (w->hits == 1) {
			xl_add(c, change(c, l, src, NFT_UPDATE, w->slot[0]));
			continue;
		}
		ring(c, l, w, src)->uses++;
		xl_add(c, nft_verdict(c->arena, NFT_JUMP, ring(c, l, w, src)));
	}
	/* From the top, so that a hit does not climb more than one level. */
	for (uint32_t i = l->hits; i-- > 0;) {
		next_rule(c, l, src, known, &first);
		if (i)
			xl_add(c, in_set(c, l, src, l->level[i - 1]));
		xl_add(c, change(c, l, src, NFT_ADD, l->level[i]));
	}
}

void xl_recent_forget(struct xl_ctx *c, struct xl_recent *l, bool src)
{
	for (uint32_t i = 0; i < l->hits; i++)
		xl_add(c, change(c, l, src, NFT_DELETE, l->level[i]));
	for (unsigned int i = 0; i < l->windows; i++) {
		struct xl_recent_window *w = &l->window[i];

		for (uint32_t j = 0; j < w->hits; j++) {
			xl_add(c, change(c, l, src, NFT_DELETE, w->slot[j]));
			if (w->hits > 1)
				xl_add(c, change(c, l, src, NFT_DELETE, w->next[j]));
		}
	}
}
