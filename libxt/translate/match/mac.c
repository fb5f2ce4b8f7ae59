// SPDX-License-Identifier: GPL-2.0-or-later
/* -m mac: struct xt_mac_info. Semantics: mac_mt(), net/netfilter/xt_mac.c: false on what is not
 * Ethernet, inverted or not; nft puts "meta iiftype ether" before "ether saddr". */
#include "translate/ext.h"

#include <linux/netfilter/xt_mac.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_mac_info *i = c->data;

	xl_add(c,
	       nft_match(c->arena, nft_key(c->arena, NFT_ETHER_SADDR), i->invert ? NFT_NE : NFT_EQ,
			 nft_addr(c->arena, NFT_T_ETHER, &i->srcaddr)));
	return true;
}

const struct xl_ext xl_match_mac[] = {
	{ "mac", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_mac_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_mac_options[] = {
	{ .ext = "mac", .name = "--mac-source" },
	XL_OPTION_END,
};
