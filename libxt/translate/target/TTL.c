// SPDX-License-Identifier: GPL-2.0-or-later
/* -j TTL: ttl_tg(), net/netfilter/xt_HL.c. */
#include "translate/setbits.h"

#include <linux/netfilter_ipv4/ipt_TTL.h>

static bool translate(struct xl_ctx *c)
{
	const struct ipt_TTL_info *i = c->data;

	if (i->mode == IPT_TTL_SET)
		return xl_set_bits(c, NFT_IP_TTL, UINT8_MAX, i->ttl);
	return xl_set_sum(c, NFT_IP_TTL, i->mode == IPT_TTL_INC ? i->ttl : -i->ttl);
}

const struct xl_ext xl_target_TTL[] = {
	{ "TTL", XL_TARGET, XL_V4, 0, 0, sizeof(struct ipt_TTL_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_TTL_options[] = {
	{ .ext = "TTL", .name = "--ttl-set" },
	{ .ext = "TTL", .name = "--ttl-dec" },
	{ .ext = "TTL", .name = "--ttl-inc" },
	XL_OPTION_END,
};
