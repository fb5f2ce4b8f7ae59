// SPDX-License-Identifier: GPL-2.0-or-later
/* -m realm: struct xt_realm_info. Semantics: realm_mt(), net/netfilter/xt_realm.c. The hooks where
 * it may stand are those where a packet has a route, so "!=" can always be loaded. */
#include "translate/ext.h"

#include <linux/netfilter/xt_realm.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_realm_info *i = c->data;

	if (i->id & ~i->mask)
		return i->invert ? true : xl_never(c);
	if (!i->mask)
		return i->invert ? xl_never(c) : true;
	xl_cmp_mask(c, NFT_META_RTCLASSID, i->invert, i->mask, i->id);
	return true;
}

const struct xl_ext xl_match_realm[] = {
	{ "realm", XL_MATCH, XL_V4, 0, 0, sizeof(struct xt_realm_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_realm_options[] = {
	{ .ext = "realm", .name = "--realm" },
	XL_OPTION_END,
};
