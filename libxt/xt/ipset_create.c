// SPDX-License-Identifier: GPL-2.0-or-later
/* "create NAME TYPE options". Options that only say how the kernel keeps the set are read over. */
#include "xt/ipset_read.h"

#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>

#define DIMS(...)           \
	{                   \
		__VA_ARGS__ \
	}

static const struct xt_ipset_type types[] = {
	{ "bitmap:ip", "ipmap", DIMS(XT_DIM_IP), true },
	{ "bitmap:ip,mac", "macipmap", DIMS(XT_DIM_IP, XT_DIM_MAC), true },
	{ "bitmap:port", "portmap", DIMS(XT_DIM_PORTNUM), true },
	{ "hash:ip", "iphash", DIMS(XT_DIM_IP), false },
	{ "hash:net", "nethash", DIMS(XT_DIM_NET), false },
	{ "hash:ip,port", "ipporthash", DIMS(XT_DIM_IP, XT_DIM_PORT), false },
	{ "hash:ip,port,ip", "ipportiphash", DIMS(XT_DIM_IP, XT_DIM_PORT, XT_DIM_IP), false },
	{ "hash:ip,port,net", "ipportnethash", DIMS(XT_DIM_IP, XT_DIM_PORT, XT_DIM_NET), false },
	{ "hash:net,port", NULL, DIMS(XT_DIM_NET, XT_DIM_PORT), false },
	{ "hash:net,net", NULL, DIMS(XT_DIM_NET, XT_DIM_NET), false },
	{ "hash:net,port,net", NULL, DIMS(XT_DIM_NET, XT_DIM_PORT, XT_DIM_NET), false },
	{ "hash:net,iface", NULL, DIMS(XT_DIM_NET, XT_DIM_IFACE), false },
	{ "hash:mac", NULL, DIMS(XT_DIM_MAC), false },
	{ "hash:ip,mac", NULL, DIMS(XT_DIM_IP, XT_DIM_MAC), false },
	{ "hash:ip,mark", NULL, DIMS(XT_DIM_IP, XT_DIM_MARK), false },
	{ "list:set", "setlist", DIMS(XT_DIM_SET), false },
};

enum {
	C_FAMILY,
	C_TIMEOUT,
	C_MAXELEM,
	C_MARKMASK,
	C_NETMASK,
	C_BITMASK,
	C_RANGE,
	C_FROM,
	C_TO,
	C_COUNTERS,
	C_SKBINFO,
	C_FORCEADD,
	C_IGNORED,
	C_COUNT,
};

static const struct {
	const char *name;
	bool has_arg;
	unsigned int id;
} options[] = {
	{ "family", true, C_FAMILY },
	{ "timeout", true, C_TIMEOUT },
	{ "maxelem", true, C_MAXELEM },
	{ "markmask", true, C_MARKMASK },
	{ "netmask", true, C_NETMASK },
	{ "bitmask", true, C_BITMASK },
	{ "range", true, C_RANGE },
	{ "from", true, C_FROM },
	{ "to", true, C_TO },
	{ "counters", false, C_COUNTERS },
	{ "skbinfo", false, C_SKBINFO },
	{ "forceadd", false, C_FORCEADD },
	{ "comment", false, C_IGNORED },
	{ "hashsize", true, C_IGNORED },
	{ "bucketsize", true, C_IGNORED },
	{ "initval", true, C_IGNORED },
	{ "size", true, C_IGNORED },
	{ "probes", true, C_IGNORED },
	{ "resize", true, C_IGNORED },
	{ "gc", true, C_IGNORED },
};

/* The options by their id: the word after each, or itself where it has none; NULL: not given. */
struct given {
	const struct xt_token *v[C_COUNT];
};

static bool option(struct xt_ipset_reader *r, struct given *g)
{
	const struct xt_token *t = &r->words.v[r->at++];

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strcmp(t->text, options[i].name) != 0)
			continue;
		g->v[options[i].id] = options[i].has_arg ? xt_ipset_word(r, t->text) : t;
		return g->v[options[i].id];
	}
	return xt_ipset_fail(r, t->col, "\"%s\" is no option of a set", t->text);
}

