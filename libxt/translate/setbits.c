// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "ip dscp set ip dscp & 0x3c ^ 0x01" is refused by nft 1.0.6 and miscompiled by 1.1.3 (the
 * constant is not shifted to its place). What all versions write well is a constant. So there is a
 * chain with a rule for every result, and each ends the chain, since the new value may be the old
 * one of another rule.
 */
#include "translate/setbits.h"

#include "nft/value.h"

/* Appends "key set value" and a return to @r. */
static void set_and_return(struct xl_ctx *c, struct nft_rule *r, enum nft_key_id key,
			   unsigned int value)
{
	nft_stmts_add(&r->stmts,
		      nft_assign(c->arena, nft_key(c->arena, key), nft_val(c->arena, key, value)));
	nft_stmts_add(&r->stmts, nft_verdict(c->arena, NFT_RETURN, NULL));
}

/* "key & ~mask == rest". Of DSCP and ECN the values are enumerated: tests of single bits do not
 * survive nft's listing. */
static struct nft_stmt *rest_is(struct xl_ctx *c, enum nft_key_id key, unsigned int mask,
				unsigned int rest)
{
	unsigned int all = (1U << nft_keys[key].bits) - 1;
	struct nft_expr *l = nft_key(c->arena, key), *set = nft_anon_set(c->arena);

	if (mask && nft_type_is_bits(nft_keys[key].type))
		return nft_match(
			c->arena,
			nft_bin(c->arena, l, NFT_OP_AND, nft_val(c->arena, key, all & ~mask)),
			NFT_EQ, nft_val(c->arena, key, rest));
	for (unsigned int v = 0; v <= all; v++)
		if ((v & ~mask) == rest)
			nft_expr_add(c->arena, set, nft_val(c->arena, key, v));
	return nft_match(c->arena, l, NFT_EQ, set->n == 1 ? set->elems[0] : set);
}

static void by_value(struct xl_ctx *c, struct nft_chain *h, enum nft_key_id key, unsigned int mask,
		     unsigned int value)
{
	struct nft_rule *r;

	for (unsigned int rest = 0; rest < 1U << nft_keys[key].bits; rest++) {
		if (rest & mask)
			continue;
		r = xl_helper_rule(c, h);
		nft_stmts_add(&r->stmts, rest_is(c, key, mask, rest));
		set_and_return(c, r, key, rest ^ value);
	}
}

static struct nft_chain *jump_to_helper(struct xl_ctx *c)
{
	struct nft_chain *h;

	if (!c->place) {
		xl_refuse(c, "%s that keeps a part of the old value takes several chains", c->name);
		return NULL;
	}
	h = xl_helper_chain(c);
	h->uses++;
	xl_add(c, nft_verdict(c->arena, NFT_JUMP, h));
	return h;
}

static bool has_verdict(const struct nft_stmts *l)
{
	for (const struct nft_stmt *s = l ? l->first : NULL; s; s = s->next)
		if (s->kind == NFT_S_VERDICT)
			return true;
	return false;
}

bool xl_set_bits(struct xl_ctx *c, enum nft_key_id key, unsigned int mask, unsigned int value)
{
	unsigned int all = (1U << nft_keys[key].bits) - 1;
	struct nft_chain *h;

	mask &= all;
	value &= all;
	if (!mask && !value)
		return true;
	if (has_verdict(c->at))
		xl_next(c);
	if (mask == all) {
		xl_add(c,
		       nft_assign(c->arena, nft_key(c->arena, key), nft_val(c->arena, key, value)));
		return true;
	}
	h = jump_to_helper(c);
	if (h)
		by_value(c, h, key, mask, value);
	return h;
}

static unsigned int sum(unsigned int v, int add)
{
	int s = (int)v + add;

	return s < 0 ? 0 : s > UINT8_MAX ? UINT8_MAX : (unsigned int)s;
}

/* A rule of @h for the values @lo … @hi. */
static struct nft_rule *range_rule(struct xl_ctx *c, struct nft_chain *h, enum nft_key_id key,
				   unsigned int lo, unsigned int hi)
{
	struct nft_rule *r = xl_helper_rule(c, h);
	struct nft_expr *e = nft_val(c->arena, key, lo);

	if (lo != hi)
		e = nft_range(c->arena, e, nft_val(c->arena, key, hi));
	nft_stmts_add(&r->stmts, nft_match(c->arena, nft_key(c->arena, key), NFT_EQ, e));
	return r;
}

static void each_sum(struct xl_ctx *c, struct nft_chain *h, enum nft_key_id key, unsigned int lo,
		     unsigned int hi, int add)
{
	for (unsigned int v = lo; v <= hi; v++)
		set_and_return(c, range_rule(c, h, key, v, v), key, sum(v, add));
}

enum { SPAN = 16 };

/* In chains of 16 values, so that a packet does not walk past all of them. */
static void spans(struct xl_ctx *c, struct nft_chain *h, enum nft_key_id key, unsigned int lo,
		  unsigned int hi, int add)
{
	struct nft_chain *part;
	struct nft_rule *r;
	unsigned int end;

	for (; lo <= hi; lo = end + 1) {
		end = hi - lo < SPAN ? hi : lo + SPAN - 1;
		part = xl_helper_chain(c);
		part->uses++;
		r = range_rule(c, h, key, lo, end);
		nft_stmts_add(&r->stmts, nft_verdict(c->arena, NFT_GOTO, part));
		each_sum(c, part, key, lo, end, add);
	}
}

static void by_sum(struct xl_ctx *c, struct nft_chain *h, enum nft_key_id key, int add)
{
	/* What goes past the end, and what does not. */
	unsigned int from = add < 0 ? 1 : (unsigned int)(UINT8_MAX + 1 - add);
	unsigned int to = add < 0 ? (unsigned int)-add - 1 : UINT8_MAX - 1;
	unsigned int lo = add < 0 ? (unsigned int)-add : 0;
	unsigned int hi = add < 0 ? UINT8_MAX : (unsigned int)(UINT8_MAX - add);

	if (from <= to)
		set_and_return(c, range_rule(c, h, key, from, to), key, add < 0 ? 0 : UINT8_MAX);
	if (hi - lo < SPAN)
		each_sum(c, h, key, lo, hi, add);
	else
		spans(c, h, key, lo, hi, add);
}

/* Where no checksum covers the field, nft takes a map as its value. */
static void sum_map(struct xl_ctx *c, enum nft_key_id key, int add)
{
	struct nft_expr *map = nft_anon_set(c->arena);

	for (unsigned int v = 0; v <= UINT8_MAX; v++)
		nft_expr_add(c->arena, map,
			     nft_pair(c->arena, nft_val(c->arena, key, v),
				      nft_val(c->arena, key, sum(v, add))));
	xl_add(c, nft_assign(c->arena, nft_key(c->arena, key),
			     nft_map(c->arena, nft_key(c->arena, key), map)));
}

bool xl_set_sum(struct xl_ctx *c, enum nft_key_id key, int add)
{
	struct nft_chain *h;

	if (key == NFT_IP6_HOPLIMIT) {
		sum_map(c, key, add);
		return true;
	}
	if (!add)
		return true;
	h = jump_to_helper(c);
	if (h)
		by_sum(c, h, key, add);
	return h;
}
