// SPDX-License-Identifier: GPL-2.0-or-later
/* -j NETMAP: net/netfilter/xt_NETMAP.c. The network is what the two ends of the range share. */
#include "nat.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

extern const struct xl_ext xl_target_NETMAP[];

static const struct xt_option_entry options[] = {
	{ .name = "to", .id = NAT_TO, .type = XTTYPE_HOSTMASK, .flags = XTOPT_MAND },
	XTOPT_TABLEEND,
};

static void help(void)
{
	puts("NETMAP target options:\n"
	     "  --to address[/mask]  the network to map to, with a prefix length or a mask;\n"
	     "                       the other bits of an address stay\n");
}

static bool v4(void)
{
	return plugin_family == NFPROTO_IPV4;
}

static int prefix_length(const union nf_inet_addr *mask)
{
	return v4() ? xtables_ipmask_to_cidr(&mask->in) : xtables_ip6mask_to_cidr(&mask->in6);
}

/* libxtables takes "/33" for the mask 0.0.0.33, and a mask with holes for /32. */
static void check_mask(const char *arg)
{
	unsigned int max = v4() ? 32 : 128, len;
	const char *slash = strchr(arg, '/');
	union nf_inet_addr mask;

	if (!slash || xtables_strtoui(slash + 1, NULL, &len, 0, max))
		return;
	if (inet_pton(v4() ? AF_INET : AF_INET6, slash + 1, &mask) != 1 || prefix_length(&mask) < 0)
		nat_bad(arg, v4() ? "the mask is a number from 0 to 32, or like 255.255.0.0"
				  : "the mask is a number from 0 to 128, or like ffff:ffff::");
}

static void parse(struct xt_option_call *cb, struct nf_nat_range2 *r)
{
	plugin_check_host("NETMAP", "to", cb->arg, true);
	check_mask(cb->arg);
	xtables_option_parse(cb);
	r->flags |= NF_NAT_RANGE_MAP_IPS;
	for (unsigned int i = 0; i < (v4() ? 1 : 4); i++) {
		r->min_addr.all[i] = cb->val.haddr.all[i] & cb->val.hmask.all[i];
		r->max_addr.all[i] = r->min_addr.all[i] | ~cb->val.hmask.all[i];
	}
}

static void print(const struct nf_nat_range2 *r)
{
	union nf_inet_addr mask;
	int len;

	for (unsigned int i = 0; i < 4; i++)
		mask.all[i] = ~(r->min_addr.all[i] ^ r->max_addr.all[i]);
	len = prefix_length(&mask);
	printf("%s", v4() ? xtables_ipaddr_to_numeric(&r->min_addr.in)
			  : xtables_ip6addr_to_numeric(&r->min_addr.in6));
	if (len >= 0)
		printf("/%d", len);
	else
		printf("%s", v4() ? xtables_ipmask_to_numeric(&mask.in)
				  : xtables_ip6mask_to_numeric(&mask.in6));
}

const struct nat_target nat_target = {
	.name = "NETMAP",
	.to = "to",
	.label = "to:",
	.addresses = true,
	.options = options,
	.translator = xl_target_NETMAP,
	.place = { "nat",
		   1 << NF_INET_PRE_ROUTING | 1 << NF_INET_LOCAL_OUT | 1 << NF_INET_POST_ROUTING |
			   1 << NF_INET_LOCAL_IN,
		   "chains PREROUTING, INPUT, OUTPUT and POSTROUTING" },
	.revisions = { { NFPROTO_IPV4, 0, NAT_IPV4_COMPAT }, { NFPROTO_IPV6, 0, NAT_RANGE } },
	.help = help,
	.parse = parse,
	.print = print,
};
