// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m tos: struct xt_tos_match_info. Semantics: tos_mt(), net/netfilter/xt_dscp.c: the whole byte
 * (traffic class in IPv6) under a mask.
 *
 * nft lists a raw load under a mask with holes, and "!=" over the whole byte, as something else. So
 * a mask with holes is cut into runs of bits, and "not this byte" is the set of all other bytes. In
 * IPv6 the byte lies across two: nft 1.1.3 shifts the loaded bits for a set or range as if they
 * were a number of this host's byte order, so there it is a helper chain instead.
 */
#include "translate/ext.h"

#include <linux/netfilter/xt_dscp.h>

/* A run of bits of the byte: @shift from the right, @len long. */
struct run {
	unsigned int shift, len;
};

static bool next_run(unsigned int mask, struct run *r)
{
	r->shift += r->len;
	r->len = 0;
	while (r->shift < 8 && !(mask >> r->shift & 1))
		r->shift++;
	while (r->shift + r->len < 8 && mask >> (r->shift + r->len) & 1)
		r->len++;
	return r->len;
}

static struct nft_expr *all_but(struct xl_arena *a, unsigned int v)
{
	const unsigned int max = 0xff;
	struct nft_expr *set = nft_anon_set(a);
	struct nft_expr *below = nft_num(a, NFT_T_HEX, 0), *above = nft_num(a, NFT_T_HEX, max);

	if (v > 1)
		below = nft_range(a, below, nft_num(a, NFT_T_HEX, v - 1));
	if (v + 1 < max)
		above = nft_range(a, nft_num(a, NFT_T_HEX, v + 1), above);
	if (v == 0)
		return above;
	if (v == max)
		return below;
	nft_expr_add(a, set, below);
	nft_expr_add(a, set, above);
	return set;
}

static void test(struct xl_ctx *c, const struct run *r, unsigned int value, bool neg)
{
	unsigned int byte = c->family == NFPROTO_IPV4 ? 8 : 4, max = (1U << r->len) - 1;
	unsigned int v = value >> r->shift & max;
	struct nft_expr *load =
		nft_raw(c->arena, NFT_BASE_NH, byte + 8 - r->shift - r->len, r->len);
	bool set = neg && r->len == 8;

	xl_add(c, nft_match(c->arena, load, neg && !set ? NFT_NE : NFT_EQ,
			    set ? all_but(c->arena, v) : nft_num(c->arena, NFT_T_HEX, v)));
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_tos_match_info *i = c->data;
	struct run r = { 0, 0 }, first;

	if (i->tos_value & ~i->tos_mask)
		return i->invert ? true : xl_never(c);
	if (!next_run(i->tos_mask, &r))
		return i->invert ? xl_never(c) : true;
	first = r;
	if (!next_run(i->tos_mask, &r) &&
	    !(i->invert && first.len == 8 && c->family == NFPROTO_IPV6)) {
		test(c, &first, i->tos_value, i->invert);
		return true;
	}
	if (i->invert)
		xl_begin_none(c);
	r = (struct run){ 0, 0 };
	while (next_run(i->tos_mask, &r))
		test(c, &r, i->tos_value, false);
	xl_end(c);
	return true;
}

const struct xl_ext xl_match_tos[] = {
	{ "tos", XL_MATCH, XL_BOTH, 1, 1, sizeof(struct xt_tos_match_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_tos_options[] = {
	{ .ext = "tos", .name = "--tos" },
	XL_OPTION_END,
};
