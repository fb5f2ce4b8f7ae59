// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m addrtype: struct xt_addrtype_info (revision 0, IPv4), xt_addrtype_info_v1. Semantics:
 * net/netfilter/xt_addrtype.c. IPv4: the type of the address is one of the mask's. IPv6
 * (match_type6()): unicast, multicast and unspec are classes of addresses that must all hold; then
 * the route is one of local, anycast and unreachable, if any of these is in the mask.
 */
#include "translate/ext.h"

#include <arpa/inet.h>
#include <linux/netfilter/xt_addrtype.h>

/* The numbers of RTN_* (linux/rtnetlink.h), which fib's types are too. */
enum {
	UNSPEC,
	UNICAST,
	LOCAL,
	BROADCAST,
	ANYCAST,
	MULTICAST,
	BLACKHOLE,
	UNREACHABLE,
	PROHIBIT,
	THROW,
	TYPES = 12
};

#define BIT(n)	(1U << (n))
#define CLASSES (BIT(UNSPEC) | BIT(UNICAST) | BIT(MULTICAST))
#define ROUTES	(BIT(LOCAL) | BIT(ANYCAST) | BIT(UNREACHABLE))
/* What addrtype_mt_checkentry_v1() takes for IPv6. */
#define TYPES6 (CLASSES | ROUTES)

struct test {
	bool src;
	uint16_t mask;
	bool inv;
	unsigned int iface; /* XT_ADDRTYPE_LIMIT_IFACE_IN, _OUT or 0 */
};

static enum nft_key_id fib_key(const struct test *t)
{
	if (t->iface & XT_ADDRTYPE_LIMIT_IFACE_IN)
		return t->src ? NFT_FIB_SADDR_IIF_TYPE : NFT_FIB_DADDR_IIF_TYPE;
	if (t->iface & XT_ADDRTYPE_LIMIT_IFACE_OUT)
		return t->src ? NFT_FIB_SADDR_OIF_TYPE : NFT_FIB_DADDR_OIF_TYPE;
	return t->src ? NFT_FIB_SADDR_TYPE : NFT_FIB_DADDR_TYPE;
}

/* fib's type is one of @mask; it can always be loaded, so "!=" is an inversion. */
static void fib_type(struct xl_ctx *c, const struct test *t, unsigned int mask, bool inv)
{
	enum nft_key_id key = fib_key(t);
	struct nft_expr *r = nft_anon_set(c->arena);

	for (unsigned int i = 0; i < TYPES; i++)
		if (mask & BIT(i))
			nft_expr_add(c->arena, r, nft_val(c->arena, key, i));
	if (r->n == 1)
		r = r->elems[0];
	xl_add(c, nft_match(c->arena, nft_key(c->arena, key), inv ? NFT_NE : NFT_EQ, r));
}

static bool test4(struct xl_ctx *c, const struct test *t)
{
	unsigned int all = BIT(TYPES) - 1, mask = t->mask & all;

	if (!t->mask)
		return true;
	if (!mask || mask == all)
		return (mask == all) == t->inv ? xl_never(c) : true;
	fib_type(c, t, mask, t->inv);
	return true;
}

static struct nft_expr *prefix6(struct xl_ctx *c, const char *text, unsigned int len)
{
	uint8_t addr[16] = { 0 };
	struct nft_expr *e;

	inet_pton(AF_INET6, text, addr);
	e = nft_addr(c->arena, NFT_T_IPV6, addr);
	return len < 128 ? nft_prefix(c->arena, e, len) : e;
}

/* What ipv6_addr_type() calls unicast: all but ::, mapped IPv4 addresses and multicast. */
static void class6(struct xl_ctx *c, bool src, unsigned int class, bool inv)
{
	struct nft_expr *key = nft_key(c->arena, src ? NFT_IP6_SADDR : NFT_IP6_DADDR), *r;

	if (class == MULTICAST) {
		r = prefix6(c, "ff00::", 8);
	} else if (class == UNSPEC) {
		r = prefix6(c, "::", 128);
	} else {
		r = nft_anon_set(c->arena);
		nft_expr_add(c->arena, r, prefix6(c, "::", 128));
		nft_expr_add(c->arena, r, prefix6(c, "::ffff:0:0", 96));
		nft_expr_add(c->arena, r, prefix6(c, "ff00::", 8));
		inv = !inv;
	}
	xl_add(c, nft_match(c->arena, key, inv ? NFT_NE : NFT_EQ, r));
}

