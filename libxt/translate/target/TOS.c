// SPDX-License-Identifier: GPL-2.0-or-later
/* -j TOS: tos_tg() and tos_tg6(), net/netfilter/xt_DSCP.c: the byte that holds DSCP and ECN becomes
 * (byte & ~mask) ^ value. */
#include "translate/setbits.h"

#include <linux/netfilter/xt_DSCP.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_tos_target_info *i = c->data;
	bool v4 = c->family == NFPROTO_IPV4;

	return xl_set_bits(c, v4 ? NFT_IP_DSCP : NFT_IP6_DSCP, i->tos_mask >> 2,
			   i->tos_value >> 2) &&
	       xl_set_bits(c, v4 ? NFT_IP_ECN : NFT_IP6_ECN, i->tos_mask & 3, i->tos_value & 3);
}

const struct xl_ext xl_target_TOS[] = {
	{ "TOS", XL_TARGET, XL_BOTH, 1, 1, sizeof(struct xt_tos_target_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_TOS_options[] = {
	{ .ext = "TOS", .name = "--set-tos" },
	{ .ext = "TOS", .name = "--and-tos" },
	{ .ext = "TOS", .name = "--or-tos" },
	{ .ext = "TOS", .name = "--xor-tos" },
	XL_OPTION_END,
};
