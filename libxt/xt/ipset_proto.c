// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of an element: addresses, and ports with their protocol. */
#include "xt/ipset_read.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>

/* "ipset save" writes names that /etc/protocols need not have here. */
static const struct {
	const char *name;
	uint8_t proto;
} protos[] = {
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ "sctp", IPPROTO_SCTP },
	{ "udplite", IPPROTO_UDPLITE },
	{ "icmp", IPPROTO_ICMP },
	{ "icmpv6", IPPROTO_ICMPV6 },
	{ "ipv6-icmp", IPPROTO_ICMPV6 },
	{ "igmp", IPPROTO_IGMP },
	{ "gre", IPPROTO_GRE },
	{ "esp", IPPROTO_ESP },
	{ "ah", IPPROTO_AH },
	{ "dccp", IPPROTO_DCCP },
	{ "ipv6", IPPROTO_IPV6 },
	{ "ospf", 89 },
	{ "ospfigp", 89 },
	{ "pim", IPPROTO_PIM },
	{ "vrrp", 112 },
	{ "l2tp", 115 },
	{ "ipencap", IPPROTO_IPIP },
	{ "ipv6-nonxt", IPPROTO_NONE },
};

struct icmp_name {
	const char *name;
	uint8_t type, code;
};

static const struct icmp_name icmp4[] = {
	{ "echo-reply", 0, 0 },
	{ "network-unreachable", 3, 0 },
	{ "host-unreachable", 3, 1 },
	{ "protocol-unreachable", 3, 2 },
	{ "port-unreachable", 3, 3 },
	{ "fragmentation-needed", 3, 4 },
	{ "source-route-failed", 3, 5 },
	{ "network-unknown", 3, 6 },
	{ "host-unknown", 3, 7 },
	{ "network-prohibited", 3, 9 },
	{ "host-prohibited", 3, 10 },
	{ "TOS-network-unreachable", 3, 11 },
	{ "TOS-host-unreachable", 3, 12 },
	{ "communication-prohibited", 3, 13 },
	{ "host-precedence-violation", 3, 14 },
	{ "precedence-cutoff", 3, 15 },
	{ "source-quench", 4, 0 },
	{ "network-redirect", 5, 0 },
	{ "host-redirect", 5, 1 },
	{ "TOS-network-redirect", 5, 2 },
	{ "TOS-host-redirect", 5, 3 },
	{ "echo-request", 8, 0 },
	{ "ping", 8, 0 },
	{ "pong", 0, 0 },
	{ "router-advertisement", 9, 0 },
	{ "router-solicitation", 10, 0 },
	{ "ttl-zero-during-transit", 11, 0 },
	{ "ttl-zero-during-reassembly", 11, 1 },
	{ "ip-header-bad", 12, 0 },
	{ "required-option-missing", 12, 1 },
	{ "timestamp-request", 13, 0 },
	{ "timestamp-reply", 14, 0 },
	{ "address-mask-request", 17, 0 },
	{ "address-mask-reply", 18, 0 },
	{ NULL, 0, 0 },
};

static const struct icmp_name icmp6[] = {
	{ "no-route", 1, 0 },
	{ "communication-prohibited", 1, 1 },
	{ "address-unreachable", 1, 3 },
	{ "port-unreachable", 1, 4 },
	{ "packet-too-big", 2, 0 },
	{ "ttl-zero-during-transit", 3, 0 },
	{ "ttl-zero-during-reassembly", 3, 1 },
	{ "bad-header", 4, 0 },
	{ "unknown-header-type", 4, 1 },
	{ "unknown-option", 4, 2 },
	{ "echo-request", 128, 0 },
	{ "echo-reply", 129, 0 },
	{ "router-solicitation", 133, 0 },
	{ "router-advertisement", 134, 0 },
	{ "neighbour-solicitation", 135, 0 },
	{ "neigbour-solicitation", 135, 0 },
	{ "neighbour-advertisement", 136, 0 },
	{ "neigbour-advertisement", 136, 0 },
	{ "redirect", 137, 0 },
	{ NULL, 0, 0 },
};

static bool parse_addr(uint8_t family, const char *s, struct xt_addr *a)
{
	int af = family == NFPROTO_IPV6 ? AF_INET6 : AF_INET;
	size_t n = strlen(s);
	char copy[64];
	uint8_t bytes[16];

	if (n >= sizeof(copy))
		return false;
	memcpy(copy, s, n + 1);
	if (n > 2 && copy[0] == '[' && copy[n - 1] == ']') {
		copy[n - 1] = '\0';
		s = copy + 1;
	}
	if (inet_pton(af, s, bytes) != 1)
		return false;
	*a = xt_addr_from_bytes(family, bytes);
	return true;
}

static bool parse_len(uint8_t family, const char *s, unsigned int *len)
{
	char *end;

	*len = (unsigned int)strtoul(s, &end, 10);
	return *s >= '0' && *s <= '9' && !*end && *len <= xt_addr_bits(family);
}

bool xt_ipset_addr(struct xt_ipset_reader *r, uint8_t family, const struct xt_token *t,
		   struct xt_range *range)
{
	unsigned int len = xt_addr_bits(family);
	char *s = xl_strdup(r->arena, t->text), *slash = strchr(s, '/'), *dash = strchr(s, '-');
	struct xt_addr host;
	bool ok;

