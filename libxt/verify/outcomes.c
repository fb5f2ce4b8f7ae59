// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Comparing where rules throw dice and a side has no counters that tell how they fell: what comes
 * often of a packet on one side has to come of it on the others, too.
 */
#include "verify/session.h"

#include "verify/chance.h"
#include "verify/track.h"

#include <string.h>

enum {
	TRIES = 64,
	OFTEN = 16, /* what has a probability of which this is likely is not missed elsewhere */
	KINDS = 16,
};

struct outcomes {
	const char *seen[KINDS];
	unsigned int n[KINDS][VF_SIDES], kinds;
};

/* What dice decide may not depend on earlier ones, as it does behind rates and lists. */
bool vf_only_dice(const struct vf_session *r)
{
	const struct vf_rules *rules = &r->res->rules;
	bool dice = false;

	for (size_t s = 0; s < r->res->sides; s++)
		dice |= !vf_has_counts(r, s);
	if (!dice)
		return false;
	dice = false;
	for (size_t i = 0; i < rules->n; i++) {
		uint8_t family = rules->chain[i]->table->family;
		const struct xt_entry_match *m = xt_first_match(family, rules->v[i]->entry);

		if (r->chance[i] & VF_CHANCE && !(r->chance[i] & VF_DICE))
			return false;
		for (; m; m = xt_next_match(family, rules->v[i]->entry, m))
			if (!strcmp(m->u.user.name, "rateest"))
				return false;
		dice |= r->chance[i] & VF_DICE;
	}
	return dice;
}

static bool send_new(struct vf_session *r, const struct vf_probe *p)
{
	bool same;

	for (size_t s = 0; s < r->res->sides; s++)
		vf_forget(&r->sides[s]);
	return vf_send_all(r, p, &same);
}

static void note(struct vf_session *r, struct outcomes *o)
{
	for (size_t s = 0; s < r->res->sides; s++) {
		unsigned int k = 0;

		while (k < o->kinds && strcmp(o->seen[k], r->seen[s].s) != 0)
			k++;
		if (k == KINDS)
			continue;
		if (k == o->kinds)
			o->seen[o->kinds++] = xl_strdup(r->setup->arena, r->seen[s].s);
		o->n[k][s]++;
	}
}

/* What came often on one side and never on another; NULL: there is none. */
static const char *odd(const struct vf_session *r, const struct outcomes *o, size_t *side)
{
	for (unsigned int k = 0; k < o->kinds; k++) {
		unsigned int least = TRIES;

		*side = 0;
		for (size_t s = 0; s < r->res->sides; s++) {
			least = o->n[k][s] < least ? o->n[k][s] : least;
			*side = o->n[k][s] > o->n[k][*side] ? s : *side;
		}
		if (!least && o->n[k][*side] >= OFTEN)
			return o->seen[k];
	}
	return NULL;
}

bool vf_compare_outcomes(struct vf_session *r, struct vf_probe *p)
{
	struct outcomes o = { .kinds = 0 };
	const char *only;
	size_t side;

	p->number = r->number++; /* which is in the packet: one for all */
	for (int i = 0; i < TRIES; i++) {
		if (!send_new(r, p))
			return false;
		note(r, &o);
	}
	only = odd(r, &o, &side);
	for (int i = 0; only && i < TRIES; i++) {
		if (!vf_count_all(r))
			return false;
		vf_keep_counts(r);
		if (!send_new(r, p) || !vf_count_all(r))
			return false;
		if (!strcmp(r->seen[side].s, only))
			return vf_add_difference(r, p);
	}
	r->res->unsteady++;
	return true;
}
