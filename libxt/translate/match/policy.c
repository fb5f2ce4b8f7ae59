// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m policy: struct xt_policy_info. Semantics: policy_mt(), net/netfilter/xt_policy.c.
 *
 * Without --strict any of the packet's transforms may be the one that the rule is about, and nft
 * asks for one by its number; there are at most XFRM_MAX_DEPTH. With --strict they are all told,
 * from the outside in, where nft counts what came in from the inside out.
 */
#include "translate/ext.h"

#include <arpa/inet.h>
#include <linux/netfilter/xt_policy.h>
#include <string.h>

enum { MAX_DEPTH = 6 };

enum field { REQID, SPI, SADDR4, DADDR4, SADDR6, DADDR6 };

static enum nft_key_id key(bool in, enum field f)
{
	return (in ? NFT_IPSEC_IN_REQID : NFT_IPSEC_OUT_REQID) + f;
}

static void test(struct xl_ctx *c, enum nft_key_id id, unsigned int k, bool neg,
		 struct nft_expr *value)
{
	xl_add(c, nft_match(c->arena, nft_key_num(c->arena, id, k), neg ? NFT_NE : NFT_EQ, value));
}

static void exists(struct xl_ctx *c, bool in, unsigned int k)
{
	enum nft_key_id id = key(in, SPI);

	test(c, id, k, false,
	     nft_range(c->arena, nft_val(c->arena, id, 0), nft_val(c->arena, id, UINT32_MAX)));
}

static bool address(struct xl_ctx *c, enum nft_key_id id, unsigned int k, bool neg,
		    const union xt_policy_addr *addr, const union xt_policy_addr *mask)
{
	struct nft_expr *value = nft_addr(c->arena, nft_keys[id].type, addr);
	unsigned int bits = nft_keys[id].bits;
	int len = xl_prefix_len(mask, bits / 8);

	if (len < 0)
		return xl_refuse(c, "policy: a mask with holes for a tunnel's end");
	if ((unsigned int)len < bits)
		value = nft_prefix(c->arena, value, (unsigned int)len);
	test(c, id, k, neg, value);
	return true;
}

/* nft has the addresses of tunnels (and BEET) only. */
static void tunnel(struct xl_ctx *c, enum nft_key_id id, unsigned int k)
{
	static const uint8_t zero[16];
	uint8_t ones[16];

	memset(ones, 0xff, sizeof(ones));
	test(c, id, k, false,
	     nft_range(c->arena, nft_addr(c->arena, nft_keys[id].type, zero),
		       nft_addr(c->arena, nft_keys[id].type, ones)));
}

static bool wants_tunnel(const struct xt_policy_elem *e)
{
	return (e->mode == XT_POLICY_MODE_TUNNEL) != e->invert.mode;
}

/* A tunnel of either family carries the rule's packets; what is none is taken for transport mode.
 */
static void transport(struct xl_ctx *c, bool in, unsigned int k)
{
	exists(c, in, k);
	xl_begin_none(c);
	tunnel(c, key(in, SADDR4), k);
	xl_next(c);
	tunnel(c, key(in, SADDR6), k);
	xl_end(c);
}

static bool is_empty(const struct xt_policy_elem *e)
{
	return !e->match.reqid && !e->match.spi && !e->match.mode && !e->match.saddr &&
	       !e->match.daddr;
}

/* The tests of transform @k; each holds only if there is one. */
static bool element(struct xl_ctx *c, const struct xt_policy_elem *e, bool in, unsigned int k)
{
	bool v4 = c->family == NFPROTO_IPV4;

	if (is_empty(e))
		exists(c, in, k);
	if (e->match.mode && !wants_tunnel(e))
		transport(c, in, k);
	else if (e->match.mode && !e->match.saddr && !e->match.daddr)
		tunnel(c, key(in, v4 ? SADDR4 : SADDR6), k);
	if (e->match.reqid)
		test(c, key(in, REQID), k, e->invert.reqid,
		     nft_val(c->arena, key(in, REQID), e->reqid));
	if (e->match.spi)
		test(c, key(in, SPI), k, e->invert.spi,
		     nft_val(c->arena, key(in, SPI), ntohl(e->spi)));
	if (e->match.saddr &&
	    !address(c, key(in, v4 ? SADDR4 : SADDR6), k, e->invert.saddr, &e->saddr, &e->smask))
		return false;
	return !e->match.daddr ||
	       address(c, key(in, v4 ? DADDR4 : DADDR6), k, e->invert.daddr, &e->daddr, &e->dmask);
}

