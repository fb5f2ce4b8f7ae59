// SPDX-License-Identifier: GPL-2.0-or-later
/* -m dscp: struct xt_dscp_info. Semantics: dscp_mt(), dscp_mt6(), net/netfilter/xt_dscp.c. */
#include "translate/ext.h"

#include <linux/netfilter/xt_dscp.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_dscp_info *i = c->data;

	xl_cmp(c, c->family == NFPROTO_IPV4 ? NFT_IP_DSCP : NFT_IP6_DSCP, i->invert, i->dscp);
	return true;
}

const struct xl_ext xl_match_dscp[] = {
	{ "dscp", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_dscp_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_dscp_options[] = {
	{ .ext = "dscp", .name = "--dscp" },
	{ .ext = "dscp", .name = "--dscp-class" },
	XL_OPTION_END,
};
