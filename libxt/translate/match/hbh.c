// SPDX-License-Identifier: GPL-2.0-or-later
/* -m hbh and -m dst (IPv6): struct ip6t_opts. Semantics: hbh_mt6(),
 * net/ipv6/netfilter/ip6t_hbh.c. */
#include "translate/exthdr.h"

#include <linux/netfilter_ipv6/ip6t_opts.h>

/* The hop-by-hop header comes first, at byte 40 of the packet; its options from byte 42. */
#define FIRST_OPTION 42
#define MAX_OFFSET   255 /* of a load, in bytes: net/netfilter/nf_tables */
#define ANY_LENGTH   0xff

static void raw(struct xl_ctx *c, unsigned int byte, unsigned int bits, uint64_t value)
{
	xl_add(c, nft_match(c->arena, nft_raw(c->arena, NFT_BASE_NH, byte * 8, bits), NFT_EQ,
			    nft_num(c->arena, NFT_T_HEX, value)));
}

/* The options in their order from the first; more may follow. Type 0 is padding of one byte. */
static bool options(struct xl_ctx *c, const struct ip6t_opts *i)
{
	unsigned int at = FIRST_OPTION, size = 0, need = 0;

	xl_cmp(c, NFT_IP6_NEXTHDR, false, 0);
	for (unsigned int n = 0; n < i->optsnr && n < IP6T_OPTS_OPTSNR; n++) {
		unsigned int type = i->opts[n] >> 8, len = i->opts[n] & 0xff;
		bool last = n + 1u == i->optsnr;

		if (type && len == ANY_LENGTH && !last)
			return xl_refuse(c, "an option without a length can only be the last of "
					    "--hbh-opts: nft cannot find what is behind it");
		at += size;
		if (at > MAX_OFFSET)
			return xl_refuse(c,
					 "--hbh-opts goes farther into the packet than nft does");
		if (type && len != ANY_LENGTH)
			raw(c, at, 16, i->opts[n]);
		else
			raw(c, at, 8, type);
		size = type ? len + 2 : 1;
		need = at - 40 + (type ? 2 : 1);
	}
	if (need > 8)
		xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_HBH_HDRLENGTH), NFT_GE,
				    nft_val(c->arena, NFT_HBH_HDRLENGTH, (need + 7) / 8 - 1)));
	return true;
}

static bool translate(struct xl_ctx *c, enum nft_key_id exthdr, enum nft_key_id length)
{
	const struct ip6t_opts *i = c->data;

	if (i->flags & IP6T_OPTS_LEN)
		xl_exthdr_length(c, length, exthdr, i->invflags & IP6T_OPTS_INV_LEN, i->hdrlen);
	else
		xl_exthdr(c, exthdr, true);
	return true;
}

static bool hbh(struct xl_ctx *c)
{
	const struct ip6t_opts *i = c->data;

	translate(c, NFT_EXTHDR_HBH, NFT_HBH_HDRLENGTH);
	return !(i->flags & IP6T_OPTS_OPTS) || options(c, i);
}

static bool dst(struct xl_ctx *c)
{
	const struct ip6t_opts *i = c->data;

	if (i->flags & IP6T_OPTS_OPTS)
		return xl_refuse(c,
				 "--dst-opts: nft cannot look at options of a header that has no "
				 "fixed place");
	return translate(c, NFT_EXTHDR_DST, NFT_DST_HDRLENGTH);
}

const struct xl_ext xl_match_hbh[] = {
	{ "hbh", XL_MATCH, XL_V6, 0, 0, sizeof(struct ip6t_opts), hbh },
	{ "dst", XL_MATCH, XL_V6, 0, 0, sizeof(struct ip6t_opts), dst },
	XL_EXT_END,
};

const struct xl_option xl_match_hbh_options[] = {
	{ .ext = "dst", .name = "--dst-len" },
	{ .ext = "dst",
	  .name = "--dst-opts",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft cannot look at options of a header that has no fixed place" },
	{ .ext = "hbh", .name = "--hbh-len" },
	{ .ext = "hbh",
	  .name = "--hbh-opts",
	  .how = XL_PARTLY,
	  .why = "an option without a length can only be the last" },
	XL_OPTION_END,
};
