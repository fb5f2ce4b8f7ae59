// SPDX-License-Identifier: GPL-2.0-or-later
/* -m physdev: needs the ports of a bridge, which only the bridge family of nft can see. */
#include "translate/ext.h"

#include <linux/netfilter/xt_physdev.h>

static bool translate(struct xl_ctx *c)
{
	return xl_refuse(c, "physdev: nft cannot see bridge ports in an ip or ip6 table; mark the "
			    "packets by iifname or oifname in a bridge table and match the mark "
			    "here");
}

const struct xl_ext xl_match_physdev[] = {
	{ "physdev", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_physdev_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_physdev_options[] = {
	{ .ext = "physdev",
	  .name = "--physdev-in",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft sees the ports of a bridge only in a table of family bridge" },
	{ .ext = "physdev",
	  .name = "--physdev-out",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft sees the ports of a bridge only in a table of family bridge" },
	{ .ext = "physdev",
	  .name = "--physdev-is-in",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft sees the ports of a bridge only in a table of family bridge" },
	{ .ext = "physdev",
	  .name = "--physdev-is-out",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft sees the ports of a bridge only in a table of family bridge" },
	{ .ext = "physdev",
	  .name = "--physdev-is-bridged",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft sees the ports of a bridge only in a table of family bridge" },
	XL_OPTION_END,
};
