// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules that no packet comes to, since an earlier one takes whatever they would match, or since
 * what the rules on the way ask for is never so of one packet. */
#include "verify/cover.h"

#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_owner.h>
#include <linux/netfilter/xt_policy.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <netinet/in.h>
#include <string.h>

/* A cached answer; ASKED: while it is looked for, so that loops end. */
enum { NOT_KNOWN, YES, NO, ASKED };

/* Whether it asks for IPsec, of any kind: one element without tests, match_policy_in(). */
static bool any_ipsec(const struct xt_policy_info *i)
{
	static const struct xt_policy_spec nothing;

	return !(i->flags & (XT_POLICY_MATCH_NONE | XT_POLICY_MATCH_STRICT)) && i->len == 1 &&
	       !memcmp(&i->pol[0].match, &nothing, sizeof(nothing));
}

static bool opposite_policies(const struct xt_policy_info *a, const struct xt_policy_info *b)
{
	if ((a->flags ^ b->flags) & (XT_POLICY_MATCH_IN | XT_POLICY_MATCH_OUT))
		return false;
	return (a->flags & XT_POLICY_MATCH_NONE && any_ipsec(b)) ||
	       (b->flags & XT_POLICY_MATCH_NONE && any_ipsec(a));
}

/* Whether each packet that a socket has sent, and each without one, matches one of the two. */
static bool opposite_owners(const struct vf_cond *a, const struct vf_cond *b)
{
	struct xt_owner_match_info o, p;

	if (a->rev != 1 || b->rev != 1)
		return false;
	memcpy(&o, a->data, sizeof(o));
	memcpy(&p, b->data, sizeof(p));
	if (__builtin_popcount(o.match) != 1 || o.match != p.match ||
	    !((o.invert ^ p.invert) & o.match))
		return false;
	return !(o.match & XT_OWNER_UID && (o.uid_min != p.uid_min || o.uid_max != p.uid_max)) &&
	       !(o.match & XT_OWNER_GID && (o.gid_min != p.gid_min || o.gid_max != p.gid_max));
}

/* Whether each packet matches one of the two. */
static bool opposite(const struct vf_cond *a, const struct vf_cond *b)
{
	if (a->kind != b->kind)
		return false;
	if (!strcmp(a->kind->name, "policy"))
		return opposite_policies(a->data, b->data);
	return !strcmp(a->kind->name, "owner") && opposite_owners(a, b);
}

/* Of the packets of @r that have one of these states, @e takes those in the states returned; with
 * @but, those of them that match this one test, which may be set. */
static unsigned int takes(const struct vf_rule *e, const struct vf_rule *r, unsigned int asked,
			  const struct vf_cond **but)
{
	unsigned int taken = VF_ALL_STATES, only;

	if (!vf_head_covers(&e->head, &r->head))
		return 0;
	for (size_t i = 0; i < e->n && taken; i++) {
		const struct vf_cond *c = &e->conds[i];

		if (vf_is_comment(c))
			continue;
		if (!vf_steady(c))
			return 0;
		if (vf_only_states(c, &only))
			taken &= only;
		else if (vf_asks(r, c))
			continue;
		else if (but && !*but)
			*but = c;
		else
			return 0;
	}
	return taken & asked;
}

static bool covers(const struct vf_rule *e, const struct vf_rule *r)
{
	return takes(e, r, VF_ALL_STATES, NULL) == VF_ALL_STATES;
}

static bool takes_all(const struct vf_rule *r)
{
	static const struct vf_rule any;

	return covers(r, &any);
}

/* SYNPROXY lets go what is no SYN and no ACK. */
bool vf_takes_some(const struct vf_rule *r)
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
		if (takes_all(r) && !vf_takes_some(r))
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
	r->stops = r->effect == VF_EFFECT_NONE || vf_takes_some(r) || r->effect == VF_EFFECT_CHANGE
			   ? NO
		   : r->effect == VF_EFFECT_JUMP && !is_end(r->jump) ? NO
								     : YES;
	return r->stops == YES;
}

