// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/nft_rules.h"

#include "verify/attr.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>

struct caller {
	void (*each)(void *to, const char *table, const char *chain, const struct vf_count *c);
	void *to;
};

static bool read_counter(const struct nlattr *e, struct vf_count *c)
{
	const struct nlattr *name = vf_attr_in(e, NFTA_EXPR_NAME);
	const struct nlattr *data = vf_attr_in(e, NFTA_EXPR_DATA);

	if (!name || strcmp(vf_attr_data(name), "counter") != 0)
		return false;
	c->packets = vf_attr_number(vf_attr_in(data, NFTA_COUNTER_PACKETS));
	c->bytes = vf_attr_number(vf_attr_in(data, NFTA_COUNTER_BYTES));
	return true;
}

static bool counter_among(const struct nlattr *list, struct vf_count *c)
{
	const struct nlattr *e;

	for (size_t at = 0; list && at < vf_attr_size(list); at += NLA_ALIGN(e->nla_len)) {
		e = (const void *)((const char *)vf_attr_data(list) + at);
		if (read_counter(e, c))
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
			     counter_among(vf_attr_find(attrs, n, NFTA_RULE_EXPRESSIONS), &c)
				     ? &c
				     : NULL);
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

bool vf_each_rule_of_chain(int netlink, uint8_t family, const char *table, const char *chain,
			   void (*each)(void *to, const char *table, const char *chain,
					const struct vf_count *c),
			   void *to)
{
	struct caller caller = { each, to };
	char which[2 * NLA_ALIGN(NLA_HDRLEN + NFT_NAME_MAXLEN)], *at = which;
	size_t sizes[] = { strlen(table) + 1, strlen(chain) + 1 };

	if (sizes[0] > NFT_NAME_MAXLEN || sizes[1] > NFT_NAME_MAXLEN)
		return true;
	at = vf_attr_put(at, NFTA_RULE_TABLE, table, sizes[0]);
	at = vf_attr_put(at, NFTA_RULE_CHAIN, chain, sizes[1]);
	return vf_dump(netlink, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE, family, which,
		       (size_t)(at - which), one_rule, &caller);
}

struct elem_caller {
	void (*each)(void *to, const void *key, size_t n, const struct vf_count *c);
	void *to;
};

/* One expression has an attribute of its own, several have a list (nf_tables_fill_setelem()). */
static void one_elem(const struct elem_caller *caller, const struct nlattr *e)
{
	const struct nlattr *key = vf_attr_in(vf_attr_in(e, NFTA_SET_ELEM_KEY), NFTA_DATA_VALUE);
	const struct nlattr *expr = vf_attr_in(e, NFTA_SET_ELEM_EXPR);
	struct vf_count c;

	if (key &&
	    (read_counter(expr, &c) || counter_among(vf_attr_in(e, NFTA_SET_ELEM_EXPRESSIONS), &c)))
		caller->each(caller->to, vf_attr_data(key), vf_attr_size(key), &c);
}

static void some_elems(void *to, const void *attrs, size_t n)
{
	const struct nlattr *list = vf_attr_find(attrs, n, NFTA_SET_ELEM_LIST_ELEMENTS), *e;

	for (size_t at = 0; list && at < vf_attr_size(list); at += NLA_ALIGN(e->nla_len)) {
		e = (const void *)((const char *)vf_attr_data(list) + at);
		one_elem(to, e);
	}
}

static uint8_t family_of(const char *name)
{
	return !strcmp(name, "ip")     ? NFPROTO_IPV4
	       : !strcmp(name, "inet") ? NFPROTO_INET
				       : NFPROTO_IPV6;
}

bool vf_each_nft_elem(int netlink, const struct vf_set_at *set,
		      void (*each)(void *to, const void *key, size_t n, const struct vf_count *c),
		      void *to)
{
	struct elem_caller caller = { each, to };
	char which[2 * (NLA_HDRLEN + 256)] __attribute__((aligned(4)));
	char *at = which;

	at = vf_attr_put(at, NFTA_SET_ELEM_LIST_TABLE, set->table, strlen(set->table) + 1);
	at = vf_attr_put(at, NFTA_SET_ELEM_LIST_SET, set->set, strlen(set->set) + 1);
	return vf_dump(netlink, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETSETELEM,
		       family_of(set->family), which, (size_t)(at - which), some_elems, &caller);
}
