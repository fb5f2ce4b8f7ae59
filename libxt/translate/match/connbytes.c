// SPDX-License-Identifier: GPL-2.0-or-later
/* -m connbytes: struct xt_connbytes_info. Semantics: connbytes_mt(), net/netfilter/xt_connbytes.c.
 * from > to is the inversion of to..from. Both xtables and nft turn connection accounting on. */
#include "translate/ext.h"

#include <linux/netfilter/xt_connbytes.h>

static void compare(struct xl_ctx *c, enum nft_key_id key, enum nft_relop op, uint64_t num)
{
	xl_add(c, nft_match(c->arena, nft_key(c->arena, key), op, nft_val(c->arena, key, num)));
}

static bool translate(struct xl_ctx *c)
{
	static const enum nft_key_id keys[3][3] = {
		{ NFT_CT_ORIG_PACKETS, NFT_CT_REPL_PACKETS, NFT_CT_PACKETS },
		{ NFT_CT_ORIG_BYTES, NFT_CT_REPL_BYTES, NFT_CT_BYTES },
		{ NFT_CT_ORIG_AVGPKT, NFT_CT_REPL_AVGPKT, NFT_CT_AVGPKT },
	};
	const struct xt_connbytes_info *i = c->data;
	uint64_t from = i->count.from, to = i->count.to;
	enum nft_key_id key;

	if (i->what > XT_CONNBYTES_AVGPKT || i->direction > XT_CONNBYTES_DIR_BOTH)
		return xl_refuse(c, "connbytes has a mode or direction that is not known");
	key = keys[i->what][i->direction];
	if (from <= to && to == UINT64_MAX)
		compare(c, key, NFT_GE, from);
	else if (from <= to)
		xl_cmp_range(c, key, false, from, to);
	else if (from == UINT64_MAX)
		compare(c, key, NFT_LT, to);
	else
		xl_cmp_range(c, key, true, to, from);
	return true;
}

const struct xl_ext xl_match_connbytes[] = {
	{ "connbytes", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_connbytes_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_connbytes_options[] = {
	{ .ext = "connbytes", .name = "--connbytes" },
	{ .ext = "connbytes", .name = "--connbytes-dir" },
	{ .ext = "connbytes", .name = "--connbytes-mode" },
	XL_OPTION_END,
};