enum { MAX_UP = 32, MAX_LOOKS = 256, MAX_RULES = 1 << 16 };

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

/* Whether all addresses that it asks for are of 224.0.0.0/4 or ff00::/8. */
static bool multicast(uint8_t family, const uint8_t *addr, const uint8_t *mask)
{
	uint8_t bits = family == NFPROTO_IPV4 ? 0xf0 : 0xff;

	return (mask[0] & bits) == bits && vf_is_multicast(family, addr);
}

/* Whether the kernel drops such packets before: ipv6_rcv(), ip_route_input_slow(). */
static bool is_martian(const struct vf_head *h, int hook)
{
	bool src = !(h->inv & IPT_INV_SRCIP), dst = !(h->inv & IPT_INV_DSTIP);
	bool v4 = h->family == NFPROTO_IPV4, device = h->in_mask[0] && !(h->inv & IPT_INV_VIA_IN) &&
						      !is_lo(h->in, h->in_mask, false);

	if (src && multicast(h->family, h->src, h->src_mask)) {
		if (hook == NF_INET_FORWARD ||
		    (!v4 && hook != NF_INET_LOCAL_OUT && hook != NF_INET_POST_ROUTING))
			return true;
		return hook == NF_INET_LOCAL_IN && device;
	}
	if (!v4 || hook != NF_INET_FORWARD)
		return false;
	return (src && h->src_mask[0] == 0xff && !h->src[0]) ||
	       (dst && h->dst_mask[0] == 0xff && (!h->dst[0] || h->dst[0] == 127)) ||
	       (dst && !memcmp(h->dst_mask, "\xff\xff\xff\xff", 4) &&
		!memcmp(h->dst, "\xff\xff\xff\xff", 4));
}

struct look {
	const struct vf_chains *c;
	const struct vf_rule *by;
	unsigned int left;  /* so many more rules of the way may be looked at */
	unsigned int rules; /* and so many before them */
};

/* Rules that take all but what one test lets by, waiting for the opposite. */
struct parts {
	struct {
		const struct vf_cond *but;
		unsigned int states;
	} v[8];
	size_t n;
};

/* Which of the states @now are taken by this rule and one before it together. */
static unsigned int complete(struct parts *p, const struct vf_cond *but, unsigned int now)
{
	for (size_t i = 0; i < p->n; i++)
		if (opposite(p->v[i].but, but))
			return p->v[i].states & now;
	if (p->n < sizeof(p->v) / sizeof(p->v[0])) {
		p->v[p->n].but = but;
		p->v[p->n++].states = now;
	}
	return 0;
}

/* In which of the states @left packets of @s are taken by the rules from @e to @end. What returns
 * from a chain in @depth is not taken, nor what it leaves for later rules. */
static unsigned int taken_by(struct look *l, struct vf_rule *e, const struct vf_rule *end,
			     const struct vf_rule *s, unsigned int left, unsigned int depth)
{
	enum { DEEPEST = 8 };
	unsigned int taken = 0;
	struct parts parts = { .n = 0 };

	for (; e < end && left && l->rules; e++, l->rules--) {
		const struct vf_cond *but = NULL;
		bool back = depth && (e->effect == VF_EFFECT_RETURN || e->effect == VF_EFFECT_GOTO);
		unsigned int now;

		if (back && !vf_rules_clash(e, s))
			left &= ~vf_rule_states(e);
		if (back || (!stops(e) && (e->effect != VF_EFFECT_JUMP || depth == DEEPEST)))
			continue;
		now = takes(e, s, left, &but);
		if (now && !stops(e))
			now = taken_by(l, e->jump->rules, e->jump->rules + e->jump->n, s, now,
				       depth + 1);
		if (now && but)
			now = complete(&parts, but, now);
		if (now && !depth)
			l->by = e;
		left &= ~now;
		taken |= now;
	}
	return taken;
}

