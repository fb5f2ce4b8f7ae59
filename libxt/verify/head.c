// SPDX-License-Identifier: GPL-2.0-or-later
/* What the header of an entry tests, as ip_packet_match() and ip6_packet_match() do. */
#include "verify/model.h"

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <string.h>

static void parse4(struct vf_head *h, const struct ipt_ip *ip)
{
	memcpy(h->src, &ip->src, 4);
	memcpy(h->dst, &ip->dst, 4);
	memcpy(h->src_mask, &ip->smsk, 4);
	memcpy(h->dst_mask, &ip->dmsk, 4);
	memcpy(h->in, ip->iniface, IFNAMSIZ);
	memcpy(h->out, ip->outiface, IFNAMSIZ);
	memcpy(h->in_mask, ip->iniface_mask, IFNAMSIZ);
	memcpy(h->out_mask, ip->outiface_mask, IFNAMSIZ);
	h->proto = ip->proto;
	h->has_proto = ip->proto;
	h->fragment = ip->flags & IPT_F_FRAG;
	h->inv = ip->invflags;
}

static void parse6(struct vf_head *h, const struct ip6t_ip6 *ip)
{
	memcpy(h->src, &ip->src, 16);
	memcpy(h->dst, &ip->dst, 16);
	memcpy(h->src_mask, &ip->smsk, 16);
	memcpy(h->dst_mask, &ip->dmsk, 16);
	memcpy(h->in, ip->iniface, IFNAMSIZ);
	memcpy(h->out, ip->outiface, IFNAMSIZ);
	memcpy(h->in_mask, ip->iniface_mask, IFNAMSIZ);
	memcpy(h->out_mask, ip->outiface_mask, IFNAMSIZ);
	h->proto = ip->proto;
	h->has_proto = ip->flags & IP6T_F_PROTO && ip->proto;
	h->inv = ip->invflags;
}

void vf_head_parse(struct vf_head *h, uint8_t family, const void *entry)
{
	*h = (struct vf_head){ .family = family };
	if (family == NFPROTO_IPV4)
		parse4(h, &((const struct ipt_entry *)entry)->ip);
	else
		parse6(h, &((const struct ip6t_entry *)entry)->ipv6);
}

/* ifname_compare_aligned(), include/linux/netfilter/x_tables.h */
bool vf_iface_is(const char *name, const char *want, const char *mask)
{
	uint64_t n[2], w[2], m[2];

	memcpy(n, name, sizeof(n));
	memcpy(w, want, sizeof(w));
	memcpy(m, mask, sizeof(m));
	return !(((n[0] ^ w[0]) & m[0]) | ((n[1] ^ w[1]) & m[1]));
}

bool vf_iface_near(char *to, const char *want, const char *mask)
{
	size_t n = strnlen(mask, IFNAMSIZ);

	if (n < 2 || n >= IFNAMSIZ || !want[n - 1])
		return false;
	memset(to, 0, IFNAMSIZ);
	memcpy(to, want, n - 1);
	to[n - 1] = want[n - 1] == '0' ? '1' : '0';
	return true;
}

static bool in_ok(const struct vf_head *h, const char *name)
{
	return vf_iface_is(name, h->in, h->in_mask) != !!(h->inv & IPT_INV_VIA_IN);
}

static bool out_ok(const struct vf_head *h, const char *name)
{
	return vf_iface_is(name, h->out, h->out_mask) != !!(h->inv & IPT_INV_VIA_OUT);
}

static bool src_ok(const struct vf_head *h, const uint8_t *addr)
{
	return vf_addr_like(h->family, addr, h->src, h->src_mask) != !!(h->inv & IPT_INV_SRCIP);
}

static bool dst_ok(const struct vf_head *h, const uint8_t *addr)
{
	return vf_addr_like(h->family, addr, h->dst, h->dst_mask) != !!(h->inv & IPT_INV_DSTIP);
}

bool vf_head_test(const struct vf_head *h, const struct vf_packet *k)
{
	if (!src_ok(h, k->p.saddr) || !dst_ok(h, k->p.daddr))
		return false;
	if (h->has_proto && (h->proto == k->p.proto) == !!(h->inv & XT_INV_PROTO))
		return false;
	if (!in_ok(h, k->in) || !out_ok(h, k->out))
		return false;
	return !h->fragment || vf_first_fragment(k) == !!(h->inv & IPT_INV_FRAG);
}

