// SPDX-License-Identifier: GPL-2.0-or-later
/* -m devgroup: struct xt_devgroup_info. Semantics: devgroup_mt(), net/netfilter/xt_devgroup.c:
 * (group ^ device's group) & mask, so bits of the group outside the mask do not count. */
#include "translate/ext.h"

#include <linux/netfilter/xt_devgroup.h>

static bool side(struct xl_ctx *c, enum nft_key_id key, bool inv, uint32_t group, uint32_t mask)
{
	if (!mask)
		return inv ? xl_never(c) : true;
	xl_cmp_mask(c, key, inv, mask, group & mask);
	return true;
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_devgroup_info *i = c->data;

	if (i->flags & XT_DEVGROUP_MATCH_SRC)
		side(c, NFT_META_IIFGROUP, i->flags & XT_DEVGROUP_INVERT_SRC, i->src_group,
		     i->src_mask);
	if (i->flags & XT_DEVGROUP_MATCH_DST)
		side(c, NFT_META_OIFGROUP, i->flags & XT_DEVGROUP_INVERT_DST, i->dst_group,
		     i->dst_mask);
	return true;
}

const struct xl_ext xl_match_devgroup[] = {
	{ "devgroup", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_devgroup_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_devgroup_options[] = {
	{ .ext = "devgroup", .name = "--src-group" },
	{ .ext = "devgroup", .name = "--dst-group" },
	XL_OPTION_END,
};