static bool can_element(struct xl_ctx *c, const struct xt_policy_elem *e)
{
	if (e->match.proto && (e->invert.proto || !xl_approximate(c)))
		return xl_refuse(c, "policy --proto: nft cannot tell ESP from AH and IPComp; "
				    "--approximate leaves the option out where it is not inverted");
	if (e->match.mode && !xl_approximate(c))
		return xl_refuse(c, "policy --mode: nft cannot tell a tunnel from BEET; "
				    "--approximate takes both for a tunnel");
	if (e->match.spi)
		xl_warn(c,
			"policy --spi: iptables compares the bytes in the order of the machine, "
			"which is not that of the packet; the translation does what it does, not "
			"what is meant");
	return true;
}

static bool can(struct xl_ctx *c, const struct xt_policy_info *i)
{
	for (unsigned int k = 0; k < i->len; k++)
		if (!can_element(c, &i->pol[k]))
			return false;
	return true;
}

static bool any_transform(struct xl_ctx *c, const struct xt_policy_info *i, bool in)
{
	const struct xt_policy_elem *e = &i->pol[0];
	enum nft_key_id id = in ? NFT_META_IPSEC : NFT_RT_IPSEC;

	if (is_empty(e)) {
		xl_add(c, nft_match(c->arena, nft_key(c->arena, id), NFT_EQ,
				    nft_exists(c->arena, true)));
		return true;
	}
	xl_begin_any(c);
	for (unsigned int k = 0; k < MAX_DEPTH; k++) {
		if (k)
			xl_next(c);
		if (!element(c, e, in, k))
			return false;
	}
	xl_end(c);
	return true;
}

static bool all_transforms(struct xl_ctx *c, const struct xt_policy_info *i, bool in)
{
	xl_begin_none(c);
	exists(c, in, i->len);
	xl_end(c);
	for (unsigned int k = 0; k < i->len; k++)
		if (!element(c, &i->pol[k], in, in ? i->len - 1 - k : k))
			return false;
	return true;
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_policy_info *i = c->data;
	bool in = i->flags & XT_POLICY_MATCH_IN;
	enum nft_key_id id = in ? NFT_META_IPSEC : NFT_RT_IPSEC;

	if (i->flags & XT_POLICY_MATCH_NONE) {
		xl_add(c, nft_match(c->arena, nft_key(c->arena, id), NFT_EQ,
				    nft_exists(c->arena, false)));
		return true;
	}
	if (!i->len || i->len > XT_POLICY_MAX_ELEM)
		return xl_refuse(c, "policy has no or too many elements");
	if (!can(c, i))
		return false;
	return i->flags & XT_POLICY_MATCH_STRICT ? all_transforms(c, i, in)
						 : any_transform(c, i, in);
}

const struct xl_ext xl_match_policy[] = {
	{ "policy", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_policy_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_policy_options[] = {
	{ .ext = "policy", .name = "--dir" },
	{ .ext = "policy", .name = "--pol" },
	{ .ext = "policy", .name = "--strict" },
	{ .ext = "policy", .name = "--reqid" },
	{ .ext = "policy", .name = "--spi" },
	{ .ext = "policy",
	  .name = "--tunnel-src",
	  .how = XL_APPROXIMATE,
	  .why = "iptables takes it with --mode tunnel only" },
	{ .ext = "policy",
	  .name = "--tunnel-dst",
	  .how = XL_APPROXIMATE,
	  .why = "iptables takes it with --mode tunnel only" },
	{ .ext = "policy",
	  .name = "--proto",
	  .how = XL_APPROXIMATE,
	  .why = "nft cannot tell ESP from AH and IPComp; --approximate leaves it out where it is "
		 "not inverted" },
	{ .ext = "policy",
	  .name = "--mode",
	  .how = XL_APPROXIMATE,
	  .why = "nft cannot tell a tunnel from BEET; --approximate takes both for a tunnel" },
	{ .ext = "policy", .name = "--next" },
	XL_OPTION_END,
};
