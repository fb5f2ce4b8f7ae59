// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules that no packet comes to, since an earlier one takes whatever they would match, or since
 * what the rules on the way ask for is never so of one packet. */
#include "verify/chains.h"

#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <string.h>

/* A cached answer; ASKED: while it is looked for, so that loops end. */
enum { NOT_KNOWN, YES, NO, ASKED };

static bool same(const char *a, const char *b, const char *mask_a, const char *mask_b)
{
	return !memcmp(a, b, IFNAMSIZ) && !memcmp(mask_a, mask_b, IFNAMSIZ);
}

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

	if ((e->inv | r->inv) & inv)
		return (e->inv & r->inv & inv) && !memcmp(em, rm, 16) && !memcmp(ea, ra, 16);
	return masked_by(em, rm) && vf_addr_like(NFPROTO_IPV6, ra, ea, em);
}

static bool iface_covers(const struct vf_head *e, const struct vf_head *r, bool in)
{
	const char *em = in ? e->in_mask : e->out_mask, *rm = in ? r->in_mask : r->out_mask;
	uint8_t inv = in ? IPT_INV_VIA_IN : IPT_INV_VIA_OUT;

	if (none(em) && !(e->inv & inv))
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
	return addr_covers(e, r, true) && addr_covers(e, r, false) && iface_covers(e, r, true) &&
	       iface_covers(e, r, false);
}

/* The same packet gets the same answer each time. */
static bool steady(const struct vf_cond *c)
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

static bool has(const struct vf_rule *r, const struct vf_cond *c)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->conds[i].kind && vf_ports_cover(c, &r->conds[i]))
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

/* Which states packets can have that match all of it. */
static unsigned int states(const struct vf_rule *r)
{
	unsigned int s = VF_ALL_STATES;

	for (size_t i = 0; i < r->n; i++)
		s &= vf_cond_states(&r->conds[i]);
	return s;
}

/* Of the packets of @r that have one of these states, @e takes those in the states returned. */
static unsigned int takes(const struct vf_rule *e, const struct vf_rule *r, unsigned int asked)
{
	unsigned int taken = VF_ALL_STATES, only;

	if (!head_covers(&e->head, &r->head))
		return 0;
	for (size_t i = 0; i < e->n && taken; i++) {
		const struct vf_cond *c = &e->conds[i];

		if (is_comment(c))
			continue;
		if (!steady(c))
			return 0;
		if (vf_only_states(c, &only))
			taken &= only;
		else if (!has(r, c))
			return 0;
	}
	return taken & asked;
}

static bool covers(const struct vf_rule *e, const struct vf_rule *r)
{
	return takes(e, r, VF_ALL_STATES) == VF_ALL_STATES;
}

static bool takes_all(const struct vf_rule *r)
{
	static const struct vf_rule any;

	return covers(r, &any);
}

/* SYNPROXY lets go what is no SYN and no ACK. */
static bool takes_some(const struct vf_rule *r)
{
	return r->xt->action == XT_ACT_TARGET && !strcmp(r->target->u.user.name, "SYNPROXY");
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
		if (takes_all(r) && !takes_some(r))
			found = r->effect == VF_EFFECT_ACCEPT || r->effect == VF_EFFECT_DROP ||
				r->effect == VF_EFFECT_NAT || r->effect == VF_EFFECT_GOTO ||
				(r->effect == VF_EFFECT_JUMP && is_end(r->jump));
	}
	c->end = found ? YES : NO;
	return found;
}

/* Whether packets that it takes do not go on in its chain. */
static bool stops(struct vf_rule *r)
{
	if (r->stops != NOT_KNOWN)
		return r->stops == YES;
	r->stops = r->effect == VF_EFFECT_NONE || takes_some(r) || r->effect == VF_EFFECT_CHANGE
			   ? NO
		   : r->effect == VF_EFFECT_JUMP && !is_end(r->jump) ? NO
								     : YES;
	return r->stops == YES;
}

