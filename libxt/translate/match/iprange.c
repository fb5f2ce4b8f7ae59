// SPDX-License-Identifier: GPL-2.0-or-later
/* -m iprange: struct xt_iprange_mtinfo. Semantics: iprange_mt4(), iprange_mt6(),
 * net/netfilter/xt_iprange.c. */
#include "translate/ext.h"

#include <linux/netfilter/xt_iprange.h>
#include <string.h>

static void range(struct xl_ctx *c, enum nft_key_id key, bool inv, const union nf_inet_addr *lo,
		  const union nf_inet_addr *hi)
{
	enum nft_type type = nft_keys[key].type;
	int order = memcmp(lo, hi, type == NFT_T_IPV4 ? 4 : 16);
	struct nft_expr *r = nft_addr(c->arena, type, lo);

	if (order > 0 && !inv)
		xl_never(c);
	if (order > 0)
		return;
	if (order < 0)
		r = nft_range(c->arena, r, nft_addr(c->arena, type, hi));
	xl_add(c, nft_match(c->arena, nft_key(c->arena, key), inv ? NFT_NE : NFT_EQ, r));
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_iprange_mtinfo *i = c->data;
	bool v4 = c->family == NFPROTO_IPV4;

	if (i->flags & IPRANGE_SRC)
		range(c, v4 ? NFT_IP_SADDR : NFT_IP6_SADDR, i->flags & IPRANGE_SRC_INV, &i->src_min,
		      &i->src_max);
	if (i->flags & IPRANGE_DST)
		range(c, v4 ? NFT_IP_DADDR : NFT_IP6_DADDR, i->flags & IPRANGE_DST_INV, &i->dst_min,
		      &i->dst_max);
	return true;
}

const struct xl_ext xl_match_iprange[] = {
	{ "iprange", XL_MATCH, XL_BOTH, 1, 1, sizeof(struct xt_iprange_mtinfo), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_iprange_options[] = {
	{ .ext = "iprange", .name = "--src-range" },
	{ .ext = "iprange", .name = "--dst-range" },
	XL_OPTION_END,
};