	if (slash)
		*slash++ = '\0';
	else if (dash)
		*dash++ = '\0';
	ok = parse_addr(family, s, &range->lo);
	if (ok && slash)
		ok = parse_len(family, slash, &len);
	range->hi = range->lo;
	if (ok && dash && !slash)
		ok = parse_addr(family, dash, &range->hi);
	if (!ok)
		return xt_ipset_fail(
			r, t->col,
			"\"%s\" is not an IPv%d address, prefix or range; names are not"
			" looked up",
			t->text, family == NFPROTO_IPV6 ? 6 : 4);
	if (dash && !slash)
		return xt_addr_cmp(range->lo, range->hi) <= 0 ||
		       xt_ipset_fail(r, t->col, "the range \"%s\" is turned round", t->text);
	host = xt_addr_hostmask(family, len);
	range->lo = xt_addr_and(range->lo, xt_addr_netmask(family, len));
	range->hi = xt_addr_or(range->lo, host);
	return true;
}

static bool one_port(const char *proto, const char *s, struct xt_addr *a)
{
	const struct servent *serv;
	char *end;
	unsigned long v = strtoul(s, &end, 10);

	a->hi = 0;
	a->lo = v;
	if (*s >= '0' && *s <= '9' && !*end)
		return v <= 65535;
	serv = getservbyname(s, proto);
	if (serv)
		a->lo = ntohs((uint16_t)serv->s_port);
	return serv;
}

/* Names of services may have a dash, too. */
bool xt_ipset_ports(struct xt_ipset_reader *r, const char *proto, const struct xt_token *t,
		    struct xt_range *range)
{
	char *s = xl_strdup(r->arena, t->text), *dash;
	bool ok = one_port(proto, s, &range->lo);

	range->hi = range->lo;
	dash = strchr(s, '-');
	if (!ok && dash) {
		*dash++ = '\0';
		ok = one_port(proto, s, &range->lo) && one_port(proto, dash, &range->hi);
	}
	if (!ok)
		return xt_ipset_fail(r, t->col, "\"%s\" is not a port or a range of ports",
				     t->text);
	if (xt_addr_cmp(range->lo, range->hi) > 0)
		return xt_ipset_fail(r, t->col, "the range \"%s\" is turned round", t->text);
	return true;
}

static bool parse_proto(const char *name, uint8_t *proto)
{
	const struct protoent *e;
	unsigned long v;
	char *end;

	for (size_t i = 0; i < sizeof(protos) / sizeof(protos[0]); i++) {
		if (strcmp(name, protos[i].name) != 0)
			continue;
		*proto = protos[i].proto;
		return true;
	}
	v = strtoul(name, &end, 10);
	if (*name >= '0' && *name <= '9' && !*end) {
		*proto = (uint8_t)v;
		return v && v <= 255;
	}
	e = getprotobyname(name);
	if (e)
		*proto = (uint8_t)e->p_proto;
	return e && e->p_proto > 0 && e->p_proto <= 255;
}

static bool parse_icmp(struct xt_ipset_reader *r, const struct icmp_name *names,
		       const struct xt_token *t, struct xt_range *ports)
{
	unsigned long type, code = 256;
	char *end;

	for (; names->name; names++) {
		if (strcmp(names->name, t->text) != 0)
			continue;
		ports->lo.lo = (uint64_t)names->type << 8 | names->code;
		ports->hi = ports->lo;
		return true;
	}
	type = strtoul(t->text, &end, 10);
	if (t->text[0] >= '0' && t->text[0] <= '9' && *end == '/' && end[1] >= '0' && end[1] <= '9')
		code = strtoul(end + 1, &end, 10);
	if (type > 255 || code > 255 || *end)
		return xt_ipset_fail(
			r, t->col, "\"%s\" is not an ICMP message: a name, or TYPE/CODE", t->text);
	ports->lo.lo = type << 8 | code;
	ports->hi = ports->lo;
	return true;
}

bool xt_ipset_proto_port(struct xt_ipset_reader *r, uint8_t family, const struct xt_token *t,
			 uint8_t *proto, struct xt_range *ports)
{
	char *s = xl_strdup(r->arena, t->text), *colon = strchr(s, ':');
	struct xt_token rest = { .text = colon ? colon + 1 : s, .col = t->col };
	const char *name = colon ? s : "tcp";

	if (colon)
		*colon = '\0';
	if (!parse_proto(name, proto))
		return xt_ipset_fail(r, t->col, "\"%s\" is not a protocol", name);
	*ports = (struct xt_range){ { 0, 0 }, { 0, 0 } };
	switch (*proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
		return xt_ipset_ports(r, name, &rest, ports);
	case IPPROTO_ICMP:
		if (family == NFPROTO_IPV4)
			return parse_icmp(r, icmp4, &rest, ports);
		return xt_ipset_fail(r, t->col, "a set of IPv6 addresses has ICMPv6, not ICMP");
	case IPPROTO_ICMPV6:
		if (family == NFPROTO_IPV6)
			return parse_icmp(r, icmp6, &rest, ports);
		return xt_ipset_fail(r, t->col, "a set of IPv4 addresses has ICMP, not ICMPv6");
	default:
		if (!strcmp(rest.text, "0"))
			return true;
		return xt_ipset_fail(r, t->col, "the protocol %s has no ports; write %s:0", name,
				     name);
	}
}
