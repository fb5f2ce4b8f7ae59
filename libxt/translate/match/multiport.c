// SPDX-License-Identifier: GPL-2.0-or-later
/* -m multiport: struct xt_multiport (revision 0), xt_multiport_v1. Semantics: multiport_mt(),
 * net/netfilter/xt_multiport.c: one set of ports, for the source, the destination or either. */
#include "translate/ports.h"

#include <linux/netfilter/xt_multiport.h>
#include <stdlib.h>

struct range {
	uint16_t lo, hi;
};

struct ports {
	struct range r[XT_MULTI_PORTS];
	unsigned int n;
};

static int by_lo(const void *a, const void *b)
{
	return ((const struct range *)a)->lo - ((const struct range *)b)->lo;
}

/* Sorted, with what overlaps or touches merged: a set of nft must not overlap. */
static void normalise(struct ports *p)
{
	unsigned int n = 0;

	qsort(p->r, p->n, sizeof(p->r[0]), by_lo);
	for (unsigned int i = 0; i < p->n; i++) {
		struct range r = p->r[i];

		if (n && r.lo <= p->r[n - 1].hi + 1) {
			if (r.hi > p->r[n - 1].hi)
				p->r[n - 1].hi = r.hi;
		} else {
			p->r[n++] = r;
		}
	}
	p->n = n;
}

static void add(struct ports *p, uint16_t lo, uint16_t hi)
{
	if (lo <= hi && p->n < XT_MULTI_PORTS)
		p->r[p->n++] = (struct range){ lo, hi };
}

static bool all_ports(const struct ports *p)
{
	return p->n == 1 && p->r[0].lo == 0 && p->r[0].hi == 0xffff;
}

static void test(struct xl_ctx *c, enum nft_key_id key, bool inv, const struct ports *p)
{
	struct nft_expr *set;

	if (p->n == 1) {
		xl_cmp_range(c, key, inv, p->r[0].lo, p->r[0].hi);
		return;
	}
	set = nft_anon_set(c->arena);
	for (unsigned int i = 0; i < p->n; i++) {
		struct nft_expr *e = nft_val(c->arena, key, p->r[i].lo);

		if (p->r[i].hi != p->r[i].lo)
			e = nft_range(c->arena, e, nft_val(c->arena, key, p->r[i].hi));
		nft_expr_add(c->arena, set, e);
	}
	xl_add(c, nft_match(c->arena, nft_key(c->arena, key), inv ? NFT_NE : NFT_EQ, set));
}

static bool emit(struct xl_ctx *c, struct ports *p, unsigned int which, bool inv)
{
	bool either = which != XT_MULTIPORT_SOURCE && which != XT_MULTIPORT_DESTINATION;
	enum nft_key_id sport, dport;

	/* multiport_mt_check(): one of these, and not inverted. */
	if (c->proto_inv || !xl_port_keys(c->proto, &sport, &dport))
		return xl_refuse(c, "multiport needs -p with a protocol that has ports");
	normalise(p);
	if ((!p->n && !inv) || (all_ports(p) && inv))
		return xl_never(c);
	if (!either || inv || !p->n || all_ports(p)) {
		xl_first_fragment(c);
		xl_l4proto(c, c->proto);
		if (!p->n || all_ports(p))
			return true;
		if (which != XT_MULTIPORT_DESTINATION)
			test(c, sport, inv, p);
		if (which != XT_MULTIPORT_SOURCE)
			test(c, dport, inv, p);
		return true;
	}
	xl_begin_one_of(c);
	xl_first_fragment(c);
	test(c, sport, false, p);
	xl_next(c);
	xl_first_fragment(c);
	test(c, sport, true, p);
	test(c, dport, false, p);
	xl_end(c);
	return true;
}

static bool translate0(struct xl_ctx *c)
{
	const struct xt_multiport *i = c->data;
	struct ports p = { 0 };

	for (unsigned int n = 0; n < i->count && n < XT_MULTI_PORTS; n++)
		add(&p, i->ports[n], i->ports[n]);
	return emit(c, &p, i->flags, false);
}

static bool translate1(struct xl_ctx *c)
{
	const struct xt_multiport_v1 *i = c->data;
	struct ports p = { 0 };

	for (unsigned int n = 0; n < i->count && n < XT_MULTI_PORTS; n++) {
		uint16_t lo = i->ports[n];

		if (i->pflags[n] && ++n == XT_MULTI_PORTS)
			break;
		add(&p, lo, i->ports[n]);
	}
	return emit(c, &p, i->flags, i->invert);
}

const struct xl_ext xl_match_multiport[] = {
	{ "multiport", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_multiport), translate0 },
	{ "multiport", XL_MATCH, XL_BOTH, 1, 1, sizeof(struct xt_multiport_v1), translate1 },
	XL_EXT_END,
};

const struct xl_option xl_match_multiport_options[] = {
	{ .ext = "multiport", .name = "--source-ports --sports" },
	{ .ext = "multiport", .name = "--destination-ports --dports" },
	{ .ext = "multiport", .name = "--ports" },
	XL_OPTION_END,
};
