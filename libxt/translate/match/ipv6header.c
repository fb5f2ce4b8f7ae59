// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m ipv6header (IPv6): struct ip6t_ipv6header_info. Semantics: ipv6header_mt6(),
 * net/ipv6/netfilter/ip6t_ipv6header.c: the set of extension headers, with one of esp, none and
 * proto for what ends them. nft stops at an AH, so it cannot tell what ends the headers behind one.
 */
#include "translate/core.h"
#include "translate/exthdr.h"

#include <linux/netfilter_ipv6/ip6t_ipv6header.h>
#include <string.h>

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

/* What the headers in @flags that are an end say about it: one of @protos, or none of them. */
struct end {
	uint8_t protos[3];
	size_t n;
	bool inv;
};

static struct end end_of(unsigned int flags, bool inv)
{
	bool proto = flags & MASK_PROTO;
	struct end e = { .inv = proto != inv };

	if (!!(flags & MASK_ESP) != proto)
		e.protos[e.n++] = IPPROTO_ESP;
	if (!!(flags & MASK_NONE) != proto)
		e.protos[e.n++] = IPPROTO_NONE;
	return e;
}

static bool approximate(struct xl_ctx *c)
{
	return xl_approximate(c) ||
	       xl_refuse(c, "ipv6header: nft cannot see what is behind an AH; --approximate takes "
			    "it for the last extension header");
}

static void add_end(struct xl_ctx *c, bool behind, struct end e)
{
	if (!behind && e.inv) { /* nft takes an AH for the end */
		memmove(e.protos + 1, e.protos, e.n++);
		e.protos[0] = IPPROTO_AH;
	}
	xl_core_end(c, behind, e.inv, e.protos, e.n);
}

/* The end that -p says there is; 0: any. */
static unsigned int known_end(const struct xl_ctx *c)
{
	if (!c->proto || c->proto_inv)
		return 0;
	return c->proto == IPPROTO_ESP	  ? MASK_ESP
	       : c->proto == IPPROTO_NONE ? MASK_NONE
					  : MASK_PROTO;
}

/* Exactly these headers, or not. */
static bool strict(struct xl_ctx *c, unsigned int flags, bool inv)
{
	unsigned int ends = flags & ENDS, known = known_end(c);

	if (!ends || ends & (ends - 1)) /* there is always just one end */
		return inv ? true : xl_never(c);
	if (known && ends != known)
		return inv ? true : xl_never(c);
	if (flags & MASK_AH && (inv && c->proto ? !xl_refuse(c, "ipv6header with auth beside -p: "
								"nft cannot see what is behind an "
								"AH; leave out -p")
						: !xl_core_with_ah(c) || !approximate(c)))
		return false;
	if (inv)
		xl_begin_none(c);
	presence(c, ~0U, flags);
	if (!(flags & MASK_AH && known))
		add_end(c, flags & MASK_AH, end_of(ends, false));
	if (inv)
		xl_end(c);
	return true;
}

/* The end is one of these, or none of them with @inv, with an AH or without one. */
static bool any_end(struct xl_ctx *c, unsigned int ends, bool inv)
{
	struct end e = end_of(ends, inv);

	if (!approximate(c))
		return false;
	xl_begin_one_of(c);
	add_end(c, false, e);
	xl_next(c);
	add_end(c, true, e);
	xl_end(c);
	return true;
}

static bool soft_end(struct xl_ctx *c, unsigned int flags, bool inv)
{
	unsigned int ends = flags & ENDS, known = known_end(c);

	if (inv ? ends == ENDS || ends & known : ends & (ends - 1) || (known && ends != known))
		return xl_never(c);
	if (known)
		return true;
	if (!(flags & MASK_AH))
		return any_end(c, ends, inv);
	if (!inv && !approximate(c))
		return false;
	add_end(c, !inv, end_of(ends, inv));
	return true;
}

/* All of these headers, whatever else there is; or none of them. */
static bool soft(struct xl_ctx *c, unsigned int flags, bool inv)
{
	if ((flags & MASK_AH) && !inv && !xl_core_with_ah(c))
		return false;
	presence(c, flags, inv ? 0 : flags);
	if (flags & MASK_AH && !(flags & ENDS && inv)) /* else it is one of the ends */
		xl_cmp(c, NFT_META_L4PROTO, inv, IPPROTO_AH);
	return flags & ENDS ? soft_end(c, flags, inv) : true;
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
		 "nft can see: --approximate takes an AH for the last extension header" },
	{ .ext = "ipv6header", .name = "--soft" },
	XL_OPTION_END,
};
