// SPDX-License-Identifier: GPL-2.0-or-later
/* -m icmp and -m icmp6: struct ipt_icmp, struct ip6t_icmp. Semantics: icmp_match() and
 * icmp6_match(), net/netfilter/xt_icmp.c (formerly ip_tables.c, ip6_tables.c). */
#include "translate/ext.h"

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

/* icmp_type_code_match(): any code of any type when the type is 255, in IPv4 alone. */
#define ANY_TYPE 0xff

struct want {
	uint8_t proto, type, lo, hi;
	bool inv;
	enum nft_key_id type_key, code_key;
};

/* (type and code) inverted is no pair of "!=": either may differ. */
static void not_both(struct xl_ctx *c, const struct want *w)
{
	struct nft_expr *key, *val, *code, *set = nft_anon_set(c->arena);

	key = nft_concat(c->arena, nft_key(c->arena, w->type_key), nft_key(c->arena, w->code_key));
	code = nft_val(c->arena, w->code_key, w->lo);
	if (w->lo != w->hi)
		code = nft_range(c->arena, code, nft_val(c->arena, w->code_key, w->hi));
	val = nft_concat(c->arena, nft_val(c->arena, w->type_key, w->type), code);
	nft_expr_add(c->arena, set, val);
	xl_add(c, nft_match(c->arena, key, NFT_NE, set));
}

static bool emit(struct xl_ctx *c, const struct want *w)
{
	bool all_codes = w->lo == 0 && w->hi == 0xff;

	if (w->lo > w->hi && !w->inv)
		return xl_never(c);
	xl_first_fragment(c);
	xl_l4proto(c, w->proto);
	if (w->lo > w->hi)
		return true;
	if (w->inv && !all_codes) {
		not_both(c, w);
		return true;
	}
	xl_cmp(c, w->type_key, w->inv, w->type);
	if (!all_codes)
		xl_cmp_range(c, w->code_key, false, w->lo, w->hi);
	return true;
}

static bool icmp(struct xl_ctx *c)
{
	const struct ipt_icmp *i = c->data;
	bool inv = i->invflags & IPT_ICMP_INV;

	if (i->type == ANY_TYPE) {
		if (inv)
			return xl_never(c);
		xl_first_fragment(c);
		xl_l4proto(c, IPPROTO_ICMP);
		return true;
	}
	return emit(c, &(struct want){ IPPROTO_ICMP, i->type, i->code[0], i->code[1], inv,
				       NFT_ICMP_TYPE, NFT_ICMP_CODE });
}

static bool icmp6(struct xl_ctx *c)
{
	const struct ip6t_icmp *i = c->data;

	return emit(c, &(struct want){ IPPROTO_ICMPV6, i->type, i->code[0], i->code[1],
				       i->invflags & IP6T_ICMP_INV, NFT_ICMPV6_TYPE,
				       NFT_ICMPV6_CODE });
}

const struct xl_ext xl_match_icmp[] = {
	{ "icmp", XL_MATCH, XL_V4, 0, 0, sizeof(struct ipt_icmp), icmp },
	{ "icmp6", XL_MATCH, XL_V6, 0, 0, sizeof(struct ip6t_icmp), icmp6 },
	XL_EXT_END,
};

const struct xl_option xl_match_icmp_options[] = {
	{ .ext = "icmp", .name = "--icmp-type" },
	{ .ext = "icmp6", .name = "--icmpv6-type" },
	XL_OPTION_END,
};
