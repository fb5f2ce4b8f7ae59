// SPDX-License-Identifier: GPL-2.0-or-later
/* -j TRACE: trace_tg(), net/netfilter/xt_TRACE.c, sets the bit of the packet that nft's tracing
 * reads too. What is traced is told to "nft monitor trace" instead of the log. */
#include "translate/ext.h"

static bool translate(struct xl_ctx *c)
{
	xl_add(c, nft_assign(c->arena, nft_key(c->arena, NFT_META_NFTRACE),
			     nft_val(c->arena, NFT_META_NFTRACE, 1)));
	return true;
}

const struct xl_ext xl_target_TRACE[] = {
	{ "TRACE", XL_TARGET, XL_BOTH, 0, 0, 0, translate },
	XL_EXT_END,
};

const struct xl_option xl_target_TRACE_options[] = {
	{ .ext = "TRACE" },
	XL_OPTION_END,
};
