// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets that get to a rule: what stands in their way is found by a run through the model, and
 * mended, some times. */
#include "verify/goal.h"

#include <string.h>

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

static bool tests_mark_at(const struct vf_rule *r, size_t i)
{
	return r->conds[i].kind && strstr(r->conds[i].kind->name, "mark");
}

static bool tests_mark(const struct vf_rule *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (tests_mark_at(r, i))
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

	if (vf_rule_life(m->chains, also, NULL) != VF_ALIVE || !vf_goal_add(m, &more, also, true) ||
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

/* Has a rule take it before it comes to the aim. */
static bool take_before(struct vf_maker *m, struct vf_goal *g, struct vf_rule *first,
			struct vf_packet *k)
{
	struct vf_goal more = *g;
	struct vf_packet other = *k;

	if (vf_rule_life(m->chains, first, NULL) != VF_ALIVE ||
	    !vf_goal_add_before(m, &more, first))
		return false;
	vf_meet(m, &more, &other);
	if (vf_unmet(&more, &other, NULL))
		return false;
	*g = more;
	*k = other;
	return true;
}

static bool is_needed(const struct vf_goal *g, const struct vf_rule *r)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->needs[i] == r)
			return true;
	return false;
}

/* Has it return from a chain beside the way before the rule that would take it. */
static bool by_return(struct vf_maker *m, struct vf_goal *g, struct vf_packet *k,
		      const struct vf_run *r)
{
	const struct vf_chain *c = r->blocker->chain;
	size_t n = r->blocker - c->rules, from = vf_below(&m->rng, n);

	for (size_t i = 0; i < n; i++) {
		struct vf_rule *back = &c->rules[(from + i) % n];

		if (back->effect == VF_EFFECT_RETURN && !is_needed(g, back) &&
		    take_before(m, g, back, k))
			return true;
	}
	return false;
}

/* Whether the rule that was missed would have matched after this change. */
static bool would_help(const struct vf_run *r, const struct vf_rule *change)
{
	struct vf_packet k = r->missed_at;
	unsigned int until = 0;

	change->change(change, &k);
	return vf_rule_test(r->missed, &k, &until) != VF_NO;
}

/* One of the rules that give the mark which was wanted. */
static bool by_change(struct vf_maker *m, struct vf_goal *g, struct vf_packet *k,
		      const struct vf_run *r)
{
	const struct vf_chains *c = m->chains;
	size_t from = vf_below(&m->rng, c->n_changes);

	for (size_t i = 0; i < c->n_changes; i++) {
		struct vf_rule *change = c->changes[(from + i) % c->n_changes];

		if (would_help(r, change) && take_before(m, g, change, k))
			return true;
	}
	return false;
}

/* Has it come with the mark that was wanted where it was missed. */
static void come_marked(struct vf_maker *m, const struct vf_run *r, struct vf_packet *k)
{
	for (size_t i = 0; i < r->missed->n; i++)
		if (tests_mark_at(r->missed, i))
			vf_cond_make(&r->missed->conds[i], k, &m->rng);
}

/* Where a rule on the way was missed for its mark: marks may change on the way, so that from now on
 * those with which it comes are not what the rules ask for. */
static bool mend_mark(struct vf_maker *m, struct vf_goal *g, struct vf_packet *k, struct vf_run *r)
{
	g->late = true;
	if (vf_one_in(&m->rng, 2) && m->chains->n_changes && by_change(m, g, k, r))
		return true;
	if (!r->before_missed) {
		come_marked(m, r, k);
		return true;
	}
	r->blocker = r->changer = r->before_missed;
	return step_aside(m, g, r, k) || by_return(m, g, k, r);
}

/* Where a rule on the way asks for packets that are tracked, and this one is not. */
static bool mend_untracked(struct vf_maker *m, struct vf_goal *g, struct vf_packet *k,
			   struct vf_run *r)
{
	r->at = k->p.in == VF_OUT ? NF_INET_LOCAL_OUT : NF_INET_PRE_ROUTING;
	r->blocker = r->untracker;
	return step_aside(m, g, r, k);
}

static bool mend_missed(struct vf_maker *m, struct vf_goal *g, struct vf_packet *k,
			struct vf_run *r)
{
	if (tests_mark(r->missed))
		return mend_mark(m, g, k, r);
	return r->missed_at.untracked && r->untracker && mend_untracked(m, g, k, r);
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
	bool blocked = r->blocker || r->policy;

	if (r->missed && !(blocked && vf_one_in(&m->rng, 3)) && mend_missed(m, g, k, r))
		return true;
	if (r->blocker) {
		bool drops = r->blocker->effect == VF_EFFECT_DROP;

		if (drops && vf_one_in(&m->rng, 4) && past_policy(m, g, r, k))
			return true;
		if (step_aside(m, g, r, k))
			return true;
		return (drops && past_policy(m, g, r, k)) || by_return(m, g, k, r);
	}
	if (r->policy)
		return past_policy(m, g, r, k);
	if (asks_dnat(g) && !vf_one_in(&m->rng, 4) && by_dnat(m, g, k, r))
		return true;
	vf_default(m, k, g->hooks[0]);
	vf_meet(m, g, k);
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

bool vf_let_out(struct vf_maker *m, struct vf_goal *g, struct vf_packet *k)
{
	enum { STEPS = 4 };
	struct vf_goal more = *g;
	struct vf_packet other = *k;
	struct vf_run r;

	for (int i = 0; i < STEPS; i++) {
		r = (struct vf_run){
			.k = other, .path = more.needs, .n_path = more.n, .budget = m->budget
		};
		vf_run(m->chains, &r);
		if (!r.policy && !r.blocker) {
			if (!run(m, &more, &other, false, &r))
				return false;
			*g = more;
			*k = other;
			return true;
		}
		if (!past_policy(m, &more, &r, &other))
			return false;
	}
	return false;
}
