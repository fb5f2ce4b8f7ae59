// SPDX-License-Identifier: GPL-2.0-or-later
/* Ways to a rule, and packets that meet what they ask. */
#include "verify/goal.h"

#include <netinet/in.h>
#include <string.h>

enum { MAX_PASSES = 5 };

static bool clashes(const struct vf_rule *r, struct vf_rule *const *way, size_t n)
{
	while (n)
		if (vf_rules_clash(r, way[--n]))
			return true;
	return false;
}

/* Packets that have not what it asks may still show that the other side asks for it, too. */
static bool is_dead(struct vf_maker *m, struct vf_rule *r)
{
	enum vf_life life = vf_rule_life(m->chains, r, NULL);

	return life != VF_ALIVE && life != VF_ABSENT;
}

/* A rule that jumps to the chain, from a chain nearer to a base chain; from any with @any. It must
 * not ask for what the rules after it rule out. What no packet here meets is for when there is no
 * other. */
static struct vf_rule *caller(struct vf_maker *m, const struct vf_chain *c, bool any,
			      struct vf_rule *const *way, size_t n)
{
	size_t from = any ? vf_below(&m->rng, c->n_callers) : 0;
	struct vf_rule *best = NULL, *last = NULL;

	for (size_t i = 0; i < c->n_callers; i++) {
		struct vf_rule *r = c->callers[(from + i) % c->n_callers];

		if (r->chain->depth >= c->depth || clashes(r, way, n) || is_dead(m, r))
			continue;
		if (r->life == VF_ABSENT) {
			last = r;
			continue;
		}
		if (any)
			return r;
		if (!best || r->chain->depth < best->chain->depth)
			best = r;
	}
	return best ? best : last;
}

/* The way upwards into @way, the rule itself first; 0: none. */
static size_t climb(struct vf_maker *m, struct vf_rule *r, bool any, struct vf_rule **way,
		    size_t room)
{
	size_t n = 0;

	while (r && n < room) {
		way[n++] = r;
		if (!r->chain->depth)
			return n;
		r = caller(m, r->chain, any, way, n);
	}
	return 0;
}

bool vf_goal_add(struct vf_maker *m, struct vf_goal *g, struct vf_rule *r, bool any)
{
	struct vf_rule *way[VF_MAX_NEEDS];
	size_t n = climb(m, r, any, way, VF_MAX_NEEDS - g->n);

	for (size_t i = n; i; i--) {
		g->hooks[g->n] = way[n - 1]->chain->xt->hook;
		g->needs[g->n++] = way[i - 1];
	}
	return n;
}

/* The hook of a rule of the way that comes after @r in its chain, or -1. */
static int joins(const struct vf_goal *g, const struct vf_rule *r)
{
	for (size_t i = 0; i < g->n_path; i++)
		if (g->needs[i]->chain == r->chain && g->needs[i] > r)
			return g->hooks[i];
	return -1;
}

/* A rule that leads to the chain: one that joins the way if there is one. */
static struct vf_rule *joining(struct vf_maker *m, const struct vf_goal *g,
			       const struct vf_chain *c)
{
	size_t from = vf_below(&m->rng, c->n_callers);
	struct vf_rule *best = NULL;

	for (size_t i = 0; i < c->n_callers; i++) {
		struct vf_rule *r = c->callers[(from + i) % c->n_callers];

		if (r->chain->depth >= c->depth || is_dead(m, r) || r->life == VF_ABSENT)
			continue;
		if (joins(g, r) >= 0)
			return r;
		best = best ? best : r;
	}
	return best;
}

bool vf_goal_add_before(struct vf_maker *m, struct vf_goal *g, struct vf_rule *r)
{
	struct vf_rule *way[VF_MAX_NEEDS];
	size_t n = 0;
	int hook = -1;

	while (r && n < VF_MAX_NEEDS - g->n && hook < 0) {
		way[n++] = r;
		hook = joins(g, r);
		if (hook < 0 && !r->chain->depth) {
			if (r->chain == g->needs[0]->chain)
				return false;
			hook = r->chain->xt->hook;
		}
		r = hook < 0 ? joining(m, g, r->chain) : NULL;
	}
	if (hook < 0)
		return false;
	for (size_t i = n; i; i--) {
		g->hooks[g->n] = hook;
		g->needs[g->n++] = way[i - 1];
	}
	return true;
}

bool vf_goal_init(struct vf_maker *m, struct vf_goal *g, struct vf_rule *aim, bool any)
{
	*g = (struct vf_goal){ .aim = aim };
	if (aim->chain->depth == VF_FAR || !vf_goal_add(m, g, aim, any))
		return false;
	g->n_path = g->n;
	return true;
}

static void address(struct vf_maker *m, struct vf_packet *k, int hook)
{
	bool out = hook == NF_INET_LOCAL_OUT ||
		   (hook == NF_INET_POST_ROUTING && vf_one_in(&m->rng, 3));
	int in = vf_below(&m->rng, m->topo->n), to = vf_below(&m->rng, m->topo->n);

	if (!strcmp(m->topo->devices[in].name, "lo"))
		in = 0;
	k->p.in = out ? VF_OUT : in;
	if (out)
		vf_addr_own(k, to, k->p.saddr, &m->rng);
	else
		vf_addr_behind(k, in, k->p.saddr, &m->rng);
	if (hook == NF_INET_LOCAL_IN || (hook == NF_INET_PRE_ROUTING && vf_one_in(&m->rng, 3)))
		vf_addr_own(k, in, k->p.daddr, &m->rng);
	else
		vf_addr_behind(k, to, k->p.daddr, &m->rng);
}

