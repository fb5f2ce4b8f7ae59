// SPDX-License-Identifier: GPL-2.0-or-later
#include "xt/header.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <xtables.h>

void xt_header_init(struct xt_header *h, uint8_t family)
{
	memset(h, 0, sizeof(*h));
	h->family = family;
}

void xt_header_free(struct xt_header *h)
{
	free(h->src.addrs);
	free(h->src.masks);
	free(h->dst.addrs);
	free(h->dst.masks);
}

void *xt_header_entry(struct xt_header *h)
{
	return h->family == NFPROTO_IPV4 ? (void *)&h->e4 : (void *)&h->e6;
}

static uint8_t *invflags(struct xt_header *h)
{
	return h->family == NFPROTO_IPV4 ? &h->e4.ip.invflags : &h->e6.ipv6.invflags;
}

static bool is_numeric(int af, const char *s)
{
	uint8_t addr[16];

	return inet_pton(af, s, addr) == 1 || strspn(s, "0123456789.") == strlen(s);
}

/* libxtables asks the name service for each name by itself; where that does not answer, once is
 * enough to know. */
static void check_name(struct xt_host *host, int af, const char *name)
{
	struct addrinfo hints = { .ai_family = af, .ai_socktype = SOCK_RAW }, *found;
	int err;

	if (is_numeric(af, name))
		return;
	if (host->no_names)
		xt_host_fail(host, "host \"%s\" cannot be looked up: no name service answers",
			     name);
	err = getaddrinfo(name, NULL, &hints, &found);
	host->no_names = err == EAI_AGAIN;
	if (err)
		xt_host_fail(host, "host \"%s\" cannot be looked up: %s", name, gai_strerror(err));
	freeaddrinfo(found);
}

static void check_names(struct xt_host *host, uint8_t family, const char *list)
{
	char *copy = xl_strdup(host->rs->arena, list), *rest = copy, *name;

	while ((name = strsep(&rest, ","))) {
		name += strspn(name, " ");
		name[strcspn(name, "/")] = '\0';
		check_name(host, family == NFPROTO_IPV4 ? AF_INET : AF_INET6, name);
	}
}

void xt_header_addresses(struct xt_host *host, struct xt_header *h, bool src, const char *arg,
			 bool invert)
{
	struct xt_addresses *a = src ? &h->src : &h->dst;
	bool *given = src ? &h->src_given : &h->dst_given;

	if (*given)
		xt_host_fail(host, "%s is given twice", src ? "-s" : "-d");
	*given = true;
	check_names(host, h->family, arg);
	if (h->family == NFPROTO_IPV4)
		xtables_ipparse_multiple(arg, (struct in_addr **)&a->addrs,
					 (struct in_addr **)&a->masks, &a->n);
	else
		xtables_ip6parse_multiple(arg, (struct in6_addr **)&a->addrs,
					  (struct in6_addr **)&a->masks, &a->n);
	if (!a->n)
		xt_host_fail(host, "\"%s\" is no address", arg);
	if (a->n > 1 && invert)
		xt_host_fail(host, "! cannot stand before several addresses");
	if (invert)
		*invflags(h) |= src ? IPT_INV_SRCIP : IPT_INV_DSTIP;
}

