// SPDX-License-Identifier: GPL-2.0-or-later
/* One probe through all sides, and whether the same came of it. */
#include "verify/session.h"

#include "verify/chance.h"
#include "verify/elem_counts.h"
#include "verify/track.h"

#include <string.h>

enum {
	DIFFERENCES_MAX = 20, /* that are kept */
	MOST_SETTLED = 200,   /* differences behind chance, which takes long */
	ROUND_TRIES = 3,      /* of a probe that differed, before that counts */
};

bool vf_has_counts(const struct vf_session *r, size_t side)
{
	return r->sides[side].kind != VF_NATIVE || r->setup->nft;
}

static const struct vf_plan *plan(struct vf_session *r, enum vf_kind kind)
{
	struct vf_rules *rules = &r->res->rules;

	if (kind == VF_NATIVE && !rules->native)
		rules->native = vf_plan_nft(r->setup->arena, rules, r->setup->nft);
	if (kind == VF_COMPAT && !rules->compat)
		rules->compat = vf_plan_compat(r->setup->arena, rules);
	return kind == VF_NATIVE ? rules->native : rules->compat;
}

/* Rules that the user gives may jump elsewhere than ours. */
bool vf_count_side(struct vf_session *r, size_t side)
{
	struct vf_side *s = &r->sides[side];
	struct vf_count *c = r->counts[side];
	bool ok = true;

	if (s->kind == VF_LEGACY)
		ok = vf_count_iptables(s, r->setup->xt, &r->res->rules, c);
	else if (vf_has_counts(r, side))
		ok = vf_count_plan(s, plan(r, s->kind), &r->res->rules,
				   !s->counted || r->setup->same_rules, c);
	if (ok && s->kind == VF_NATIVE && vf_has_counts(r, side))
		ok = vf_count_elems(s, &r->res->rules, r->setup->nft, c);
	s->counted = true;
	return ok ? true : vf_stop(r, XL_EXIT_RESOURCE, s->error);
}

bool vf_count_all(struct vf_session *r)
{
	for (size_t i = 0; i < r->res->sides; i++)
		if (!vf_count_side(r, i))
			return false;
	return true;
}

void vf_keep_counts(struct vf_session *r)
{
	for (size_t i = 0; i < r->res->sides; i++)
		memcpy(r->before[i], r->counts[i], r->res->rules.n * sizeof(*r->counts[i]));
}

/* Sends one probe through all sides; true in *@same when all saw the same. */
bool vf_send_all(struct vf_session *r, const struct vf_probe *p, bool *same)
{
	*same = true;
	for (size_t i = 0; i < r->res->sides; i++) {
		r->seen[i].len = 0;
		xl_buf_puts(&r->seen[i], "");
		vf_track(&r->sides[i], p);
		vf_forget_connections(&r->sides[i]);
		if (!vf_send(&r->sides[i], p))
			return vf_stop(r, XL_EXIT_RESOURCE, r->sides[i].error);
	}
	for (size_t i = 0; i < r->res->sides; i++) {
		vf_seen(&r->sides[i], p, &r->seen[i]);
		if (r->seen[i].failed)
			return vf_stop(r, XL_EXIT_RESOURCE, "out of memory");
		if (r->sides[i].endless)
			return vf_stop(
				r, XL_EXIT_RESOURCE,
				"a rule has the kernel send packets without end (TEE of what "
				"comes back?); this cannot be verified");
		if (strcmp(r->seen[i].s, r->seen[0].s) != 0)
			*same = false;
	}
	return true;
}

/* One in the nat table decides for a whole connection, so that its counter need not move. */
static bool in_nat(const struct vf_session *r, const uint8_t *chance)
{
	for (size_t i = 0; i < r->res->rules.n; i++)
		if (chance[i] & VF_CHANCE && !strcmp(r->res->rules.chain[i]->table->name, "nat"))
			return true;
	return false;
}

/* Whether the last probe met a rule of this chance, on any side. */
bool vf_met(const struct vf_session *r, const uint8_t *chance)
{
	for (size_t i = 0; i < r->res->rules.n; i++)
		for (size_t s = 0; s < r->res->sides; s++)
			if (chance[i] && r->counts[s][i].packets != r->before[s][i].packets)
				return true;
	return in_nat(r, chance);
}

