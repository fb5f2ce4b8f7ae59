// SPDX-License-Identifier: GPL-2.0-or-later
/* -j DNAT: net/netfilter/xt_nat.c. Revision 2 has a base port for --to-destination :lo-hi/base. */
#include "translate/nat.h"

static bool translate0(struct xl_ctx *c)
{
	return xl_nat4(c, NFT_DNAT);
}

static bool translate1(struct xl_ctx *c)
{
	return xl_nat1(c, NFT_DNAT);
}

static bool translate2(struct xl_ctx *c)
{
	struct xl_nat_range r;

	return xl_nat_range2(c, &r) && xl_nat(c, NFT_DNAT, &r);
}

const struct xl_ext xl_target_DNAT[] = {
	{ "DNAT", XL_TARGET, XL_V4, 0, 0, sizeof(struct nf_nat_ipv4_multi_range_compat),
	  translate0 },
	{ "DNAT", XL_TARGET, XL_BOTH, 1, 1, sizeof(struct nf_nat_range), translate1 },
	{ "DNAT", XL_TARGET, XL_BOTH, 2, 2, sizeof(struct nf_nat_range2), translate2 },
	XL_EXT_END,
};

const struct xl_option xl_target_DNAT_options[] = {
	{ .ext = "DNAT",
	  .name = "--to-destination",
	  .how = XL_PARTLY,
	  .why = "ranges whose lower end comes first; a shifted port range after -p tcp, udp, sctp "
		 "or dccp" },
	{ .ext = "DNAT", .name = "--random" },
	{ .ext = "DNAT", .name = "--persistent" },
	XL_OPTION_END,
};
