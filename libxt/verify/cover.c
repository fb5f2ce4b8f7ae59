// SPDX-License-Identifier: GPL-2.0-or-later
/* What rules ask for together, and whether one asks for no more than another. */
#include "verify/cover.h"

#include <linux/netfilter_ipv4/ip_tables.h>
#include <string.h>

/* Of 16 bytes, as masks of addresses and of names have. */
static bool none(const void *mask)
{
	uint64_t m[2];

	memcpy(m, mask, sizeof(m));
	return !(m[0] | m[1]);
}

/* Whether @wide has all bits that @narrow has. */
static bool masked_by(const uint8_t *narrow, const uint8_t *wide)
{
	uint64_t n[2], w[2];

	memcpy(n, narrow, 16);
	memcpy(w, wide, 16);
	return !((n[0] & ~w[0]) | (n[1] & ~w[1]));
}

static bool addr_covers(const struct vf_head *e, const struct vf_head *r, bool src)
{
	const uint8_t *em = src ? e->src_mask : e->dst_mask, *rm = src ? r->src_mask : r->dst_mask;
	const uint8_t *ea = src ? e->src : e->dst, *ra = src ? r->src : r->dst;
	uint8_t inv = src ? IPT_INV_SRCIP : IPT_INV_DSTIP;

	if (none(em) && !(e->inv & inv))
		return true;
	if ((e->inv | r->inv) & inv)
		return (e->inv & r->inv & inv) && !memcmp(em, rm, 16) && !memcmp(ea, ra, 16);
	return masked_by(em, rm) && vf_addr_like(NFPROTO_IPV6, ra, ea, em);
}

static bool iface_covers(const struct vf_head *e, const struct vf_head *r, bool in)
{
	const char *em = in ? e->in_mask : e->out_mask, *rm = in ? r->in_mask : r->out_mask;
	const char *en = in ? e->in : e->out, *rn = in ? r->in : r->out;
	uint8_t inv = in ? IPT_INV_VIA_IN : IPT_INV_VIA_OUT;

	if (none(em) && !(e->inv & inv))
		return true;
	/* What is past a wildcard's mask may be anything. */
	if ((e->inv | r->inv) & inv)
		return (e->inv & r->inv & inv) && !memcmp(em, rm, IFNAMSIZ) &&
		       vf_iface_is(rn, en, em);
	return masked_by((const uint8_t *)em, (const uint8_t *)rm) && vf_iface_is(rn, en, em);
}

bool vf_head_covers(const struct vf_head *e, const struct vf_head *r)
{
	if (e->has_proto &&
	    (!r->has_proto || e->proto != r->proto || (e->inv ^ r->inv) & XT_INV_PROTO))
		return false;
	if (e->fragment && (!r->fragment || (e->inv ^ r->inv) & IPT_INV_FRAG))
		return false;
	return addr_covers(e, r, true) && addr_covers(e, r, false) && iface_covers(e, r, true) &&
	       iface_covers(e, r, false);
}

/* The same packet gets the same answer each time. */
bool vf_steady(const struct vf_cond *c)
{
	static const char *const others[] = {
		"mark", "connmark", "recent", "hashlimit", "connbytes", "connlimit", "set", "tos",
		"dscp", "ecn",	    "ttl",    "hl",	   "tcpmss",	"time",	     "cpu",
	};

	if (!c->kind || c->kind->until || c->kind->chance)
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(c->kind->name, others[i]))
			return false;
	return true;
}

bool vf_asks(const struct vf_rule *r, const struct vf_cond *c)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->conds[i].kind &&
		    (vf_ports_cover(c, &r->conds[i]) || vf_data_cover(c, &r->conds[i])))
			return true;
	for (size_t i = 0; i < r->n; i++)
		if (r->conds[i].kind == c->kind && r->conds[i].rev == c->rev &&
		    r->conds[i].m->u.match_size == c->m->u.match_size &&
		    !memcmp(r->conds[i].data, c->data, c->m->u.match_size - sizeof(*c->m)))
			return true;
	return false;
}

bool vf_is_comment(const struct vf_cond *c)
{
	return c->kind && !strcmp(c->kind->name, "comment");
}