void vf_default(struct vf_maker *m, struct vf_packet *k, int hook)
{
	*k = (struct vf_packet){
		.topo = m->topo,
		.p = { .family = m->chains->family,
		       .repeat = 1,
		       .ttl = 64,
		       .payload = 16,
		       .sport = 1024 + m->sport++ % 64000,
		       .dport = 33000 + vf_below(&m->rng, 20000),
		       .ip_id = vf_rand(&m->rng) },
	};
	address(m, k, hook);
	vf_set_proto(&k->p, vf_one_in(&m->rng, 4) ? IPPROTO_UDP : IPPROTO_TCP);
	vf_place(k, hook);
}

static bool met(const struct vf_goal *g, size_t i, struct vf_packet *k)
{
	unsigned int until = 0;
	bool ok;

	vf_place(k, g->hooks[i]);
	if (g->loose && g->needs[i] == g->aim)
		return true;
	k->any_mark = g->late;
	ok = vf_rule_test(g->needs[i], k, &until) != VF_NO;
	k->any_mark = false;
	return ok;
}

/* Whether it comes by the hook at all. */
static bool passes(const struct vf_packet *k)
{
	switch (k->hook) {
	case NF_INET_LOCAL_IN:
		return k->own;
	case NF_INET_FORWARD:
		return !k->own && k->p.in >= 0;
	case NF_INET_LOCAL_OUT:
		return k->p.in == VF_OUT;
	case NF_INET_POST_ROUTING:
		return k->p.in == VF_OUT || !k->own;
	default:
		return k->p.in >= 0 || k->own;
	}
}

unsigned int vf_unmet(const struct vf_goal *g, struct vf_packet *k, const struct vf_rule *but)
{
	unsigned int n = 0;

	for (size_t i = 0; i < g->n; i++) {
		bool ok = g->needs[i] == but || met(g, i, k);

		if (g->needs[i] == but)
			vf_place(k, g->hooks[i]);
		n += !ok || !passes(k);
	}
	return n;
}

static void make_rule(struct vf_maker *m, const struct vf_rule *r, struct vf_packet *k)
{
	unsigned int until = 0;

	if (!vf_head_test(&r->head, k) || !passes(k))
		vf_head_make(&r->head, k, &m->rng);
	for (size_t i = 0; i < r->n && vf_rule_test(r, k, &until) != VF_YES; i++)
		if (vf_cond_test(&r->conds[i], k) != VF_YES)
			vf_cond_make(&r->conds[i], k, &m->rng);
}

/* Where the packet does not come by the hook at all. */
static void reroute(struct vf_maker *m, struct vf_packet *k)
{
	if (passes(k))
		return;
	if (k->hook == NF_INET_LOCAL_IN) {
		vf_addr_own(k, k->p.in, k->p.daddr, &m->rng);
	} else if (k->hook == NF_INET_FORWARD || k->hook == NF_INET_POST_ROUTING) {
		if (k->p.in == VF_OUT)
			k->p.in = 0;
		vf_addr_behind(k, -1, k->p.daddr, &m->rng);
	} else if (k->hook == NF_INET_LOCAL_OUT) {
		k->p.in = VF_OUT;
	}
	vf_place(k, k->hook);
}

void vf_meet(struct vf_maker *m, const struct vf_goal *g, struct vf_packet *k)
{
	for (int pass = 0; pass < MAX_PASSES; pass++) {
		bool all = true;

		for (size_t i = 0; i < g->n; i++) {
			vf_place(k, g->hooks[i]);
			if (passes(k) && met(g, i, k))
				continue;
			all = false;
			reroute(m, k);
			make_rule(m, g->needs[i], k);
		}
		if (all)
			return;
	}
}

void vf_freshen(struct vf_maker *m, const struct vf_goal *g, struct vf_packet *k)
{
	struct vf_packet other = *k;
	unsigned int before = vf_unmet(g, k, NULL);

	other.p.sport = 1024 + m->sport++ % 64000;
	if (vf_has_ports(&other) && vf_unmet(g, &other, NULL) <= before) {
		*k = other;
		return;
	}
	other = *k;
	if (k->p.in >= 0)
		vf_addr_behind(k, k->p.in, other.p.saddr, &m->rng);
	if (vf_unmet(g, &other, NULL) <= before) {
		*k = other;
		return;
	}
	other = *k;
	other.p.dport = 33000 + vf_below(&m->rng, 20000);
	if (vf_unmet(g, &other, NULL) <= before)
		*k = other;
}

void vf_remake(struct vf_maker *m, const struct vf_goal *g, struct vf_packet *k)
{
	struct vf_packet other = *k;
	unsigned int before = vf_unmet(g, k, NULL);

	vf_place(&other, g->hooks[g->n_path - 1]);
	vf_head_make(&g->aim->head, &other, &m->rng);
	for (size_t i = 0; i < g->aim->n; i++)
		vf_cond_make(&g->aim->conds[i], &other, &m->rng);
	if (vf_unmet(g, &other, NULL) <= before)
		*k = other;
}
