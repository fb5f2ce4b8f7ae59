// SPDX-License-Identifier: GPL-2.0-or-later
/* -m mark: struct xt_mark_mtinfo1. Semantics: mark_mt(), net/netfilter/xt_mark.c. */
#include "translate/ext.h"

#include <linux/netfilter/xt_mark.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_mark_mtinfo1 *i = c->data;

	/* (mark & mask) == value; bits of the value outside the mask are never there. */
	if (i->mark & ~i->mask)
		return i->invert ? true : xl_never(c);
	if (!i->mask)
		return i->invert ? xl_never(c) : true;
	xl_cmp_mask(c, NFT_META_MARK, i->invert, i->mask, i->mark);
	return true;
}

const struct xl_ext xl_match_mark[] = {
	{ "mark", XL_MATCH, XL_BOTH, 1, 1, sizeof(struct xt_mark_mtinfo1), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_mark_options[] = {
	{ .ext = "mark", .name = "--mark" },
	XL_OPTION_END,
};