void xt_header_protocol(struct xt_host *host, struct xt_header *h, char *arg, bool invert)
{
	if (h->proto_given)
		xt_host_fail(host, "-p is given twice");
	for (char *p = arg; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	h->proto = xtables_parse_protocol(arg);
	h->proto_given = true;
	strncpy(h->proto_name, arg, sizeof(h->proto_name) - 1);
	if (!h->proto && invert)
		xt_host_fail(host, "! -p %s would match no packet", arg);
	if (h->family == NFPROTO_IPV4) {
		h->e4.ip.proto = h->proto;
	} else {
		h->e6.ipv6.proto = h->proto;
		if (h->proto)
			h->e6.ipv6.flags |= IP6T_F_PROTO;
	}
	if (invert)
		*invflags(h) |= XT_INV_PROTO;
}

void xt_header_interface(struct xt_host *host, struct xt_header *h, bool in, const char *arg,
			 bool invert)
{
	bool *given = in ? &h->in_given : &h->out_given;
	bool v4 = h->family == NFPROTO_IPV4;
	char *name = in ? (v4 ? h->e4.ip.iniface : h->e6.ipv6.iniface)
			: (v4 ? h->e4.ip.outiface : h->e6.ipv6.outiface);
	unsigned char *mask = in ? (v4 ? h->e4.ip.iniface_mask : h->e6.ipv6.iniface_mask)
				 : (v4 ? h->e4.ip.outiface_mask : h->e6.ipv6.outiface_mask);

	if (*given)
		xt_host_fail(host, "%s is given twice", in ? "-i" : "-o");
	*given = true;
	if (!*arg)
		xt_host_fail(host, "an empty interface name matches nothing");
	xtables_parse_interface(arg, name, mask);
	if (invert)
		*invflags(h) |= in ? IPT_INV_VIA_IN : IPT_INV_VIA_OUT;
}

void xt_header_fragment(struct xt_host *host, struct xt_header *h, bool invert)
{
	if (h->family != NFPROTO_IPV4)
		xt_host_fail(host, "-f is for IPv4; ip6tables has -m frag");
	if (h->e4.ip.flags & IPT_F_FRAG)
		xt_host_fail(host, "-f is given twice");
	h->e4.ip.flags |= IPT_F_FRAG;
	if (invert)
		h->e4.ip.invflags |= IPT_INV_FRAG;
}

const char *xt_header_protocol_match(const struct xt_header *h)
{
	/* Names under which extensions of the protocols are known; others have the protocol's. */
	static const struct {
		uint16_t proto;
		const char *name;
	} names[] = {
		{ IPPROTO_TCP, "tcp" },		{ IPPROTO_UDP, "udp" },
		{ IPPROTO_ICMP, "icmp" },	{ IPPROTO_SCTP, "sctp" },
		{ IPPROTO_ICMPV6, "icmp6" },	{ IPPROTO_ESP, "esp" },
		{ IPPROTO_AH, "ah" },		{ IPPROTO_DCCP, "dccp" },
		{ IPPROTO_MH, "mh" },		{ IPPROTO_COMP, "ipcomp" },
		{ IPPROTO_UDPLITE, "udplite" },
	};

	if (!h->proto_given || !h->proto)
		return NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].proto == h->proto)
			return names[i].name;
	return h->proto_name;
}

static void put(struct xt_header *h, bool src, unsigned int i)
{
	const struct xt_addresses *a = src ? &h->src : &h->dst;

	if (!a->n)
		return;
	if (h->family == NFPROTO_IPV4) {
		struct ipt_ip *ip = &h->e4.ip;

		*(src ? &ip->src : &ip->dst) = ((struct in_addr *)a->addrs)[i];
		*(src ? &ip->smsk : &ip->dmsk) = ((struct in_addr *)a->masks)[i];
	} else {
		struct ip6t_ip6 *ip = &h->e6.ipv6;

		*(src ? &ip->src : &ip->dst) = ((struct in6_addr *)a->addrs)[i];
		*(src ? &ip->smsk : &ip->dmsk) = ((struct in6_addr *)a->masks)[i];
	}
}

bool xt_header_next(struct xt_header *h, bool go_to)
{
	unsigned int dsts = h->dst.n ? h->dst.n : 1, srcs = h->src.n ? h->src.n : 1;

	if (h->next >= srcs * dsts)
		return false;
	put(h, true, h->next / dsts);
	put(h, false, h->next % dsts);
	h->next++;
	if (go_to && h->family == NFPROTO_IPV4)
		h->e4.ip.flags |= IPT_F_GOTO;
	else if (go_to)
		h->e6.ipv6.flags |= IP6T_F_GOTO;
	return true;
}
