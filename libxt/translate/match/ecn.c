// SPDX-License-Identifier: GPL-2.0-or-later
/* -m ecn: struct xt_ecn_info. Semantics: net/netfilter/xt_ecn.c. It does not ask whether this is a
 * first fragment, so neither does the translation. */
#include "translate/ext.h"

#include <linux/netfilter/xt_ecn.h>

enum { FLAG_ECE = 0x40, FLAG_CWR = 0x80 };

static void tcp_bits(struct xl_ctx *c, const struct xt_ecn_info *i)
{
	unsigned int mask = 0, value = 0;

	if (i->operation & XT_ECN_OP_MATCH_ECE) {
		mask |= FLAG_ECE;
		value |= i->invert & XT_ECN_OP_MATCH_ECE ? 0 : FLAG_ECE;
	}
	if (i->operation & XT_ECN_OP_MATCH_CWR) {
		mask |= FLAG_CWR;
		value |= i->invert & XT_ECN_OP_MATCH_CWR ? 0 : FLAG_CWR;
	}
	if (!mask)
		return;
	xl_l4proto(c, IPPROTO_TCP);
	xl_cmp_mask(c, NFT_TCP_FLAGS, false, mask, value);
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_ecn_info *i = c->data;
	enum nft_key_id key = c->family == NFPROTO_IPV4 ? NFT_IP_ECN : NFT_IP6_ECN;

	if (i->operation & XT_ECN_OP_MATCH_IP)
		xl_cmp(c, key, i->invert & XT_ECN_OP_MATCH_IP, i->ip_ect);
	tcp_bits(c, i);
	return true;
}

const struct xl_ext xl_match_ecn[] = {
	{ "ecn", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_ecn_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_ecn_options[] = {
	{ .ext = "ecn", .name = "--ecn-tcp-cwr" },
	{ .ext = "ecn", .name = "--ecn-tcp-ece" },
	{ .ext = "ecn", .name = "--ecn-ip-ect" },
	XL_OPTION_END,
};
