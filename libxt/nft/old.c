// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nft before 1.0.6, of which 0.9.8 is tested: what it has another form for, and what it reads, or
 * lists, as something else. Found by loading, listing and sending packets through all case files.
 */
#include "nft/build.h"
#include "nft/passes.h"

#include <string.h>

/* True when @test holds for @e or a part of it. */
static bool any_part(const struct nft_expr *e, bool (*test)(const struct nft_expr *e))
{
	if (!e)
		return false;
	if (test(e) || any_part(e->a, test) || any_part(e->b, test))
		return true;
	for (size_t i = 0; i < e->n; i++)
		if (any_part(e->elems[i], test))
			return true;
	return false;
}

static bool is_inner(const struct nft_expr *e)
{
	return e->kind == NFT_E_RAW && e->base == NFT_BASE_IH;
}

/* Bits that are no whole bytes: listed as the name of another field, "ip6 l4proto & 15". */
static bool is_bits(const struct nft_expr *e)
{
	return e->kind == NFT_E_RAW && e->base == NFT_BASE_NH && (e->off % 8 || e->len % 8);
}

static bool is_sctp_chunk(const struct nft_expr *e)
{
	return e->kind == NFT_E_TEXT && !strncmp(e->str, "sctp chunk ", 11);
}

/* "can not use variable sized data types (integer) in concat expressions" */
static bool is_exthdr_pair(const struct nft_expr *e)
{
	for (size_t i = 0; e->kind == NFT_E_CONCAT && i < e->n; i++)
		if (e->elems[i]->kind == NFT_E_KEY &&
		    nft_keys[e->elems[i]->key].layer == NFT_L_EXTHDR)
			return true;
	return false;
}

/* netlink_export_pad() asserts that a part of a concatenation has a length. */
static bool is_device_interval(const struct nft_expr *e)
{
	return e->kind == NFT_E_SETREF && e->set->flags & NFT_SET_INTERVAL &&
	       strstr(e->set->type, " . ifname");
}

static const struct {
	bool (*test)(const struct nft_expr *e);
	const char *what;
} lacks[] = {
	{ is_inner, "what is behind the transport header (@ih)" },
	{ is_bits, "bits of the IP header" },
	{ is_sctp_chunk, "chunks of SCTP" },
	{ is_exthdr_pair, "two fields of an extension header at once" },
	{ is_device_interval, "networks together with devices in a set" },
};

static const char *lacking(const struct nft_stmt *s)
{
	if (s->kind == NFT_S_RESET)
		return "\"reset\" for TCP options";
	for (size_t i = 0; i < sizeof(lacks) / sizeof(lacks[0]); i++)
		if (any_part(s->l, lacks[i].test) || any_part(s->r, lacks[i].test))
			return lacks[i].what;
	return NULL;
}

static void each_rule(struct nft_ruleset *rs,
		      void (*what)(struct nft_ruleset *rs, struct nft_rule *r))
{
	for (struct nft_table *t = rs->tables; t; t = t->next)
		for (struct nft_chain *c = t->chains; c; c = c->next)
			for (struct nft_rule *r = c->rules; r; r = r->next)
				what(rs, r);
}

static void refuse(struct nft_ruleset *rs, struct nft_rule *r)
{
	const char *what = NULL;

	for (const struct nft_stmt *s = r->stmts.first; s && !what; s = s->next)
		what = lacking(s);
	if (what)
		r->refused = xl_printf(rs->arena, "nft before 1.0.6 cannot do this: %s", what);
}

void nft_refuse_for_old(struct nft_ruleset *rs)
{
	each_rule(rs, refuse);
}

/* "ct state ! new,related" is "ct state & (new | related) == 0x0". */
static void fit_nobits(struct xl_arena *a, struct nft_stmt *s)
{
	struct nft_expr *bits = s->r, *all;

	if (s->relop != NFT_NOBITS)
		return;
	all = bits->kind == NFT_E_SET ? bits->elems[0] : bits;
	for (size_t i = 1; bits->kind == NFT_E_SET && i < bits->n; i++)
		all = nft_bin(a, all, NFT_OP_OR, bits->elems[i]);
	s->l = nft_bin(a, s->l, NFT_OP_AND, all);
	s->r = nft_num(a, NFT_T_HEX, 0);
	s->relop = NFT_EQ;
}

/* A range of one value has "zero or negative size"; a set of one says as much. */
static void fit_range(struct xl_arena *a, struct nft_stmt *s)
{
	struct nft_expr *one = s->r && s->r->kind == NFT_E_RANGE ? s->r->a : NULL;

	if (!one || s->r->b != one)
		return;
	s->r = nft_anon_set(a);
	nft_expr_add(a, s->r, one);
}

/* Listed without its protocol where the guard stands behind it. */
static void guard_first(struct nft_rule *r)
{
	for (struct nft_stmt **p = &r->stmts.first, *guard; *p; p = &(*p)->next) {
		if ((*p)->kind != NFT_S_GUARD || p == &r->stmts.first)
			continue;
		guard = *p;
		*p = guard->next;
		if (!*p)
			r->stmts.end = p;
		guard->next = r->stmts.first;
		r->stmts.first = guard;
		return;
	}
}

static void fit(struct nft_ruleset *rs, struct nft_rule *r)
{
	static const char icmp[] = "icmp ", icmp6[] = "icmpv6 ";

	for (struct nft_stmt *s = r->stmts.first; s; s = s->next) {
		if (s->kind == NFT_S_MATCH) {
			fit_nobits(rs->arena, s);
			fit_range(rs->arena, s);
		} else if (s->kind == NFT_S_REJECT && !strncmp(s->name, icmp, strlen(icmp))) {
			s->name = xl_printf(rs->arena, "icmp type %s", s->name + strlen(icmp));
		} else if (s->kind == NFT_S_REJECT && !strncmp(s->name, icmp6, strlen(icmp6))) {
			s->name = xl_printf(rs->arena, "icmpv6 type %s", s->name + strlen(icmp6));
		}
	}
	guard_first(r);
}

void nft_fit_old(struct nft_ruleset *rs)
{
	each_rule(rs, fit);
}
