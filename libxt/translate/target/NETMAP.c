// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -j NETMAP: struct nf_nat_range, whose network is what the two addresses have in common.
 * netmap_tg4() and netmap_tg6() (net/netfilter/xt_NETMAP.c) map the destination in PREROUTING and
 * OUTPUT, the source in POSTROUTING and INPUT, as nft_nat_setup_netmap() (nft_nat.c) does for
 * "dnat prefix" and "snat prefix".
 */
#include "translate/env.h"
#include "translate/nat.h"

#include <string.h>

enum {
	DST_HOOKS = 1 << NF_INET_PRE_ROUTING | 1 << NF_INET_LOCAL_OUT,
	SRC_HOOKS = 1 << NF_INET_POST_ROUTING | 1 << NF_INET_LOCAL_IN,
};

/* The length of the prefix that @min and @max have in common, and the network; -1 when they differ
 * in other bits than all those behind it. */
static int network(const uint8_t *min, const uint8_t *max, unsigned int bytes, uint8_t *net)
{
	unsigned int len = 0, bits = bytes * 8;

	while (len < bits && !((min[len / 8] ^ max[len / 8]) & 0x80 >> len % 8))
		len++;
	memcpy(net, min, bytes);
	for (unsigned int i = len; i < bits; i++) {
		if (!((min[i / 8] ^ max[i / 8]) & 0x80 >> i % 8))
			return -1;
		net[i / 8] &= (uint8_t) ~(0x80 >> i % 8);
	}
	return (int)len;
}

static bool emit(struct xl_ctx *c, const struct xl_nat_range *r)
{
	bool v4 = c->family == NFPROTO_IPV4, dst = c->hooks & DST_HOOKS;
	struct nft_stmt *s = nft_stmt(c->arena, NFT_S_NAT);
	struct nft_expr *addr;
	uint8_t net[16];
	int len = network(r->min, r->max, v4 ? 4 : 16, net);

	/* In a chain that nothing reaches either will do. */
	if (dst && c->hooks & SRC_HOOKS && (c->reached || !c->env || c->env->opts.single))
		return xl_refuse(
			c, "NETMAP maps the destination in PREROUTING and OUTPUT, the source in "
			   "POSTROUTING and INPUT; this chain can be reached from both kinds, "
			   "and nft has one statement for each: make it two chains");
	if (r->flags != NF_NAT_RANGE_MAP_IPS || len < 0)
		return xl_refuse(c, "NETMAP to something else than a network");
	addr = nft_addr(c->arena, v4 ? NFT_T_IPV4 : NFT_T_IPV6, net);
	s->nat.kind = dst ? NFT_DNAT : NFT_SNAT;
	s->nat.addr = addr;
	/* A network of one address: some nft do not take it as a prefix. */
	if (len < (v4 ? 32 : 128)) {
		s->nat.flags = NFT_NAT_PREFIX;
		s->nat.addr = nft_prefix(c->arena, addr, (unsigned int)len);
	}
	xl_add(c, s);
	return true;
}

static bool translate4(struct xl_ctx *c)
{
	struct xl_nat_range r;

	return xl_nat_range4(c, &r) && emit(c, &r);
}

static bool translate6(struct xl_ctx *c)
{
	struct xl_nat_range r;

	return xl_nat_range1(c, &r) && emit(c, &r);
}

const struct xl_ext xl_target_NETMAP[] = {
	{ "NETMAP", XL_TARGET, XL_V4, 0, 0, sizeof(struct nf_nat_ipv4_multi_range_compat),
	  translate4 },
	{ "NETMAP", XL_TARGET, XL_V6, 0, 0, sizeof(struct nf_nat_range), translate6 },
	XL_EXT_END,
};

const struct xl_option xl_target_NETMAP_options[] = {
	{ .ext = "NETMAP",
	  .name = "--to",
	  .how = XL_PARTLY,
	  .why = "networks, in a chain that is not reached both from PREROUTING or OUTPUT and from "
		 "POSTROUTING or INPUT" },
	XL_OPTION_END,
};
