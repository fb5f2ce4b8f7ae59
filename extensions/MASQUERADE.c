// SPDX-License-Identifier: GPL-2.0-or-later
/* -j MASQUERADE: net/netfilter/xt_MASQUERADE.c. */
#include "nat.h"

#include <stdio.h>

extern const struct xl_ext xl_target_MASQUERADE[];

static const struct xt_option_entry options[] = {
	{ .name = "to-ports", .id = NAT_TO, .type = XTTYPE_STRING },
	{ .name = "random", .id = NAT_RANDOM, .type = XTTYPE_NONE },
	{ .name = "random-fully", .id = NAT_RANDOM_FULLY, .type = XTTYPE_NONE },
	XTOPT_TABLEEND,
};

static void help(void)
{
	puts("MASQUERADE target options:\n"
	     "  --to-ports port[-port]  source ports to use\n"
	     "  --random                choose the port by a hash with a random seed\n"
	     "  --random-fully          choose the port at random\n");
}

const struct nat_target nat_target = {
	.name = "MASQUERADE",
	.to = "to-ports",
	.label = "masq ports: ",
	.options = options,
	.translator = xl_target_MASQUERADE,
	.place = { "nat", 1 << NF_INET_POST_ROUTING, "chain POSTROUTING" },
	.revisions = { { NFPROTO_IPV4, 0, NAT_IPV4_COMPAT }, { NFPROTO_IPV6, 0, NAT_RANGE } },
	.help = help,
};
