// SPDX-License-Identifier: GPL-2.0-or-later
/* -j CLASSIFY: classify_tg(), net/netfilter/xt_CLASSIFY.c. */
#include "translate/ext.h"

#include <linux/netfilter/xt_CLASSIFY.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_classify_target_info *i = c->data;

	xl_add(c, nft_assign(c->arena, nft_key(c->arena, NFT_META_PRIORITY),
			     nft_val(c->arena, NFT_META_PRIORITY, i->priority)));
	return true;
}

const struct xl_ext xl_target_CLASSIFY[] = {
	{ "CLASSIFY", XL_TARGET, XL_BOTH, 0, 0, sizeof(struct xt_classify_target_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_CLASSIFY_options[] = {
	{ .ext = "CLASSIFY", .name = "--set-class" },
	XL_OPTION_END,
};
