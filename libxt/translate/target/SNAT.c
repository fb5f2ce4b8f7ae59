// SPDX-License-Identifier: GPL-2.0-or-later
/* -j SNAT: net/netfilter/xt_nat.c. */
#include "translate/nat.h"

static bool translate4(struct xl_ctx *c)
{
	return xl_nat4(c, NFT_SNAT);
}

static bool translate1(struct xl_ctx *c)
{
	return xl_nat1(c, NFT_SNAT);
}

const struct xl_ext xl_target_SNAT[] = {
	{ "SNAT", XL_TARGET, XL_V4, 0, 0, sizeof(struct nf_nat_ipv4_multi_range_compat),
	  translate4 },
	{ "SNAT", XL_TARGET, XL_BOTH, 1, 1, sizeof(struct nf_nat_range), translate1 },
	XL_EXT_END,
};

const struct xl_option xl_target_SNAT_options[] = {
	{ .ext = "SNAT",
	  .name = "--to-source",
	  .how = XL_PARTLY,
	  .why = "ranges whose lower end comes first" },
	{ .ext = "SNAT", .name = "--random" },
	{ .ext = "SNAT", .name = "--random-fully" },
	{ .ext = "SNAT", .name = "--persistent" },
	XL_OPTION_END,
};
