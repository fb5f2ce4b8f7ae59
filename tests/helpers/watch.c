// SPDX-License-Identifier: GPL-2.0-or-later
#include "watch.h"
#include "frame.h"
#include "verify/attr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { GROUP_WATCH = 65000, NFLOG_GROUPS = 10, MAX_PRIORITIES = 64 };

/* The log has no priority: a set shows which ones there were. */
const char watch_rules[] = "table inet test-watch {\n"
			   "	set priorities {\n"
			   "		typeof meta priority\n"
			   "		size 64\n"
			   "		flags dynamic\n"
			   "	}\n"
			   "	chain prerouting {\n"
			   "		type filter hook prerouting priority 1000;\n"
			   "		log prefix \"prerouting\" group 65000 queue-threshold 1\n"
			   "	}\n"
			   "	chain input {\n"
			   "		type filter hook input priority 1000;\n"
			   "		log prefix \"input\" group 65000 queue-threshold 1\n"
			   "		add @priorities { meta priority }\n"
			   "	}\n"
			   "	chain forward {\n"
			   "		type filter hook forward priority 1000;\n"
			   "		log prefix \"forward\" group 65000 queue-threshold 1\n"
			   "	}\n"
			   "	chain output {\n"
			   "		type filter hook output priority 1000;\n"
			   "		log prefix \"output\" group 65000 queue-threshold 1\n"
			   "	}\n"
			   "	chain postrouting {\n"
			   "		type filter hook postrouting priority 1000;\n"
			   "		log prefix \"postrouting\" group 65000 queue-threshold 1\n"
			   "		add @priorities { meta priority }\n"
			   "	}\n"
			   "}\n";

struct request {
	struct nlmsghdr h;
	struct nfgenmsg g;
	char attrs[64];
};

static void ask(const struct side *s, const struct request *r)
{
	struct {
		struct nlmsghdr h;
		struct nlmsgerr e;
		char rest[256];
	} answer;

	if (send(s->log, r, r->h.nlmsg_len, 0) < 0 || recv(s->log, &answer, sizeof(answer), 0) < 0)
		die("nfnetlink_log");
	if (answer.h.nlmsg_type == NLMSG_ERROR && answer.e.error) {
		errno = -answer.e.error;
		die("nfnetlink_log");
	}
}

static void bind_group(const struct side *s, uint16_t group)
{
	struct request r = {
		.h = { .nlmsg_type = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG,
		       .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.g = { .nfgen_family = AF_UNSPEC, .res_id = htons(group) },
	};
	struct nfulnl_msg_config_cmd cmd = { NFULNL_CFG_CMD_BIND };
	struct nfulnl_msg_config_mode mode = { htonl(0xffff), NFULNL_COPY_PACKET, 0 };
	uint32_t threshold = htonl(1);
	char *at = r.attrs;

	at = vf_attr_put(at, NFULA_CFG_CMD, &cmd, sizeof(cmd));
	at = vf_attr_put(at, NFULA_CFG_MODE, &mode, sizeof(mode));
	at = vf_attr_put(at, NFULA_CFG_QTHRESH, &threshold, sizeof(threshold));
	r.h.nlmsg_len = (uint32_t)(at - (char *)&r);
	ask(s, &r);
}

void watch_open(struct side *s)
{
	enter(s->ns);
	s->log = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	enter(home_ns());
	if (s->log < 0)
		die("netlink");
	bind_group(s, GROUP_WATCH);
	for (uint16_t i = 0; i < NFLOG_GROUPS; i++)
		bind_group(s, i);
}

static void add_packet(struct text *t, const struct packet *sent, uint16_t group, const void *attrs,
		       size_t n)
{
	const struct nlattr *prefix = vf_attr_find(attrs, n, NFULA_PREFIX);
	const struct nlattr *payload = vf_attr_find(attrs, n, NFULA_PAYLOAD);
	unsigned int mark = (unsigned int)vf_attr_number(vf_attr_find(attrs, n, NFULA_MARK));
	const char *where = prefix ? vf_attr_data(prefix) : "";

	if (group != GROUP_WATCH)
		text_f(t, "  NFLOG group %u ", group);
	text_f(t, "%s%s: in=%u out=%u mark=%#x", group == GROUP_WATCH ? "  " : "", where,
	       (unsigned int)vf_attr_number(vf_attr_find(attrs, n, NFULA_IFINDEX_INDEV)),
	       (unsigned int)vf_attr_number(vf_attr_find(attrs, n, NFULA_IFINDEX_OUTDEV)), mark);
	if (payload && (group != GROUP_WATCH || !strcmp(where, "input")))
		frame_describe(t, sent, vf_attr_data(payload), vf_attr_size(payload));
	text_f(t, "\n");
}

static void read_log(const struct side *s, const struct packet *sent, struct text *seen)
{
	static char buf[1 << 17] __attribute__((aligned(8)));
	size_t skip = NLMSG_ALIGN(sizeof(struct nfgenmsg));
	ssize_t n;

	while ((n = recv(s->log, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		for (const struct nlmsghdr *h = (const void *)buf; NLMSG_OK(h, n);
		     h = NLMSG_NEXT(h, n)) {
			const struct nfgenmsg *g = NLMSG_DATA(h);

			if (h->nlmsg_type == (NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET))
				add_packet(seen, sent, ntohs(g->res_id), (const char *)g + skip,
					   NLMSG_PAYLOAD(h, 0) - skip);
		}
}

struct priorities {
	uint32_t v[MAX_PRIORITIES];
	size_t n;
};

static void add_priority(void *to, const void *attrs, size_t n)
{
	struct priorities *p = to;
	const struct nlattr *list = vf_attr_find(attrs, n, NFTA_SET_ELEM_LIST_ELEMENTS), *e, *v;

	for (size_t at = 0; list && at < vf_attr_size(list); at += NLA_ALIGN(e->nla_len)) {
		e = (const void *)((const char *)vf_attr_data(list) + at);
		v = vf_attr_in(vf_attr_in(e, NFTA_SET_ELEM_KEY), NFTA_DATA_VALUE);
		if (v && p->n < MAX_PRIORITIES)
			memcpy(&p->v[p->n++], vf_attr_data(v), sizeof(p->v[0]));
	}
}

static int compare(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void read_priorities(const struct side *s, struct text *seen)
{
	struct priorities p = { .n = 0 };
	char which[64], *at = which;

	at = vf_attr_put(at, NFTA_SET_ELEM_LIST_TABLE, "test-watch", sizeof("test-watch"));
	at = vf_attr_put(at, NFTA_SET_ELEM_LIST_SET, "priorities", sizeof("priorities"));
	if (!vf_dump(s->netlink, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETSETELEM, NFPROTO_INET,
		     which, (size_t)(at - which), add_priority, &p))
		die("elements of nft's set");
	qsort(p.v, p.n, sizeof(p.v[0]), compare);
	for (size_t i = 0; i < p.n; i++)
		text_f(seen, "  priority %#x\n", p.v[i]);
}

void watch_read(const struct side *s, const struct packet *sent, struct text *seen)
{
	read_log(s, sent, seen);
	read_priorities(s, seen);
}
