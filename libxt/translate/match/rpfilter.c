// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m rpfilter: struct xt_rpfilter_info. Semantics: rpfilter_mt(), net/ipv4/netfilter/ipt_rpfilter.c
 * and net/ipv6/netfilter/ip6t_rpfilter.c.
 *
 * nft's fib finds a route to a broadcast address, which is none to ipt_rpfilter, and none for the
 * source ::, which ip6t_rpfilter lets pass.
 */
#include "translate/ext.h"

#include <linux/netfilter/xt_rpfilter.h>
#include <linux/rtnetlink.h>

/* A broadcast address that a route says is one. nft calls 0.0.0.0/8 and 255.255.255.255 that
 * without asking (__inet_dev_addr_type()); they are looked up below, as iptables does. */
static void broadcast(struct xl_ctx *c)
{
	static const uint8_t zeronet[4] = { 0, 0, 0, 0 }, all[4] = { 255, 255, 255, 255 };
	struct nft_expr *set = nft_anon_set(c->arena);

	nft_expr_add(c->arena, set,
		     nft_prefix(c->arena, nft_addr(c->arena, NFT_T_IPV4, zeronet), 8));
	nft_expr_add(c->arena, set, nft_addr(c->arena, NFT_T_IPV4, all));
	xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_IP_SADDR), NFT_NE, set));
	xl_cmp(c, NFT_FIB_SADDR_TYPE, false, RTN_BROADCAST);
}

static void unspecified(struct xl_ctx *c, bool neg)
{
	static const uint8_t any[16];

	xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_IP6_SADDR), neg ? NFT_NE : NFT_EQ,
			    nft_addr(c->arena, NFT_T_IPV6, any)));
}

static void route(struct xl_ctx *c, unsigned int flags, bool exists)
{
	static const enum nft_key_id keys[2][2] = {
		{ NFT_FIB_SADDR_IIF_OIF, NFT_FIB_SADDR_MARK_IIF_OIF },
		{ NFT_FIB_SADDR_OIF, NFT_FIB_SADDR_MARK_OIF },
	};

	xl_cmp(c, keys[!!(flags & XT_RPFILTER_LOOSE)][!!(flags & XT_RPFILTER_VALID_MARK)], exists,
	       0);
}

/* --accept-local: ipt_rpfilter wants the address to be of the device, strictly; ip6t_rpfilter does
 * not. */
static void local(struct xl_ctx *c, unsigned int flags, bool neg)
{
	bool dev = c->family == NFPROTO_IPV4 && !(flags & XT_RPFILTER_LOOSE);

	xl_cmp(c, dev ? NFT_FIB_SADDR_IIF_TYPE : NFT_FIB_SADDR_TYPE, neg, RTN_LOCAL);
}

static void inverted(struct xl_ctx *c, unsigned int flags)
{
	if (c->family == NFPROTO_IPV4) {
		xl_begin_any(c);
		broadcast(c);
		xl_next(c);
	} else {
		unspecified(c, true);
	}
	if (flags & XT_RPFILTER_ACCEPT_LOCAL)
		local(c, flags, true);
	route(c, flags, false);
	xl_end(c);
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_rpfilter_info *i = c->data;

	if (i->flags & XT_RPFILTER_INVERT) {
		inverted(c, i->flags);
		return true;
	}
	if (c->family == NFPROTO_IPV4) {
		xl_begin_none(c);
		broadcast(c);
		xl_end(c);
		xl_begin_any(c);
	} else {
		xl_begin_any(c);
		unspecified(c, false);
		xl_next(c);
	}
	route(c, i->flags, true);
	if (i->flags & XT_RPFILTER_ACCEPT_LOCAL) {
		xl_next(c);
		local(c, i->flags, false);
	}
	xl_end(c);
	return true;
}

const struct xl_ext xl_match_rpfilter[] = {
	{ "rpfilter", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_rpfilter_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_rpfilter_options[] = {
	{ .ext = "rpfilter", .name = "--loose" },
	{ .ext = "rpfilter", .name = "--validmark" },
	{ .ext = "rpfilter", .name = "--accept-local" },
	{ .ext = "rpfilter", .name = "--invert" },
	XL_OPTION_END,
};
