// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Comparing where rules decide by chance or by the clock. Such rules decide differently on two
 * sides now and then, and with them all that depends on it. A difference counts when all of them
 * have decided alike for the packet, and nothing was left of earlier ones.
 */
#include "verify/chance.h"
#include "verify/rates.h"
#include "verify/residue.h"
#include "verify/track.h"

#include <string.h>

enum {
	ROUNDS = 64,	    /* until chance decides alike */
	PACKETS = 2,	    /* of a connection: the first and another */
	COUNTERS = 2000000, /* of a side that may be read: during the run, and as many at its end */
};

bool vf_can_settle(const struct vf_session *r)
{
	bool chance = false;

	for (size_t i = 0; i < r->res->rules.n; i++)
		chance |= !!(r->chance[i] & VF_CHANCE);
	for (size_t s = 0; s < r->res->sides; s++)
		chance &= vf_has_counts(r, s);
	return chance;
}

static struct vf_count since(const struct vf_session *r, size_t side, size_t rule,
			     struct vf_count *const *then)
{
	struct vf_count c = r->counts[side][rule];

	c.packets -= then[side][rule].packets;
	c.bytes -= then[side][rule].bytes;
	return c;
}

/* Whether the rules with one of these flags have counted the same since then. */
static bool counted_alike(const struct vf_session *r, uint8_t flags, struct vf_count *const *then)
{
	for (size_t i = 0; i < r->res->rules.n; i++) {
		struct vf_count a = since(r, 0, i, then), b;

		if (!(r->chance[i] & flags))
			continue;
		for (size_t s = 1; s < r->res->sides; s++) {
			b = since(r, s, i, then);
			if (a.packets != b.packets || a.bytes != b.bytes)
				return false;
		}
	}
	return true;
}

bool vf_may_settle(const struct vf_session *r)
{
	return r->anew * r->res->rules.n < COUNTERS / 2;
}

/* The packets of a connection that is new again, until they differ; true in *@alike when chance
 * decided alike for them. */
static bool send_anew(struct vf_session *r, struct vf_probe *p, bool *same, bool *alike)
{
	*same = true;
	r->anew++;
	for (size_t s = 0; s < r->res->sides; s++)
		vf_forget(&r->sides[s]);
	if (!vf_count_all(r))
		return false;
	vf_keep_counts(r);
	for (int i = 0; i < PACKETS && *same; i++) {
		p->number = r->number++;
		if (!vf_send_all(r, p, same))
			return false;
	}
	if (!vf_count_all(r))
		return false;
	vf_note_slack(r);
	*alike = counted_alike(r, VF_CHANCE, r->before);
	return true;
}

bool vf_settle(struct vf_session *r, struct vf_probe *p)
{
	bool same = false, alike = false;

	for (int i = 0; i < ROUNDS && !same && !alike; i++)
		if (!send_anew(r, p, &same, &alike))
			return false;
	if (!same && alike && vf_as_documented(r, p))
		return true;
	if (r->status)
		return false;
	if (!same && (alike || (!vf_met(r, r->dice) && vf_differs_afresh(r, p))))
		return vf_add_difference(r, p);
	r->res->unsteady++;
	return true;
}