/* Without rules that see to it, IPv6 has untracked packets all the same: neighbour discovery. */
static bool may_be_untracked(const struct look *l, const struct vf_rule *s)
{
	if (l->c->untracks)
		return true;
	if (s->head.family == NFPROTO_IPV4)
		return false;
	if (s->head.has_proto && !(s->head.inv & XT_INV_PROTO) && s->head.proto != IPPROTO_ICMPV6)
		return false;
	for (size_t i = 0; i < s->n; i++)
		if (vf_cond_is_tracked(&s->conds[i]))
			return false;
	return true;
}

/* In which of the states @left packets of @s get past the rules before @r. */
static unsigned int let_by(struct look *l, const struct vf_rule *r, const struct vf_rule *s,
			   unsigned int left)
{
	left &= vf_rule_states(s);
	if (!may_be_untracked(l, s))
		left &= ~XT_CONNTRACK_STATE_UNTRACKED;
	return left ? left & ~taken_by(l, r->chain->rules, r, s, left, 0) : 0;
}

/* The rule of raw that keeps each packet of @s from being tracked. What it is sent to may change
 * after it, so that it must not ask for that. */
static const struct vf_rule *untracker(const struct look *l, int hook, const struct vf_rule *s)
{
	static const uint8_t anywhere[16];
	const struct vf_chain *raw = l->c->n_base[hook] ? l->c->base[hook][0] : NULL;

	if (!raw || strcmp(raw->xt->table->name, "raw") != 0)
		return NULL;
	for (const struct vf_rule *e = raw->rules; e < raw->rules + raw->n; e++) {
		if (vf_untracks_all(e) && !e->n && !memcmp(e->head.dst_mask, anywhere, 16) &&
		    vf_head_covers(&e->head, &s->head))
			return e;
		if (e->effect != VF_EFFECT_NONE && e->effect != VF_EFFECT_CHANGE)
			return NULL;
	}
	return NULL;
}

/* Whether it may be an ICMP error, which is of the connection of what it is about: one that the
 * kernel sends about a packet that is tracked is related in OUTPUT, too. */
static bool may_be_error(const struct vf_rule *s)
{
	uint8_t icmp = s->head.family == NFPROTO_IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	bool other = s->head.has_proto && (s->head.proto == icmp) == !!(s->head.inv & XT_INV_PROTO);

	return !other && vf_rule_states(s) & XT_CONNTRACK_STATE_BIT(IP_CT_RELATED);
}

/* Whether what comes to a base chain with all of @s is not tracked, and so not what is asked for.
 * What the kernel answers is of the connection that it answers; what comes by lo was sent. */
static bool is_untracked(struct look *l, const struct vf_chain *base, const struct vf_rule *s)
{
	int hook = base->xt->hook;
	const struct vf_head *h = &s->head;
	bool out = hook == NF_INET_LOCAL_OUT;
	bool lo = !out && hook != NF_INET_FORWARD &&
		  (!h->in_mask[0] || h->inv & IPT_INV_VIA_IN || is_lo(h->in, h->in_mask, false));
	const struct vf_rule *by;

	if (hook == NF_INET_POST_ROUTING ||
	    ((out || lo) && (l->c->answers || (!base->nat && may_be_error(s)))))
		return false;
	by = untracker(l, out ? hook : NF_INET_PRE_ROUTING, s);
	if (!by || (lo && !untracker(l, NF_INET_LOCAL_OUT, &(struct vf_rule){ 0 })))
		return false;
	if (!base->nat && vf_rule_states(s) & XT_CONNTRACK_STATE_UNTRACKED)
		return false;
	l->by = by;
	return true;
}

static enum vf_life at_base(struct look *l, const struct vf_chain *base, const struct vf_rule *s)
{
	if (nowhere(&s->head, base->xt->hook))
		return VF_NOWHERE;
	if (is_martian(&s->head, base->xt->hook))
		return VF_MARTIAN;
	return is_untracked(l, base, s) ? VF_UNTRACKED : VF_ALIVE;
}

