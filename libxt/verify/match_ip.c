// SPDX-License-Identifier: GPL-2.0-or-later
/* addrtype, iprange, length, ttl, hl, tos, dscp, ecn, mac, pkttype. */
#include "verify/model.h"
#include "xt/addr.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_dscp.h>
#include <linux/netfilter/xt_ecn.h>
#include <linux/netfilter/xt_iprange.h>
#include <linux/netfilter/xt_length.h>
#include <linux/netfilter/xt_mac.h>
#include <linux/netfilter/xt_pkttype.h>
#include <linux/netfilter_ipv4/ipt_ttl.h>
#include <netinet/in.h>
#include <string.h>

/* addrtype: inversions of both revisions as one. */
struct types {
	uint16_t src, dst;
	bool src_inv, dst_inv;
};

static struct types types_of(const struct vf_cond *c)
{
	const struct xt_addrtype_info *old = c->data;
	const struct xt_addrtype_info_v1 *i = c->data;

	if (!c->rev)
		return (struct types){ old->source, old->dest, old->invert_source,
				       old->invert_dest };
	return (struct types){ i->source, i->dest, i->flags & XT_ADDRTYPE_INVERT_SOURCE,
			       i->flags & XT_ADDRTYPE_INVERT_DEST };
}

static uint16_t type_of(const struct vf_packet *k, const uint8_t *addr)
{
	static const uint8_t zero[16];
	bool v4 = k->p.family == NFPROTO_IPV4;

	if (vf_is_multicast(k->p.family, addr))
		return XT_ADDRTYPE_MULTICAST;
	if (v4 && !addr[0])
		return XT_ADDRTYPE_BROADCAST; /* inet_addr_type() takes 0/8 for it */
	if (!v4 && !memcmp(addr, zero, 16))
		return 0x1000;
	if (!vf_is_own(k->topo, k->p.family, addr))
		return XT_ADDRTYPE_UNICAST;
	if (v4 && addr[3] == 0xff && addr[0] != 127)
		return XT_ADDRTYPE_BROADCAST;
	return XT_ADDRTYPE_LOCAL;
}

static enum vf_test addrtype_test(const struct vf_cond *c, const struct vf_packet *k)
{
	struct types t = types_of(c);

	if (t.src && !!(t.src & type_of(k, k->p.saddr)) == t.src_inv)
		return VF_NO;
	if (t.dst && !!(t.dst & type_of(k, k->p.daddr)) == t.dst_inv)
		return VF_NO;
	return VF_YES;
}

static const uint16_t kinds[] = { XT_ADDRTYPE_LOCAL, XT_ADDRTYPE_UNICAST, XT_ADDRTYPE_MULTICAST,
				  XT_ADDRTYPE_BROADCAST };
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static void give_type(struct vf_packet *k, uint8_t *addr, uint16_t type, bool dst, struct vf_rng *r)
{
	bool v4 = k->p.family == NFPROTO_IPV4;

	if (type == XT_ADDRTYPE_LOCAL) {
		vf_addr_own(k, dst && k->dev_out < 0 ? k->p.in : -1, addr, r);
	} else if (type == XT_ADDRTYPE_UNICAST) {
		vf_addr_behind(k, dst ? -1 : k->p.in, addr, r);
	} else if (type == XT_ADDRTYPE_BROADCAST) {
		memset(addr, v4 ? 0xff : 0, 4);
	} else {
		memset(addr, 0, 16);
		addr[0] = v4 ? 224 : 0xff;
		addr[1] = v4 ? 0 : 2;
		addr[v4 ? 3 : 15] = 1;
	}
}

static void make_type(struct vf_packet *k, uint8_t *addr, uint16_t mask, bool inv, bool dst,
		      struct vf_rng *r)
{
	if (!mask || !!(mask & type_of(k, addr)) != inv)
		return;
	for (unsigned int i = 0; i < KINDS; i++)
		if (!!(mask & kinds[i]) != inv) {
			give_type(k, addr, kinds[i], dst, r);
			return;
		}
}

static void addrtype_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	struct types t = types_of(c);

	make_type(k, k->p.saddr, t.src, t.src_inv, false, r);
	make_type(k, k->p.daddr, t.dst, t.dst_inv, true, r);
}

static bool addrtype_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	struct types t = types_of(c);
	struct vf_rng r = { n };
	bool dst = t.dst && n < KINDS;

	if (t.dst && !dst)
		n -= KINDS;
	if (n >= KINDS || (!dst && !t.src))
		return false;
	give_type(k, dst ? k->p.daddr : k->p.saddr, kinds[n], dst, &r);
	return true;
}

