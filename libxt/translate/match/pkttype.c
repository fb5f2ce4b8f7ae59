// SPDX-License-Identifier: GPL-2.0-or-later
/* -m pkttype: struct xt_pkttype_info. Semantics: pkttype_mt(), net/netfilter/xt_pkttype.c; the
 * mapping of looped packets is the same in nft_meta_get_eval_pkttype_lo(). */
#include "translate/ext.h"

#include <linux/netfilter/xt_pkttype.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_pkttype_info *i = c->data;

	if (i->pkttype < 0 || i->pkttype > UINT8_MAX)
		return i->invert ? true : xl_never(c);
	xl_cmp(c, NFT_META_PKTTYPE, i->invert, (uint64_t)i->pkttype);
	return true;
}

const struct xl_ext xl_match_pkttype[] = {
	{ "pkttype", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_pkttype_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_pkttype_options[] = {
	{ .ext = "pkttype", .name = "--pkt-type" },
	XL_OPTION_END,
};
