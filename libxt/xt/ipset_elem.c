// SPDX-License-Identifier: GPL-2.0-or-later
/* Elements. A line may name several: a range of networks is its prefixes, a range of ports each of
 * them (hash_netport4_uadt() and the like). */
#include "xt/ipset_read.h"

#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <linux/netfilter.h>

enum { MAX_A_LINE = 1 << 20 };

/* An element in the making. */
struct making {
	struct xt_ipset_reader *r;
	const struct xt_ipset *set;
	struct xt_token parts[XT_IPSET_DIMS + 1];
	struct xt_ipset_elem e;
	unsigned int addrs; /* of e.addr already there */
	struct xt_ipset_elems *out;
};

static bool part(struct making *m, unsigned int d);

static bool outside(struct making *m, const struct xt_token *t, struct xt_range range)
{
	if (!m->set->type->bitmap || (xt_addr_cmp(range.lo, m->set->range.lo) >= 0 &&
				      xt_addr_cmp(range.hi, m->set->range.hi) <= 0))
		return false;
	xt_ipset_fail(m->r, t->col, "\"%s\" is outside the range of the set", t->text);
	return true;
}

/* Fills the next e.addr and goes on to the next dimension. */
static bool put_range(struct making *m, unsigned int d, struct xt_range range, unsigned int len)
{
	bool ok;

	m->e.addr[m->addrs] = range;
	m->e.len[m->addrs++] = (uint8_t)len;
	ok = part(m, d + 1);
	m->addrs--;
	return ok;
}

static bool has_holes(const struct xt_ipset *set)
{
	struct xt_addr host = { ~set->mask.hi, ~set->mask.lo };

	host = xt_addr_and(host, xt_addr_hostmask(set->family, 0));
	host = xt_addr_and(host, xt_addr_next(host));
	return host.hi || host.lo;
}

static bool part_ip(struct making *m, unsigned int d)
{
	const struct xt_token *t = &m->parts[d];
	struct xt_range range;

	if (!xt_ipset_addr(m->r, m->set->family, t, &range) || outside(m, t, range))
		return false;
	if (m->set->masked) {
		if (has_holes(m->set) && !xt_range_is_one(range))
			return xt_ipset_fail(m->r, t->col,
					     "\"%s\": a set whose mask has holes takes single"
					     " addresses",
					     t->text);
		range.lo = xt_addr_and(range.lo, m->set->mask);
		range.hi = xt_addr_and(range.hi, m->set->mask);
	}
	return put_range(m, d, range, 0);
}

static bool part_net(struct making *m, unsigned int d)
{
	uint8_t family = m->set->family;
	struct xt_range range, one;
	unsigned int len;

	if (!xt_ipset_addr(m->r, family, &m->parts[d], &range))
		return false;
	if (m->set->masked) {
		range.lo = xt_addr_and(range.lo, m->set->mask);
		range.hi = xt_addr_and(range.hi, m->set->mask);
	}
	while (true) {
		len = xt_range_first_prefix(family, range);
		one.lo = range.lo;
		one.hi = xt_addr_or(range.lo, xt_addr_hostmask(family, len));
		if (!put_range(m, d, one, len))
			return false;
		if (!xt_addr_cmp(one.hi, range.hi))
			return true;
		range.lo = xt_addr_next(one.hi);
	}
}

static bool part_port(struct making *m, unsigned int d)
{
	struct xt_range ports;

	if (!xt_ipset_proto_port(m->r, m->set->family, &m->parts[d], &m->e.proto, &ports))
		return false;
	for (uint64_t port = ports.lo.lo; port <= ports.hi.lo; port++) {
		m->e.port = (uint16_t)port;
		if (!part(m, d + 1))
			return false;
	}
	return true;
}

static bool part_portnum(struct making *m, unsigned int d)
{
	struct xt_token t = m->parts[d];
	char *colon = strchr(t.text, ':');
	struct xt_range ports;

	if (colon)
		t.text = colon + 1;
	return xt_ipset_ports(m->r, NULL, &t, &ports) && !outside(m, &t, ports) &&
	       put_range(m, d, ports, 0);
}

static bool part_iface(struct making *m, unsigned int d)
{
	const struct xt_token *t = &m->parts[d];

	m->e.physdev = !strncmp(t->text, "physdev:", 8);
	m->e.iface = t->text + (m->e.physdev ? 8 : 0);
	if (!*m->e.iface || strlen(m->e.iface) >= IFNAMSIZ)
		return xt_ipset_fail(m->r, t->col, "\"%s\" is not the name of a device", t->text);
	return part(m, d + 1);
}

static bool part_mac(struct making *m, unsigned int d)
{
	const struct xt_token *t = &m->parts[d];
	unsigned int b[6];
	int n = 0;

	if (sscanf(t->text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5],
		   &n) != 6 ||
	    t->text[n])
		return xt_ipset_fail(m->r, t->col, "\"%s\" is not a MAC address", t->text);
	for (unsigned int i = 0; i < 6; i++)
		m->e.mac[i] = (uint8_t)b[i];
	m->e.has_mac = true;
	return part(m, d + 1);
}