/* Which states packets can have that match all of it. */
unsigned int vf_rule_states(const struct vf_rule *r)
{
	unsigned int s = VF_ALL_STATES;

	if (r->head.has_proto && !(r->head.inv & XT_INV_PROTO))
		s = vf_proto_states(r->head.family, r->head.proto);
	for (size_t i = 0; i < r->n; i++)
		s &= vf_cond_states(&r->conds[i]);
	return s;
}

/* Narrows *@a to what both are, a value under a mask each; false: that is nothing. With inversions,
 * less may be kept. Names of devices are like addresses in this. */
static bool meet_values(uint8_t *a, uint8_t *am, const uint8_t *b, const uint8_t *bm, uint8_t *inv,
			uint8_t other, uint8_t bit)
{
	bool a_inv = *inv & bit, b_inv = other & bit, differ = false;

	if (none(bm))
		return true;
	for (int i = 0; i < 16; i++)
		differ |= (a[i] ^ b[i]) & am[i] & bm[i];
	if (!a_inv && !b_inv) {
		for (int i = 0; i < 16 && !differ; i++) {
			a[i] = (a[i] & am[i]) | (b[i] & bm[i]);
			am[i] |= bm[i];
		}
		return !differ;
	}
	if (!differ && ((!a_inv && masked_by(bm, am)) || (!b_inv && masked_by(am, bm))))
		return false;
	if (none(am) || (a_inv && !b_inv)) {
		memcpy(a, b, 16);
		memcpy(am, bm, 16);
		*inv = (*inv & ~bit) | (other & bit);
	}
	return true;
}

static bool meet_proto(struct vf_head *a, const struct vf_head *b)
{
	bool a_inv = a->inv & XT_INV_PROTO, b_inv = b->inv & XT_INV_PROTO;

	if (!b->has_proto)
		return true;
	if (a->has_proto && !(a_inv && b_inv) && (a->proto == b->proto) != (a_inv == b_inv))
		return false;
	if (a->has_proto && !a_inv)
		return true;
	a->has_proto = true;
	a->proto = b->proto;
	a->inv = (a->inv & ~XT_INV_PROTO) | (b->inv & XT_INV_PROTO);
	return true;
}

static bool meet_heads(struct vf_head *a, const struct vf_head *b)
{
	if (a->fragment && b->fragment && (a->inv ^ b->inv) & IPT_INV_FRAG)
		return false;
	if (b->fragment) {
		a->fragment = true;
		a->inv = (a->inv & ~IPT_INV_FRAG) | (b->inv & IPT_INV_FRAG);
	}
	return meet_proto(a, b) &&
	       meet_values((uint8_t *)a->in, (uint8_t *)a->in_mask, (const uint8_t *)b->in,
			   (const uint8_t *)b->in_mask, &a->inv, b->inv, IPT_INV_VIA_IN) &&
	       meet_values((uint8_t *)a->out, (uint8_t *)a->out_mask, (const uint8_t *)b->out,
			   (const uint8_t *)b->out_mask, &a->inv, b->inv, IPT_INV_VIA_OUT) &&
	       meet_values(a->src, a->src_mask, b->src, b->src_mask, &a->inv, b->inv,
			   IPT_INV_SRCIP) &&
	       meet_values(a->dst, a->dst_mask, b->dst, b->dst_mask, &a->inv, b->inv,
			   IPT_INV_DSTIP);
}

static bool ports_clash(const struct vf_rule *a, const struct vf_rule *b)
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t j = 0; j < b->n; j++)
			if (vf_ports_clash(&a->conds[i], &b->conds[j]))
				return true;
	return false;
}

bool vf_rules_clash(const struct vf_rule *a, const struct vf_rule *b)
{
	struct vf_head h = a->head;

	return !meet_heads(&h, &b->head) || ports_clash(a, b) ||
	       !(vf_rule_states(a) & vf_rule_states(b));
}

/* False: they clash. */
bool vf_sum_add(struct vf_sum *s, const struct vf_rule *r)
{
	if (!meet_heads(&s->rule.head, &r->head) || ports_clash(&s->rule, r))
		return false;
	for (size_t i = 0; i < r->n && s->rule.n < VF_SUM_CONDS; i++)
		s->conds[s->rule.n++] = r->conds[i];
	s->rule.conds = s->conds;
	return true;
}
