// SPDX-License-Identifier: GPL-2.0-or-later
/* -m frag (IPv6): struct ip6t_frag. Semantics: frag_mt6(), net/ipv6/netfilter/ip6t_frag.c. The
 * kernel ignores --fraglen. */
#include "translate/exthdr.h"

#include <linux/netfilter_ipv6/ip6t_frag.h>

static bool translate(struct xl_ctx *c)
{
	const struct ip6t_frag *i = c->data;

	if (i->flags & IP6T_FRAG_MF && i->flags & IP6T_FRAG_NMF)
		return xl_never(c);
	xl_cmp_bounds(c, NFT_FRAG_ID, i->invflags & IP6T_FRAG_INV_IDS, i->ids[0], i->ids[1]);
	if (i->flags & IP6T_FRAG_RES) {
		xl_cmp(c, NFT_FRAG_RESERVED, false, 0);
		xl_cmp(c, NFT_FRAG_RESERVED2, false, 0);
	}
	if (i->flags & IP6T_FRAG_FST)
		xl_cmp(c, NFT_FRAG_FRAG_OFF, false, 0);
	if (i->flags & (IP6T_FRAG_MF | IP6T_FRAG_NMF))
		xl_cmp(c, NFT_FRAG_MORE, false, !!(i->flags & IP6T_FRAG_MF));
	xl_exthdr_at_least(c, NFT_EXTHDR_FRAG);
	return true;
}

const struct xl_ext xl_match_frag[] = {
	{ "frag", XL_MATCH, XL_V6, 0, 0, sizeof(struct ip6t_frag), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_frag_options[] = {
	{ .ext = "frag", .name = "--fragid" },
	{ .ext = "frag", .name = "--fraglen" },
	{ .ext = "frag", .name = "--fragres" },
	{ .ext = "frag", .name = "--fragfirst" },
	{ .ext = "frag", .name = "--fragmore" },
	{ .ext = "frag", .name = "--fraglast" },
	XL_OPTION_END,
};
