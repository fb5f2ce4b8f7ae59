// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/nft_rules.h"

#include "verify/attr.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>

struct caller {
	void (*each)(void *to, const char *table, const char *chain, const struct vf_count *c);
	void *to;
};

static bool counter_of(const void *attrs, size_t n, struct vf_count *c)
{
	const struct nlattr *list = vf_attr_find(attrs, n, NFTA_RULE_EXPRESSIONS), *e, *name, *data;

	for (size_t at = 0; list && at < vf_attr_size(list); at += NLA_ALIGN(e->nla_len)) {
		e = (const void *)((const char *)vf_attr_data(list) + at);
		name = vf_attr_in(e, NFTA_EXPR_NAME);
		data = vf_attr_in(e, NFTA_EXPR_DATA);
		if (!name || strcmp(vf_attr_data(name), "counter") != 0)
			continue;
		c->packets = vf_attr_number(vf_attr_in(data, NFTA_COUNTER_PACKETS));
		c->bytes = vf_attr_number(vf_attr_in(data, NFTA_COUNTER_BYTES));
		return true;
	}
	return false;
}

static void one_rule(void *to, const void *attrs, size_t n)
{
	const struct nlattr *table = vf_attr_find(attrs, n, NFTA_RULE_TABLE);
	const struct nlattr *chain = vf_attr_find(attrs, n, NFTA_RULE_CHAIN);
	struct caller *caller = to;
	struct vf_count c;

	if (table && chain)
		caller->each(caller->to, vf_attr_data(table), vf_attr_data(chain),
			     counter_of(attrs, n, &c) ? &c : NULL);
}

bool vf_each_nft_rule(int netlink, uint8_t family,
		      void (*each)(void *to, const char *table, const char *chain,
				   const struct vf_count *c),
		      void *to)
{
	struct caller caller = { each, to };

	return vf_dump(netlink, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE, family, NULL, 0,
		       one_rule, &caller);
}
