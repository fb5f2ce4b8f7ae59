// SPDX-License-Identifier: GPL-2.0-or-later
/* -j CHECKSUM: checksum_tg(), net/netfilter/xt_CHECKSUM.c, calls skb_checksum_help(). */
#include "translate/ext.h"

#include <linux/netfilter/xt_CHECKSUM.h>

static bool translate(struct xl_ctx *c)
{
	return xl_refuse(c,
			 "nft cannot compute a checksum that was left to the hardware; it was for "
			 "DHCP clients of before 2012, so the rule can most likely go");
}

const struct xl_ext xl_target_CHECKSUM[] = {
	{ "CHECKSUM", XL_TARGET, XL_BOTH, 0, 0, sizeof(struct xt_CHECKSUM_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_CHECKSUM_options[] = {
	{ .ext = "CHECKSUM",
	  .name = "--checksum-fill",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft cannot compute a checksum that was left to the hardware" },
	XL_OPTION_END,
};
