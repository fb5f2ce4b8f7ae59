// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -j DNAT: net/netfilter/xt_nat.c. IPv4 has revisions 0 and 2, IPv6 1 and 2; 2 has a base port.
 */
#include "nat.h"

#include <stdio.h>

extern const struct xl_ext xl_target_DNAT[];

static const struct xt_option_entry options[] = {
	{ .name = "to-destination", .id = NAT_TO, .type = XTTYPE_STRING, .flags = XTOPT_MAND },
	{ .name = "random", .id = NAT_RANDOM, .type = XTTYPE_NONE },
	{ .name = "persistent", .id = NAT_PERSISTENT, .type = XTTYPE_NONE },
	XTOPT_TABLEEND,
};

static void help(void)
{
	puts("DNAT target options:\n"
	     "  --to-destination [address[-address]][:port[-port[/base]]]\n"
	     "                   where connections go; IPv6: [address[-address]]:port, in "
	     "brackets.\n"
	     "                   With a base, port base goes to the first port, base + 1 to the "
	     "next.\n"
	     "  --random         choose the port at random\n"
	     "  --persistent     always the same address for a client\n");
}

const struct nat_target nat_target = {
	.name = "DNAT",
	.to = "to-destination",
	.label = "to:",
	.addresses = true,
	.options = options,
	.translator = xl_target_DNAT,
	.place = { "nat", 1 << NF_INET_PRE_ROUTING | 1 << NF_INET_LOCAL_OUT,
		   "chains PREROUTING and OUTPUT" },
	.revisions = { { NFPROTO_IPV4, 0, NAT_IPV4_COMPAT },
		       { NFPROTO_IPV4, 2, NAT_RANGE2 },
		       { NFPROTO_IPV6, 1, NAT_RANGE },
		       { NFPROTO_IPV6, 2, NAT_RANGE2 } },
	.help = help,
};
