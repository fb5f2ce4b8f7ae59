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

#include <stdlib.h>
#include <string.h>

/*
 * Where a packet meets dice at several places, or it and its answer do, they may fall at another
 * one and be counted alike all the same. For a packet, this is as likely as not, at most: what
 * differs has to do so each of DICE_TIMES times, which is less than one in a million.
 */
enum {
	ROUNDS = 64, /* until chance decides alike */
	AGAIN = 256, /* until dice have fallen as at first so often: */
	DICE_TIMES = 20,
	TIMES = 5,	    /* likewise, of counters, without dice */
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

/**
 * struct anew - packets of a connection that is new again
 * @most: how many there are, if they do not differ before
 * @sent: how many there were
 * @alike: chance decided alike for them
 */
struct anew {
	int most, sent;
	bool same, alike;
};

static bool send_anew(struct vf_session *r, struct vf_probe *p, struct anew *a)
{
	a->same = true;
	r->anew++;
	for (size_t s = 0; s < r->res->sides; s++)
		vf_forget(&r->sides[s]);
	if (!vf_count_all(r))
		return false;
	vf_keep_counts(r);
	for (a->sent = 0; a->sent < a->most && a->same; a->sent++) {
		p->number = r->number++;
		if (!vf_send_all(r, p, &a->same))
			return false;
	}
	if (!vf_count_all(r))
		return false;
	vf_note_slack(r);
	a->alike = counted_alike(r, VF_CHANCE, r->before);
	return true;
}

/* How dice have fallen, by number of the rule: to be freed; NULL: no memory. */
static uint64_t *fallen(const struct vf_session *r)
{
	uint64_t *n = calloc(r->res->rules.n + 1, sizeof(*n));

	for (size_t i = 0; n && i < r->res->rules.n; i++)
		if (r->chance[i] & VF_DICE)
			n[i] = since(r, 0, i, r->before).packets;
	return n;
}

static bool fallen_so(const struct vf_session *r, const uint64_t *n)
{
	for (size_t i = 0; i < r->res->rules.n; i++)
		if (r->chance[i] & VF_DICE && since(r, 0, i, r->before).packets != n[i])
			return false;
	return true;
}

/* Sends it until chance decides alike and dice fall so; *@rounds goes down. */
static bool send_as(struct vf_session *r, struct vf_probe *p, const uint64_t *n, int *rounds,
		    struct anew *a)
{
	do {
		if (--*rounds < 0 || !vf_may_settle(r)) {
			a->alike = false;
			return true;
		}
		if (!send_anew(r, p, a))
			return false;
	} while (!a->alike || !fallen_so(r, n));
	return true;
}

/* Whether a packet that has just differed where chance decided alike does so each time. */
static bool stays_different(struct vf_session *r, struct vf_probe *p, const struct anew *first,
			    bool *differs)
{
	struct anew a = { .most = first->sent };
	uint64_t *n = vf_met(r, r->dice) ? fallen(r) : NULL;
	int rounds = AGAIN;
	bool ok = true;

	*differs = true;
	for (int i = 1; ok && n && *differs && i < DICE_TIMES; i++) {
		ok = send_as(r, p, n, &rounds, &a);
		*differs = a.alike && !a.same;
	}
	free(n);
	return ok;
}

/* What iptables drops for being malformed shows in the counters of one packet. */
bool vf_settle(struct vf_session *r, struct vf_probe *p)
{
	struct anew a = { .most = vf_suspect(r, p) ? 1 : PACKETS };
	bool differs = false;

	for (int i = 0; i < ROUNDS && !a.same && !a.alike; i++)
		if (!send_anew(r, p, &a))
			return false;
	if (!a.same && a.alike && vf_was_as_documented(r, p))
		return true;
	if (r->status)
		return false;
	if (!a.same && a.alike && !stays_different(r, p, &a, &differs))
		return false;
	if (differs || (!a.same && !a.alike && !vf_met(r, r->dice) && vf_differs_afresh(r, p)))
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
	struct anew a = { .most = PACKETS };

	for (int i = 0; i < ROUNDS / 4 && !a.alike; i++)
		if (!send_anew(r, p, &a))
			return false;
	*alike = a.alike;
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

/* Which of these rules have counted differently; false: none. */
static bool any_miscounted(const struct vf_session *r, bool *rules)
{
	bool any = false;

	for (size_t i = 0; i < r->res->rules.n; i++)
		any |= rules[i] &= miscounted(r, i);
	return any;
}

/* Leaves those of the rules that have counted differently each time, if any. */
static bool recount_same(struct vf_session *r, struct vf_probe *p, bool *rules, bool *any)
{
	struct anew a = { .most = PACKETS };
	int times = vf_met(r, r->dice) ? DICE_TIMES : TIMES, rounds = AGAIN;
	uint64_t *n = fallen(r);
	bool ok = n != NULL;

	for (int i = 1; ok && *any && i < times; i++) {
		ok = send_as(r, p, n, &rounds, &a);
		*any = a.alike && any_miscounted(r, rules);
	}
	free(n);
	return ok;
}

/* A rule behind chance, again: when chance decides alike for its packet, all must count the same.
 */
static bool recount(struct vf_session *r, const struct vf_probe *hit)
{
	struct vf_probe p = *hit;
	size_t n = r->res->rules.n;
	bool *rules, alike, any;

	if (!send_alike(r, &p, &alike) || !alike)
		return !r->status;
	rules = malloc(n);
	if (!rules)
		return vf_stop(r, XL_EXIT_RESOURCE, "out of memory");
	memset(rules, 1, n);
	any = any_miscounted(r, rules);
	if (any && !recount_same(r, &p, rules, &any))
		any = false;
	for (size_t i = 0; any && i < n; i++)
		if (rules[i])
			vf_add_miscount(r, i, r->counts, r->before);
	free(rules);
	return !r->status;
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