static struct xt_range between(const struct vf_packet *k, const union nf_inet_addr *min,
			       const union nf_inet_addr *max)
{
	return (struct xt_range){ xt_addr_from_bytes(k->p.family, min),
				  xt_addr_from_bytes(k->p.family, max) };
}

static bool within(const struct vf_packet *k, struct xt_range r, const uint8_t *addr)
{
	struct xt_addr a = xt_addr_from_bytes(k->p.family, addr);

	return xt_addr_cmp(a, r.lo) >= 0 && xt_addr_cmp(a, r.hi) <= 0;
}

static bool range_bound(const struct vf_packet *k, struct xt_range r, uint8_t *addr, unsigned int n)
{
	const struct xt_addr found[] = { xt_addr_prev(r.lo), xt_addr_next(r.hi), r.lo, r.hi };

	if (n >= 4)
		return false;
	xt_addr_to_bytes(k->p.family, found[n], addr);
	return true;
}

static enum vf_test iprange_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_iprange_mtinfo *i = c->data;

	if (i->flags & IPRANGE_SRC && within(k, between(k, &i->src_min, &i->src_max), k->p.saddr) ==
					      !!(i->flags & IPRANGE_SRC_INV))
		return VF_NO;
	if (i->flags & IPRANGE_DST && within(k, between(k, &i->dst_min, &i->dst_max), k->p.daddr) ==
					      !!(i->flags & IPRANGE_DST_INV))
		return VF_NO;
	return VF_YES;
}

static void range_pick(const struct vf_packet *k, struct xt_range r, uint8_t *addr,
		       struct vf_rng *rng)
{
	struct xt_addr a = r.lo;
	uint64_t size = r.hi.lo - r.lo.lo;

	if (size && size != UINT64_MAX)
		a.lo += vf_rand(rng) % (size + 1);
	xt_addr_to_bytes(k->p.family,
			 vf_one_in(rng, 2)   ? a
			 : vf_one_in(rng, 2) ? r.lo
					     : r.hi,
			 addr);
}

static void iprange_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct xt_iprange_mtinfo *i = c->data;
	struct xt_range src = between(k, &i->src_min, &i->src_max);
	struct xt_range dst = between(k, &i->dst_min, &i->dst_max);

	if (i->flags & IPRANGE_SRC &&
	    within(k, src, k->p.saddr) == !!(i->flags & IPRANGE_SRC_INV)) {
		if (i->flags & IPRANGE_SRC_INV)
			range_bound(k, src, k->p.saddr, vf_below(r, 2));
		else
			range_pick(k, src, k->p.saddr, r);
	}
	if (i->flags & IPRANGE_DST &&
	    within(k, dst, k->p.daddr) == !!(i->flags & IPRANGE_DST_INV)) {
		if (i->flags & IPRANGE_DST_INV)
			range_bound(k, dst, k->p.daddr, vf_below(r, 2));
		else
			range_pick(k, dst, k->p.daddr, r);
	}
}

static bool iprange_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	const struct xt_iprange_mtinfo *i = c->data;
	bool src = i->flags & IPRANGE_SRC && n < 4;

	if (src)
		return range_bound(k, between(k, &i->src_min, &i->src_max), k->p.saddr, n);
	if (!(i->flags & IPRANGE_DST))
		return false;
	return range_bound(k, between(k, &i->dst_min, &i->dst_max), k->p.daddr,
			   n - (i->flags & IPRANGE_SRC ? 4 : 0));
}

/* Bytes of the headers before the payload. */
static unsigned int headers(const struct vf_packet *k)
{
	bool v4 = k->p.family == NFPROTO_IPV4;
	unsigned int n = v4 ? 20 : 40;

	if (k->p.proto == IPPROTO_TCP)
		n += 20 + (k->p.flags & VF_TCP_OPTION ? 4 : 0);
	else
		n += 8;
	for (unsigned int f = VF_HBH; f <= VF_ROUTING; f <<= 1)
		n += k->p.flags & f ? 8 : 0;
	return n;
}

static struct vf_range length_range(const struct vf_cond *c)
{
	const struct xt_length_info *i = c->data;

	return (struct vf_range){ i->min, i->max, 0xffff, i->invert };
}

static enum vf_test length_test(const struct vf_cond *c, const struct vf_packet *k)
{
	return vf_in(length_range(c), headers(k) + k->p.payload) ? VF_YES : VF_NO;
}

