// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules that no packet comes to, since an earlier one takes whatever they would match. */
#include "verify/chains.h"

#include <linux/netfilter_ipv4/ip_tables.h>
#include <string.h>

/* A cached answer; ASKED: while it is looked for, so that loops end. */
enum { NOT_KNOWN, YES, NO, ASKED };

static bool same(const char *a, const char *b, const char *mask_a, const char *mask_b)
{
	return !memcmp(a, b, IFNAMSIZ) && !memcmp(mask_a, mask_b, IFNAMSIZ);
}

static bool none(const void *mask, size_t n)
{
	const char *p = mask;

	while (n && !*p)
		p++, n--;
	return !n;
}

static bool addr_covers(const struct vf_head *e, const struct vf_head *r, bool src)
{
	const uint8_t *em = src ? e->src_mask : e->dst_mask, *rm = src ? r->src_mask : r->dst_mask;
	const uint8_t *ea = src ? e->src : e->dst, *ra = src ? r->src : r->dst;
	uint8_t inv = src ? IPT_INV_SRCIP : IPT_INV_DSTIP;

	if ((e->inv | r->inv) & inv)
		return (e->inv & r->inv & inv) && !memcmp(em, rm, 16) && !memcmp(ea, ra, 16);
	for (int i = 0; i < 16; i++)
		if ((rm[i] & em[i]) != em[i])
			return false;
	return vf_addr_like(NFPROTO_IPV6, ra, ea, em);
}

static bool iface_covers(const struct vf_head *e, const struct vf_head *r, bool in)
{
	const char *em = in ? e->in_mask : e->out_mask, *rm = in ? r->in_mask : r->out_mask;
	uint8_t inv = in ? IPT_INV_VIA_IN : IPT_INV_VIA_OUT;

	if (none(em, IFNAMSIZ) && !(e->inv & inv))
		return true;
	return (e->inv & inv) == (r->inv & inv) &&
	       same(in ? e->in : e->out, in ? r->in : r->out, em, rm);
}

static bool head_covers(const struct vf_head *e, const struct vf_head *r)
{
	if (e->has_proto &&
	    (!r->has_proto || e->proto != r->proto || (e->inv ^ r->inv) & XT_INV_PROTO))
		return false;
	if (e->fragment && (!r->fragment || (e->inv ^ r->inv) & IPT_INV_FRAG))
		return false;
	return iface_covers(e, r, true) && iface_covers(e, r, false) && addr_covers(e, r, true) &&
	       addr_covers(e, r, false);
}

/* The same packet gets the same answer each time. */
static bool steady(const struct vf_cond *c)
{
	static const char *const others[] = { "mark",	   "connmark",	"recent", "hashlimit",
					      "connbytes", "connlimit", "set" };

	if (!c->kind || c->kind->until || c->kind->chance)
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(c->kind->name, others[i]))
			return false;
	return true;
}

/* "RELATED,ESTABLISHED" has what "ESTABLISHED" has. */
static bool more_states(const struct vf_cond *c, const struct vf_cond *other)
{
	unsigned int wide, narrow;

	return other->kind && vf_only_states(c, &wide) && vf_only_states(other, &narrow) &&
	       !(narrow & ~wide);
}

static bool has(const struct vf_rule *r, const struct vf_cond *c)
{
	for (size_t i = 0; i < r->n; i++)
		if (more_states(c, &r->conds[i]) ||
		    (r->conds[i].kind && vf_ports_cover(c, &r->conds[i])))
			return true;
	for (size_t i = 0; i < r->n; i++)
		if (r->conds[i].kind == c->kind && r->conds[i].rev == c->rev &&
		    r->conds[i].m->u.match_size == c->m->u.match_size &&
		    !memcmp(r->conds[i].data, c->data, c->m->u.match_size - sizeof(*c->m)))
			return true;
	return false;
}

static bool is_comment(const struct vf_cond *c)
{
	return c->kind && !strcmp(c->kind->name, "comment");
}

static bool covers(const struct vf_rule *e, const struct vf_rule *r)
{
	if (!head_covers(&e->head, &r->head))
		return false;
	for (size_t i = 0; i < e->n; i++)
		if (!is_comment(&e->conds[i]) && (!steady(&e->conds[i]) || !has(r, &e->conds[i])))
			return false;
	return true;
}

static bool takes_all(const struct vf_rule *r)
{
	static const struct vf_rule any;

	return covers(r, &any);
}

/* Whether what comes into the chain never goes on behind the jump. */
static bool is_end(struct vf_chain *c)
{
	bool found = false;

	if (c->end != NOT_KNOWN)
		return c->end == YES;
	c->end = ASKED;
	for (size_t i = 0; i < c->n && !found; i++) {
		const struct vf_rule *r = &c->rules[i];

		if (r->effect == VF_EFFECT_RETURN)
			break;
		if (r->effect == VF_EFFECT_GOTO && !is_end(r->jump))
			break;
		if (takes_all(r))
			found = r->effect == VF_EFFECT_ACCEPT || r->effect == VF_EFFECT_DROP ||
				r->effect == VF_EFFECT_NAT || r->effect == VF_EFFECT_GOTO ||
				(r->effect == VF_EFFECT_JUMP && is_end(r->jump));
	}
	c->end = found ? YES : NO;
	return found;
}

/* Whether packets that it takes do not go on in its chain. */
static bool stops(const struct vf_rule *r)
{
	switch (r->effect) {
	case VF_EFFECT_NONE:
	case VF_EFFECT_CHANGE:
		return false;
	case VF_EFFECT_JUMP:
		return is_end(r->jump);
	default:
		return true;
	}
}

static const struct vf_rule *shadower(struct vf_rule *r)
{
	if (r->looked)
		return r->shadow;
	r->looked = true;
	for (const struct vf_rule *e = r->chain->rules; e < r; e++)
		if (covers(e, r) && stops(e)) {
			r->shadow = e;
			break;
		}
	return r->shadow;
}

static bool chain_alive(struct vf_chain *c)
{
	if (c->alive != NOT_KNOWN)
		return c->alive == YES;
	c->alive = ASKED;
	if (!c->depth) {
		c->alive = YES;
		return true;
	}
	for (size_t i = 0; i < c->n_callers; i++)
		if (!shadower(c->callers[i]) && chain_alive(c->callers[i]->chain)) {
			c->alive = YES;
			return true;
		}
	c->alive = NO;
	return false;
}

bool vf_rule_alive(struct vf_rule *r, const struct vf_rule **by)
{
	*by = shadower(r);
	if (*by)
		return false;
	if (chain_alive(r->chain))
		return true;
	for (size_t i = 0; i < r->chain->n_callers && !*by; i++)
		*by = shadower(r->chain->callers[i]);
	return false;
}
