// SPDX-License-Identifier: GPL-2.0-or-later
/* What rules have counted, asked of the kernel directly: a process for each packet would be slow.
 */
#include "side.h"

#include <netinet/in.h>

#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <endian.h>

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

static const struct nlattr *attr_find(const void *at, size_t n, int type)
{
	const char *p = at, *end = p + n;

	while (p + sizeof(struct nlattr) <= end) {
		const struct nlattr *a = (const void *)p;

		if (a->nla_len < sizeof(*a))
			break;
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
		p += NLA_ALIGN(a->nla_len);
	}
	return NULL;
}

static const void *attr_data(const struct nlattr *a)
{
	return (const char *)a + NLA_HDRLEN;
}

static size_t attr_size(const struct nlattr *a)
{
	return a->nla_len - NLA_HDRLEN;
}

static const struct nlattr *attr_in(const struct nlattr *a, int type)
{
	return a ? attr_find(attr_data(a), attr_size(a), type) : NULL;
}

static uint64_t attr_be64(const struct nlattr *a)
{
	uint64_t v = 0;

	if (a)
		memcpy(&v, attr_data(a), sizeof(v));
	return be64toh(v);
}

static void add_rule(struct count *c, const void *attrs, size_t n)
{
	const struct nlattr *table = attr_find(attrs, n, NFTA_RULE_TABLE);
	const struct nlattr *list = attr_find(attrs, n, NFTA_RULE_EXPRESSIONS), *e, *name, *data;

	if (!table || !list || !strncmp(attr_data(table), "test-", 5))
		return;
	for (size_t at = 0; at < attr_size(list); at += NLA_ALIGN(e->nla_len)) {
		e = (const void *)((const char *)attr_data(list) + at);
		name = attr_in(e, NFTA_EXPR_NAME);
		data = attr_in(e, NFTA_EXPR_DATA);
		if (!name || strcmp(attr_data(name), "counter") != 0)
			continue;
		c->packets += attr_be64(attr_in(data, NFTA_COUNTER_PACKETS));
		c->bytes += attr_be64(attr_in(data, NFTA_COUNTER_BYTES));
	}
}

/* Returns false at the end of the dump. */
static bool add_message(struct count *c, const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);
	size_t skip = NLMSG_ALIGN(sizeof(struct nfgenmsg));

	if (h->nlmsg_type == NLMSG_ERROR) {
		errno = -e->error;
		die("rules of nft");
	}
	if (h->nlmsg_type == NLMSG_DONE)
		return false;
	add_rule(c, (const char *)NLMSG_DATA(h) + skip, NLMSG_PAYLOAD(h, 0) - skip);
	return true;
}

static bool add_messages(struct count *c, const char *buf, ssize_t n)
{
	const struct nlmsghdr *h = (const void *)buf;

	for (; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n))
		if (!add_message(c, h))
			return false;
	return true;
}

struct count count_nft(const struct side *s)
{
	struct {
		struct nlmsghdr h;
		struct nfgenmsg g;
	} ask = {
		.h = { .nlmsg_len = sizeof(ask),
		       .nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE,
		       .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.g = { .nfgen_family = AF_UNSPEC },
	};
	static char buf[1 << 16] __attribute__((aligned(8)));
	struct count c = { 0, 0 };
	ssize_t n;

	if (send(s->netlink, &ask, sizeof(ask), 0) < 0)
		die("asking nft for rules");
	do {
		n = recv(s->netlink, buf, sizeof(buf), 0);
		if (n < 0)
			die("rules of nft");
	} while (add_messages(&c, buf, n));
	return c;
}
