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

/* A rule that jumps to the chain, from a chain nearer to a base chain; from any with @any. It must
 * not ask for what the rules after it rule out. */
static struct vf_rule *caller(struct vf_maker *m, const struct vf_chain *c, bool any,
			      struct vf_rule *const *way, size_t n)
{
	size_t from = any ? vf_below(&m->rng, c->n_callers) : 0;
	struct vf_rule *best = NULL;

	for (size_t i = 0; i < c->n_callers; i++) {
		struct vf_rule *r = c->callers[(from + i) % c->n_callers];

		if (r->chain->depth >= c->depth || clashes(r, way, n) ||
		    vf_rule_life(m->chains, r, NULL) != VF_ALIVE)
			continue;
		if (any)
			return r;
		if (!best || r->chain->depth < best->chain->depth)
			best = r;
	}
	return best;
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

static bool add_way(struct vf_maker *m, struct vf_goal *g, struct vf_rule *r, bool any)
{
	struct vf_rule *way[VF_MAX_NEEDS];
	size_t n = climb(m, r, any, way, VF_MAX_NEEDS - g->n);

	for (size_t i = n; i; i--) {
		g->hooks[g->n] = way[n - 1]->chain->xt->hook;
		g->needs[g->n++] = way[i - 1];
	}
	return n;
}

bool vf_goal_init(struct vf_maker *m, struct vf_goal *g, struct vf_rule *aim, bool any)
{
	*g = (struct vf_goal){ .aim = aim };
	if (aim->chain->depth == VF_FAR || !add_way(m, g, aim, any))
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

	vf_place(k, g->hooks[i]);
	if (g->loose && g->needs[i] == g->aim)
		return true;
	return vf_rule_test(g->needs[i], k, &until) != VF_NO;
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

/* Matches that must be prepared for although they may match already: how often to send it. */
static void prepare(struct vf_maker *m, const struct vf_goal *g, struct vf_packet *k)
{
	for (size_t i = 0; i < g->n; i++) {
		vf_place(k, g->hooks[i]);
		for (size_t j = 0; j < g->needs[i]->n; j++)
			if (vf_cond_test(&g->needs[i]->conds[j], k) == VF_UNKNOWN)
				vf_cond_make(&g->needs[i]->conds[j], k, &m->rng);
	}
}

/* With @spent, what takes only some packets has had them. */
static bool run(struct vf_maker *m, const struct vf_goal *g, const struct vf_packet *k, bool spent,
		struct vf_run *r)
{
	*r = (struct vf_run){
		.k = *k,
		.spent = spent,
		.watch = g->aim,
		.path = g->needs,
		.n_path = g->n,
		.base = g->needs[0]->chain,
		.budget = m->budget,
	};
	r->k.dnat = false; /* what is wanted is not yet so */
	vf_run(m->chains, r);
	return r->reached && r->matched != VF_NO;
}

/* The n-th edge of a test of the rule. */
static bool edge(const struct vf_rule *r, struct vf_packet *k, size_t part, unsigned int n)
{
	if (part < VF_HEAD_PARTS)
		return vf_head_edge(&r->head, k, part, n);
	return vf_cond_edge(&r->conds[part - VF_HEAD_PARTS], k, n);
}

static bool tests_mark(const struct vf_rule *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->conds[i].kind && strstr(r->conds[i].kind->name, "mark"))
			return true;
	return false;
}

/* Whether it is not taken by the rule any more and all is met that was before. */
static bool avoids(struct vf_maker *m, const struct vf_goal *g, const struct vf_run *r,
		   const struct vf_rule *avoid, struct vf_packet *k, unsigned int before)
{
	unsigned int until = 0;

	if (vf_unmet(g, k, NULL) > before) {
		vf_meet(m, g, k);
		if (vf_unmet(g, k, NULL) > before)
			return false;
	}
	vf_place(k, r->at);
	/* What it was at that point may have been changed by rules before. */
	k->untracked = r->k.untracked && avoid != r->untracker;
	if (vf_rule_test(avoid, k, &until) == VF_YES)
		return false;
	k->untracked = false;
	return true;
}

/* What is to be avoided may be the rule that changed the packet before. */
static const struct vf_rule *culprit(struct vf_maker *m, const struct vf_run *r)
{
	if (r->changer && (tests_mark(r->blocker) || r->changer->effect == VF_EFFECT_NAT) &&
	    vf_one_in(&m->rng, 2))
		return r->changer;
	return r->blocker;
}

/* Tries the edges of each test of the rule, then other values for whatever nothing is asked of. */
static bool step_aside(struct vf_maker *m, const struct vf_goal *g, const struct vf_run *r,
		       struct vf_packet *k)
{
	enum { TRIES = 4, EDGES = 4 };
	const struct vf_rule *avoid = culprit(m, r);
	size_t parts = VF_HEAD_PARTS + avoid->n, from = vf_below(&m->rng, parts);
	unsigned int before = vf_unmet(g, k, NULL), turn = vf_rand(&m->rng);

	for (size_t i = 0; i < parts * EDGES; i++) {
		struct vf_packet other = *k;

		vf_place(&other, r->at);
		if (edge(avoid, &other, (from + i) % parts, (turn + i / parts) % EDGES) &&
		    avoids(m, g, r, avoid, &other, before)) {
			*k = other;
			return true;
		}
	}
	for (int i = 0; i < TRIES; i++) {
		struct vf_packet other;

		vf_default(m, &other, g->hooks[0]);
		vf_meet(m, g, &other);
		if (avoids(m, g, r, avoid, &other, before)) {
			*k = other;
			return true;
		}
	}
	return false;
}

/* Has a rule besides take it, when that can be. */
static bool take_along(struct vf_maker *m, struct vf_goal *g, struct vf_rule *also,
		       const struct vf_chain *base, struct vf_packet *k)
{
	struct vf_goal more = *g;
	struct vf_packet other = *k;

	if (vf_rule_life(m->chains, also, NULL) != VF_ALIVE || !add_way(m, &more, also, true) ||
	    (base && more.needs[g->n]->chain != base))
		return false;
	vf_meet(m, &more, &other);
	if (vf_unmet(&more, &other, NULL))
		return false;
	*g = more;
	*k = other;
	return true;
}

/* Has one of the rules that accept in the table take it. */
static bool past_policy(struct vf_maker *m, struct vf_goal *g, const struct vf_run *r,
			struct vf_packet *k)
{
	enum { TRIES = 32 };
	const struct vf_chains *c = m->chains;

