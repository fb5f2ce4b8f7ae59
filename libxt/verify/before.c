// SPDX-License-Identifier: GPL-2.0-or-later
/* What must have been sent before a packet: those that put its address into the lists of "recent".
 */
#include "verify/aims.h"

#include <linux/netfilter/xt_recent.h>
#include <string.h>

enum { DEEPEST = 4, MOST_HITS = 64 };

static const struct xt_recent_mtinfo *recent(const struct vf_cond *c)
{
	return c->kind && !strcmp(c->kind->name, "recent") ? c->data : NULL;
}

static uint8_t *side(const struct xt_recent_mtinfo *i, struct vf_packet *k)
{
	return i->side == XT_RECENT_DEST ? k->p.daddr : k->p.saddr;
}

/* What a rule that puts addresses into the list says of it. */
static const struct xt_recent_mtinfo *sets(const struct vf_rule *r, const char *list)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct xt_recent_mtinfo *s = recent(&r->conds[i]);

		if (s && s->check_set & XT_RECENT_SET && !strcmp(s->name, list))
			return s;
	}
	return NULL;
}

/* Makes a packet for the rule that comes with the address. */
static bool make_with(struct vf_maker *m, struct vf_goal *g, struct vf_rule *r,
		      const struct xt_recent_mtinfo *s, const uint8_t *addr, struct vf_packet *k)
{
	unsigned int unmet;

	if (vf_rule_life(m->chains, r, NULL) != VF_ALIVE || !vf_goal_init(m, g, r, false))
		return false;
	vf_make(m, g, k);
	unmet = vf_unmet(g, k, NULL);
	memcpy(side(s, k), addr, 16);
	return vf_unmet(g, k, NULL) <= unmet;
}

/* The same for any rule that puts addresses into the list. */
static bool make_setter(struct vf_maker *m, struct vf_goal *g, const char *list,
			const uint8_t *addr, struct vf_packet *k)
{
	size_t n = m->chains->n, from = vf_below(&m->rng, n);

	for (size_t i = 0; i < n; i++) {
		const struct vf_chain *c = &m->chains->all[(from + i) % n];

		for (struct vf_rule *r = c->rules; r < c->rules + c->n; r++) {
			const struct xt_recent_mtinfo *s = sets(r, list);

			if (s && make_with(m, g, r, s, addr, k))
				return true;
		}
	}
	return false;
}

static void add_before(struct vf_maker *m, const struct vf_goal *g, struct vf_packet *k,
		       struct vf_sequence *out, unsigned int depth);

/* What the list of one test must have got. */
static void add_for(struct vf_maker *m, const struct xt_recent_mtinfo *i, struct vf_packet *k,
		    struct vf_sequence *out, unsigned int depth)
{
	struct vf_packet first;
	struct vf_goal way;

	if (i->check_set & XT_RECENT_SET || i->invert || i->hit_count > MOST_HITS ||
	    !make_setter(m, &way, i->name, side(i, k), &first))
		return;
	first.p.repeat = i->hit_count ? i->hit_count : 1;
	add_before(m, &way, &first, out, depth + 1);
	if (out->n < VF_SEQUENCE - 1)
		out->v[out->n++] = first.p;
}

static void add_before(struct vf_maker *m, const struct vf_goal *g, struct vf_packet *k,
		       struct vf_sequence *out, unsigned int depth)
{
	for (size_t i = 0; i < g->n && depth < DEEPEST; i++)
		for (size_t j = 0; j < g->needs[i]->n; j++) {
			const struct xt_recent_mtinfo *r = recent(&g->needs[i]->conds[j]);

			if (r)
				add_for(m, r, k, out, depth);
		}
}

void vf_sequence_make(struct vf_maker *m, const struct vf_goal *g, const struct vf_packet *k,
		      struct vf_sequence *out)
{
	struct vf_packet last = *k;

	out->n = 0;
	add_before(m, g, &last, out, 0);
	out->v[out->n++] = k->p;
}
