// SPDX-License-Identifier: GPL-2.0-or-later
/* -m mh (IPv6): struct ip6t_mh. Semantics: mh_mt6(), net/ipv6/netfilter/ip6t_mh.c. "exthdr mh"
 * finds none in later fragments, as mh_mt6() does. */
#include "translate/exthdr.h"

#include <linux/netfilter_ipv6/ip6t_mh.h>

static bool translate(struct xl_ctx *c)
{
	const struct ip6t_mh *i = c->data;

	xl_cmp_bounds(c, NFT_MH_TYPE, i->invflags & IP6T_MH_INV_TYPE, i->types[0], i->types[1]);
	xl_exthdr_at_least(c, NFT_EXTHDR_MH);
	return true;
}

const struct xl_ext xl_match_mh[] = {
	{ "mh", XL_MATCH, XL_V6, 0, 0, sizeof(struct ip6t_mh), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_mh_options[] = {
	{ .ext = "mh", .name = "--mh-type" },
	XL_OPTION_END,
};