static void from_myself(struct vf_packet *k, struct vf_rng *r)
{
	k->p.in = VF_OUT;
	if (!vf_is_own(k->topo, k->p.family, k->p.daddr) ||
	    vf_is_multicast(k->p.family, k->p.daddr))
		vf_addr_own(k, -1, k->p.daddr, r);
	memcpy(k->p.saddr, k->p.daddr, 16);
}

static bool is_lo(const char *name)
{
	return !strcmp(name, "lo");
}

/* Device @n of those for which @ok holds; -1: none. */
static int nth_device(const struct vf_packet *k, const struct vf_head *h, bool want,
		      bool (*ok)(const struct vf_head *, const char *), unsigned int n)
{
	for (size_t i = 0; i < k->topo->n; i++)
		if (ok(h, k->topo->devices[i].name) == want && !n--)
			return i;
	return -1;
}

static int any_device(const struct vf_packet *k, const struct vf_head *h,
		      bool (*ok)(const struct vf_head *, const char *), struct vf_rng *r)
{
	unsigned int n = 0;

	for (size_t i = 0; i < k->topo->n; i++)
		n += ok(h, k->topo->devices[i].name);
	return n ? nth_device(k, h, true, ok, vf_below(r, n)) : -1;
}

static void come_by(struct vf_packet *k, int dev, struct vf_rng *r)
{
	if (dev >= 0 && is_lo(k->topo->devices[dev].name)) {
		from_myself(k, r);
		return;
	}
	k->p.in = dev;
	vf_addr_behind(k, dev, k->p.saddr, r);
}

static void make_in(const struct vf_head *h, struct vf_packet *k, struct vf_rng *r)
{
	int dev;

	if (k->hook == NF_INET_LOCAL_OUT || k->hook == NF_INET_POST_ROUTING)
		return;
	dev = any_device(k, h, in_ok, r);
	if (dev >= 0)
		come_by(k, dev, r);
	else if (in_ok(h, "lo\0\0\0\0\0\0\0\0\0\0\0\0\0"))
		from_myself(k, r);
}

static void leave_by(struct vf_packet *k, int dev, struct vf_rng *r)
{
	const struct vf_device *d = &k->topo->devices[dev];
	uint8_t addr[16] = { 0 }, mask[16] = { 0 };

	vf_addr_behind(k, dev, k->p.daddr, r);
	if (!d->n_behind || vf_one_in(r, 2))
		return;
	for (int tries = 0; tries < 4; tries++) {
		const struct vf_net *net = &d->behind[vf_below(r, d->n_behind)];

		if (net->family != k->p.family)
			continue;
		for (unsigned int i = 0; i < net->len; i++)
			mask[i / 8] |= 0x80 >> i % 8;
		vf_addr_fill(net->family, addr, net->addr, mask, r);
		if (!vf_is_own(k->topo, net->family, addr) &&
		    vf_route(k->topo, net->family, addr) == dev)
			memcpy(k->p.daddr, addr, 16);
		return;
	}
}

static void make_out(const struct vf_head *h, struct vf_packet *k, struct vf_rng *r)
{
	int dev;

	if (k->hook == NF_INET_LOCAL_IN || k->hook == NF_INET_PRE_ROUTING)
		return;
	dev = any_device(k, h, out_ok, r);
	if (dev >= 0 && !is_lo(k->topo->devices[dev].name))
		leave_by(k, dev, r);
	else if (k->hook != NF_INET_FORWARD)
		from_myself(k, r);
}

/* Whether a packet to its address gets to the hook, and out by the device that the rule wants. */
static bool fits(const struct vf_head *h, struct vf_packet *k)
{
	vf_place(k, k->hook);
	if (k->hook == NF_INET_LOCAL_IN)
		return k->own;
	if (k->hook == NF_INET_FORWARD && k->own)
		return false;
	return out_ok(h, k->out);
}

/* An own address in the rule's network. */
static bool own_in(const struct vf_head *h, struct vf_packet *k, struct vf_rng *r)
{
	unsigned int from = vf_below(r, k->topo->n);

	for (size_t i = 0; i < k->topo->n; i++) {
		const struct vf_device *d = &k->topo->devices[(from + i) % k->topo->n];

		for (size_t j = 0; j < d->n_own; j++) {
			if (d->own[j].family != h->family || !dst_ok(h, d->own[j].addr))
				continue;
			memcpy(k->p.daddr, d->own[j].addr, 16);
			if (fits(h, k))
				return true;
		}
	}
	return false;
}