bool vf_wants_nothing(const struct vf_chains *c, const struct vf_rule *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (vf_set_is_empty(&r->conds[i]) && !vf_fills(c, r->conds[i].set))
			return true;
	return false;
}

/* Adds a rule to what is asked. */
static enum vf_life narrow(const struct vf_chains *c, struct vf_sum *s, const struct vf_rule *r)
{
	if (vf_wants_nothing(c, r))
		return VF_EMPTY;
	for (size_t i = 0; i < r->n; i++)
		if (vf_data_clash(&r->conds[i]))
			return VF_CLASH;
	return vf_sum_add(s, r) && vf_rule_states(&s->rule) ? VF_ALIVE : VF_CLASH;
}

const struct vf_cond *vf_absent(const struct vf_rule *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct vf_cond *c = &r->conds[i];

		if (!c->kind || (c->kind->absent && c->kind->why(c)))
			return c;
	}
	return NULL;
}

static enum vf_life look_up(struct look *l, const struct vf_rule *r, struct vf_sum *s,
			    unsigned int left, unsigned int depth);

/* By this one of the rules that lead to its chain. */
static enum vf_life look_by(struct look *l, const struct vf_rule *caller, const struct vf_sum *s,
			    unsigned int left, unsigned int depth)
{
	struct vf_sum more = *s;
	enum vf_life life = narrow(l->c, &more, caller);

	if (life == VF_ALIVE)
		life = look_up(l, caller, &more, left, depth);
	else
		l->by = caller;
	if (life != VF_ALIVE || !vf_absent(caller))
		return life;
	l->by = caller;
	return VF_ABSENT;
}

/* What is known of @s in the states @left, which has come up to the chain of @r and asks for what
 * @r asks, too. */
static enum vf_life look_up(struct look *l, const struct vf_rule *r, struct vf_sum *s,
			    unsigned int left, unsigned int depth)
{
	const struct vf_chain *c = r->chain;
	enum vf_life life = VF_UNCALLED, one;
	const struct vf_rule *by;

	if (!l->left || depth > MAX_UP)
		return VF_ALIVE;
	l->left--;
	left = let_by(l, r, &s->rule, left);
	if (!left)
		return VF_TAKEN;
	if (!c->depth)
		return at_base(l, c, &s->rule);
	for (size_t i = 0; i < c->n_callers; i++) {
		by = l->by;
		one = look_by(l, c->callers[i], s, left, depth + 1);
		if (one == VF_ALIVE)
			return VF_ALIVE;
		/* One way that only what is absent bars is one that other packets may take. */
		if (life == VF_ABSENT)
			l->by = by;
		else if (one != VF_UNCALLED)
			life = one;
	}
	return life;
}

/* What vf_marks_find() has found. */
static enum vf_life by_marks(const struct vf_rule *r, const struct vf_rule **by)
{
	if (!r->marked && !r->uncalled)
		return r->life;
	*by = r->marked ? r->marked : r->uncalled;
	if (!r->marked)
		return VF_MARKED_CALLER;
	return r->comes ? VF_MARKED : VF_MARKED_BEFORE;
}

enum vf_life vf_rule_life(const struct vf_chains *c, struct vf_rule *r, const struct vf_rule **by)
{
	struct look l = { .c = c, .left = MAX_LOOKS, .rules = MAX_RULES };
	struct vf_sum s = { .rule = { .head = { .family = c->family } } };

	if (r->life == VF_LIFE_UNKNOWN) {
		r->life = narrow(c, &s, r);
		if (r->life == VF_ALIVE)
			r->life = look_up(&l, r, &s, VF_ALL_STATES, 0);
		if (r->life == VF_ALIVE && vf_absent(r)) {
			r->life = VF_ABSENT;
			l.by = r;
		}
		if (r->life == VF_ALIVE || r->life == VF_ABSENT)
			r->life = by_marks(r, &l.by);
		r->by = l.by;
	}
	if (by)
		*by = r->by;
	return r->life;
}