static uint64_t apart(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static uint64_t root(uint64_t n)
{
	uint64_t r = 0;

	while ((r + 1) * (r + 1) <= n)
		r++;
	return r;
}

/* As many packets, of other sizes, are other packets: all of them may be. */
static uint64_t decided_apart(const struct vf_count *a, const struct vf_count *b)
{
	if (a->packets == b->packets && a->bytes != b->bytes)
		return 2 * a->packets;
	return apart(a->packets, b->packets);
}

/* How many packets were decided differently, at most: those that make up the difference, and, of
 * dice, those that went either way. Five standard deviations are enough. */
static uint64_t strays(const struct vf_session *r)
{
	struct vf_count a, b;
	uint64_t n = 0;

	for (size_t i = 0; i < r->res->rules.n; i++) {
		if (!(r->chance[i] & VF_CHANCE))
			continue;
		a = since(r, 0, i, r->start);
		for (size_t s = 1; s < r->res->sides; s++) {
			b = since(r, s, i, r->start);
			n += decided_apart(&a, &b);
			if (r->chance[i] & VF_DICE)
				n += 5 * root(a.packets + b.packets);
		}
	}
	return n;
}

/* Of a rule of chance itself, or behind one: alike, not the same. Of others: the same, but for
 * probes whose difference was none. */
static bool is_alike(const struct vf_session *r, size_t at, uint64_t strays, uint64_t a, uint64_t b)
{
	uint64_t most = a > b ? a : b, may = r->slack[at];

	if (r->chance[at])
		may += 2 + most / 4;
	if (r->chance[at] & VF_DICE)
		may += 5 * root(a + b);
	if (r->chance[at] & VF_BEHIND)
		may += 4 * strays;
	return apart(a, b) <= may;
}

void vf_total_counts(struct vf_session *r)
{
	struct vf_result *res = r->res;
	size_t n = res->rules.n;

	for (size_t s = 0; s < res->sides; s++) {
		if (!vf_has_counts(r, s))
			continue;
		res->counts[s] = xl_alloc(r->setup->arena, (n + 1) * sizeof(*res->counts[s]));
		for (size_t i = 0; i < n; i++)
			res->counts[s][i] = since(r, s, i, r->start);
	}
}

static void mark_rough(struct vf_session *r, bool diverged)
{
	struct vf_result *res = r->res;

	res->rough = xl_alloc(r->setup->arena, res->rules.n + 1);
	for (size_t i = 0; i < res->rules.n; i++) {
		res->rough[i] = diverged && r->chance[i];
		res->loose += res->rough[i];
	}
}

void vf_add_miscount(struct vf_session *r, size_t at, struct vf_count *const *counts,
		     struct vf_count *const *then)
{
	struct vf_miscount m = { .rule = r->res->rules.v[at] };

	for (size_t i = 0; i < r->res->n_miscounts; i++)
		if (r->res->miscounts[i].rule == m.rule)
			return;
	for (size_t s = 0; s < r->res->sides; s++) {
		m.by[s].packets = counts[s][at].packets - then[s][at].packets;
		m.by[s].bytes = counts[s][at].bytes - then[s][at].bytes;
	}
	xl_push(r->setup->arena, r->res->miscounts, r->res->n_miscounts, r->res->miscounts_cap, m);
}

static bool is_documented(const struct vf_session *r, size_t side, size_t at)
{
	const struct vf_rules *rules = &r->res->rules;

	return r->sides[side].kind == VF_NATIVE &&
	       vf_lets_through(rules->v[at], rules->chain[at]->table->family,
			       vf_now_ms() - r->began,
			       r->res->counts[side][at].packets > r->res->counts[0][at].packets);
}

static void compare(struct vf_session *r, size_t at, bool diverged, uint64_t strays)
{
	const struct vf_result *res = r->res;
	const struct vf_count *a = &res->counts[0][at], *b;

	for (size_t s = 1; s < res->sides; s++) {
		if (!res->counts[s])
			continue;
		b = &res->counts[s][at];
		if ((a->packets == b->packets && a->bytes == b->bytes) || is_documented(r, s, at))
			continue;
		if (!(r->slack[at] || (diverged && r->chance[at])) ||
		    !is_alike(r, at, diverged ? strays : 0, a->packets, b->packets))
			vf_add_miscount(r, at, r->counts, r->start);
	}
}

/* Until chance has decided alike. */
static bool send_alike(struct vf_session *r, struct vf_probe *p, bool *alike)
{
	bool same;

	*alike = false;
	for (int i = 0; i < ROUNDS / 4 && !*alike; i++)
		if (!send_anew(r, p, &same, alike))
			return false;
	return true;
}

static bool miscounted(const struct vf_session *r, size_t at)
{
	struct vf_count a = since(r, 0, at, r->before), b;

	for (size_t s = 1; s < r->res->sides; s++) {
		b = since(r, s, at, r->before);
		if (a.packets != b.packets || a.bytes != b.bytes)
			return true;
	}
	return false;
}

/* A rule behind chance, again: when chance decides alike for its packet, all must count the same.
 * Where a packet meets dice at several places, they may fall at another one and be counted alike
 * all the same: what then differs has to do so each time. */
static bool recount(struct vf_session *r, const struct vf_probe *hit)
{
	enum { TIMES = 5 };
	struct vf_probe p = *hit;
	bool *differs = NULL, alike, any = true;
	size_t n = r->res->rules.n;

	for (int k = 0; k < TIMES && any; k++) {
		if (!send_alike(r, &p, &alike))
			return false;
		any = false;
		for (size_t i = 0; alike && i < n; i++)
			any |= miscounted(r, i);
		if (any && !differs)
			differs = memset(xl_alloc(r->setup->arena, n), 1, n);
		any = false;
		for (size_t i = 0; differs && i < n; i++)
			any |= differs[i] &= alike && miscounted(r, i);
	}
	for (size_t i = 0; any && i < n; i++)
		if (differs[i])
			vf_add_miscount(r, i, r->counts, r->before);
	return true;
}

/* With packets that a rule behind it or in another table takes, too, as well. */
static bool recount_all(struct vf_session *r)
{
	for (size_t i = 0; i < r->res->rules.n && vf_may_settle(r); i++) {
		const struct vf_probe *of[] = { &r->hits[i], &r->pairs[i] };

		for (size_t k = 0; r->chance[i] & VF_BEHIND && k < 2; k++)
			if (of[k]->aim && !recount(r, of[k]))
				return false;
	}
	return true;
}

/* Nothing has diverged where all rules of chance have counted the same, and none throws dice. */
bool vf_compare_counts(struct vf_session *r)
{
	bool chance = false, diverged;
	size_t n = r->res->rules.n;
	uint64_t n_strays = strays(r);

	for (size_t i = 0; i < n; i++)
		chance |= r->chance[i] != 0;
	diverged = chance && (n_strays || r->res->unsteady || !vf_can_settle(r));
	vf_total_counts(r);
	mark_rough(r, diverged);
	for (size_t i = 0; i < n; i++)
		compare(r, i, diverged, n_strays);
	r->anew = 0;
	return !diverged || !vf_can_settle(r) || recount_all(r);
}
