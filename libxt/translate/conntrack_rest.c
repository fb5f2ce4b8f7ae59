// SPDX-License-Identifier: GPL-2.0-or-later
/* Semantics: conntrack_mt() and what it calls, net/netfilter/xt_conntrack.c. */
#include "translate/conntrack_rest.h"

#include <string.h>

/* The last whole second that "ct expiration" can hold: it is in milliseconds, of 32 bits. */
#define MAX_SECONDS (UINT32_MAX / 1000)

enum truth { ALWAYS, NEVER, SOMETIMES };

struct port_test {
	unsigned int flag;
	enum nft_key_id key;
	size_t lo, hi;
};

static const struct port_test port_tests[] = {
#define PORT(FLAG, key, field)                                                   \
	{                                                                        \
		XT_CONNTRACK_##FLAG##_PORT, key,                                 \
			offsetof(struct xt_conntrack_mtinfo3, field##_port),     \
			offsetof(struct xt_conntrack_mtinfo3, field##_port_high) \
	}
	PORT(ORIGSRC, NFT_CT_ORIG_PROTO_SRC, origsrc),
	PORT(ORIGDST, NFT_CT_ORIG_PROTO_DST, origdst),
	PORT(REPLSRC, NFT_CT_REPL_PROTO_SRC, replsrc),
	PORT(REPLDST, NFT_CT_REPL_PROTO_DST, repldst),
#undef PORT
};

struct addr_test {
	unsigned int flag;
	enum nft_key_id key4, key6;
	size_t addr, mask;
};

static const struct addr_test addr_tests[] = {
#define ADDR(FLAG, key4, key6, field)                                        \
	{                                                                    \
		XT_CONNTRACK_##FLAG, key4, key6,                             \
			offsetof(struct xt_conntrack_mtinfo3, field##_addr), \
			offsetof(struct xt_conntrack_mtinfo3, field##_mask)  \
	}
	ADDR(ORIGSRC, NFT_CT_ORIG_IP_SADDR, NFT_CT_ORIG_IP6_SADDR, origsrc),
	ADDR(ORIGDST, NFT_CT_ORIG_IP_DADDR, NFT_CT_ORIG_IP6_DADDR, origdst),
	ADDR(REPLSRC, NFT_CT_REPL_IP_SADDR, NFT_CT_REPL_IP6_SADDR, replsrc),
	ADDR(REPLDST, NFT_CT_REPL_IP_DADDR, NFT_CT_REPL_IP6_DADDR, repldst),
#undef ADDR
};

#define N_PORTS (sizeof(port_tests) / sizeof(port_tests[0]))
#define N_ADDRS (sizeof(addr_tests) / sizeof(addr_tests[0]))

static bool given(const struct xt_conntrack_mtinfo3 *i, unsigned int flag)
{
	return i->match_flags & flag;
}

static bool inverted(const struct xt_conntrack_mtinfo3 *i, unsigned int flag)
{
	return i->invert_flags & flag;
}

static uint16_t lo_port(const struct xt_conntrack_mtinfo3 *i, const struct port_test *t)
{
	uint16_t v;

	memcpy(&v, (const char *)i + t->lo, sizeof(v));
	return v;
}

static uint16_t hi_port(const struct xt_conntrack_mtinfo3 *i, const struct port_test *t)
{
	uint16_t v;

	memcpy(&v, (const char *)i + t->hi, sizeof(v));
	return v;
}

static enum truth invert_if(enum truth t, bool inv)
{
	if (t == SOMETIMES || !inv)
		return t;
	return t == ALWAYS ? NEVER : ALWAYS;
}

static enum truth port_truth(const struct xt_conntrack_mtinfo3 *i, const struct port_test *t)
{
	uint16_t lo = lo_port(i, t), hi = hi_port(i, t);
	enum truth truth = SOMETIMES;

	if (!given(i, t->flag))
		return ALWAYS;
	if (lo > hi)
		truth = NEVER;
	else if (lo == 0 && hi == 0xffff)
		truth = ALWAYS;
	return invert_if(truth, inverted(i, t->flag));
}

static const union nf_inet_addr *mask_of(const struct xt_conntrack_mtinfo3 *i,
					 const struct addr_test *t)
{
	return (const void *)((const char *)i + t->mask);
}

static enum truth addr_truth(const struct xl_ctx *c, const struct xt_conntrack_mtinfo3 *i,
			     const struct addr_test *t)
{
	static const union nf_inet_addr zero;
	bool any = !memcmp(mask_of(i, t), &zero, c->family == NFPROTO_IPV4 ? 4 : 16);

	if (!given(i, t->flag))
		return ALWAYS;
	return any ? invert_if(ALWAYS, inverted(i, t->flag)) : SOMETIMES;
}

static enum truth status_truth(const struct xt_conntrack_mtinfo3 *i)
{
	if (!given(i, XT_CONNTRACK_STATUS))
		return ALWAYS;
	if (i->status_mask)
		return SOMETIMES;
	return invert_if(NEVER, inverted(i, XT_CONNTRACK_STATUS));
}

/* The kernel compares whole seconds, rounded down: a..b is from a to just before b + 1. */
static enum truth expires_truth(const struct xt_conntrack_mtinfo3 *i)
{
	uint32_t lo = i->expires_min, hi = i->expires_max;
	enum truth truth = SOMETIMES;

	if (!given(i, XT_CONNTRACK_EXPIRES))
		return ALWAYS;
	if (lo > hi || lo > MAX_SECONDS)
		truth = NEVER;
	else if (lo == 0 && hi >= MAX_SECONDS)
		truth = ALWAYS;
	return invert_if(truth, inverted(i, XT_CONNTRACK_EXPIRES));
}

static bool zero_passes(const struct xt_conntrack_mtinfo3 *i)
{
	for (size_t n = 0; n < N_PORTS; n++) {
		const struct port_test *t = &port_tests[n];

		if (port_truth(i, t) == SOMETIMES && (lo_port(i, t) == 0) == inverted(i, t->flag))
			return false;
	}
	return true;
}

/*
 * Every protocol whose tuples hold something in the place of ports (nf_ct_get_tuple()). nft 1.0.6
 * takes these from "ct protocol", all but GRE, for which the packet's own protocol serves: GRE, or
 * ICMP for an error about the connection.
 */
static const struct {
	unsigned int families;
	struct xl_ct_case c;
} all_cases[] = {
	{ XL_BOTH, { .ct = IPPROTO_TCP } },
	{ XL_BOTH, { .ct = IPPROTO_UDP } },
	{ XL_BOTH, { .ct = IPPROTO_UDPLITE } },
	{ XL_BOTH, { .ct = IPPROTO_SCTP } },
	{ XL_BOTH, { .ct = IPPROTO_DCCP } },
	{ XL_V4, { .ct = IPPROTO_ICMP } },
	{ XL_V6, { .ct = IPPROTO_ICMPV6 } },
	{ XL_BOTH, { .ct = IPPROTO_GRE, .packet = IPPROTO_GRE } },
	{ XL_V4, { .ct = IPPROTO_GRE, .packet = IPPROTO_ICMP } },
	{ XL_V6, { .ct = IPPROTO_GRE, .packet = IPPROTO_ICMPV6 } },
};

#define N_CASES (sizeof(all_cases) / sizeof(all_cases[0]))

static bool ctproto_excludes(const struct xt_conntrack_mtinfo3 *i, uint8_t proto)
{
	return given(i, XT_CONNTRACK_PROTO) &&
	       (proto == i->l4proto) == inverted(i, XT_CONNTRACK_PROTO);
}

static bool in_family(const struct xl_ctx *c, size_t n)
{
	return all_cases[n].families & (c->family == NFPROTO_IPV4 ? XL_V4 : XL_V6);
}

static void add_case(struct xl_ct_rest *r, struct xl_ct_case pc)
{
	r->cases[r->n_cases++] = pc;
}

static void find_cases(struct xl_ctx *c, struct xl_ct_rest *r)
{
	const struct xt_conntrack_mtinfo3 *i = r->info;
	bool one = given(i, XT_CONNTRACK_PROTO) && !inverted(i, XT_CONNTRACK_PROTO);

	for (size_t n = 0; n < N_CASES; n++)
		if (in_family(c, n) && !ctproto_excludes(i, all_cases[n].c.ct))
			add_case(r, all_cases[n].c);
	if (zero_passes(i) && !(one && r->n_cases))
		add_case(r, (struct xl_ct_case){ .others = !one, .no_ports = true });
}

/* A packet's connection has its protocol, but for ICMP errors about another. */
static bool wrong_packet(const struct xl_ctx *c, const struct xt_conntrack_mtinfo3 *i)
{
	return c->proto && !c->proto_inv && c->proto != IPPROTO_ICMP &&
	       c->proto != IPPROTO_ICMPV6 && ctproto_excludes(i, c->proto);
}

void xl_ct_rest_init(struct xl_ctx *c, struct xl_ct_rest *r, const struct xt_conntrack_mtinfo3 *i)
{
	enum truth truth =
		given(i, XT_CONNTRACK_PROTO | XT_CONNTRACK_DIRECTION) ? SOMETIMES : ALWAYS;
	bool ports = false;

	*r = (struct xl_ct_rest){ .info = i, .n_expires = 1 };
	for (size_t n = 0; n < N_PORTS; n++) {
		enum truth t = port_truth(i, &port_tests[n]);

		r->never |= t == NEVER;
		ports |= t == SOMETIMES;
	}
	for (size_t n = 0; n < N_ADDRS; n++) {
		enum truth t = addr_truth(c, i, &addr_tests[n]);

		r->never |= t == NEVER;
		r->real |= t == SOMETIMES;
	}
	r->never |= status_truth(i) == NEVER || expires_truth(i) == NEVER;
	r->real |= ports || truth == SOMETIMES || status_truth(i) == SOMETIMES ||
		   expires_truth(i) == SOMETIMES;
	if (inverted(i, XT_CONNTRACK_EXPIRES) && i->expires_min && i->expires_max < MAX_SECONDS)
		r->n_expires = expires_truth(i) == SOMETIMES ? 2 : 1;
	if (!ports)
		add_case(r, (struct xl_ct_case){ 0 });
	else if (c->proto && !c->proto_inv)
		add_case(r, (struct xl_ct_case){ .packet = c->proto });
	else
		find_cases(c, r);
	r->never |= !r->n_cases || wrong_packet(c, i);
}

unsigned int xl_ct_rest_count(const struct xl_ct_rest *r)
{
	return r->n_cases * r->n_expires;
}

static void match(struct xl_ctx *c, enum nft_key_id key, enum nft_relop op, uint64_t num)
{
	xl_add(c, nft_match(c->arena, nft_key(c->arena, key), op, nft_val(c->arena, key, num)));
}

/* "ct protocol != { … }": those that have a case, and the one of "! --ctproto". */
static void other_protocols(struct xl_ctx *c, const struct xl_ct_rest *r)
{
	struct nft_expr *set = nft_anon_set(c->arena);
	const struct xt_conntrack_mtinfo3 *i = r->info;
	bool inv = given(i, XT_CONNTRACK_PROTO) && inverted(i, XT_CONNTRACK_PROTO);

	for (size_t n = 0; n < N_CASES; n++) {
		uint8_t p = all_cases[n].c.ct;

		if (!in_family(c, n) || (n && p == all_cases[n - 1].c.ct))
			continue;
		inv &= p != i->l4proto;
		nft_expr_add(c->arena, set, nft_val(c->arena, NFT_CT_PROTOCOL, p));
	}
	if (inv)
		nft_expr_add(c->arena, set, nft_val(c->arena, NFT_CT_PROTOCOL, i->l4proto));
	xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_CT_PROTOCOL), NFT_NE, set));
}

static void protocol(struct xl_ctx *c, const struct xl_ct_rest *r, const struct xl_ct_case *pc)
{
	const struct xt_conntrack_mtinfo3 *i = r->info;

	if (pc->packet)
		xl_l4proto(c, pc->packet);
	if (pc->others)
		other_protocols(c, r);
	else if (pc->ct)
		xl_cmp(c, NFT_CT_PROTOCOL, false, pc->ct);
	else if (given(i, XT_CONNTRACK_PROTO))
		xl_cmp(c, NFT_CT_PROTOCOL, inverted(i, XT_CONNTRACK_PROTO), i->l4proto);
}

static void ports(struct xl_ctx *c, const struct xt_conntrack_mtinfo3 *i)
{
	for (size_t n = 0; n < N_PORTS; n++) {
		const struct port_test *t = &port_tests[n];

		if (port_truth(i, t) == SOMETIMES)
			xl_cmp_range(c, t->key, inverted(i, t->flag), lo_port(i, t), hi_port(i, t));
	}
}

/* conntrack_addrcmp() masks both sides. */
static void addresses(struct xl_ctx *c, const struct xt_conntrack_mtinfo3 *i)
{
	for (size_t n = 0; n < N_ADDRS; n++) {
		const struct addr_test *t = &addr_tests[n];
		union nf_inet_addr addr;

		if (addr_truth(c, i, t) != SOMETIMES)
			continue;
		memcpy(&addr, (const char *)i + t->addr, sizeof(addr));
		for (unsigned int w = 0; w < 4; w++)
			addr.all[w] &= mask_of(i, t)->all[w];
		xl_cmp_addr(c, c->family == NFPROTO_IPV4 ? t->key4 : t->key6, inverted(i, t->flag),
			    &addr, mask_of(i, t));
	}
}

static void expires(struct xl_ctx *c, const struct xl_ct_rest *r, bool second)
{
	uint64_t lo = r->info->expires_min, hi = r->info->expires_max;
	bool inv = inverted(r->info, XT_CONNTRACK_EXPIRES);

	if (expires_truth(r->info) != SOMETIMES || !given(r->info, XT_CONNTRACK_EXPIRES))
		return;
	if (!inv && lo)
		match(c, NFT_CT_EXPIRATION, NFT_GE, lo);
	if (!inv && hi < MAX_SECONDS)
		match(c, NFT_CT_EXPIRATION, NFT_LT, hi + 1);
	if (inv && lo && !second)
		match(c, NFT_CT_EXPIRATION, NFT_LT, lo);
	else if (inv)
		match(c, NFT_CT_EXPIRATION, NFT_GE, hi + 1);
}

void xl_ct_rest_emit(struct xl_ctx *c, const struct xl_ct_rest *r, unsigned int num)
{
	const struct xt_conntrack_mtinfo3 *i = r->info;
	const struct xl_ct_case *pc = &r->cases[num % r->n_cases];

	if (r->needs_ct || (pc->no_ports && !pc->others))
		match(c, NFT_CT_STATUS, NFT_GE, 0);
	protocol(c, r, pc);
	if (!pc->no_ports)
		ports(c, i);
	addresses(c, i);
	if (given(i, XT_CONNTRACK_STATUS) && status_truth(i) == SOMETIMES)
		match(c, NFT_CT_STATUS, inverted(i, XT_CONNTRACK_STATUS) ? NFT_NOBITS : NFT_EQ,
		      i->status_mask);
	expires(c, r, num / r->n_cases);
	/* REPLY is ORIGINAL inverted. */
	if (given(i, XT_CONNTRACK_DIRECTION))
		xl_cmp(c, NFT_CT_DIRECTION, false, inverted(i, XT_CONNTRACK_DIRECTION));
}
