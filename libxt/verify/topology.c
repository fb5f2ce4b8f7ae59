// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices, addresses and routes; which of them are wanted says topology_rules.c. */
#include "verify/topology.h"

#include "xt/addr.h"

#include <netinet/in.h>
#include <string.h>

/* A network of the index. @device is -1 for an own address. */
struct route {
	struct route *next;
	uint8_t family, len;
	struct xt_addr addr;
	int device;
};

/* Lengths that occur, from the longest; then a hash of the networks. */
struct vf_routes {
	uint8_t lens[2][129];
	struct xt_addr masks[2][129]; /* of them */
	size_t n_lens[2];
	struct route **buckets;
	size_t mask;
};

static bool is_v6(uint8_t family)
{
	return family == NFPROTO_IPV6;
}

static size_t hash(const struct vf_routes *r, uint8_t family, unsigned int len, struct xt_addr a)
{
	uint64_t h = (a.hi ^ (a.lo * 0x9e3779b97f4a7c15)) + len * 131u + family;

	h *= 0xbf58476d1ce4e5b9;
	return (h >> 32) & r->mask;
}

static struct route *find(const struct vf_routes *r, uint8_t family, unsigned int len,
			  struct xt_addr a)
{
	struct route *e = r->buckets[hash(r, family, len, a)];

	while (e && (e->family != family || e->len != len || xt_addr_cmp(e->addr, a)))
		e = e->next;
	return e;
}

static void note_len(struct vf_routes *r, uint8_t family, uint8_t len)
{
	bool v6 = is_v6(family);
	size_t i = 0, n = r->n_lens[v6];

	while (i < n && r->lens[v6][i] > len)
		i++;
	if (i < n && r->lens[v6][i] == len)
		return;
	memmove(&r->lens[v6][i + 1], &r->lens[v6][i], n - i);
	memmove(&r->masks[v6][i + 1], &r->masks[v6][i], (n - i) * sizeof(r->masks[v6][0]));
	r->lens[v6][i] = len;
	r->masks[v6][i] = xt_addr_netmask(family, len);
	r->n_lens[v6]++;
}

/* What comes first stays. */
static void put(struct vf_topology *t, uint8_t family, const uint8_t *addr, uint8_t len, int device)
{
	struct xt_addr a =
		xt_addr_and(xt_addr_from_bytes(family, addr), xt_addr_netmask(family, len));
	struct vf_routes *r = t->routes;
	struct route *e, **bucket;

	if (find(r, family, len, a))
		return;
	e = xl_new(t->arena, struct route);
	*e = (struct route){ .family = family, .len = len, .addr = a, .device = device };
	bucket = &r->buckets[hash(r, family, len, a)];
	e->next = *bucket;
	*bucket = e;
	note_len(r, family, len);
}

static void put_all(struct vf_topology *t)
{
	for (size_t i = 0; t->given && i < t->given->n_local; i++)
		put(t, t->given->local[i].family, t->given->local[i].addr, t->given->local[i].len,
		    -1);
	for (size_t i = 0; i < t->n; i++)
		for (size_t j = 0; j < t->devices[i].n_own; j++)
			put(t, t->devices[i].own[j].family, t->devices[i].own[j].addr,
			    xt_addr_bits(t->devices[i].own[j].family), -1);
	for (size_t i = 0; i < t->n; i++) {
		const struct vf_device *d = &t->devices[i];

		for (size_t j = 0; j < d->n_own; j++)
			put(t, d->own[j].family, d->own[j].addr, d->own[j].len, i);
		for (size_t j = 0; j < d->n_behind; j++)
			put(t, d->behind[j].family, d->behind[j].addr, d->behind[j].len, i);
	}
}

void vf_topology_index(struct vf_topology *t)
{
	static const uint8_t loopback[2][16] = { { 127 }, { [15] = 1 } };
	struct vf_routes *r = xl_new(t->arena, struct vf_routes);
	size_t n = 16 + (t->given ? t->given->n_local : 0);

	for (size_t i = 0; i < t->n; i++)
		n += 2 * t->devices[i].n_own + t->devices[i].n_behind;
	for (r->mask = 1; r->mask < n; r->mask *= 2)
		;
	r->buckets = xl_alloc(t->arena, r->mask * sizeof(*r->buckets));
	r->mask--;
	t->routes = r;
	put(t, NFPROTO_IPV4, loopback[0], 8, -1);
	put(t, NFPROTO_IPV6, loopback[1], 128, -1);
	put_all(t);
}

