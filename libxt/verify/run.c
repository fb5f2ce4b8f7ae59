// SPDX-License-Identifier: GPL-2.0-or-later
/* A packet's way through the chains. */
#include "verify/chains.h"

enum verdict { ON, ACCEPTED, ENDED };
enum { MAX_JUMPS = 64 };

enum vf_test vf_rule_test(const struct vf_rule *r, const struct vf_packet *k, unsigned int *until)
{
	enum vf_test all = VF_YES;

	if (!vf_head_test(&r->head, k))
		return VF_NO;
	for (size_t i = 0; i < r->n; i++) {
		const struct vf_cond *c = &r->conds[i];
		enum vf_test t = vf_cond_test(c, k);

		if (t == VF_NO)
			return VF_NO;
		if (t == VF_UNKNOWN)
			all = VF_UNKNOWN;
		if (c->kind && c->kind->until) {
			unsigned int n = c->kind->until(c);

			*until = n > *until ? n : *until;
		}
	}
	return all;
}

static bool on_path(const struct vf_run *run, const struct vf_rule *r)
{
	for (size_t i = 0; i < run->n_path; i++)
		if (run->path[i] == r)
			return true;
	return false;
}

/* The rule of the path in this chain, or past its end. */
static size_t skip(const struct vf_run *run, const struct vf_chain *c, size_t from)
{
	for (size_t i = 0; i < run->n_path; i++)
		if (run->path[i]->chain == c && (size_t)(run->path[i] - c->rules) >= from)
			return run->path[i] - c->rules;
	return c->n;
}

static enum verdict end(struct vf_run *run, const struct vf_rule *r)
{
	if (!run->reached) {
		run->blocker = r;
		run->at = run->k.hook;
	}
	return ENDED;
}

/* The path has what leads to the aim first, from the base chain on. */
static void note_missed(struct vf_run *run, const struct vf_rule *r)
{
	for (size_t i = run->n_path; i; i--) {
		if (run->path[i - 1] == run->missed)
			return;
		if (run->path[i - 1] != r)
			continue;
		run->missed = r;
		run->missed_at = run->k;
		run->before_missed = run->changer;
		return;
	}
}

/* What takes only some packets lets the others by; the path is followed all the same. */
static bool takes(struct vf_run *run, const struct vf_rule *r)
{
	unsigned int until = 0;
	enum vf_test t = vf_rule_test(r, &run->k, &until);

	if (r == run->watch) {
		run->reached = true;
		run->matched = t;
	}
	if (t == VF_NO) {
		note_missed(run, r);
		return false;
	}
	if (r == run->watch)
		return true;
	if (r->effect == VF_EFFECT_NONE)
		return false;
	run->spendable |= until > 0;
	if (t == VF_YES && (!until || !run->spent))
		return true;
	if (on_path(run, r))
		return true;
	if (until > run->until)
		run->until = until;
	return false;
}

static enum verdict walk(struct vf_run *run, const struct vf_chain *c, unsigned int depth);

static enum verdict take(struct vf_run *run, const struct vf_rule *r, unsigned int depth)
{
	switch (r->effect) {
	case VF_EFFECT_ACCEPT:
		return run->root == run->base ? end(run, r) : ACCEPTED;
	case VF_EFFECT_NAT:
		r->change(r, &run->k);
		run->changer = r;
		return run->root == run->base ? end(run, r) : ACCEPTED;
	case VF_EFFECT_CHANGE:
		if (!run->k.untracked)
			run->untracker = r;
		r->change(r, &run->k);
		run->changer = r;
		return ON;
	case VF_EFFECT_JUMP:
	case VF_EFFECT_GOTO:
		return walk(run, r->jump, depth + 1);
	default:
		return end(run, r);
	}
}

/* ON: to its end, or RETURN. */
static enum verdict walk(struct vf_run *run, const struct vf_chain *c, unsigned int depth)
{
	if (depth > MAX_JUMPS)
		return ON;
	for (size_t i = 0; i < c->n; i++) {
		const struct vf_rule *r;
		enum verdict v;

		if (run->budget)
			run->budget--;
		else if ((i = skip(run, c, i)) == c->n)
			return ON;
		r = &c->rules[i];
		if (!takes(run, r))
			continue;
		if (r == run->watch)
			return ENDED;
		if (r->effect == VF_EFFECT_RETURN)
			return run->watch && skip(run, c, i + 1) < c->n ? end(run, r) : ON;
		v = take(run, r, depth);
		if (v != ON)
			return v;
		if (r->effect == VF_EFFECT_GOTO)
			return ON;
	}
	return ON;
}

static bool through_table(struct vf_run *run, const struct vf_chain *base)
{
	enum verdict v;

	/* NAT rules see the first packet of a connection, once. */
	if (base->nat && (!vf_begins(&run->k) || run->k.loops)) {
		if (base == run->base && run->k.untracked)
			run->blocker = run->untracker;
		return true;
	}
	run->root = base;
	v = walk(run, base, 0);
	if (v == ON && base->xt->policy == XT_POLICY_DROP) {
		run->policy = base;
		run->at = run->k.hook;
		return false;
	}
	return v != ENDED;
}

static bool through(const struct vf_chains *c, struct vf_run *run, int hook)
{
	for (unsigned int i = 0; i < c->n_base[hook]; i++) {
		/* Earlier tables may have changed where it goes. */
		vf_place(&run->k, hook);
		if (!through_table(run, c->base[hook][i]))
			return false;
	}
	vf_place(&run->k, hook);
	return true;
}

void vf_run(const struct vf_chains *c, struct vf_run *run)
{
	if (run->k.p.in == VF_OUT) {
		if (!through(c, run, NF_INET_LOCAL_OUT) || !through(c, run, NF_INET_POST_ROUTING) ||
		    !run->k.own)
			return;
		run->k.loops = true;
	}
	if (!through(c, run, NF_INET_PRE_ROUTING))
		return;
	if (run->k.own)
		through(c, run, NF_INET_LOCAL_IN);
	else if (through(c, run, NF_INET_FORWARD))
		through(c, run, NF_INET_POST_ROUTING);
}
