// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m osf (IPv4): struct nf_osf_info. Semantics: nf_osf_match(), net/netfilter/nfnetlink_osf.c. The
 * fingerprints are those of nfnl_osf(8) for both. xtables looks through those of one genre, nft's
 * nf_osf_find() takes the first of any genre.
 */
#include "translate/ext.h"

#include <linux/netfilter/nfnetlink_osf.h>
#include <string.h>

static bool translate(struct xl_ctx *c)
{
	static const char *const ttls[] = {
		[NF_OSF_TTL_TRUE] = "osf name",
		[NF_OSF_TTL_LESS] = "osf ttl loose name",
		[NF_OSF_TTL_NOCHECK] = "osf ttl skip name",
	};
	const struct nf_osf_info *i = c->data;
	uint32_t ttl = i->flags & NF_OSF_TTL ? i->ttl : NF_OSF_TTL_TRUE;
	const char *genre = xl_strndup(c->arena, i->genre, sizeof(i->genre));

	if (i->flags & NF_OSF_LOG)
		return xl_refuse(c, "osf --log: nft's osf does not log; leave it out");
	if (!xl_approximate(c))
		return xl_refuse(c, "osf: nft takes the first fingerprint of any system that fits, "
				    "iptables the first of this one; --approximate takes them for "
				    "the same");
	if (ttl > NF_OSF_TTL_NOCHECK || !xl_string_ok(genre) || strlen(genre) > 15)
		return xl_refuse(c, "osf: nft cannot hold the name %s", genre);
	if (i->flags & NF_OSF_INVERT)
		xl_warn(c, "osf ! --genre: the kernel never looks at the \"!\", and neither does "
			   "the translation");
	xl_add(c, nft_match(c->arena, nft_text_expr(c->arena, ttls[ttl]), NFT_EQ,
			    nft_str(c->arena, NFT_T_STRING, genre)));
	return true;
}

const struct xl_ext xl_match_osf[] = {
	{ "osf", XL_MATCH, XL_V4, 0, 0, sizeof(struct nf_osf_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_osf_options[] = {
	{ .ext = "osf",
	  .name = "--genre",
	  .how = XL_APPROXIMATE,
	  .why = "nft takes the first fingerprint of any system that fits" },
	{ .ext = "osf",
	  .name = "--ttl",
	  .how = XL_APPROXIMATE,
	  .why = "nft takes the first fingerprint of any system that fits" },
	{ .ext = "osf", .name = "--log", .how = XL_IMPOSSIBLE, .why = "nft's osf does not log" },
	XL_OPTION_END,
};
