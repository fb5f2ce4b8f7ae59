// SPDX-License-Identifier: GPL-2.0-or-later
/* -m connlabel: struct xt_connlabel_mtinfo. Semantics: connlabel_mt(),
 * net/netfilter/xt_connlabel.c: a packet without a connection has no label, so it matches when
 * inverted. */
#include "translate/ext.h"

#include <linux/netfilter/xt_connlabel.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_connlabel_mtinfo *i = c->data;

	if (i->bit > XT_CONNLABEL_MAXBIT)
		return xl_refuse(c, "--label %u: the kernel has labels up to %u", i->bit,
				 XT_CONNLABEL_MAXBIT);
	if (i->options & XT_CONNLABEL_OP_INVERT)
		xl_begin_none(c);
	if (i->options & XT_CONNLABEL_OP_SET)
		xl_add(c, nft_assign(c->arena, nft_key(c->arena, NFT_CT_LABEL),
				     nft_val(c->arena, NFT_CT_LABEL, i->bit)));
	xl_cmp(c, NFT_CT_LABEL, false, i->bit);
	xl_end(c);
	return true;
}

const struct xl_ext xl_match_connlabel[] = {
	{ "connlabel", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_connlabel_mtinfo), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_connlabel_options[] = {
	{ .ext = "connlabel", .name = "--label" },
	{ .ext = "connlabel", .name = "--set" },
	XL_OPTION_END,
};
