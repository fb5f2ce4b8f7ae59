// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * blobs 4|6 legacy TABLE
 * blobs 4|6 nft TABLE CHAIN
 *
 * Prints the matches and targets that the kernel holds, one a line: kind, name, revision, and the
 * bytes as they are.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include <net/if.h>
#include <netinet/in.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <linux/netlink.h>

static bool v6;

static void die(const char *what)
{
	fprintf(stderr, "blobs: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void put(const char *kind, const char *name, unsigned int rev, const void *data, size_t n)
{
	const unsigned char *p = data;

	printf("%s %s %u ", kind, name, rev);
	while (n--)
		printf("%02x", *p++);
	putchar('\n');
}

/* Returns where the next entry is. */
static char *put_entry(char *entry)
{
	struct ipt_entry *e4 = (void *)entry;
	struct ip6t_entry *e6 = (void *)entry;
	unsigned int at = v6 ? sizeof(*e6) : sizeof(*e4);
	unsigned int end = v6 ? e6->target_offset : e4->target_offset;
	struct xt_entry_target *t = (void *)(entry + end);
	struct xt_entry_match *m;

	for (; at < end; at += m->u.match_size) {
		m = (void *)(entry + at);
		put("match", m->u.user.name, m->u.user.revision, m->data,
		    m->u.match_size - sizeof(*m));
	}
	/* Verdicts and the heads of chains are no extension's. */
	if (*t->u.user.name && strcmp(t->u.user.name, XT_ERROR_TARGET) != 0)
		put("target", t->u.user.name, t->u.user.revision, t->data,
		    t->u.target_size - sizeof(*t));
	return entry + (v6 ? e6->next_offset : e4->next_offset);
}

/* The structures for IPv6 are the same but for the entries in them. */
static void legacy(const char *table)
{
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	struct ipt_getinfo info = { 0 };
	struct ipt_get_entries *all;
	socklen_t n = sizeof(info);

	snprintf(info.name, sizeof(info.name), "%s", table);
	if (fd < 0 || getsockopt(fd, level, IPT_SO_GET_INFO, &info, &n))
		die(table);
	n = (socklen_t)sizeof(*all) + info.size;
	all = calloc(1, n);
	if (!all)
		die("memory");
	strcpy(all->name, info.name);
	all->size = info.size;
	if (getsockopt(fd, level, IPT_SO_GET_ENTRIES, all, &n))
		die("IPT_SO_GET_ENTRIES");
	for (char *e = (char *)all->entrytable, *end = e + info.size; e < end;)
		e = put_entry(e);
	free(all);
	close(fd);
}

/* The attribute behind @a, of which and of what follows there are @len bytes. */
static struct nlattr *next(struct nlattr *a, size_t *len)
{
	size_t n = (size_t)NLA_ALIGN(a->nla_len);

	*len -= n < *len ? n : *len;
	return (void *)((char *)a + n);
}

/* The attribute of this type among @len bytes of them; NULL when there is none. */
static struct nlattr *find(void *attrs, size_t len, int type)
{
	struct nlattr *a = attrs;

	while (len >= sizeof(*a) && a->nla_len >= sizeof(*a) && a->nla_len <= len) {
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
		a = next(a, &len);
	}
	return NULL;
}

static void *payload(struct nlattr *a)
{
	return (char *)a + NLA_HDRLEN;
}

static size_t payload_len(const struct nlattr *a)
{
	return a->nla_len - NLA_HDRLEN;
}

static struct nlattr *nested(struct nlattr *a, int type)
{
	return a ? find(payload(a), payload_len(a), type) : NULL;
}

/* NFTA_TARGET_* and NFTA_MATCH_* are the same numbers. */
static void put_expr(struct nlattr *expr)
{
	struct nlattr *kind = nested(expr, NFTA_EXPR_NAME), *data = nested(expr, NFTA_EXPR_DATA);
	struct nlattr *info = nested(data, NFTA_TARGET_INFO);
	struct nlattr *rev = nested(data, NFTA_TARGET_REV);

	if (!info || !rev ||
	    (strcmp(payload(kind), "target") != 0 && strcmp(payload(kind), "match") != 0))
		return;
	put(payload(kind), payload(nested(data, NFTA_TARGET_NAME)),
	    ntohl(*(unsigned int *)payload(rev)), payload(info), payload_len(info));
}

static void put_rule(struct nlmsghdr *h)
{
	size_t head = NLMSG_LENGTH(NLMSG_ALIGN(sizeof(struct nfgenmsg)));
	struct nlattr *exprs, *e;
	size_t len;

	exprs = find((char *)h + head, h->nlmsg_len - head, NFTA_RULE_EXPRESSIONS);
	if (!exprs)
		return;
	len = payload_len(exprs);
	for (e = payload(exprs); len >= sizeof(*e) && e->nla_len <= len; e = next(e, &len))
		put_expr(e);
}

static void add_string(struct nlmsghdr *h, unsigned short type, const char *s)
{
	struct nlattr *a = (void *)((char *)h + NLMSG_ALIGN(h->nlmsg_len));

	a->nla_type = type;
	a->nla_len = (unsigned short)(NLA_HDRLEN + strlen(s) + 1);
	strcpy(payload(a), s);
	h->nlmsg_len = NLMSG_ALIGN(h->nlmsg_len) + NLA_ALIGN(a->nla_len);
}

static void nft(const char *table, const char *chain)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	static _Alignas(8) char buf[1 << 18];
	struct nlmsghdr *h = (void *)buf;
	struct nfgenmsg *g = NLMSG_DATA(h);
	ssize_t n;

	h->nlmsg_len = NLMSG_LENGTH(sizeof(*g));
	h->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	g->nfgen_family = v6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	add_string(h, NFTA_RULE_TABLE, table);
	add_string(h, NFTA_RULE_CHAIN, chain);
	if (fd < 0 || send(fd, h, h->nlmsg_len, 0) < 0)
		die("NFT_MSG_GETRULE");
	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0)
		for (h = (void *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_type == NLMSG_DONE)
				return;
			if (h->nlmsg_type == NLMSG_ERROR)
				die("NFT_MSG_GETRULE");
			put_rule(h);
		}
}

int main(int argc, char **argv)
{
	v6 = argc > 1 && !strcmp(argv[1], "6");
	if (argc == 4 && !strcmp(argv[2], "legacy")) {
		legacy(argv[3]);
	} else if (argc == 5 && !strcmp(argv[2], "nft")) {
		nft(argv[3], argv[4]);
	} else {
		fputs("usage: blobs 4|6 legacy TABLE\n       blobs 4|6 nft TABLE CHAIN\n", stderr);
		return 2;
	}
	return 0;
}
