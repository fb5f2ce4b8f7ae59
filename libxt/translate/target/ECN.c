// SPDX-License-Identifier: GPL-2.0-or-later
/* -j ECN: ecn_tg(), net/ipv4/netfilter/ipt_ECN.c: sets the codepoint of the IPv4 header, and ECE
 * and CWR of TCP's. */
#include "translate/setbits.h"

#include <linux/netfilter_ipv4/ipt_ECN.h>

enum { ECE = 0x40, CWR = 0x80 };

static bool translate(struct xl_ctx *c)
{
	const struct ipt_ECN_info *i = c->data;
	unsigned int mask = 0, value = 0;

	if (i->operation & IPT_ECN_OP_SET_IP && !xl_set_bits(c, NFT_IP_ECN, 3, i->ip_ect))
		return false;
	if (i->operation & IPT_ECN_OP_SET_ECE) {
		mask |= ECE;
		value |= i->proto.tcp.ece ? ECE : 0;
	}
	if (i->operation & IPT_ECN_OP_SET_CWR) {
		mask |= CWR;
		value |= i->proto.tcp.cwr ? CWR : 0;
	}
	return xl_set_bits(c, NFT_TCP_FLAGS, mask, value);
}

const struct xl_ext xl_target_ECN[] = {
	{ "ECN", XL_TARGET, XL_V4, 0, 0, sizeof(struct ipt_ECN_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_ECN_options[] = {
	{ .ext = "ECN", .name = "--ecn-tcp-remove" },
	{ .ext = "ECN", .name = "--ecn-tcp-cwr" },
	{ .ext = "ECN", .name = "--ecn-tcp-ece" },
	{ .ext = "ECN", .name = "--ecn-ip-ect" },
	XL_OPTION_END,
};