	for (int i = 0; i < TRIES && c->n_accepts; i++) {
		struct vf_rule *accept = c->accepts[vf_below(&m->rng, c->n_accepts)];

		if (accept->chain->xt->table == r->root->xt->table &&
		    take_along(m, g, accept, r->root, k))
			return true;
	}
	return false;
}

/* Has a rule change it first, where none of the tests on the way is met otherwise. */
static bool by_change(struct vf_maker *m, struct vf_goal *g, struct vf_packet *k, struct vf_run *r)
{
	enum { TRIES = 12 };
	const struct vf_chains *c = m->chains;

	for (int i = 0; i < TRIES && c->n_changes && m->budget; i++) {
		struct vf_goal more = *g;
		struct vf_packet other = *k;
		unsigned int before = m->budget;

		if (!take_along(m, &more, c->changes[vf_below(&m->rng, c->n_changes)], NULL,
				&other))
			continue;
		if (run(m, &more, &other, false, r)) {
			*g = more;
			*k = other;
			return true;
		}
		m->budget = r->budget < before ? r->budget : before;
	}
	return false;
}

static bool asks_dnat(const struct vf_goal *g)
{
	for (size_t i = 0; i < g->n_path; i++)
		for (size_t j = 0; j < g->needs[i]->n; j++)
			if (vf_cond_asks_dnat(&g->needs[i]->conds[j]))
				return true;
	return false;
}

/* Has a rule send it elsewhere first. What the goal asks of the destination is then asked of that
 * one, so that only the way to the other rule is made. */
static bool by_dnat(struct vf_maker *m, struct vf_goal *g, struct vf_packet *k, struct vf_run *r)
{
	enum { TRIES = 12 };
	const struct vf_chains *c = m->chains;

	for (int i = 0; i < TRIES && c->n_dnats && m->budget; i++) {
		struct vf_packet other = *k;
		unsigned int before = m->budget;
		struct vf_goal way;

		if (!vf_goal_init(m, &way, c->dnats[vf_below(&m->rng, c->n_dnats)], true))
			continue;
		vf_meet(m, &way, &other);
		if (vf_unmet(&way, &other, NULL))
			continue;
		if (run(m, g, &other, false, r)) {
			*k = other;
			return true;
		}
		m->budget = r->budget < before ? r->budget : before;
	}
	return false;
}

/* One attempt to get further than @r came. */
static bool mend(struct vf_maker *m, struct vf_goal *g, struct vf_packet *k, struct vf_run *r)
{
	if (r->blocker) {
		bool drops = r->blocker->effect == VF_EFFECT_DROP;

		if (drops && vf_one_in(&m->rng, 4) && past_policy(m, g, r, k))
			return true;
		if (step_aside(m, g, r, k))
			return true;
		return drops && past_policy(m, g, r, k);
	}
	if (r->policy)
		return past_policy(m, g, r, k);
	if (asks_dnat(g) && !vf_one_in(&m->rng, 4) && by_dnat(m, g, k, r))
		return true;
	if (vf_one_in(&m->rng, 2))
		by_change(m, g, k, r);
	else {
		vf_default(m, k, g->hooks[0]);
		vf_meet(m, g, k);
	}
	return true;
}

bool vf_make(struct vf_maker *m, struct vf_goal *g, struct vf_packet *k)
{
	enum { STEPS = 16, A_STEP = 200 };
	unsigned int budget = m->budget;
	const struct vf_goal first = *g;
	struct vf_run r = { 0 };
	bool ok = false;

	vf_default(m, k, g->hooks[0]);
	vf_meet(m, g, k);
	for (int i = 0; i < STEPS && m->budget; i++) {
		ok = run(m, g, k, i % 3 == 2, &r) || (r.spendable && run(m, g, k, i % 3 != 2, &r));
		m->budget = r.budget > A_STEP ? r.budget - A_STEP : 0;
		if (ok)
			break;
		if (mend(m, g, k, &r))
			continue;
		*g = first;
		vf_default(m, k, g->hooks[0]);
		vf_meet(m, g, k);
	}
	m->budget = budget;
	g->aim->obstacle = ok ? NULL : r.blocker;
	prepare(m, g, k);
	if (r.until && r.until + 1 > k->p.repeat)
		k->p.repeat = r.until + 1;
	vf_place(k, g->hooks[0]);
	return ok;
}

bool vf_bring(struct vf_maker *m, const struct vf_goal *g, struct vf_packet *k)
{
	enum { STEPS = 4 };
	struct vf_goal loose = *g;
	struct vf_packet other = *k;
	struct vf_run r;

	loose.n = loose.n_path;
	loose.loose = true;
	for (int i = 0; i < STEPS && !vf_unmet(&loose, &other, NULL); i++) {
		run(m, &loose, &other, false, &r);
		if (r.reached) {
			*k = other;
			return true;
		}
		if (!r.policy && !(r.blocker && r.blocker->effect == VF_EFFECT_DROP))
			return false;
		if (!past_policy(m, &loose, &r, &other))
			return false;
	}
	return false;
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
