// SPDX-License-Identifier: GPL-2.0-or-later
/* -j DSCP: dscp_tg() and dscp_tg6(), net/netfilter/xt_DSCP.c. */
#include "translate/setbits.h"

#include <linux/netfilter/xt_DSCP.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_DSCP_info *i = c->data;

	return xl_set_bits(c, c->family == NFPROTO_IPV4 ? NFT_IP_DSCP : NFT_IP6_DSCP, 0x3f,
			   i->dscp);
}

const struct xl_ext xl_target_DSCP[] = {
	{ "DSCP", XL_TARGET, XL_BOTH, 0, 0, sizeof(struct xt_DSCP_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_DSCP_options[] = {
	{ .ext = "DSCP", .name = "--set-dscp" },
	{ .ext = "DSCP", .name = "--set-dscp-class" },
	XL_OPTION_END,
};
