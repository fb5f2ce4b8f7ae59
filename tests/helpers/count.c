// SPDX-License-Identifier: GPL-2.0-or-later
/* What rules have counted, asked of the kernel directly: a process for each packet would be slow.
 */
#include "side.h"

#include "verify/attr.h"

#include <netinet/in.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

_Static_assert(IPT_SO_GET_INFO == IP6T_SO_GET_INFO, "the same requests");
_Static_assert(sizeof(struct ipt_getinfo) == sizeof(struct ip6t_getinfo), "the same answer");

/* The parts of struct ipt_entry and struct ip6t_entry that differ in place. */
struct entry {
	uint16_t target, next;
	struct xt_counters counters;
};

static struct entry entry_at(unsigned int family, const char *at)
{
	const struct ipt_entry *e4 = (const void *)at;
	const struct ip6t_entry *e6 = (const void *)at;

	if (family == 4)
		return (struct entry){ e4->target_offset, e4->next_offset, e4->counters };
	return (struct entry){ e6->target_offset, e6->next_offset, e6->counters };
}

static bool is_error(unsigned int family, const char *at)
{
	const struct xt_entry_target *t = (const void *)(at + entry_at(family, at).target);

	return !strcmp(t->u.user.name, "ERROR");
}

static bool is_policy(const struct ipt_getinfo *info, unsigned int at)
{
	for (int i = 0; i < NF_INET_NUMHOOKS; i++)
		if (info->valid_hooks & 1u << i && info->underflow[i] == at)
			return true;
	return false;
}

/* A rule, as opposed to a policy, the head of a user chain (an ERROR target) or its end. */
static struct count add_entries(unsigned int family, const struct ipt_getinfo *info,
				const char *entries)
{
	struct count c = { 0, 0 };

	for (unsigned int at = 0, next; at < info->size; at = next) {
		struct entry e = entry_at(family, entries + at);

		next = at + e.next;
		if (is_policy(info, at) || is_error(family, entries + at) ||
		    (next < info->size && is_error(family, entries + next)))
			continue;
		c.packets += e.counters.pcnt;
		c.bytes += e.counters.bcnt;
	}
	return c;
}

struct count count_legacy(const struct side *s, const char *table)
{
	int level = s->family == 4 ? IPPROTO_IP : IPPROTO_IPV6;
	struct ipt_getinfo info = { 0 };
	/* Both families' requests: a name, a size, entries aligned to 8. */
	struct ipt_get_entries *get;
	socklen_t n = sizeof(info);
	struct count c;

	snprintf(info.name, sizeof(info.name), "%s", table);
	if (getsockopt(s->raw, level, IPT_SO_GET_INFO, &info, &n))
		die("table %s", table);
	n = (socklen_t)sizeof(*get) + info.size;
	get = calloc(1, n);
	if (!get)
		die("calloc");
	snprintf(get->name, sizeof(get->name), "%s", table);
	get->size = info.size;
	if (getsockopt(s->raw, level, IPT_SO_GET_ENTRIES, get, &n))
		die("entries of table %s", table);
	c = add_entries(s->family, &info, (const char *)get->entrytable);
	free(get);
	return c;
}

static void add_rule(void *to, const void *attrs, size_t n)
{
	struct count *c = to;
	const struct nlattr *table = vf_attr_find(attrs, n, NFTA_RULE_TABLE);
	const struct nlattr *list = vf_attr_find(attrs, n, NFTA_RULE_EXPRESSIONS), *e, *name, *data;

	if (!table || !list || !strncmp(vf_attr_data(table), "test-", 5))
		return;
	for (size_t at = 0; at < vf_attr_size(list); at += NLA_ALIGN(e->nla_len)) {
		e = (const void *)((const char *)vf_attr_data(list) + at);
		name = vf_attr_in(e, NFTA_EXPR_NAME);
		data = vf_attr_in(e, NFTA_EXPR_DATA);
		if (!name || strcmp(vf_attr_data(name), "counter") != 0)
			continue;
		c->packets += vf_attr_number(vf_attr_in(data, NFTA_COUNTER_PACKETS));
		c->bytes += vf_attr_number(vf_attr_in(data, NFTA_COUNTER_BYTES));
	}
}

struct count count_nft(const struct side *s)
{
	struct count c = { 0, 0 };

	if (!vf_dump(s->netlink, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE, NFPROTO_UNSPEC, NULL,
		     0, add_rule, &c))
		die("asking nft for rules");
	return c;
}