static bool family(struct xt_ipset_reader *r, struct xt_ipset *set, const struct xt_token *t)
{
	if (!t || !strcmp(t->text, "inet") || !strcmp(t->text, "ipv4"))
		set->family = NFPROTO_IPV4;
	else if (!strcmp(t->text, "inet6") || !strcmp(t->text, "ipv6"))
		set->family = NFPROTO_IPV6;
	else
		return xt_ipset_fail(r, t->col, "\"%s\" is no family; it can be inet or inet6",
				     t->text);
	return true;
}

static bool number(struct xt_ipset_reader *r, const struct xt_token *t, uint32_t *value)
{
	uint64_t v;

	if (!t)
		return true;
	if (!xt_ipset_number(r, t, UINT32_MAX, &v))
		return false;
	*value = (uint32_t)v;
	return true;
}

static bool mask(struct xt_ipset_reader *r, struct xt_ipset *set, const struct given *g)
{
	struct xt_range bits;
	uint64_t len;

	set->masked = g->v[C_NETMASK] || g->v[C_BITMASK];
	if (g->v[C_NETMASK]) {
		if (!xt_ipset_number(r, g->v[C_NETMASK], xt_addr_bits(set->family), &len))
			return false;
		set->mask = xt_addr_netmask(set->family, (unsigned int)len);
	}
	if (g->v[C_BITMASK]) {
		if (!xt_ipset_addr(r, set->family, g->v[C_BITMASK], &bits))
			return false;
		set->mask = bits.lo;
	}
	return true;
}

static bool one_range(struct xt_ipset_reader *r, const struct xt_ipset *set,
		      const struct xt_token *t, struct xt_range *out)
{
	if (set->type->dims[0] == XT_DIM_PORTNUM)
		return xt_ipset_ports(r, NULL, t, out);
	return xt_ipset_addr(r, set->family, t, out);
}

static bool bitmap_range(struct xt_ipset_reader *r, struct xt_ipset *set, const struct given *g)
{
	struct xt_range lo, hi;

	if (g->v[C_RANGE])
		return one_range(r, set, g->v[C_RANGE], &set->range);
	if (!g->v[C_FROM] || !g->v[C_TO])
		return xt_ipset_fail(r, r->words.v[r->at - 1].col, "a %s needs a range",
				     set->type->name);
	if (!one_range(r, set, g->v[C_FROM], &lo) || !one_range(r, set, g->v[C_TO], &hi))
		return false;
	set->range = (struct xt_range){ lo.lo, hi.hi };
	return true;
}

static bool has_addresses(const struct xt_ipset_type *t)
{
	for (const enum xt_ipset_dim *d = t->dims; *d; d++)
		if (*d == XT_DIM_IP || *d == XT_DIM_NET)
			return true;
	return false;
}

static const struct xt_ipset_type *type_of(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(name, types[i].name) ||
		    (types[i].old_name && !strcmp(name, types[i].old_name)))
			return &types[i];
	return NULL;
}

static bool apply(struct xt_ipset_reader *r, struct xt_ipset *set, const struct given *g)
{
	uint32_t maxelem = 65536;

	set->markmask = UINT32_MAX;
	set->has_timeout = g->v[C_TIMEOUT];
	set->counters = g->v[C_COUNTERS];
	set->skbinfo = g->v[C_SKBINFO];
	set->forceadd = g->v[C_FORCEADD];
	if (!family(r, set, g->v[C_FAMILY]) || !number(r, g->v[C_TIMEOUT], &set->timeout) ||
	    !number(r, g->v[C_MAXELEM], &maxelem) || !number(r, g->v[C_MARKMASK], &set->markmask) ||
	    !mask(r, set, g))
		return false;
	set->maxelem = maxelem;
	if (!has_addresses(set->type))
		set->family = NFPROTO_UNSPEC;
	return !set->type->bitmap || bitmap_range(r, set, g);
}

bool xt_ipset_create(struct xt_ipset_reader *r, struct xt_ipset *set)
{
	const struct xt_token *t = xt_ipset_word(r, set->name);
	struct given g = { 0 };
	bool ok = true;

	if (!t)
		return false;
	set->type = type_of(t->text);
	if (!set->type)
		return xt_ipset_fail(r, t->col, "\"%s\" is no type of set", t->text);
	while (ok && r->at < r->words.n)
		ok = option(r, &g);
	ok = ok && apply(r, set, &g);
	if (!ok)
		set->type = NULL;
	return ok;
}
