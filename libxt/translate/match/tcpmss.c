// SPDX-License-Identifier: GPL-2.0-or-later
/* -m tcpmss: struct xt_tcpmss_match_info. Semantics: tcpmss_mt(), net/netfilter/xt_tcpmss.c: a
 * segment without the option does not match, and so matches when inverted. */
#include "translate/ext.h"

#include <linux/netfilter/xt_tcpmss.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_tcpmss_match_info *i = c->data;

	if (i->mss_min > i->mss_max)
		return i->invert ? true : xl_never(c);
	if (i->invert)
		xl_begin_none(c);
	else
		xl_l4proto(c, IPPROTO_TCP);
	xl_cmp_range(c, NFT_TCPOPT_MAXSEG, false, i->mss_min, i->mss_max);
	xl_end(c);
	return true;
}

const struct xl_ext xl_match_tcpmss[] = {
	{ "tcpmss", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_tcpmss_match_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_tcpmss_options[] = {
	{ .ext = "tcpmss", .name = "--mss" },
	XL_OPTION_END,
};
