// SPDX-License-Identifier: GPL-2.0-or-later
/* -j TEE: tee_tg4() and tee_tg6(), net/netfilter/xt_TEE.c; nft calls the same nf_dup_ipv4() and
 * nf_dup_ipv6(). */
#include "translate/ext.h"

#include <linux/netfilter/xt_TEE.h>
#include <string.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_tee_tginfo *i = c->data;
	enum nft_type type = c->family == NFPROTO_IPV4 ? NFT_T_IPV4 : NFT_T_IPV6;
	struct nft_stmt *s = nft_stmt(c->arena, NFT_S_DUP);

	s->l = nft_addr(c->arena, type, &i->gw);
	if (i->oif[0]) {
		s->name = xl_strndup(c->arena, i->oif, strnlen(i->oif, sizeof(i->oif)));
		if (!xl_string_ok(s->name))
			return xl_refuse(
				c, "the interface name %s has a character that nft cannot quote",
				s->name);
	}
	xl_add(c, s);
	return true;
}

const struct xl_ext xl_target_TEE[] = {
	{ "TEE", XL_TARGET, XL_BOTH, 1, 1, sizeof(struct xt_tee_tginfo), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_TEE_options[] = {
	{ .ext = "TEE", .name = "--gateway" },
	{ .ext = "TEE", .name = "--oif" },
	XL_OPTION_END,
};