static const struct route *longest(const struct vf_topology *t, uint8_t family, const uint8_t *addr)
{
	const struct vf_routes *r = t->routes;
	struct xt_addr a = xt_addr_from_bytes(family, addr);
	const struct route *e;
	bool v6 = is_v6(family);

	for (size_t i = 0; r && i < r->n_lens[v6]; i++) {
		e = find(r, family, r->lens[v6][i], xt_addr_and(a, r->masks[v6][i]));
		if (e)
			return e;
	}
	return NULL;
}

static bool is_broadcast(const struct vf_topology *t, const uint8_t *addr)
{
	struct xt_addr a = xt_addr_from_bytes(NFPROTO_IPV4, addr), m;
	const struct route *e = longest(t, NFPROTO_IPV4, addr);

	if (a.lo == UINT32_MAX)
		return true;
	if (!e || e->device < 0 || e->len > 30)
		return false;
	m = xt_addr_hostmask(NFPROTO_IPV4, e->len);
	if ((a.lo & m.lo) != m.lo)
		return false;
	for (size_t i = 0; i < t->devices[e->device].n_own; i++) {
		const struct vf_net *o = &t->devices[e->device].own[i];

		if (o->family == NFPROTO_IPV4 && o->len == e->len &&
		    (xt_addr_from_bytes(NFPROTO_IPV4, o->addr).lo & ~m.lo) == e->addr.lo)
			return true;
	}
	return false;
}

bool vf_is_own(const struct vf_topology *t, uint8_t family, const uint8_t *addr)
{
	const struct route *e = longest(t, family, addr);
	static const uint8_t all_hosts[4] = { 224, 0, 0, 1 };
	static const uint8_t all_nodes[16] = { 0xff, 2, [15] = 1 };

	if (e && e->device < 0)
		return true;
	if (is_v6(family))
		return !memcmp(addr, all_nodes, 16);
	return !memcmp(addr, all_hosts, 4) || is_broadcast(t, addr);
}

int vf_route(const struct vf_topology *t, uint8_t family, const uint8_t *addr)
{
	const struct route *e = longest(t, family, addr);

	/* An own address is at home on the device that has it. */
	if (e && e->device < 0)
		for (size_t i = 0; i < t->n; i++)
			for (size_t j = 0; j < t->devices[i].n_own; j++)
				if (t->devices[i].own[j].family == family &&
				    !memcmp(t->devices[i].own[j].addr, addr,
					    is_v6(family) ? 16 : 4))
					return i;
	return e && e->device >= 0 ? e->device : 0;
}

int vf_device_find(const struct vf_topology *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (!strcmp(t->devices[i].name, name))
			return i;
	return -1;
}

/* As dev_valid_name() in net/core/dev.c; "all" and "default" are what sysctls are called
 * (sysctl_dev_name_is_allowed(), include/net/addrconf.h). */
bool vf_can_be_device(const char *name)
{
	static const char *const taken[] = { "", ".", "..", "all", "default" };

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (!strcmp(name, taken[i]))
			return false;
	return strlen(name) < IFNAMSIZ && !name[strcspn(name, "/: \t\n\v\f\r%")];
}

static void number(struct vf_topology *t, struct vf_device *d, size_t k)
{
	struct vf_net four = { NFPROTO_IPV4, { 198, 18 + k / 256, k % 256, 1 }, 24 };
	struct vf_net six = { NFPROTO_IPV6, { 0xfd, 0, k / 256, k % 256, [15] = 1 }, 64 };

	xl_push(t->arena, d->own, d->n_own, d->own_cap, four);
	xl_push(t->arena, d->own, d->n_own, d->own_cap, six);
}

static int add_device(struct vf_topology *t, const char *name)
{
	enum { MOST = 512 }; /* 198.18.0.0/15 has room for no more */
	struct vf_device d = { .n_own = 0 };

	if (t->n == MOST || !vf_can_be_device(name))
		return -1;
	memcpy(d.name, name, strlen(name));
	xl_push(t->arena, t->devices, t->n, t->cap, d);
	return (int)t->n - 1;
}

int vf_device_add(struct vf_topology *t, const char *name)
{
	int at = vf_device_find(t, name);

	if (at >= 0)
		return at;
	at = add_device(t, name);
	if (at >= 0 && strcmp(name, "lo") != 0)
		number(t, &t->devices[at], (size_t)at);
	return at;
}

int vf_device_give(struct vf_topology *t, const char *name)
{
	int at = vf_device_find(t, name);

	if (at < 0)
		at = add_device(t, name);
	if (at >= 0)
		t->devices[at].given = true;
	return at;
}
