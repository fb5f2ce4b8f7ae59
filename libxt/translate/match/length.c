// SPDX-License-Identifier: GPL-2.0-or-later
/* -m length: struct xt_length_info. Semantics: length_mt(), net/netfilter/xt_length.c: the length
 * with the network header, in IPv6 too, where "ip6 length" is that without. */
#include "translate/ext.h"

#include <linux/netfilter/xt_length.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_length_info *i = c->data;

	if (i->min > i->max)
		return i->invert ? true : xl_never(c);
	xl_cmp_range(c, NFT_META_LENGTH, i->invert, i->min, i->max);
	return true;
}

const struct xl_ext xl_match_length[] = {
	{ "length", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_length_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_length_options[] = {
	{ .ext = "length", .name = "--length" },
	XL_OPTION_END,
};