/* What no device carries stays away. */
static bool set_length(struct vf_packet *k, uint32_t v)
{
	unsigned int h = headers(k);

	if (v < h || v > 1500)
		return false;
	k->p.payload = v - h;
	return true;
}

static void length_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	for (int tries = 0; tries < 16 && length_test(c, k) != VF_YES; tries++)
		set_length(k, tries < 8 ? vf_pick(length_range(c), r)
					: headers(k) + vf_below(r, 1500 - headers(k)));
}

static bool length_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	uint32_t v;

	if (!vf_bound(length_range(c), n, &v))
		return false;
	set_length(k, v);
	return true;
}

/* The hop limit is lowered before FORWARD: ip_forward(), ip6_forward(). */
static unsigned int hops(const struct vf_packet *k)
{
	return k->p.in >= 0 && (k->hook == NF_INET_FORWARD || k->hook == NF_INET_POST_ROUTING);
}

static struct vf_range ttl_range(const struct vf_cond *c)
{
	const struct ipt_ttl_info *i = c->data; /* struct ip6t_hl_info is the same */

	switch (i->mode) {
	case IPT_TTL_LT:
		return (struct vf_range){ 0, i->ttl ? i->ttl - 1 : 0, 0xff, false };
	case IPT_TTL_GT:
		return (struct vf_range){ i->ttl < 255 ? i->ttl + 1 : 255, 255, 0xff, false };
	default:
		return (struct vf_range){ i->ttl, i->ttl, 0xff, i->mode == IPT_TTL_NE };
	}
}

static enum vf_test ttl_test(const struct vf_cond *c, const struct vf_packet *k)
{
	return vf_in(ttl_range(c), (uint8_t)(k->p.ttl - hops(k))) ? VF_YES : VF_NO;
}

static void ttl_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	for (int tries = 0; tries < 8; tries++) {
		k->p.ttl = vf_pick(ttl_range(c), r) + hops(k);
		if (k->p.ttl > 1)
			return;
	}
}

static bool ttl_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	uint32_t v;

	if (!vf_bound(ttl_range(c), n, &v))
		return false;
	k->p.ttl = v + hops(k);
	return true;
}

/* tos and dscp: value and mask. */
static struct xt_tos_match_info tos_info(const struct vf_cond *c)
{
	const struct xt_dscp_info *d = c->data;

	if (c->m->u.user.name[0] == 't')
		return *(const struct xt_tos_match_info *)c->data;
	return (struct xt_tos_match_info){ XT_DSCP_MASK, d->dscp << XT_DSCP_SHIFT, d->invert };
}

static enum vf_test tos_test(const struct vf_cond *c, const struct vf_packet *k)
{
	struct xt_tos_match_info i = tos_info(c);

	return ((k->p.tos & i.tos_mask) == i.tos_value) != !!i.invert ? VF_YES : VF_NO;
}

static void tos_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	struct xt_tos_match_info i = tos_info(c);

	(void)r;
	if (tos_test(c, k) == VF_YES)
		return;
	k->p.tos = (k->p.tos & ~i.tos_mask) | i.tos_value;
	if (i.invert)
		k->p.tos ^= i.tos_mask & -i.tos_mask;
}

static bool tos_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	(void)c;
	if (n >= 8)
		return false;
	k->p.tos ^= 1 << n;
	return true;
}

enum { ECE = 0x40, CWR = 0x80 };

static enum vf_test ecn_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_ecn_info *i = c->data;
	bool tcp = i->operation & (XT_ECN_OP_MATCH_ECE | XT_ECN_OP_MATCH_CWR);

	if (i->operation & XT_ECN_OP_MATCH_IP &&
	    ((k->p.tos & XT_ECN_IP_MASK) == i->ip_ect) == !!(i->invert & XT_ECN_OP_MATCH_IP))
		return VF_NO;
	if (tcp && (k->p.proto != IPPROTO_TCP || !vf_first_fragment(k)))
		return VF_NO;
	if (i->operation & XT_ECN_OP_MATCH_ECE &&
	    !!(k->p.tcp_flags & ECE) == !!(i->invert & XT_ECN_OP_MATCH_ECE))
		return VF_NO;
	if (i->operation & XT_ECN_OP_MATCH_CWR &&
	    !!(k->p.tcp_flags & CWR) == !!(i->invert & XT_ECN_OP_MATCH_CWR))
		return VF_NO;
	return VF_YES;
}

