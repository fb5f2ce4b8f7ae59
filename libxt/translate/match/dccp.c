// SPDX-License-Identifier: GPL-2.0-or-later
/* -m dccp: struct xt_dccp_info. Semantics: dccp_mt(), net/netfilter/xt_dccp.c. */
#include "translate/ext.h"

#include <linux/netfilter/xt_dccp.h>

/* Bit n of the mask is type n; the type has 4 bits. */
static void types(struct xl_ctx *c, unsigned int mask, bool inv)
{
	struct nft_expr *set = nft_anon_set(c->arena);

	if (mask == 0xffff || !mask) {
		if (!mask != inv)
			xl_never(c);
		return;
	}
	for (unsigned int lo = 0, hi; lo < 16; lo = hi + 1) {
		struct nft_expr *e = nft_val(c->arena, NFT_DCCP_TYPE, lo);

		hi = lo;
		if (!(mask & 1U << lo))
			continue;
		while (hi < 15 && mask & 2U << hi)
			hi++;
		if (hi > lo)
			e = nft_range(c->arena, e, nft_val(c->arena, NFT_DCCP_TYPE, hi));
		nft_expr_add(c->arena, set, e);
	}
	xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_DCCP_TYPE), inv ? NFT_NE : NFT_EQ,
			    set->n == 1 ? set->elems[0] : set));
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_dccp_info *i = c->data;

	if (i->flags & XT_DCCP_OPTION)
		return xl_refuse(c, "--dccp-option cannot be written for nft 1.0.6, and later ones "
				    "need a kernel with NFT_EXTHDR_DCCP");
	xl_first_fragment(c);
	xl_l4proto(c, IPPROTO_DCCP);
	if (i->flags & XT_DCCP_SRC_PORTS)
		xl_cmp_bounds(c, NFT_DCCP_SPORT, i->invflags & XT_DCCP_SRC_PORTS, i->spts[0],
			      i->spts[1]);
	if (i->flags & XT_DCCP_DEST_PORTS)
		xl_cmp_bounds(c, NFT_DCCP_DPORT, i->invflags & XT_DCCP_DEST_PORTS, i->dpts[0],
			      i->dpts[1]);
	if (i->flags & XT_DCCP_TYPE)
		types(c, i->typemask, i->invflags & XT_DCCP_TYPE);
	return true;
}

const struct xl_ext xl_match_dccp[] = {
	{ "dccp", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_dccp_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_dccp_options[] = {
	{ .ext = "dccp", .name = "--source-port --sport" },
	{ .ext = "dccp", .name = "--destination-port --dport" },
	{ .ext = "dccp", .name = "--dccp-types" },
	{ .ext = "dccp",
	  .name = "--dccp-option",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft 1.0.6 has no word for it, and later ones need a kernel with "
		 "NFT_EXTHDR_DCCP" },
	XL_OPTION_END,
};
