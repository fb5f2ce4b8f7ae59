// SPDX-License-Identifier: GPL-2.0-or-later
/* -m ah: struct ipt_ah, struct ip6t_ah. Semantics: ah_mt(), net/ipv4/netfilter/ipt_ah.c; ah_mt6(),
 * net/ipv6/netfilter/ip6t_ah.c, where AH is an extension header. */
#include "translate/core.h"

#include <linux/netfilter_ipv4/ipt_ah.h>
#include <linux/netfilter_ipv6/ip6t_ah.h>

static bool ah4(struct xl_ctx *c)
{
	const struct ipt_ah *i = c->data;

	xl_first_fragment(c);
	xl_l4proto(c, IPPROTO_AH);
	xl_cmp_bounds(c, NFT_AH_SPI, i->invflags & IPT_AH_INV_SPI, i->spis[0], i->spis[1]);
	return true;
}

/* In bytes; the header counts units of 4 and leaves out two. */
static void length(struct xl_ctx *c, uint32_t bytes, bool inv)
{
	if (bytes % 4 == 0 && bytes >= 8 && bytes <= (255 + 2) * 4)
		xl_cmp(c, NFT_AH_HDRLENGTH, inv, bytes / 4 - 2);
	else if (!inv)
		xl_never(c);
}

static bool ah6(struct xl_ctx *c)
{
	const struct ip6t_ah *i = c->data;

	if (!xl_core_with_ah(c))
		return false;
	xl_first_fragment(c);
	xl_l4proto(c, IPPROTO_AH);
	xl_cmp_bounds(c, NFT_AH_SPI, i->invflags & IP6T_AH_INV_SPI, i->spis[0], i->spis[1]);
	if (i->hdrlen)
		length(c, i->hdrlen, i->invflags & IP6T_AH_INV_LEN);
	if (i->hdrres)
		xl_cmp(c, NFT_AH_RESERVED, false, 0);
	return true;
}

const struct xl_ext xl_match_ah[] = {
	{ "ah", XL_MATCH, XL_V4, 0, 0, sizeof(struct ipt_ah), ah4 },
	{ "ah", XL_MATCH, XL_V6, 0, 0, sizeof(struct ip6t_ah), ah6 },
	XL_EXT_END,
};

const struct xl_option xl_match_ah_options[] = {
	{ .ext = "ah", .name = "--ahspi" },
	{ .ext = "ah", .name = "--ahlen", .families = XL_V6 },
	{ .ext = "ah", .name = "--ahres", .families = XL_V6 },
	XL_OPTION_END,
};
