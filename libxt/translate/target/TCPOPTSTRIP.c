// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -j TCPOPTSTRIP: tcpoptstrip_mangle_packet(), net/netfilter/xt_TCPOPTSTRIP.c, turns every option
 * of the kinds listed into NOPs. nft's reset (nft_exthdr_tcp_strip_eval()) does so with the first
 * only, and drops a packet in which the option is cut off, unless a test for it stands before.
 */
#include "translate/ext.h"

#include <linux/netfilter/xt_TCPOPTSTRIP.h>

enum {
	EOL = 0,
	NOP = 1,
	MOST = 20, /* options of two bytes in the 40 that there are */
};

static void rule(struct xl_ctx *c, struct nft_chain *h, struct nft_expr *option, bool exists,
		 struct nft_stmt *what)
{
	struct nft_rule *r = xl_helper_rule(c, h);

	nft_stmts_add(&r->stmts, nft_match(c->arena, option, NFT_EQ, nft_exists(c->arena, exists)));
	nft_stmts_add(&r->stmts, what);
}

static void reset(struct xl_ctx *c, struct nft_chain *h, struct nft_expr *option)
{
	struct nft_stmt *s = nft_stmt(c->arena, NFT_S_RESET);

	s->l = option;
	rule(c, h, option, true, s);
}

static void strip(struct xl_ctx *c, unsigned int kind)
{
	struct nft_expr *option = nft_key_num(c->arena, NFT_TCPOPT, kind);
	struct nft_chain *h = xl_helper_chain(c);

	h->uses++;
	xl_add(c, nft_match(c->arena, option, NFT_EQ, nft_exists(c->arena, true)));
	xl_add(c, nft_verdict(c->arena, NFT_JUMP, h));
	reset(c, h, option);
	rule(c, h, option, false, nft_verdict(c->arena, NFT_RETURN, NULL));
	for (unsigned int i = 1; i < MOST; i++)
		reset(c, h, option);
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_tcpoptstrip_target_info *i = c->data;
	bool first = true;

	if (tcpoptstrip_test_bit(i->strip_bmap, EOL))
		return xl_refuse(c,
				 "nft cannot turn TCP option 0, the end of the list, into a NOP");
	if (!c->place)
		return xl_refuse(c, "TCPOPTSTRIP takes several chains");
	for (unsigned int kind = NOP + 1; kind <= UINT8_MAX; kind++) {
		if (!tcpoptstrip_test_bit(i->strip_bmap, kind))
			continue;
		if (!first)
			xl_next(c);
		first = false;
		strip(c, kind);
	}
	return true;
}

const struct xl_ext xl_target_TCPOPTSTRIP[] = {
	{ "TCPOPTSTRIP", XL_TARGET, XL_BOTH, 0, 0, sizeof(struct xt_tcpoptstrip_target_info),
	  translate },
	XL_EXT_END,
};

const struct xl_option xl_target_TCPOPTSTRIP_options[] = {
	{ .ext = "TCPOPTSTRIP",
	  .name = "--strip-options",
	  .how = XL_PARTLY,
	  .why = "not option 0, the end of the list",
	  .since = 0x010006 },
	XL_OPTION_END,
};
