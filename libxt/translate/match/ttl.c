// SPDX-License-Identifier: GPL-2.0-or-later
/* -m ttl and -m hl: struct ipt_ttl_info, struct ip6t_hl_info. Semantics: net/netfilter/xt_hl.c. */
#include "translate/ext.h"

#include <linux/netfilter_ipv4/ipt_ttl.h>
#include <linux/netfilter_ipv6/ip6t_hl.h>

static bool compare(struct xl_ctx *c, enum nft_key_id key, enum nft_relop op, uint8_t value)
{
	xl_add(c, nft_match(c->arena, nft_key(c->arena, key), op, nft_val(c->arena, key, value)));
	return true;
}

/* IPT_TTL_* and IP6T_HL_* have the same values. */
static bool translate(struct xl_ctx *c)
{
	static const enum nft_relop ops[] = {
		[IPT_TTL_EQ] = NFT_EQ,
		[IPT_TTL_NE] = NFT_NE,
		[IPT_TTL_LT] = NFT_LT,
		[IPT_TTL_GT] = NFT_GT,
	};
	const struct ipt_ttl_info *i = c->data;
	enum nft_key_id key = c->family == NFPROTO_IPV4 ? NFT_IP_TTL : NFT_IP6_HOPLIMIT;

	_Static_assert(sizeof(struct ipt_ttl_info) == sizeof(struct ip6t_hl_info), "same layout");
	_Static_assert((int)IPT_TTL_GT == (int)IP6T_HL_GT, "same modes");
	if (i->mode >= sizeof(ops) / sizeof(ops[0]))
		return xl_never(c);
	if ((i->mode == IPT_TTL_LT && i->ttl == 0) || (i->mode == IPT_TTL_GT && i->ttl == 0xff))
		return xl_never(c);
	return compare(c, key, ops[i->mode], i->ttl);
}

const struct xl_ext xl_match_ttl[] = {
	{ "ttl", XL_MATCH, XL_V4, 0, 0, sizeof(struct ipt_ttl_info), translate },
	{ "hl", XL_MATCH, XL_V6, 0, 0, sizeof(struct ip6t_hl_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_ttl_options[] = {
	{ .ext = "ttl", .name = "--ttl-lt" },
	{ .ext = "ttl", .name = "--ttl-gt" },
	{ .ext = "ttl", .name = "--ttl-eq" },
	{ .ext = "ttl", .name = "--ttl" },
	{ .ext = "hl", .name = "--hl-lt" },
	{ .ext = "hl", .name = "--hl-gt" },
	{ .ext = "hl", .name = "--hl-eq" },
	{ .ext = "hl", .name = "--hl" },
	XL_OPTION_END,
};
