// SPDX-License-Identifier: GPL-2.0-or-later
/* Values in and around ranges, and addresses. */
#include "verify/model.h"
#include "xt/addr.h"

#include <string.h>

bool vf_in(struct vf_range r, uint32_t v)
{
	return (v >= r.lo && v <= r.hi) != r.inv;
}

static uint32_t between(uint32_t lo, uint32_t hi, struct vf_rng *rng)
{
	uint64_t n = (uint64_t)hi - lo + 1;

	return lo + vf_rand(rng) % n;
}

static uint32_t pick_outside(struct vf_range r, struct vf_rng *rng)
{
	bool below = r.lo > 0, above = r.hi < r.max;

	if (below && above)
		below = vf_one_in(rng, 2);
	if (below)
		return vf_one_in(rng, 2) ? r.lo - 1 : between(0, r.lo - 1, rng);
	if (above)
		return vf_one_in(rng, 2) ? r.hi + 1 : between(r.hi + 1, r.max, rng);
	return r.lo; /* there is none */
}

uint32_t vf_pick(struct vf_range r, struct vf_rng *rng)
{
	if (r.inv)
		return pick_outside(r, rng);
	if (r.lo >= r.hi)
		return r.lo;
	switch (vf_below(rng, 3)) {
	case 0:
		return r.lo;
	case 1:
		return r.hi;
	default:
		return between(r.lo, r.hi, rng);
	}
}

bool vf_bound(struct vf_range r, unsigned int n, uint32_t *v)
{
	uint32_t found[4];
	unsigned int i = 0;

	if (r.lo > r.hi)
		return false;
	if (r.lo > 0)
		found[i++] = r.lo - 1;
	if (r.hi < r.max)
		found[i++] = r.hi + 1;
	if (i || r.inv)
		found[i++] = r.lo;
	if (i && r.hi != r.lo)
		found[i++] = r.hi;
	if (n >= i)
		return false;
	*v = found[n];
	return true;
}

unsigned int vf_bounds(struct vf_range r)
{
	uint32_t v;
	unsigned int n = 0;

	while (vf_bound(r, n, &v))
		n++;
	return n;
}

static size_t width(uint8_t family)
{
	return family == NFPROTO_IPV4 ? 4 : 16;
}

void vf_addr_fill(uint8_t family, uint8_t *addr, const uint8_t *want, const uint8_t *mask,
		  struct vf_rng *r)
{
	unsigned int how = vf_below(r, 3);
	uint64_t bits[2] = { vf_rand(r), vf_rand(r) };
	const uint8_t *b = (const uint8_t *)bits;

	for (size_t i = 0; i < width(family); i++)
		addr[i] = (want[i] & mask[i]) | ((how == 0   ? 0
						  : how == 1 ? 0xff
							     : b[i]) &
						 (uint8_t)~mask[i]);
}

bool vf_addr_like(uint8_t family, const uint8_t *addr, const uint8_t *want, const uint8_t *mask)
{
	uint64_t a[2], w[2], m[2];

	if (family == NFPROTO_IPV4) {
		uint32_t a4, w4, m4;

		memcpy(&a4, addr, 4);
		memcpy(&w4, want, 4);
		memcpy(&m4, mask, 4);
		return !((a4 ^ w4) & m4);
	}
	memcpy(a, addr, 16);
	memcpy(w, want, 16);
	memcpy(m, mask, 16);
	return !(((a[0] ^ w[0]) & m[0]) | ((a[1] ^ w[1]) & m[1]));
}

/* The length of a mask without holes, -1: it has some. */
static int length(uint8_t family, const uint8_t *mask)
{
	int n = 0, bits = 8 * width(family);

	while (n < bits && mask[n / 8] & 0x80 >> n % 8)
		n++;
	for (int i = n; i < bits; i++)
		if (mask[i / 8] & 0x80 >> i % 8)
			return -1;
	return n;
}