static bool by_chance(struct vf_session *r, const struct vf_probe *p)
{
	return vf_met(r, r->chance) && (vf_met(r, r->dice) || !vf_differs_afresh(r, p));
}

/* Differences at the same rule are the same; where no counters tell, those whose last rule is. */
static bool is_known(const struct vf_session *r, const struct vf_difference *d)
{
	for (size_t i = 0; i < r->res->n_differences; i++) {
		const struct vf_difference *o = &r->res->differences[i];
		const struct xt_rule *a = o->way.n ? o->way.steps[o->way.n - 1].rule : NULL;
		const struct xt_rule *b = d->way.n ? d->way.steps[d->way.n - 1].rule : NULL;

		if (o->rule == d->rule && (d->rule || a == b))
			return true;
	}
	return r->res->n_differences == DIFFERENCES_MAX;
}

/* What comes to new connections only, like a zone, does not come again to the same one. */
static bool only_first(struct vf_session *r, const struct vf_probe *p)
{
	for (size_t i = 0; i < r->res->rules.n; i++)
		if (r->dice[i])
			return false;
	return vf_differs_afresh(r, p);
}

/* What the sides have counted apart since vf_keep_counts(), and as much for the first try. */
void vf_note_slack(struct vf_session *r)
{
	for (size_t i = 0; i < r->res->rules.n; i++) {
		uint64_t lo = UINT64_MAX, hi = 0;

		for (size_t s = 0; s < r->res->sides; s++) {
			uint64_t n = r->counts[s][i].packets - r->before[s][i].packets;

			if (!vf_has_counts(r, s))
				continue;
			lo = n < lo ? n : lo;
			hi = n > hi ? n : hi;
		}
		r->slack[i] += 2 * (uint32_t)(hi - lo);
	}
}

bool vf_add_difference(struct vf_session *r, const struct vf_probe *p)
{
	struct vf_difference d = { .probe = *p };
	const struct vf_step *parting;

	r->res->different++;
	vf_find_way(r, p, &d.way);
	parting = vf_parting(r, &d.way);
	if (parting) {
		d.rule = parting->rule;
		d.reference_counts = parting->by & 1;
	}
	if (is_known(r, &d))
		return true;
	if (d.rule && !r->setup->same_rules)
		d.nft = vf_nft_text(r->setup->arena, r->setup->nft, d.rule);
	xl_push(r->setup->arena, r->res->differences, r->res->n_differences,
		r->res->differences_cap, d);
	return true;
}

static bool may_settle(const struct vf_session *r)
{
	return r->settled < MOST_SETTLED && vf_may_settle(r) && r->res->different < DIFFERENCES_MAX;
}

/* A difference has to come again: a rate or a clock may be met at another moment. Connections that
 * the first try left behind are the same on all sides. */
static bool comes_again(struct vf_session *r, struct vf_probe *p, bool *same)
{
	*same = false;
	if (!vf_count_all(r))
		return false;
	for (int i = 1; i < ROUND_TRIES && !*same; i++) {
		vf_keep_counts(r);
		p->number = r->number++;
		p->sport += !!(p->flags & VF_STEP);
		if (!vf_send_all(r, p, same) || !vf_count_all(r))
			return false;
		vf_note_slack(r);
	}
	return true;
}

/* Dice in the nat table may always be what differs, so that counters tell nothing once no more may
 * be settled; reading them for each such probe takes most of the time. */
bool vf_confirm(struct vf_session *r, struct vf_probe *p)
{
	bool same, only_dice;

	if (!may_settle(r) && in_nat(r, r->dice)) {
		r->res->unsteady++;
		return true;
	}
	if (!comes_again(r, p, &same))
		return false;
	if (may_settle(r)) {
		only_dice = vf_only_dice(r);
		r->settled += only_dice || (!same && vf_can_settle(r));
		if (only_dice)
			return vf_compare_outcomes(r, p);
		if (!same && vf_can_settle(r))
			return vf_settle(r, p);
	}
	if (same ? only_first(r, p) : !by_chance(r, p))
		return vf_add_difference(r, p);
	r->res->unsteady++;
	return true;
}
