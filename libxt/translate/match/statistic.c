// SPDX-License-Identifier: GPL-2.0-or-later
/* -m statistic: struct xt_statistic_info. Semantics: statistic_mt(), net/netfilter/xt_statistic.c.
 */
#include "translate/ext.h"

#include <linux/netfilter/xt_statistic.h>

static const uint64_t one = 1ULL << 31; /* of probability: the kernel draws 31 bits */

static bool random_mode(struct xl_ctx *c, uint32_t p, bool inv)
{
	struct nft_expr *draw = nft_key(c->arena, NFT_META_RANDOM);

	if ((p == 0 && !inv) || (p >= one && inv))
		return xl_never(c);
	if (p == 0 || p >= one)
		return true;
	draw = nft_bin(c->arena, draw, NFT_OP_AND, nft_val(c->arena, NFT_META_RANDOM, one - 1));
	xl_stateful(c); /* a draw, so not to be repeated */
	xl_add(c, nft_match(c->arena, draw, inv ? NFT_GE : NFT_LT,
			    nft_val(c->arena, NFT_META_RANDOM, p)));
	return true;
}

/* Counts up to @every and matches as it starts again; @count is where it starts. */
static bool nth_mode(struct xl_ctx *c, uint32_t every, uint32_t count, bool inv)
{
	if (count > every || every == UINT32_MAX)
		return xl_refuse(c, "--packet must be less than --every");
	if (!every)
		return inv ? xl_never(c) : true;
	xl_stateful(c);
	xl_add(c, nft_match(c->arena, nft_numgen(c->arena, "inc", (uint64_t)every + 1),
			    inv ? NFT_NE : NFT_EQ, nft_num(c->arena, NFT_T_DEC, every - count)));
	return true;
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_statistic_info *i = c->data;
	bool inv = i->flags & XT_STATISTIC_INVERT;

	switch (i->mode) {
	case XT_STATISTIC_MODE_RANDOM:
		return random_mode(c, i->u.random.probability, inv);
	case XT_STATISTIC_MODE_NTH:
		return nth_mode(c, i->u.nth.every, i->u.nth.count, inv);
	}
	return xl_refuse(c, "statistic has a mode that is not known: %u", i->mode);
}

const struct xl_ext xl_match_statistic[] = {
	{ "statistic", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_statistic_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_statistic_options[] = {
	{ .ext = "statistic", .name = "--mode" },
	{ .ext = "statistic", .name = "--probability" },
	{ .ext = "statistic", .name = "--every" },
	{ .ext = "statistic", .name = "--packet" },
	XL_OPTION_END,
};
