// SPDX-License-Identifier: GPL-2.0-or-later
/*
 *	IPv4, IPv6	[ADDRESS[-ADDRESS]][:PORTS]
 *	IPv6		"[" [ADDRESS[-ADDRESS]] "]" [:PORTS]
 *	PORTS		PORT | SERVICE | PORT-PORT[/(PORT | SERVICE)]
 *
 * without the addresses and the colon for REDIRECT and MASQUERADE. In IPv6, addresses before ports
 * are in brackets.
 */
#include "nat.h"

#include <arpa/inet.h>
#include <string.h>

_Noreturn void nat_bad(const char *arg, const char *why)
{
	xtables_error(PARAMETER_PROBLEM, "%s: --%s \"%s\": %s", nat_target.name, nat_target.to, arg,
		      why);
}

static bool v4(void)
{
	return plugin_family == NFPROTO_IPV4;
}

/* @len bytes of @arg at @s. */
static void parse_address(const char *arg, const char *s, size_t len, union nf_inet_addr *addr)
{
	char text[INET6_ADDRSTRLEN];

	if (len && len < sizeof(text)) {
		memcpy(text, s, len);
		text[len] = '\0';
		if (inet_pton(v4() ? AF_INET : AF_INET6, text, addr) == 1)
			return;
	}
	nat_bad(arg, v4() ? "an IPv4 address or a range ADDRESS-ADDRESS is needed, "
			    "with :PORT behind it if need be"
			  : "an IPv6 address or a range ADDRESS-ADDRESS is needed, "
			    "in brackets with :PORT behind them if need be");
}

static void parse_addresses(const char *arg, const char *s, size_t len, struct nf_nat_range2 *r)
{
	const char *dash = memchr(s, '-', len);
	size_t first = dash ? (size_t)(dash - s) : len;

	parse_address(arg, s, first, &r->min_addr);
	r->max_addr = r->min_addr;
	if (dash)
		parse_address(arg, dash + 1, len - first - 1, &r->max_addr);
	if (memcmp(&r->min_addr, &r->max_addr, v4() ? 4 : 16) > 0)
		nat_bad(arg, "the range is turned round; the lower address goes first");
	r->flags |= NF_NAT_RANGE_MAP_IPS;
}

static const char *const bad_port = "a port is a number from 1 to 65535 or a service's name, "
				    "a range is PORT-PORT in numbers";

/* A number, or a service's name that ends the text. */
static unsigned int parse_port(const char *arg, const char *s, char **end)
{
	unsigned int port;
	int service;

	if (xtables_strtoui(s, end, &port, 0, UINT16_MAX))
		return port;
	service = xtables_service_to_port(s, NULL);
	if (service < 0)
		nat_bad(arg, *s == ':' ? "ports are given without a colon" : bad_port);
	*end = (char *)s + strlen(s);
	return (unsigned int)service;
}

static void parse_base(const char *arg, const char *s, bool base, struct nf_nat_range2 *r)
{
	unsigned int port;
	char *end;

	if (strcmp(nat_target.name, "DNAT") != 0)
		nat_bad(arg, "only DNAT can shift ports by a base port");
	if (!base)
		nat_bad(arg, "this kernel cannot shift ports by a base port; "
			     "Linux can since version 4.18");
	port = parse_port(arg, s, &end);
	if (*end || !port)
		nat_bad(arg, "the base port is a number from 1 to 65535 or a service's name");
	r->base_proto.all = htons((uint16_t)port);
	r->flags |= NF_NAT_RANGE_PROTO_OFFSET;
}

static void parse_ports(const char *arg, const char *s, bool base, struct nf_nat_range2 *r)
{
	unsigned int lo, hi;
	char *end;

	if (strchr(s, ':') && *s != ':')
		nat_bad(arg, "a port range is written with a dash, not a colon");
	lo = hi = parse_port(arg, s, &end);
	if (*end == '-' && !xtables_strtoui(end + 1, &end, &hi, 0, UINT16_MAX))
		nat_bad(arg, bad_port);
	if (lo > hi)
		nat_bad(arg, "the port range is turned round; the lower port goes first");
	r->min_proto.all = htons((uint16_t)lo);
	r->max_proto.all = htons((uint16_t)hi);
	r->flags |= NF_NAT_RANGE_PROTO_SPECIFIED;
	if (*end == '/' && lo == hi)
		nat_bad(arg, "a base port needs a range of ports before it: PORT-PORT/BASE");
	if (*end == '/')
		parse_base(arg, end + 1, base, r);
	else if (*end)
		nat_bad(arg, bad_port);
	/* A range may begin with it: 0-65535 is what some write for any port. */
	if (!hi)
		nat_bad(arg, "nothing can have port 0; a port is 1 to 65535");
}

/* Where the colon before the ports is, or the end; @addr, @len: the addresses. */
static const char *split(const char *arg, const char **addr, size_t *len)
{
	const char *end = arg + strlen(arg);

	*addr = arg;
	if (!v4() && *arg == '[') {
		end = arg + strcspn(arg, "]");
		if (!*end)
			nat_bad(arg, "the closing bracket is missing");
		*addr = arg + 1;
		*len = (size_t)(end++ - *addr);
		if (*end && *end != ':')
			nat_bad(arg, "behind the bracket there can be only :PORT");
		return end;
	}
	if (v4() && strchr(arg, ':'))
		end = strchr(arg, ':');
	else if (*arg == ':' && arg[1] != ':')
		end = arg;
	*len = (size_t)(end - arg);
	return end;
}

void nat_parse(const char *arg, bool base, struct nf_nat_range2 *r)
{
	const char *addr, *ports;
	size_t len;

	if (!nat_target.addresses) {
		parse_ports(arg, arg, base, r);
		return;
	}
	plugin_check_family(nat_target.name, nat_target.to, arg);
	ports = split(arg, &addr, &len);
	/* Ports alone leave the address as it is. */
	if (len || !*ports)
		parse_addresses(arg, addr, len, r);
	if (*ports)
		parse_ports(arg, ports + 1, base, r);
}
