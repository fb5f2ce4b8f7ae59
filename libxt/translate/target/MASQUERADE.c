// SPDX-License-Identifier: GPL-2.0-or-later
/* -j MASQUERADE: net/netfilter/xt_MASQUERADE.c. */
#include "translate/nat.h"

static bool translate4(struct xl_ctx *c)
{
	return xl_nat4(c, NFT_MASQUERADE);
}

static bool translate1(struct xl_ctx *c)
{
	return xl_nat1(c, NFT_MASQUERADE);
}

const struct xl_ext xl_target_MASQUERADE[] = {
	{ "MASQUERADE", XL_TARGET, XL_V4, 0, 0, sizeof(struct nf_nat_ipv4_multi_range_compat),
	  translate4 },
	{ "MASQUERADE", XL_TARGET, XL_V6, 0, 0, sizeof(struct nf_nat_range), translate1 },
	XL_EXT_END,
};

const struct xl_option xl_target_MASQUERADE_options[] = {
	{ .ext = "MASQUERADE", .name = "--to-ports" },
	{ .ext = "MASQUERADE", .name = "--random" },
	{ .ext = "MASQUERADE", .name = "--random-fully" },
	XL_OPTION_END,
};
