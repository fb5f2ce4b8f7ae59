// SPDX-License-Identifier: GPL-2.0-or-later
/* set: by the elements that the set has before the first packet comes. */
#include "verify/model.h"
#include "xt/addr.h"

#include <linux/netfilter/xt_set.h>
#include <netinet/in.h>
#include <string.h>

/* Bigger sets are not searched for each packet. */
enum { MOST_SEARCHED = 2048, MAX_LISTS = 2 };

/* Revisions 1 to 4 begin alike. */
static const struct xt_set_info *info_of(const struct vf_cond *c)
{
	return c->data;
}

static bool is_src(unsigned int flags, unsigned int dim)
{
	return flags & 1u << (dim + 1);
}

static bool has_addr(enum xt_ipset_dim d)
{
	return d == XT_DIM_IP || d == XT_DIM_NET || d == XT_DIM_PORTNUM;
}

static bool addr_in(const struct vf_packet *k, const struct xt_range *r, const uint8_t *addr)
{
	struct xt_addr a = xt_addr_from_bytes(k->p.family, addr);

	return xt_addr_cmp(a, r->lo) >= 0 && xt_addr_cmp(a, r->hi) <= 0;
}

static bool is_icmp(const struct vf_packet *k)
{
	return k->p.proto == IPPROTO_ICMP || k->p.proto == IPPROTO_ICMPV6;
}

static uint16_t port_of(const struct vf_packet *k, bool src)
{
	if (is_icmp(k))
		return k->p.type << 8 | k->p.code;
	return src ? k->p.sport : k->p.dport;
}

static bool iface_in(const struct vf_packet *k, const struct xt_ipset_elem *e, bool src)
{
	const char *name = src ? k->in : k->out;

	return e->wildcard ? !strncmp(name, e->iface, strlen(e->iface)) : !strcmp(name, e->iface);
}

static bool dim_in(const struct vf_packet *k, const struct xt_ipset *s,
		   const struct xt_ipset_elem *e, unsigned int dim, unsigned int at, bool src)
{
	switch (s->type->dims[dim]) {
	case XT_DIM_IP:
	case XT_DIM_NET:
		return addr_in(k, &e->addr[at], src ? k->p.saddr : k->p.daddr);
	case XT_DIM_PORT:
		return k->p.proto == e->proto && port_of(k, src) == e->port;
	case XT_DIM_PORTNUM:
		return vf_has_ports(k) && port_of(k, src) >= e->addr[at].lo.lo &&
		       port_of(k, src) <= e->addr[at].hi.lo;
	case XT_DIM_IFACE:
		return e->iface && iface_in(k, e, src);
	case XT_DIM_MAC:
		return !e->has_mac || (k->p.in >= 0 && !memcmp(k->p.smac, e->mac, 6));
	case XT_DIM_MARK:
		return (k->p.mark & s->markmask) == e->mark;
	default:
		return false;
	}
}

static bool elem_in(const struct vf_packet *k, const struct xt_ipset *s,
		    const struct xt_ipset_elem *e, unsigned int flags)
{
	unsigned int at = 0;

	for (unsigned int d = 0; d < XT_IPSET_DIMS && s->type->dims[d]; d++) {
		if (!dim_in(k, s, e, d, at, is_src(flags, d)))
			return false;
		at += has_addr(s->type->dims[d]);
	}
	return true;
}

static bool usable(const struct xt_ipset *s, const struct vf_packet *k)
{
	return s && s->type && (s->family == NFPROTO_UNSPEC || s->family == k->p.family);
}

static enum vf_test search(const struct xt_ipset *s, const struct vf_packet *k, unsigned int flags,
			   unsigned int depth)
{
	const struct xt_ipset_elem *best = NULL;

	if (!usable(s, k))
		return s && s->type ? VF_NO : VF_UNKNOWN;
	if (s->n > MOST_SEARCHED || !s->n)
		return VF_UNKNOWN;
	for (size_t i = 0; i < s->n; i++) {
		const struct xt_ipset_elem *e = &s->elems[i];

		if (s->type->dims[0] == XT_DIM_SET) {
			if (e->member && depth && search(e->member, k, flags, depth - 1) == VF_YES)
				return VF_YES;
		} else if (elem_in(k, s, e, flags)) {
			if (!best || e->len[0] + e->len[1] > best->len[0] + best->len[1])
				best = e;
		}
	}
	return best && !best->nomatch ? VF_YES : VF_NO;
}

static enum vf_test set_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_set_info *i = info_of(c);
	enum vf_test found = search(c->set, k, i->flags, MAX_LISTS);

	if (found == VF_UNKNOWN || !(i->flags & IPSET_INV_MATCH))
		return found;
	return found == VF_YES ? VF_NO : VF_YES;
}

static void pick_addr(struct vf_packet *k, const struct xt_range *r, uint8_t *addr,
		      unsigned int how)
{
	struct xt_addr a = how == 0 ? r->lo : r->hi;
	uint64_t size = r->hi.lo - r->lo.lo;

	if (how >= 2 && size) {
		uint64_t step = how * 0x9e3779b97f4a7c15;

		a = r->lo;
		a.lo += size == UINT64_MAX ? step : step % (size + 1);
	}
	xt_addr_to_bytes(k->p.family, a, addr);
}

static void give_port(struct vf_packet *k, uint16_t port, bool src)
{
	if (is_icmp(k)) {
		k->p.type = port >> 8;
		k->p.code = port & 0xff;
	} else {
		*(src ? &k->p.sport : &k->p.dport) = port;
	}
}

