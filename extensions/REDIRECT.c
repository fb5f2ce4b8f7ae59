// SPDX-License-Identifier: GPL-2.0-or-later
/* -j REDIRECT: net/netfilter/xt_REDIRECT.c. */
#include "nat.h"

#include <stdio.h>

extern const struct xl_ext xl_target_REDIRECT[];

static const struct xt_option_entry options[] = {
	{ .name = "to-ports", .id = NAT_TO, .type = XTTYPE_STRING },
	{ .name = "random", .id = NAT_RANDOM, .type = XTTYPE_NONE },
	XTOPT_TABLEEND,
};

static void help(void)
{
	puts("REDIRECT target options:\n"
	     "  --to-ports port[-port]  port of this host to go to (default: the packet's own)\n"
	     "  --random                choose the port at random\n");
}

const struct nat_target nat_target = {
	.name = "REDIRECT",
	.to = "to-ports",
	.label = "redir ports ",
	.options = options,
	.translator = xl_target_REDIRECT,
	.place = { "nat", 1 << NF_INET_PRE_ROUTING | 1 << NF_INET_LOCAL_OUT,
		   "chains PREROUTING and OUTPUT" },
	.revisions = { { NFPROTO_IPV4, 0, NAT_IPV4_COMPAT }, { NFPROTO_IPV6, 0, NAT_RANGE } },
	.help = help,
};
