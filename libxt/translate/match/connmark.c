// SPDX-License-Identifier: GPL-2.0-or-later
/* -m connmark: struct xt_connmark_mtinfo1. Semantics: connmark_mt(), net/netfilter/xt_connmark.c:
 * without a connection false, inverted or not, as an nft rule that cannot load "ct mark". */
#include "translate/ext.h"

#include <linux/netfilter/xt_connmark.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_connmark_mtinfo1 *i = c->data;
	bool outside = i->mark & ~i->mask, any = !i->mask && !i->mark;

	if ((outside && !i->invert) || (any && i->invert))
		return xl_never(c);
	if (outside || any) /* true of every connection; nft lists "& 0x0" as something else */
		xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_CT_STATUS), NFT_GE,
				    nft_val(c->arena, NFT_CT_STATUS, 0)));
	else
		xl_cmp_mask(c, NFT_CT_MARK, i->invert, i->mask, i->mark);
	return true;
}

const struct xl_ext xl_match_connmark[] = {
	{ "connmark", XL_MATCH, XL_BOTH, 1, 1, sizeof(struct xt_connmark_mtinfo1), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_connmark_options[] = {
	{ .ext = "connmark", .name = "--mark" },
	XL_OPTION_END,
};