static void ecn_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct xt_ecn_info *i = c->data;

	(void)r;
	if (ecn_test(c, k) == VF_YES)
		return;
	if (i->operation & XT_ECN_OP_MATCH_IP) {
		k->p.tos = (k->p.tos & ~3) | i->ip_ect;
		if (i->invert & XT_ECN_OP_MATCH_IP)
			k->p.tos ^= 1;
	}
	if (!(i->operation & (XT_ECN_OP_MATCH_ECE | XT_ECN_OP_MATCH_CWR)))
		return;
	vf_set_proto(&k->p, IPPROTO_TCP);
	k->p.tcp_flags &= ~(ECE | CWR);
	if (i->operation & ~i->invert & XT_ECN_OP_MATCH_ECE)
		k->p.tcp_flags |= ECE;
	if (i->operation & ~i->invert & XT_ECN_OP_MATCH_CWR)
		k->p.tcp_flags |= CWR;
}

static bool ecn_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	(void)c;
	if (n >= 4)
		return false;
	if (n < 2)
		k->p.tos ^= 1 << n;
	else
		k->p.tcp_flags ^= n == 2 ? ECE : CWR;
	return true;
}

static enum vf_test mac_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_mac_info *i = c->data;

	if (k->p.in < 0)
		return VF_NO;
	return !memcmp(k->p.smac, i->srcaddr, ETH_ALEN) != !!i->invert ? VF_YES : VF_NO;
}

static void mac_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct xt_mac_info *i = c->data;

	(void)r;
	if (mac_test(c, k) == VF_YES)
		return;
	memcpy(k->p.smac, i->srcaddr, ETH_ALEN);
	if (i->invert)
		k->p.smac[5] ^= 1;
}

static bool mac_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	const struct xt_mac_info *i = c->data;

	if (n > 2)
		return false;
	memcpy(k->p.smac, i->srcaddr, ETH_ALEN);
	if (n < 2)
		k->p.smac[n ? 5 : 1] ^= 1;
	return true;
}

static int packet_type(const struct vf_packet *k)
{
	static const uint8_t all[4] = { 255, 255, 255, 255 };

	if (vf_is_multicast(k->p.family, k->p.daddr))
		return PACKET_MULTICAST;
	if (k->p.family == NFPROTO_IPV4 && !memcmp(k->p.daddr, all, 4))
		return PACKET_BROADCAST;
	return PACKET_HOST;
}

static enum vf_test pkttype_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_pkttype_info *i = c->data;

	return (packet_type(k) == i->pkttype) != !!i->invert ? VF_YES : VF_NO;
}

static uint16_t pkttype_addr(int type)
{
	return type == PACKET_MULTICAST	  ? XT_ADDRTYPE_MULTICAST
	       : type == PACKET_BROADCAST ? XT_ADDRTYPE_BROADCAST
					  : XT_ADDRTYPE_LOCAL;
}

static void pkttype_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct xt_pkttype_info *i = c->data;

	if (pkttype_test(c, k) != VF_YES)
		give_type(k, k->p.daddr, pkttype_addr(i->invert ? PACKET_HOST : i->pkttype), true,
			  r);
}

static bool pkttype_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	struct vf_rng r = { n };

	(void)c;
	if (n > PACKET_MULTICAST)
		return false;
	give_type(k, k->p.daddr, pkttype_addr(n), true, &r);
	return true;
}

const struct vf_kind vf_kinds_ip[] = {
	{ .name = "addrtype",
	  .rev_max = 1,
	  .test = addrtype_test,
	  .make = addrtype_make,
	  .edge = addrtype_edge },
	{ .name = "iprange",
	  .rev_min = 1,
	  .rev_max = 1,
	  .test = iprange_test,
	  .make = iprange_make,
	  .edge = iprange_edge },
	{ .name = "length", .test = length_test, .make = length_make, .edge = length_edge },
	{ .name = "ttl", .test = ttl_test, .make = ttl_make, .edge = ttl_edge },
	{ .name = "hl", .test = ttl_test, .make = ttl_make, .edge = ttl_edge },
	{ .name = "tos",
	  .rev_min = 1,
	  .rev_max = 1,
	  .test = tos_test,
	  .make = tos_make,
	  .edge = tos_edge },
	{ .name = "dscp", .test = tos_test, .make = tos_make, .edge = tos_edge },
	{ .name = "ecn", .rev_max = 1, .test = ecn_test, .make = ecn_make, .edge = ecn_edge },
	{ .name = "mac", .test = mac_test, .make = mac_make, .edge = mac_edge },
	{ .name = "pkttype", .test = pkttype_test, .make = pkttype_make, .edge = pkttype_edge },
	{ 0 },
};
