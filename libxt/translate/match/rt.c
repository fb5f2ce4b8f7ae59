// SPDX-License-Identifier: GPL-2.0-or-later
/* -m rt (IPv6): struct ip6t_rt. Semantics: rt_mt6(), net/ipv6/netfilter/ip6t_rt.c. */
#include "translate/exthdr.h"

#include <linux/netfilter_ipv6/ip6t_rt.h>

#define NFT_ADDRS 2 /* nft knows "rt0 addr[1]" and "rt0 addr[2]" */

static void address(struct xl_ctx *c, const struct ip6t_rt *i, unsigned int k, unsigned int place)
{
	xl_add(c, nft_match(c->arena, nft_key_num(c->arena, NFT_RT0_ADDR, place), NFT_EQ,
			    nft_addr(c->arena, NFT_T_IPV6, &i->addrs[k])));
}

/* Whether --rt-len leaves no more addresses than nft has names for. */
static bool is_short(const struct ip6t_rt *i)
{
	return i->flags & IP6T_RT_LEN && !(i->invflags & IP6T_RT_INV_LEN) &&
	       i->hdrlen < 8 + 16 * (NFT_ADDRS + 1);
}

/* These addresses in this order, others may lie between them. */
static bool search(struct xl_ctx *c, const struct ip6t_rt *i)
{
	unsigned int n = i->addrnr, spare;

	if (!n || n > NFT_ADDRS)
		return xl_refuse(c, "--rt-0-addrs: nft knows two addresses of a routing header");
	if (!is_short(i) && !xl_approximate(c))
		return xl_refuse(c, "--rt-0-not-strict: nft knows two addresses of a routing "
				    "header; give the length with --rt-len 24 or 40, or use "
				    "--approximate, which looks at no other addresses");
	spare = NFT_ADDRS - n;
	xl_begin_any(c);
	for (unsigned int place = 1; place <= 1 + spare; place++) {
		if (place > 1)
			xl_next(c);
		xl_cmp_range(c, NFT_RT_HDRLENGTH, false, 2ULL * (place + n - 1), UINT8_MAX);
		for (unsigned int k = 0; k < n; k++)
			address(c, i, k, place + k);
	}
	xl_end(c);
	return true;
}

/* Exactly these addresses; the length is 2 units an address, and an odd unit is not looked at. */
static bool addresses(struct xl_ctx *c, const struct ip6t_rt *i)
{
	unsigned int n = i->addrnr;

	if (i->flags & IP6T_RT_FST_NSTRICT)
		return search(c, i);
	if (n > NFT_ADDRS)
		return xl_refuse(c, "--rt-0-addrs: nft knows two addresses of a routing header");
	xl_cmp_range(c, NFT_RT_HDRLENGTH, false, 2ULL * n, 2ULL * n + 1);
	for (unsigned int k = 0; k < n; k++)
		address(c, i, k, k + 1);
	return true;
}

static bool translate(struct xl_ctx *c)
{
	const struct ip6t_rt *i = c->data;

	if (i->flags & IP6T_RT_TYP)
		xl_cmp_bounds(c, NFT_RT_TYPE, i->invflags & IP6T_RT_INV_TYP, i->rt_type,
			      i->rt_type);
	if (i->flags & IP6T_RT_LEN)
		xl_exthdr_length(c, NFT_RT_HDRLENGTH, NFT_EXTHDR_RT, i->invflags & IP6T_RT_INV_LEN,
				 i->hdrlen);
	xl_cmp_bounds(c, NFT_RT_SEGLEFT, i->invflags & IP6T_RT_INV_SGS, i->segsleft[0],
		      i->segsleft[1]);
	/* The reserved word of type 0 is where a segment routing header has these. */
	if (i->flags & IP6T_RT_RES) {
		xl_cmp(c, NFT_SRH_LAST_ENTRY, false, 0);
		xl_cmp(c, NFT_SRH_FLAGS, false, 0);
		xl_cmp(c, NFT_SRH_TAG, false, 0);
	}
	if (i->flags & IP6T_RT_FST)
		return addresses(c, i);
	xl_exthdr_at_least(c, NFT_EXTHDR_RT);
	return true;
}

const struct xl_ext xl_match_rt[] = {
	{ "rt", XL_MATCH, XL_V6, 0, 0, sizeof(struct ip6t_rt), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_rt_options[] = {
	{ .ext = "rt", .name = "--rt-type" },
	{ .ext = "rt", .name = "--rt-segsleft" },
	{ .ext = "rt", .name = "--rt-len" },
	{ .ext = "rt", .name = "--rt-0-res" },
	{ .ext = "rt",
	  .name = "--rt-0-addrs",
	  .how = XL_PARTLY,
	  .why = "for one or two addresses, which nft has names for" },
	{ .ext = "rt",
	  .name = "--rt-0-not-strict",
	  .how = XL_PARTLY,
	  .why = "with a --rt-len of up to two addresses; else --approximate looks at the first "
		 "two" },
	XL_OPTION_END,
};