static bool part_mark(struct making *m, unsigned int d)
{
	uint64_t mark;

	if (!xt_ipset_number(m->r, &m->parts[d], UINT32_MAX, &mark))
		return false;
	m->e.mark = (uint32_t)mark & m->set->markmask;
	return part(m, d + 1);
}

static bool part_set(struct making *m, unsigned int d)
{
	const struct xt_token *t = &m->parts[d];

	m->e.member = xt_ipset_find(m->r->sets, t->text);
	if (!m->e.member)
		return xt_ipset_fail(m->r, t->col, "no line before this creates a set \"%s\"",
				     t->text);
	return part(m, d + 1);
}

static bool part(struct making *m, unsigned int d)
{
	static bool (*const parts[])(struct making * m, unsigned int d) = {
		[XT_DIM_IP] = part_ip,	     [XT_DIM_NET] = part_net,
		[XT_DIM_PORT] = part_port,   [XT_DIM_PORTNUM] = part_portnum,
		[XT_DIM_IFACE] = part_iface, [XT_DIM_MAC] = part_mac,
		[XT_DIM_MARK] = part_mark,   [XT_DIM_SET] = part_set,
	};
	enum xt_ipset_dim dim = m->set->type->dims[d];

	if (dim && m->parts[d].text)
		return parts[dim](m, d);
	if (m->out->n == MAX_A_LINE)
		return xt_ipset_fail(m->r, m->parts[0].col,
				     "the line stands for more than %d elements", MAX_A_LINE);
	xl_push(m->r->arena, m->out->v, m->out->n, m->out->cap, m->e);
	return true;
}

/* "10.0.0.1,tcp:80" into its parts; a bitmap's MAC may be missing. */
static bool split_parts(struct making *m, const struct xt_token *t)
{
	const enum xt_ipset_dim *dims = m->set->type->dims;
	char *s = xl_strdup(m->r->arena, t->text);
	unsigned int n = 0, need = 0;

	while (dims[need])
		need++;
	if (need == 1) {
		m->parts[0] = *t;
		return true;
	}
	while (s && n < XT_IPSET_DIMS + 1) {
		m->parts[n].col = t->col + (unsigned int)(s - m->parts[0].text) * (n > 0);
		m->parts[n++].text = s;
		s = strchr(s, ',');
		if (s)
			*s++ = '\0';
	}
	if (n == need || (n + 1 == need && m->set->type->bitmap))
		return true;
	return xt_ipset_fail(m->r, t->col, "\"%s\" has not the %u parts of an element of %s",
			     t->text, need, m->set->type->name);
}

enum { E_TIMEOUT, E_PACKETS, E_BYTES, E_COMMENT, E_NOMATCH, E_WILDCARD, E_ARG };

static const struct {
	const char *name;
	int what;
} options[] = {
	{ "timeout", E_TIMEOUT }, { "packets", E_PACKETS }, { "bytes", E_BYTES },
	{ "comment", E_COMMENT }, { "nomatch", E_NOMATCH }, { "wildcard", E_WILDCARD },
	{ "skbmark", E_ARG },	  { "skbprio", E_ARG },	    { "skbqueue", E_ARG },
	{ "before", E_ARG },	  { "after", E_ARG },
};

static bool apply(struct making *m, int what, const struct xt_token *arg)
{
	uint64_t v = 0;

	if (what == E_TIMEOUT && !m->set->has_timeout)
		return xt_ipset_fail(m->r, arg->col, "the set \"%s\" is created without a timeout",
				     m->set->name);
	if (what <= E_BYTES &&
	    !xt_ipset_number(m->r, arg, what == E_TIMEOUT ? UINT32_MAX : UINT64_MAX, &v))
		return false;
	if (what == E_TIMEOUT)
		m->e.timeout = (uint32_t)v;
	else if (what == E_PACKETS)
		m->e.packets = v;
	else if (what == E_BYTES)
		m->e.bytes = v;
	else if (what == E_COMMENT)
		m->e.comment = *arg->text ? arg->text : NULL;
	else if (what == E_NOMATCH)
		m->e.nomatch = true;
	else if (what == E_WILDCARD)
		m->e.wildcard = true;
	return true;
}

static bool option(struct making *m)
{
	const struct xt_token *t = &m->r->words.v[m->r->at++], *arg = t;
	int what = -1;

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (!strcmp(t->text, options[i].name))
			what = options[i].what;
	if (what < 0)
		return xt_ipset_fail(m->r, t->col, "\"%s\" is no option of an element", t->text);
	if (what <= E_COMMENT || what == E_ARG)
		arg = xt_ipset_word(m->r, t->text);
	return arg && apply(m, what, arg);
}

bool xt_ipset_elems_read(struct xt_ipset_reader *r, const struct xt_ipset *set,
			 struct xt_ipset_elems *out)
{
	struct making m = { .r = r, .set = set, .out = out, .e = { .timeout = set->timeout } };
	const struct xt_token *t;

	t = xt_ipset_word(r, set->name);
	if (!t || !split_parts(&m, t))
		return false;
	while (r->at < r->words.n)
		if (!option(&m))
			return false;
	return part(&m, 0);
}