/* nft tells apart the ways in which a route can be unreachable (nft_fib6_eval_type()). */
static unsigned int fib_mask6(unsigned int mask)
{
	unsigned int fib = mask & (BIT(LOCAL) | BIT(ANYCAST));

	if (mask & BIT(UNREACHABLE))
		fib |= BIT(BLACKHOLE) | BIT(UNREACHABLE) | BIT(PROHIBIT) | BIT(THROW);
	return fib;
}

static void parts6(struct xl_ctx *c, const struct test *t, bool inv)
{
	static const unsigned int classes[] = { UNICAST, MULTICAST, UNSPEC };

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (t->mask & BIT(classes[i]))
			class6(c, t->src, classes[i], inv);
	if (t->mask & ROUTES)
		fib_type(c, t, fib_mask6(t->mask), inv);
}

static bool test6(struct xl_ctx *c, const struct test *t)
{
	unsigned int class = t->mask & CLASSES, parts = !!(t->mask & ROUTES);

	if (!t->mask)
		return true;
	if (t->mask & ~TYPES6)
		return xl_refuse(c, "addrtype: IPv6 has no addresses of type BROADCAST, BLACKHOLE, "
				    "PROHIBIT, THROW, NAT or XRESOLVE for the kernel, and it "
				    "refuses the rule");
	if (t->iface && t->mask & (BIT(ANYCAST) | BIT(UNREACHABLE)))
		return xl_refuse(c,
				 "addrtype %s with --limit-iface-in or -out looks for a route "
				 "out of that interface, which nft's fib cannot; leave out the "
				 "limit",
				 t->mask & BIT(ANYCAST) ? "ANYCAST" : "UNREACHABLE");
	for (unsigned int rest = class; rest; rest &= rest - 1)
		parts++;
	if (class & (class - 1)) /* no address is of two classes */
		return t->inv ? true : xl_never(c);
	if (!parts)
		return t->inv ? xl_never(c) : true;
	if (t->inv && parts > 1) {
		xl_begin_none(c);
		parts6(c, t, false);
		xl_end(c);
	} else {
		parts6(c, t, t->inv);
	}
	return true;
}

static bool both(struct xl_ctx *c, struct test src, struct test dst)
{
	bool (*one)(struct xl_ctx *, const struct test *) =
		c->family == NFPROTO_IPV4 ? test4 : test6;

	return one(c, &src) && one(c, &dst);
}

static bool translate0(struct xl_ctx *c)
{
	const struct xt_addrtype_info *i = c->data;

	return both(c, (struct test){ true, i->source, i->invert_source, 0 },
		    (struct test){ false, i->dest, i->invert_dest, 0 });
}

static bool translate1(struct xl_ctx *c)
{
	const struct xt_addrtype_info_v1 *i = c->data;
	unsigned int iface = i->flags & (XT_ADDRTYPE_LIMIT_IFACE_IN | XT_ADDRTYPE_LIMIT_IFACE_OUT);

	return both(c,
		    (struct test){ true, i->source, i->flags & XT_ADDRTYPE_INVERT_SOURCE, iface },
		    (struct test){ false, i->dest, i->flags & XT_ADDRTYPE_INVERT_DEST, iface });
}

const struct xl_ext xl_match_addrtype[] = {
	{ "addrtype", XL_MATCH, XL_V4, 0, 0, sizeof(struct xt_addrtype_info), translate0 },
	{ "addrtype", XL_MATCH, XL_BOTH, 1, 1, sizeof(struct xt_addrtype_info_v1), translate1 },
	XL_EXT_END,
};

const struct xl_option xl_match_addrtype_options[] = {
	{ .ext = "addrtype", .name = "--src-type" },
	{ .ext = "addrtype", .name = "--dst-type" },
	{ .ext = "addrtype",
	  .name = "--limit-iface-in",
	  .how = XL_PARTLY,
	  .why = "not with ANYCAST or UNREACHABLE, for which nft's fib takes no device" },
	{ .ext = "addrtype",
	  .name = "--limit-iface-out",
	  .how = XL_PARTLY,
	  .why = "not with ANYCAST or UNREACHABLE, for which nft's fib takes no device" },
	XL_OPTION_END,
};
