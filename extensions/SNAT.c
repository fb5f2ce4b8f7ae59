// SPDX-License-Identifier: GPL-2.0-or-later
/* -j SNAT: net/netfilter/xt_nat.c. IPv4 has revision 0, IPv6 1. */
#include "nat.h"

#include <stdio.h>

extern const struct xl_ext xl_target_SNAT[];

static const struct xt_option_entry options[] = {
	{ .name = "to-source", .id = NAT_TO, .type = XTTYPE_STRING, .flags = XTOPT_MAND },
	{ .name = "random", .id = NAT_RANDOM, .type = XTTYPE_NONE },
	{ .name = "random-fully", .id = NAT_RANDOM_FULLY, .type = XTTYPE_NONE },
	{ .name = "persistent", .id = NAT_PERSISTENT, .type = XTTYPE_NONE },
	XTOPT_TABLEEND,
};

static void help(void)
{
	puts("SNAT target options:\n"
	     "  --to-source [address[-address]][:port[-port]]\n"
	     "                   where connections seem to come from;\n"
	     "                   IPv6: [address[-address]]:port, in brackets\n"
	     "  --random         choose the port by a hash with a random seed\n"
	     "  --random-fully   choose the port at random\n"
	     "  --persistent     always the same address for a client\n");
}

const struct nat_target nat_target = {
	.name = "SNAT",
	.to = "to-source",
	.label = "to:",
	.addresses = true,
	.options = options,
	.translator = xl_target_SNAT,
	.place = { "nat", 1 << NF_INET_POST_ROUTING | 1 << NF_INET_LOCAL_IN,
		   "chains POSTROUTING and INPUT" },
	.revisions = { { NFPROTO_IPV4, 0, NAT_IPV4_COMPAT }, { NFPROTO_IPV6, 1, NAT_RANGE } },
	.help = help,
};
