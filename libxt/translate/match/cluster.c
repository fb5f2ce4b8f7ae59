// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m cluster: struct xt_cluster_match_info. Semantics: xt_cluster_mt(), net/netfilter/xt_cluster.c:
 * reciprocal_scale(jhash_1word(source of the connection)), as nft_jhash_eval() computes it. Two
 * things are not in the rule. A connection that a helper expects goes where its master goes. And a
 * packet with a multicast MAC for an address that is not is made one for this host.
 */
#include "translate/ext.h"

#include <linux/netfilter/xt_cluster.h>

enum {
	PRE = 1 << NF_INET_PRE_ROUTING,
	IN = 1 << NF_INET_LOCAL_IN,
};

/* xt_cluster_is_multicast_addr(): 224.0.0.0/4 and ff00::/8, which is not looked at behind
 * PREROUTING, where nft_meta_set_eval() can set the type. */
static void make_ours(struct xl_ctx *c)
{
	static const uint8_t group[] = { 224, 0, 0, 0 }, group6[16] = { 0xff };
	struct xl_arena *a = c->arena;
	bool v4 = c->family == NFPROTO_IPV4;

	xl_begin_do(c);
	xl_add(c,
	       nft_match(a, nft_key(a, NFT_META_PKTTYPE), NFT_EQ, nft_text_expr(a, "multicast")));
	xl_add(c, nft_match(a, nft_key(a, v4 ? NFT_IP_DADDR : NFT_IP6_DADDR), NFT_NE,
			    v4 ? nft_prefix(a, nft_addr(a, NFT_T_IPV4, group), 4)
			       : nft_prefix(a, nft_addr(a, NFT_T_IPV6, group6), 8)));
	xl_add(c, nft_match(a, nft_key(a, NFT_CT_STATE), NFT_NE, nft_text_expr(a, "untracked")));
	xl_add(c, nft_assign(a, nft_key(a, NFT_META_PKTTYPE), nft_text_expr(a, "host")));
	xl_end(c);
}

static void nodes(struct xl_ctx *c, const struct xt_cluster_match_info *i, const char *source)
{
	struct xl_arena *a = c->arena;
	struct nft_expr *hash, *set = nft_anon_set(a), *one = NULL;
	unsigned int n = 0;

	for (unsigned int node = 0; node < XT_CLUSTER_NODES_MAX; node++) {
		if (!(i->node_mask & 1U << node))
			continue;
		one = nft_num(a, NFT_T_DEC, node);
		nft_expr_add(a, set, one);
		n++;
	}
	hash = nft_text_expr(
		a, xl_printf(a, "jhash %s mod %u seed 0x%x", source, i->total_nodes, i->hash_seed));
	xl_add(c, nft_match(a, hash, i->flags & XT_CLUSTER_F_INV ? NFT_NE : NFT_EQ,
			    n == 1 ? one : set));
}

/* xt_cluster_hash_ipv6() takes the first 32 bits only, which "ct original ip6 saddr" cannot. They
 * are in the packet: of a reply where it goes to, unless NAT changes that later. */
static void nodes6(struct xl_ctx *c, const struct xt_cluster_match_info *i)
{
	xl_begin_one_of(c);
	xl_cmp(c, NFT_CT_DIRECTION, false, 0);
	nodes(c, i, "@nh,64,32");
	xl_next(c);
	xl_cmp(c, NFT_CT_DIRECTION, false, 1);
	nodes(c, i, "@nh,192,32");
	xl_end(c);
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_cluster_match_info *i = c->data;

	if (!xl_approximate(c))
		return xl_refuse(c, "cluster: nft cannot send a connection that a helper expects "
				    "where its master goes; --approximate writes the rest");
	if (c->hooks & IN)
		return xl_refuse(c, "cluster: nft cannot make a multicast packet one for this host "
				    "in INPUT; use it in PREROUTING");
	if (c->hooks & PRE)
		make_ours(c);
	if (c->family == NFPROTO_IPV4)
		nodes(c, i, "ct original ip saddr");
	else
		nodes6(c, i);
	return true;
}

const struct xl_ext xl_match_cluster[] = {
	{ "cluster", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_cluster_match_info), translate },
	XL_EXT_END,
};

#define WHY                                                                                        \
	"nft cannot send a connection that a helper expects where its master goes, nor one to an " \
	"IPv6 address that NAT changes"
const struct xl_option xl_match_cluster_options[] = {
	{ .ext = "cluster", .name = "--cluster-total-nodes", .how = XL_APPROXIMATE, .why = WHY },
	{ .ext = "cluster", .name = "--cluster-local-node", .how = XL_APPROXIMATE, .why = WHY },
	{ .ext = "cluster", .name = "--cluster-local-nodemask", .how = XL_APPROXIMATE, .why = WHY },
	{ .ext = "cluster", .name = "--cluster-hash-seed", .how = XL_APPROXIMATE, .why = WHY },
	XL_OPTION_END,
};
