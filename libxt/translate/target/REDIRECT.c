// SPDX-License-Identifier: GPL-2.0-or-later
/* -j REDIRECT: net/netfilter/xt_REDIRECT.c. */
#include "translate/nat.h"

static bool translate4(struct xl_ctx *c)
{
	return xl_nat4(c, NFT_REDIRECT);
}

static bool translate1(struct xl_ctx *c)
{
	return xl_nat1(c, NFT_REDIRECT);
}

const struct xl_ext xl_target_REDIRECT[] = {
	{ "REDIRECT", XL_TARGET, XL_V4, 0, 0, sizeof(struct nf_nat_ipv4_multi_range_compat),
	  translate4 },
	{ "REDIRECT", XL_TARGET, XL_V6, 0, 0, sizeof(struct nf_nat_range), translate1 },
	XL_EXT_END,
};

const struct xl_option xl_target_REDIRECT_options[] = {
	{ .ext = "REDIRECT", .name = "--to-ports" },
	{ .ext = "REDIRECT", .name = "--random" },
	XL_OPTION_END,
};