/* An address in the rule's network that is behind one of the devices that it wants. */
static bool behind_in(const struct vf_head *h, struct vf_packet *k, struct vf_rng *r)
{
	unsigned int from = vf_below(r, k->topo->n);

	for (size_t i = 0; i < k->topo->n; i++) {
		const struct vf_device *d = &k->topo->devices[(from + i) % k->topo->n];
		size_t first = d->n_behind ? vf_below(r, d->n_behind) : 0;

		for (size_t j = 0; out_ok(h, d->name) && j < d->n_behind && j < 64; j++) {
			const struct vf_net *net = &d->behind[(first + j) % d->n_behind];

			if (net->family != h->family || !dst_ok(h, net->addr))
				continue;
			memcpy(k->p.daddr, net->addr, 16);
			if (fits(h, k))
				return true;
		}
	}
	return false;
}

static void make_dst(const struct vf_head *h, struct vf_packet *k, struct vf_rng *r)
{
	bool inv = h->inv & IPT_INV_DSTIP;

	for (int tries = 0; tries < 12; tries++) {
		if (!inv)
			vf_addr_fill(h->family, k->p.daddr, h->dst, h->dst_mask, r);
		else if (k->hook != NF_INET_LOCAL_IN)
			vf_addr_behind(k, any_device(k, h, out_ok, r), k->p.daddr, r);
		else
			break;
		if (dst_ok(h, k->p.daddr) && fits(h, k))
			return;
	}
	if ((k->hook != NF_INET_LOCAL_IN && behind_in(h, k, r)) || own_in(h, k, r))
		return;
	if (inv)
		vf_addr_bound(h->family, k->p.daddr, h->dst, h->dst_mask, 0);
}

static void make_src(const struct vf_head *h, struct vf_packet *k, struct vf_rng *r)
{
	if (!(h->inv & IPT_INV_SRCIP)) {
		vf_addr_fill(h->family, k->p.saddr, h->src, h->src_mask, r);
		return;
	}
	for (int tries = 0; tries < 4 && !src_ok(h, k->p.saddr); tries++)
		vf_addr_behind(k, k->p.in, k->p.saddr, r);
	for (unsigned int n = 0; n < 8 && !src_ok(h, k->p.saddr); n++)
		vf_addr_bound(h->family, k->p.saddr, h->src, h->src_mask, n);
}

/* In IPv6 AH is a header before another, so that the packet has another protocol, too. */
static bool is_before(const struct vf_head *h)
{
	return h->family == NFPROTO_IPV6 && h->proto == IPPROTO_AH;
}

static void make_proto(const struct vf_head *h, struct vf_packet *k)
{
	if (h->has_proto && is_before(h)) {
		k->p.flags &= ~VF_AH;
		k->p.flags |= h->inv & XT_INV_PROTO ? 0 : VF_AH;
		return;
	}
	if (!h->has_proto)
		return;
	if (!(h->inv & XT_INV_PROTO))
		vf_set_proto(&k->p, h->proto);
	else if (h->proto == k->p.proto)
		vf_set_proto(&k->p, h->proto == IPPROTO_TCP ? IPPROTO_UDP : IPPROTO_TCP);
}

static void make_fragment(const struct vf_head *h, struct vf_packet *k)
{
	if (!h->fragment)
		return;
	k->p.flags &= ~VF_FRAGMENT;
	k->p.frag_off = 0;
	if (h->inv & IPT_INV_FRAG)
		return;
	k->p.flags |= VF_FRAGMENT;
	k->p.frag_off = 64;
}

static bool masked(const void *mask, size_t n)
{
	const char *p = mask;

	while (n && !*p)
		p++, n--;
	return n;
}

void vf_head_make(const struct vf_head *h, struct vf_packet *k, struct vf_rng *r)
{
	if (h->in_mask[0] && !in_ok(h, k->in))
		make_in(h, k, r);
	vf_place(k, k->hook);
	if (h->out_mask[0] && !out_ok(h, k->out))
		make_out(h, k, r);
	if (masked(h->src_mask, 16))
		make_src(h, k, r);
	if (masked(h->dst_mask, 16))
		make_dst(h, k, r);
	make_proto(h, k);
	make_fragment(h, k);
	vf_place(k, k->hook);
}

