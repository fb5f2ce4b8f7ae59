// SPDX-License-Identifier: GPL-2.0-or-later
/* -m tcp: struct xt_tcp. Semantics: tcp_mt(), net/netfilter/xt_tcpudp.c. */
#include "translate/ext.h"

#include <linux/netfilter/xt_tcpudp.h>
#include <netinet/tcp.h>

static bool flags(struct xl_ctx *c, const struct xt_tcp *t)
{
	bool inv = t->invflags & XT_TCP_INV_FLAGS;

	/* (flags & mask) == cmp, then inverted; cmp bits outside the mask never match. */
	if (t->flg_cmp & ~t->flg_mask)
		return inv ? true : xl_never(c);
	if (!t->flg_mask)
		return inv ? xl_never(c) : true;
	xl_cmp_mask(c, NFT_TCP_FLAGS, inv, t->flg_mask, t->flg_cmp);
	return true;
}

/* A missing option cannot be loaded, so "not this option" is a test for "missing". It stands before
 * the protocol, which nft's listing would drop if it came first. */
static bool option(struct xl_ctx *c, const struct xt_tcp *t)
{
	bool inv = t->invflags & XT_TCP_INV_OPTION;

	if (!t->option)
		return true;
	/* nft_exthdr_tcp_eval(), net/netfilter/nft_exthdr.c: an option has two bytes at least. */
	if (t->option == TCPOPT_NOP && !xl_approximate(c))
		return xl_refuse(c, "--tcp-option 1: nft does not look at the last byte of the "
				    "header, which can be such an option; --approximate lets it");
	xl_add(c, nft_match(c->arena, nft_key_num(c->arena, NFT_TCPOPT, t->option), NFT_EQ,
			    nft_exists(c->arena, !inv)));
	return true;
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_tcp *t = c->data;

	xl_first_fragment(c);
	if (!option(c, t))
		return false;
	xl_l4proto(c, IPPROTO_TCP);
	xl_cmp_bounds(c, NFT_TCP_SPORT, t->invflags & XT_TCP_INV_SRCPT, t->spts[0], t->spts[1]);
	xl_cmp_bounds(c, NFT_TCP_DPORT, t->invflags & XT_TCP_INV_DSTPT, t->dpts[0], t->dpts[1]);
	return flags(c, t);
}

const struct xl_ext xl_match_tcp[] = {
	{ "tcp", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_tcp), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_tcp_options[] = {
	{ .ext = "tcp", .name = "--source-port --sport" },
	{ .ext = "tcp", .name = "--destination-port --dport" },
	{ .ext = "tcp", .name = "--syn" },
	{ .ext = "tcp", .name = "--tcp-flags" },
	{ .ext = "tcp",
	  .name = "--tcp-option",
	  .how = XL_PARTLY,
	  .why = "not 1, the NOP, at which nft does not look in the last byte of the header" },
	XL_OPTION_END,
};
