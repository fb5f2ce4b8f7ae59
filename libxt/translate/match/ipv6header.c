// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m ipv6header (IPv6): struct ip6t_ipv6header_info. Semantics: ipv6header_mt6(),
 * net/ipv6/netfilter/ip6t_ipv6header.c: the set of extension headers, with one of esp, none and
 * proto for what ends them. nft stops at an AH, so it cannot tell what ends the headers behind one.
 */
#include "translate/core.h"
#include "translate/exthdr.h"

#include <linux/netfilter_ipv6/ip6t_ipv6header.h>

#define ENDS (MASK_ESP | MASK_NONE | MASK_PROTO)

static const struct {
	unsigned int mask;
	enum nft_key_id key;
} headers[] = {
	{ MASK_HOPOPTS, NFT_EXTHDR_HBH },
	{ MASK_DSTOPTS, NFT_EXTHDR_DST },
	{ MASK_ROUTING, NFT_EXTHDR_RT },
	{ MASK_FRAGMENT, NFT_EXTHDR_FRAG },
};

/* Of the headers in @which those in @there, and no others. */
static void presence(struct xl_ctx *c, unsigned int which, unsigned int there)
{
	for (size_t n = 0; n < sizeof(headers) / sizeof(headers[0]); n++)
		if (which & headers[n].mask)
			xl_exthdr(c, headers[n].key, there & headers[n].mask);
}

/* Without an AH: esp or none is the protocol; proto is any other. */
static void end(struct xl_ctx *c, unsigned int flags)
{
	static const uint8_t others[] = { IPPROTO_AH, IPPROTO_ESP, IPPROTO_NONE };
	struct nft_expr *set = nft_anon_set(c->arena);

	if (flags & (MASK_ESP | MASK_NONE)) {
		xl_l4proto(c, flags & MASK_ESP ? IPPROTO_ESP : IPPROTO_NONE);
		return;
	}
	for (size_t n = 0; n < sizeof(others); n++)
		nft_expr_add(c->arena, set, nft_val(c->arena, NFT_META_L4PROTO, others[n]));
	xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_META_L4PROTO), NFT_NE, set));
}

/* Exactly these headers, or not. */
static bool strict(struct xl_ctx *c, unsigned int flags, bool inv)
{
	unsigned int ends = flags & ENDS;

	if (!ends || ends & (ends - 1)) /* there is always just one end */
		return inv ? true : xl_never(c);
	if (ends != MASK_PROTO && c->proto && !c->proto_inv &&
	    c->proto != (ends == MASK_ESP ? IPPROTO_ESP : IPPROTO_NONE))
		return inv ? true : xl_never(c);
	if (flags & MASK_AH)
		return xl_refuse(c, "ipv6header with auth needs --soft: nft cannot see what is "
				    "behind an AH");
	if (inv)
		xl_begin_none(c);
	presence(c, ~0U, flags);
	end(c, flags);
	if (inv)
		xl_end(c);
	return true;
}

/* All of these headers, whatever else there is; or none of them. */
static bool soft(struct xl_ctx *c, unsigned int flags, bool inv)
{
	if (flags & ENDS)
		return xl_refuse(c,
				 "ipv6header --soft with esp, none or proto: nft cannot see what "
				 "is behind an AH; use -p");
	if ((flags & MASK_AH) && !inv && !xl_core_with_ah(c))
		return false;
	presence(c, flags, inv ? 0 : flags);
	if (flags & MASK_AH)
		xl_cmp(c, NFT_META_L4PROTO, inv, IPPROTO_AH);
	return true;
}

static bool translate(struct xl_ctx *c)
{
	const struct ip6t_ipv6header_info *i = c->data;

	return (i->modeflag ? soft : strict)(c, i->matchflags, i->invflags);
}

const struct xl_ext xl_match_ipv6header[] = {
	{ "ipv6header", XL_MATCH, XL_V6, 0, 0, sizeof(struct ip6t_ipv6header_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_ipv6header_options[] = {
	{ .ext = "ipv6header",
	  .name = "--header",
	  .how = XL_PARTLY,
	  .why = "with --soft; auth without it, and esp, none or proto with it, lie behind what "
		 "nft can see" },
	{ .ext = "ipv6header", .name = "--soft" },
	XL_OPTION_END,
};