enum { MAX_CONDS = 64, MAX_UP = 32, MAX_LOOKS = 256 };

/* All that the rules of a way ask. */
struct sum {
	struct vf_rule rule;
	struct vf_cond conds[MAX_CONDS];
};

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

	return !meet_heads(&h, &b->head) || ports_clash(a, b) || !(states(a) & states(b));
}

/* False: they clash. */
static bool add(struct sum *s, const struct vf_rule *r)
{
	if (!meet_heads(&s->rule.head, &r->head) || ports_clash(&s->rule, r))
		return false;
	for (size_t i = 0; i < r->n && s->rule.n < MAX_CONDS; i++)
		s->conds[s->rule.n++] = r->conds[i];
	s->rule.conds = s->conds;
	return true;
}

static bool is_lo(const char *name, const char *mask, bool inv)
{
	return mask[0] && !inv && !strncmp(name, "lo", IFNAMSIZ) && mask[2];
}

/* Which devices there are: xt_action_param's of each hook. What comes in by lo stays. */
static bool nowhere(const struct vf_head *h, int hook)
{
	bool in = h->in_mask[0] && !(h->inv & IPT_INV_VIA_IN);
	bool out = h->out_mask[0] && !(h->inv & IPT_INV_VIA_OUT);

	switch (hook) {
	case NF_INET_PRE_ROUTING:
	case NF_INET_LOCAL_IN:
		return out;
	case NF_INET_FORWARD:
		return is_lo(h->in, h->in_mask, !in) || is_lo(h->out, h->out_mask, !out);
	default:
		return in;
	}
}

struct look {
	const struct vf_chains *c;
	const struct vf_rule *by;
	unsigned int left; /* so many more rules of the way may be looked at */
};

/* Whether the rules before @r take all of @s, as far as connection states tell. */
static bool taken(struct look *l, const struct vf_rule *r, const struct vf_rule *s)
{
	unsigned int left = states(s), now;

	if (!l->c->untracks)
		left &= ~XT_CONNTRACK_STATE_UNTRACKED | (s->head.family == NFPROTO_IPV6 ? ~0U : 0);
	for (struct vf_rule *e = r->chain->rules; e < r; e++) {
		if (!stops(e))
			continue;
		now = takes(e, s, left);
		left &= ~now;
		if (now && !left) {
			l->by = e;
			return true;
		}
	}
	return false;
}

/* What is known of @s, which has come up to the chain of @r and asks for what @r asks, too. */
static enum vf_life look_up(struct look *l, const struct vf_rule *r, struct sum *s,
			    unsigned int depth)
{
	const struct vf_chain *c = r->chain;
	enum vf_life life = VF_UNCALLED, one;
	struct sum more;

	if (!l->left || depth > MAX_UP)
		return VF_ALIVE;
	l->left--;
	if (taken(l, r, &s->rule))
		return VF_TAKEN;
	if (!c->depth)
		return nowhere(&s->rule.head, c->xt->hook) ? VF_NOWHERE : VF_ALIVE;
	for (size_t i = 0; i < c->n_callers; i++) {
		more = *s;
		one = VF_CLASH;
		if (add(&more, c->callers[i]) && states(&more.rule))
			one = look_up(l, c->callers[i], &more, depth + 1);
		else
			l->by = c->callers[i];
		if (one == VF_ALIVE)
			return VF_ALIVE;
		if (one != VF_UNCALLED)
			life = one;
	}
	return life;
}

enum vf_life vf_rule_life(const struct vf_chains *c, struct vf_rule *r, const struct vf_rule **by)
{
	struct look l = { .c = c, .left = MAX_LOOKS };
	struct sum s = { .rule = { .head = { .family = c->family } } };

	if (r->life == VF_LIFE_UNKNOWN) {
		r->life = add(&s, r) && states(&s.rule) ? look_up(&l, r, &s, 0) : VF_CLASH;
		r->by = l.by;
	}
	if (by)
		*by = r->by;
	return r->life;
}