static bool flip(uint8_t family, uint8_t *addr, const uint8_t *want, const uint8_t *mask,
		 unsigned int n)
{
	enum { MOST = 8 };

	for (int i = 8 * width(family) - 1, seen = 0; i >= 0 && seen < MOST; i--) {
		if (!(mask[i / 8] & 0x80 >> i % 8))
			continue;
		if ((unsigned int)seen++ != n)
			continue;
		memcpy(addr, want, width(family));
		addr[i / 8] ^= 0x80 >> i % 8;
		return true;
	}
	return false;
}

bool vf_addr_bound(uint8_t family, uint8_t *addr, const uint8_t *want, const uint8_t *mask,
		   unsigned int n)
{
	int len = length(family, mask);
	struct xt_addr lo, hi, zero = { 0 }, most;
	struct xt_addr found[4];
	unsigned int i = 0;

	if (len == 0)
		return false;
	if (len < 0)
		return flip(family, addr, want, mask, n);
	most = xt_addr_hostmask(family, 0);
	lo = xt_addr_and(xt_addr_from_bytes(family, want), xt_addr_netmask(family, len));
	hi = xt_addr_or(lo, xt_addr_hostmask(family, len));
	if (xt_addr_cmp(lo, zero))
		found[i++] = xt_addr_prev(lo);
	if (xt_addr_cmp(hi, most))
		found[i++] = xt_addr_next(hi);
	found[i++] = lo;
	if (xt_addr_cmp(lo, hi))
		found[i++] = hi;
	if (n >= i)
		return false;
	xt_addr_to_bytes(family, found[n], addr);
	return true;
}

static const struct vf_net *net_of(const struct vf_net *v, size_t n, uint8_t family,
				   struct vf_rng *r)
{
	size_t from = vf_below(r, n);

	for (size_t i = 0; i < n && i < 64; i++) {
		const struct vf_net *net = &v[(from + i) % n];

		if (net->family == family)
			return net;
	}
	return NULL;
}

/* A device with addresses: not lo. */
static const struct vf_device *a_device(const struct vf_packet *k, int device, struct vf_rng *r)
{
	const struct vf_topology *t = k->topo;

	if (device < 0 || !t->devices[device].n_own)
		device = vf_below(r, t->n);
	return &t->devices[t->devices[device].n_own ? device : 0];
}

/* The network in which a device is: the first own one that is not a single host. */
static const struct vf_net *near(const struct vf_device *d, uint8_t family)
{
	for (size_t i = 0; i < d->n_own; i++)
		if (d->own[i].family == family && d->own[i].len < xt_addr_bits(family) - 2)
			return &d->own[i];
	return NULL;
}

void vf_addr_behind(const struct vf_packet *k, int device, uint8_t *addr, struct vf_rng *r)
{
	const struct vf_device *d = a_device(k, device, r);
	const struct vf_net *net = near(d, k->p.family);

	if (!net)
		net = net_of(d->behind, d->n_behind, k->p.family, r);
	if (!net)
		return;
	memset(addr, 0, 16);
	memcpy(addr, net->addr, width(k->p.family));
	/* Not the network's own, the broadcast address nor the host's. */
	if (net->len <= xt_addr_bits(k->p.family) - 8u)
		addr[width(k->p.family) - 1] = 2 + vf_below(r, 250);
	if (k->p.family == NFPROTO_IPV6 && net->len <= 96)
		addr[14] = vf_below(r, 256);
}

void vf_addr_own(const struct vf_packet *k, int device, uint8_t *addr, struct vf_rng *r)
{
	const struct vf_device *d = a_device(k, device, r);
	const struct vf_net *net = net_of(d->own, d->n_own, k->p.family, r);

	if (net && vf_is_multicast(k->p.family, net->addr))
		net = near(d, k->p.family);
	if (!net)
		return;
	memset(addr, 0, 16);
	memcpy(addr, net->addr, width(k->p.family));
}

bool vf_is_multicast(uint8_t family, const uint8_t *addr)
{
	return family == NFPROTO_IPV4 ? (addr[0] & 0xf0) == 0xe0 : addr[0] == 0xff;
}
