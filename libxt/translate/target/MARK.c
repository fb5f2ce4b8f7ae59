// SPDX-License-Identifier: GPL-2.0-or-later
/* -j MARK: mark_tg(), net/netfilter/xt_mark.c: mark = (mark & ~mask) ^ value. */
#include "translate/ext.h"

#include <linux/netfilter/xt_mark.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_mark_tginfo2 *i = c->data;
	struct nft_stmt *s = nft_assign_bits(c->arena, NFT_META_MARK, i->mask, i->mark);

	if (s)
		xl_add(c, s);
	return true;
}

const struct xl_ext xl_target_MARK[] = {
	{ "MARK", XL_TARGET, XL_BOTH, 2, 2, sizeof(struct xt_mark_tginfo2), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_MARK_options[] = {
	{ .ext = "MARK", .name = "--set-xmark" }, { .ext = "MARK", .name = "--set-mark" },
	{ .ext = "MARK", .name = "--and-mark" },  { .ext = "MARK", .name = "--or-mark" },
	{ .ext = "MARK", .name = "--xor-mark" },  XL_OPTION_END,
};
