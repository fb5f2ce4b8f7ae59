// SPDX-License-Identifier: GPL-2.0-or-later
/* -j HL: hl_tg6(), net/netfilter/xt_HL.c. */
#include "translate/setbits.h"

#include <linux/netfilter_ipv6/ip6t_HL.h>

static bool translate(struct xl_ctx *c)
{
	const struct ip6t_HL_info *i = c->data;

	if (i->mode == IP6T_HL_SET)
		return xl_set_bits(c, NFT_IP6_HOPLIMIT, UINT8_MAX, i->hop_limit);
	return xl_set_sum(c, NFT_IP6_HOPLIMIT,
			  i->mode == IP6T_HL_INC ? i->hop_limit : -i->hop_limit);
}

const struct xl_ext xl_target_HL[] = {
	{ "HL", XL_TARGET, XL_V6, 0, 0, sizeof(struct ip6t_HL_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_HL_options[] = {
	{ .ext = "HL", .name = "--hl-set" },
	{ .ext = "HL", .name = "--hl-dec" },
	{ .ext = "HL", .name = "--hl-inc" },
	XL_OPTION_END,
};