/* The n-th of: three that are not meant; of a wildcard, one whose name is almost so, and the last
 * that is. -1: past them. */
static int edge_device(const struct vf_packet *k, const struct vf_head *h,
		       bool (*ok)(const struct vf_head *, const char *), unsigned int n)
{
	enum { OTHERS = 3 };
	char near[IFNAMSIZ];
	int edges[OTHERS + 2] = { 0 }, dev;
	unsigned int count = 0;

	for (unsigned int i = 0; i < OTHERS; i++)
		if ((dev = nth_device(k, h, false, ok, i)) >= 0)
			edges[count++] = dev;
	if (vf_iface_near(near, ok == in_ok ? h->in : h->out,
			  ok == in_ok ? h->in_mask : h->out_mask)) {
		if ((dev = vf_device_find(k->topo, near)) >= 0)
			edges[count++] = dev;
		for (size_t i = k->topo->n; i; i--)
			if (ok(h, k->topo->devices[i - 1].name)) {
				edges[count++] = (int)i - 1;
				break;
			}
	}
	return n < count ? edges[n] : -1;
}

static bool edge_in(const struct vf_head *h, struct vf_packet *k, unsigned int n)
{
	struct vf_rng r = { n };
	int dev;

	if (!h->in_mask[0] || k->hook == NF_INET_POST_ROUTING)
		return false;
	dev = edge_device(k, h, in_ok, n);
	if (dev < 0)
		return false;
	if (is_lo(k->topo->devices[dev].name) || k->p.in == VF_OUT)
		come_by(k, dev, &r);
	k->p.in = is_lo(k->topo->devices[dev].name) ? VF_OUT : dev;
	return true;
}

static bool edge_out(const struct vf_head *h, struct vf_packet *k, unsigned int n)
{
	struct vf_rng r = { n };
	int dev;

	if (!h->out_mask[0])
		return false;
	dev = edge_device(k, h, out_ok, n);
	if (dev < 0)
		return false;
	if (!is_lo(k->topo->devices[dev].name))
		vf_addr_behind(k, dev, k->p.daddr, &r);
	return true;
}

static bool edge_src(const struct vf_head *h, struct vf_packet *k, unsigned int n)
{
	return vf_addr_bound(h->family, k->p.saddr, h->src, h->src_mask, n);
}

static bool edge_dst(const struct vf_head *h, struct vf_packet *k, unsigned int n)
{
	struct vf_rng r = { n };

	if (vf_addr_bound(h->family, k->p.daddr, h->dst, h->dst_mask, n))
		return true;
	/* The neighbours of an own address are hardly own. */
	if (k->hook != NF_INET_LOCAL_IN || n > 6 || !masked(h->dst_mask, 16))
		return false;
	vf_addr_own(k, -1, k->p.daddr, &r);
	return true;
}

static bool edge_proto(const struct vf_head *h, struct vf_packet *k, unsigned int n)
{
	bool v4 = k->p.family == NFPROTO_IPV4;
	const uint8_t others[] = { h->proto == IPPROTO_UDP ? IPPROTO_TCP : IPPROTO_UDP,
				   v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6, h->proto, h->proto + 1,
				   IPPROTO_UDPLITE };

	if (!h->has_proto || n >= sizeof(others))
		return false;
	if (is_before(h))
		k->p.flags ^= VF_AH;
	if (is_before(h) && others[n] == IPPROTO_AH)
		return true;
	vf_set_proto(&k->p, others[n]);
	return true;
}

static bool edge_fragment(const struct vf_head *h, struct vf_packet *k, unsigned int n)
{
	if (!h->fragment || n > 2)
		return false;
	k->p.flags |= VF_FRAGMENT;
	k->p.frag_off = n == 2 ? 64 : 0;
	k->p.frag_more = n == 1;
	if (!n)
		k->p.flags &= ~VF_FRAGMENT;
	return true;
}

bool vf_head_edge(const struct vf_head *h, struct vf_packet *k, unsigned int part, unsigned int n)
{
	static bool (*const parts[VF_HEAD_PARTS])(const struct vf_head *, struct vf_packet *,
						  unsigned int) = { edge_src,	edge_dst,
								    edge_in,	edge_out,
								    edge_proto, edge_fragment };

	if (!parts[part](h, k, n))
		return false;
	vf_place(k, k->hook);
	return true;
}