static void give_iface(struct vf_packet *k, const struct xt_ipset_elem *e, bool src,
		       struct vf_rng *r)
{
	for (size_t i = 0; e->iface && i < k->topo->n; i++) {
		const char *name = k->topo->devices[i].name;

		if (e->wildcard ? strncmp(name, e->iface, strlen(e->iface))
				: strcmp(name, e->iface))
			continue;
		if (src && k->p.in >= 0)
			k->p.in = i;
		else if (!src)
			vf_addr_behind(k, i, k->p.daddr, r);
		return;
	}
}

static void give_dim(struct vf_packet *k, const struct xt_ipset *s, const struct xt_ipset_elem *e,
		     unsigned int dim, unsigned int at, bool src, struct vf_rng *r)
{
	switch (s->type->dims[dim]) {
	case XT_DIM_IP:
	case XT_DIM_NET:
		pick_addr(k, &e->addr[at], src ? k->p.saddr : k->p.daddr, vf_below(r, 32));
		break;
	case XT_DIM_PORT:
		vf_set_proto(&k->p, e->proto);
		give_port(k, e->port, src);
		break;
	case XT_DIM_PORTNUM:
		if (!vf_has_ports(k))
			vf_set_proto(&k->p, IPPROTO_TCP);
		give_port(k, e->addr[at].lo.lo, src);
		break;
	case XT_DIM_IFACE:
		give_iface(k, e, src, r);
		break;
	case XT_DIM_MAC:
		if (e->has_mac)
			memcpy(k->p.smac, e->mac, 6);
		break;
	case XT_DIM_MARK:
		k->p.mark = (k->p.mark & ~s->markmask) | e->mark;
		break;
	default:
		break;
	}
}

static void become(struct vf_packet *k, const struct xt_ipset *s, const struct xt_ipset_elem *e,
		   unsigned int flags, struct vf_rng *r)
{
	unsigned int at = 0;

	for (unsigned int d = 0; d < XT_IPSET_DIMS && s->type->dims[d]; d++) {
		give_dim(k, s, e, d, at, is_src(flags, d), r);
		at += has_addr(s->type->dims[d]);
	}
}

/* A set of the list that has elements. */
static const struct xt_ipset *a_member(const struct xt_ipset *s, const struct vf_packet *k,
				       struct vf_rng *r)
{
	for (int depth = MAX_LISTS; depth && s && s->type && s->n; depth--) {
		size_t from = vf_below(r, s->n), i = 0;

		if (s->type->dims[0] != XT_DIM_SET)
			return s;
		while (i < s->n && (!usable(s->elems[(from + i) % s->n].member, k) ||
				    !s->elems[(from + i) % s->n].member->n))
			i++;
		s = i < s->n ? s->elems[(from + i) % s->n].member : NULL;
	}
	return s && s->type && s->n && s->type->dims[0] != XT_DIM_SET ? s : NULL;
}

static void set_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct xt_set_info *i = info_of(c);
	const struct xt_ipset *s = usable(c->set, k) ? a_member(c->set, k, r) : NULL;

	if (!s)
		return;
	for (int tries = 0; tries < 6; tries++) {
		const struct xt_ipset_elem *e = &s->elems[vf_below(r, s->n)];

		if (!(i->flags & IPSET_INV_MATCH)) {
			become(k, s, e, i->flags, r);
		} else if (set_test(c, k) == VF_NO) {
			if (is_src(i->flags, 0))
				vf_addr_behind(k, k->p.in, k->p.saddr, r);
			else
				vf_addr_behind(k, k->dev_out, k->p.daddr, r);
			k->p.dport = 1024 + vf_below(r, 60000);
		}
		vf_place(k, k->hook);
		if (set_test(c, k) != VF_NO)
			return;
	}
}

/* Around the first, the middle and the last element. */
static bool set_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	enum { EACH = 6, ELEMS = 3 };
	const struct xt_set_info *i = info_of(c);
	struct vf_rng r = { n };
	const struct xt_ipset *s = usable(c->set, k) ? a_member(c->set, k, &r) : NULL;
	const struct xt_ipset_elem *e;
	uint8_t *addr;

	if (!s || n >= EACH * ELEMS || n >= EACH * s->n)
		return false;
	e = &s->elems[n / EACH * (s->n - 1) / (ELEMS - 1)];
	become(k, s, e, i->flags, &r);
	addr = is_src(i->flags, 0) ? k->p.saddr : k->p.daddr;
	if (n % EACH >= 4) {
		*(is_src(i->flags, s->type->dims[1] ? 1 : 0) ? &k->p.sport : &k->p.dport) +=
			n % EACH == 4 ? 1 : -1;
		return true;
	}
	if (s->type->dims[0] == XT_DIM_IP || s->type->dims[0] == XT_DIM_NET) {
		const struct xt_range *a = &e->addr[0];
		const struct xt_addr found[] = { xt_addr_prev(a->lo), xt_addr_next(a->hi), a->lo,
						 a->hi };

		xt_addr_to_bytes(k->p.family, found[n % EACH], addr);
	}
	return true;
}

bool vf_set_is_empty(const struct vf_cond *c)
{
	return c->kind && !strcmp(c->kind->name, "set") && c->set && c->set->type && !c->set->n &&
	       !(info_of(c)->flags & IPSET_INV_MATCH);
}

static const char *set_why(const struct vf_cond *c)
{
	if (!c->set)
		return "-m set: the contents of the set are not known (--ipset)";
	return vf_set_is_empty(c) ? "-m set: the set is empty" : NULL;
}

const struct vf_kind vf_kinds_set[] = {
	{ .name = "set",
	  .rev_min = 1,
	  .rev_max = 4,
	  .test = set_test,
	  .make = set_make,
	  .edge = set_edge,
	  .why = set_why },
	{ 0 },
};
