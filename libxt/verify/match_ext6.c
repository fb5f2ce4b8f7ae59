// SPDX-License-Identifier: GPL-2.0-or-later
/* IPv6 extension headers: whether they are there. Their contents are left to chance. */
#include "verify/model.h"

#include <linux/netfilter_ipv6/ip6t_frag.h>
#include <linux/netfilter_ipv6/ip6t_ipv6header.h>
#include <linux/netfilter_ipv6/ip6t_opts.h>
#include <linux/netfilter_ipv6/ip6t_rt.h>
#include <netinet/in.h>
#include <string.h>

static unsigned int flag_of(const struct vf_cond *c)
{
	const char *name = c->m->u.user.name;

	return !strcmp(name, "hbh") ? VF_HBH : !strcmp(name, "dst") ? VF_DSTOPTS : VF_ROUTING;
}

/* Whether more is asked of the header than that it is there. */
static bool picky(const struct vf_cond *c)
{
	const struct ip6t_opts *o = c->data;
	const struct ip6t_rt *r = c->data;

	return flag_of(c) == VF_ROUTING ? r->flags : o->flags;
}

static enum vf_test ext_test(const struct vf_cond *c, const struct vf_packet *k)
{
	if (!(k->p.flags & flag_of(c)))
		return VF_NO;
	return picky(c) ? VF_UNKNOWN : VF_YES;
}

static void ext_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	(void)r;
	k->p.flags |= flag_of(c);
}

static bool ext_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	if (n)
		return false;
	k->p.flags &= ~flag_of(c);
	return true;
}

/* frag_mt6(), net/ipv6/netfilter/ip6t_frag.c */
static enum vf_test frag_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct ip6t_frag *f = c->data;
	struct vf_range ids = { f->ids[0], f->ids[1], UINT32_MAX, f->invflags & IP6T_FRAG_INV_IDS };

	if (!(k->p.flags & VF_FRAGMENT) || !vf_in(ids, k->p.ip_id))
		return VF_NO;
	if (f->flags & IP6T_FRAG_FST && k->p.frag_off)
		return VF_NO;
	if (f->flags & IP6T_FRAG_MF && !k->p.frag_more)
		return VF_NO;
	if (f->flags & IP6T_FRAG_NMF && k->p.frag_more)
		return VF_NO;
	return f->flags & (IP6T_FRAG_LEN | IP6T_FRAG_RES) ? VF_UNKNOWN : VF_YES;
}

static void frag_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct ip6t_frag *f = c->data;
	struct vf_range ids = { f->ids[0], f->ids[1], 0xffff, f->invflags & IP6T_FRAG_INV_IDS };

	if (ids.hi > 0xffff)
		ids.hi = 0xffff;
	k->p.flags |= VF_FRAGMENT;
	k->p.ip_id = vf_pick(ids, r);
	k->p.frag_off = f->flags & IP6T_FRAG_FST ? 0 : 64 * vf_below(r, 2);
	k->p.frag_more = f->flags & IP6T_FRAG_MF || (!(f->flags & IP6T_FRAG_NMF) && !k->p.frag_off);
}

static bool frag_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	const struct ip6t_frag *f = c->data;
	struct vf_range ids = { f->ids[0], f->ids[1], 0xffff, false };
	uint32_t v;

	if (n >= 3) {
		if (ids.hi > 0xffff || !vf_bound(ids, n - 3, &v))
			return false;
		k->p.ip_id = v;
		return true;
	}
	if (n == 0)
		k->p.flags &= ~VF_FRAGMENT;
	else if (n == 1)
		k->p.frag_more = !k->p.frag_more;
	else
		k->p.frag_off = k->p.frag_off ? 0 : 64;
	return true;
}

static const struct {
	uint8_t mask;
	unsigned int flag;
} headers[] = {
	{ MASK_HOPOPTS, VF_HBH },	{ MASK_DSTOPTS, VF_DSTOPTS }, { MASK_ROUTING, VF_ROUTING },
	{ MASK_FRAGMENT, VF_FRAGMENT }, { MASK_AH, VF_AH },
};
enum { HEADERS = sizeof(headers) / sizeof(headers[0]) };

static uint8_t present(const struct vf_packet *k)
{
	uint8_t m = k->p.proto == IPPROTO_ESP	 ? MASK_ESP
		    : k->p.proto == IPPROTO_NONE ? MASK_NONE
						 : MASK_PROTO;

	for (unsigned int i = 0; i < HEADERS; i++)
		if (k->p.flags & headers[i].flag)
			m |= headers[i].mask;
	return m;
}

/* ipv6header_mt6(), net/ipv6/netfilter/ip6t_ipv6header.c */
static enum vf_test header_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct ip6t_ipv6header_info *i = c->data;
	uint8_t m = present(k);
	bool ok = i->modeflag ? ((m ^ i->invflags) & i->matchflags) != 0
			      : ((m ^ i->matchflags) ^ i->invflags) == 0;

	return ok ? VF_YES : VF_NO;
}

static void header_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct ip6t_ipv6header_info *i = c->data;

	(void)r;
	if (header_test(c, k) == VF_YES)
		return;
	for (unsigned int n = 0; n < HEADERS; n++) {
		k->p.flags &= ~headers[n].flag;
		if (i->matchflags & ~i->invflags & headers[n].mask)
			k->p.flags |= headers[n].flag;
	}
	if (i->matchflags & ~i->invflags & MASK_ESP)
		vf_set_proto(&k->p, IPPROTO_ESP);
	else if (i->matchflags & ~i->invflags & MASK_NONE)
		vf_set_proto(&k->p, IPPROTO_NONE);
}

static bool header_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	(void)c;
	if (n >= HEADERS)
		return false;
	k->p.flags ^= headers[n].flag;
	return true;
}

const struct vf_kind vf_kinds_ext6[] = {
	{ .name = "hbh", .test = ext_test, .make = ext_make, .edge = ext_edge },
	{ .name = "dst", .test = ext_test, .make = ext_make, .edge = ext_edge },
	{ .name = "rt", .test = ext_test, .make = ext_make, .edge = ext_edge },
	{ .name = "frag", .test = frag_test, .make = frag_make, .edge = frag_edge },
	{ .name = "ipv6header", .test = header_test, .make = header_make, .edge = header_edge },
	{ 0 },
};
