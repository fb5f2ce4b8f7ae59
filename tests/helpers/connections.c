// SPDX-License-Identifier: GPL-2.0-or-later
#include "connections.h"

#include "verify/attr.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 64 };

struct list {
	unsigned int any;
	char *lines[MAX_CONNECTIONS];
	size_t n;
};

static void add_end(struct text *t, const struct nlattr *tuple, int ip, int ip6, int port,
		    bool any_addr, bool any_port)
{
	const struct nlattr *addr = vf_attr_in(vf_attr_in(tuple, CTA_TUPLE_IP), ip);
	const struct nlattr *p = vf_attr_in(vf_attr_in(tuple, CTA_TUPLE_PROTO), port);
	char name[INET6_ADDRSTRLEN] = "?";

	if (addr)
		inet_ntop(AF_INET, vf_attr_data(addr), name, sizeof(name));
	addr = vf_attr_in(vf_attr_in(tuple, CTA_TUPLE_IP), ip6);
	if (addr)
		inet_ntop(AF_INET6, vf_attr_data(addr), name, sizeof(name));
	text_f(t, " %s", any_addr ? "any" : name);
	if (p && any_port)
		text_f(t, " any");
	else if (p)
		text_f(t, " %u", (unsigned int)vf_attr_number(p));
}

/* @any: what of the tuple is left to chance. */
static void add_tuple(struct text *t, const struct nlattr *tuple, unsigned int any)
{
	const struct nlattr *proto = vf_attr_in(tuple, CTA_TUPLE_PROTO);

	text_f(t, " proto %u", (unsigned int)vf_attr_number(vf_attr_in(proto, CTA_PROTO_NUM)));
	add_end(t, tuple, CTA_IP_V4_SRC, CTA_IP_V6_SRC, CTA_PROTO_SRC_PORT, any & ANY_SADDR,
		any & ANY_SPORT);
	text_f(t, " >");
	add_end(t, tuple, CTA_IP_V4_DST, CTA_IP_V6_DST, CTA_PROTO_DST_PORT, any & ANY_DADDR,
		any & ANY_DPORT);
}

static void add_state(struct text *t, const void *attrs, size_t n)
{
	static const struct {
		const char *name;
		int type;
	} numbers[] = { { "status", CTA_STATUS }, { "mark", CTA_MARK }, { "zone", CTA_ZONE } };
	const struct nlattr *helper = vf_attr_in(vf_attr_find(attrs, n, CTA_HELP), CTA_HELP_NAME);
	const struct nlattr *labels = vf_attr_find(attrs, n, CTA_LABELS);

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		text_f(t, " %s=%#x", numbers[i].name,
		       (unsigned int)vf_attr_number(vf_attr_find(attrs, n, numbers[i].type)));
	if (helper)
		text_f(t, " helper=%s", (const char *)vf_attr_data(helper));
	for (size_t i = 0; labels && i < vf_attr_size(labels); i++)
		text_f(t, "%s%02x",
		       i ? "" : " labels=", ((const uint8_t *)vf_attr_data(labels))[i]);
}

static void add_connection(void *to, const void *attrs, size_t n)
{
	struct list *l = to;
	struct text t = { 0 };

	if (l->n == MAX_CONNECTIONS)
		return;
	text_f(&t, "  connection");
	add_tuple(&t, vf_attr_find(attrs, n, CTA_TUPLE_ORIG), 0);
	text_f(&t, ", replies");
	add_tuple(&t, vf_attr_find(attrs, n, CTA_TUPLE_REPLY), any_turned(l->any));
	add_state(&t, attrs, n);
	text_f(&t, "\n");
	l->lines[l->n++] = t.s;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Listing means to look through the hash of all namespaces, so ask first whether it is worth it. */
static bool are_there_any(const struct side *s)
{
	char count[16] = "0";
	int fd;

	enter(s->ns);
	fd = open("/proc/sys/net/netfilter/nf_conntrack_count", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (read(fd, count, sizeof(count) - 1) < 0)
			die("nf_conntrack_count");
		close(fd);
	}
	enter(home_ns());
	return atoi(count) > 0;
}

void connections_read(const struct side *s, unsigned int any, struct text *seen)
{
	struct list l = { .any = any };

	if (!are_there_any(s) ||
	    !vf_dump(s->netlink, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET, NFPROTO_UNSPEC,
		     NULL, 0, add_connection, &l))
		return;
	/* The kernel's order is that of a hash with a seed of each namespace's own. */
	qsort(l.lines, l.n, sizeof(l.lines[0]), compare);
	for (size_t i = 0; i < l.n; i++) {
		text_f(seen, "%s", l.lines[i]);
		free(l.lines[i]);
	}
}
