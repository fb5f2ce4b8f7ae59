// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A difference is made simple in sandboxes of its own: first the packet, with all rules, then the
 * rules, by loading fewer and fewer of them, and the packet once more.
 */
#include "verify/shrink.h"

#include "verify/simplify.h"
#include "verify/track.h"

#include <string.h>
#include <time.h>

enum {
	DIFFERENCES = 3, /* so many of them … */
	SECONDS = 2,	 /* … each as long, at most, */
	RELOADS = 200,	 /* and with so many rulesets */
};

/**
 * struct shrink
 * @setup: the whole ruleset's, of two sides
 * @s: sandboxes of its own; @subset is the part of the ruleset in them, NULL: all of it
 */
struct shrink {
	const struct vf_session *whole;
	const struct vf_difference *d;
	struct vf_setup setup;
	struct vf_session *s;
	struct vf_simplest *best;
	struct vf_subset *subset;
	unsigned int reloads;
	double until;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool in_time(const struct shrink *k)
{
	return now() < k->until && !(k->setup.stop && *k->setup.stop);
}

static bool time_left(const struct shrink *k)
{
	return in_time(k) && k->reloads < RELOADS;
}

/* Rules of a part of the ruleset are others, from the same lines. */
static bool same_rule(const struct xt_rule *a, const struct xt_rule *b)
{
	if (!a || !b)
		return a == b;
	return a->source.loc.line == b->source.loc.line && !strcmp(a->source.text, b->source.text);
}

/* Sends the packet as the first of all. */
static bool differs(struct vf_session *s, const struct vf_probe *p)
{
	struct vf_probe again = *p;
	bool same = true;

	for (size_t i = 0; i < s->res->sides; i++)
		vf_forget(&s->sides[i]);
	for (unsigned int i = 0; same && i < (p->repeat ? p->repeat : 1U); i++) {
		again.number = s->number++;
		if (!vf_send_all(s, &again, &same))
			return false;
	}
	return !same;
}

/* Whether it still comes out differently, and the ways part at the same rule. */
static bool still(struct shrink *k, const struct vf_probe *p)
{
	const struct vf_step *parting;
	struct vf_way way;

	if (!vf_count_all(k->s))
		return false;
	vf_keep_counts(k->s);
	if (!differs(k->s, p) || !vf_count_all(k->s))
		return false;
	vf_find_way(k->s, p, &way);
	parting = vf_parting(k->s, &way);
	if (!same_rule(parting ? parting->rule : NULL, k->d->rule))
		return false;
	k->best->probe = *p;
	for (size_t i = 0; i < k->s->res->sides; i++)
		k->best->seen[i] = xl_strdup(k->setup.arena, way.seen[i]);
	return true;
}

static void simplify_packet(struct shrink *k)
{
	bool again = true;

	while (again) {
		again = false;
		for (unsigned int part = 0; in_time(k); part++) {
			struct vf_probe p = k->best->probe;
			enum vf_simpler how = vf_simplify(&p, k->setup.topo, part);

			if (how == VF_NO_MORE)
				break;
			if (how == VF_SIMPLER)
				again |= still(k, &p);
		}
	}
}

/* What was loaded before goes with what is loaded now. */
static bool load(struct shrink *k, const struct vf_subset *sub)
{
	const struct nft_ruleset *all = k->setup.nft;
	struct xl_buf text = { 0 };
	bool ok = true;

	for (size_t i = 0; ok && i < sub->setup.n_saved; i++)
		ok = vf_load_iptables(&k->s->sides[0], sub->saved[i].family, sub->saved[i].text);
	for (const struct nft_table *t = all->tables; t; t = t->next)
		xl_buf_printf(&text, "table %s %s { }\ndelete table %s %s\n", t->family, t->name,
			      t->family, t->name);
	xl_buf_puts(&text, sub->setup.nft_text);
	ok = ok && !text.failed && !vf_load_nft(&k->s->sides[1], text.s);
	xl_buf_free(&text);
	return ok;
}

static bool try_rules(struct shrink *k, const bool *keep)
{
	struct vf_subset *sub = xl_new(k->setup.arena, struct vf_subset);

	k->reloads++;
	if (!vf_subset_make(sub, &k->setup, &k->whole->res->rules, keep, k->d->probe.family)) {
		vf_subset_free(sub);
		return false;
	}
	vf_session_use(k->s, &sub->setup, xl_new(&sub->arena, struct vf_result));
	if (k->subset)
		vf_subset_free(k->subset);
	k->subset = sub;
	return load(k, sub) && still(k, &k->best->probe);
}

/* Takes out @n rules of @ids, of which there are *@left, unless the difference goes with them. */
static bool take_out(struct shrink *k, bool *keep, size_t *ids, size_t at, size_t n, size_t *left)
{
	for (size_t i = at; i < at + n; i++)
		keep[ids[i]] = false;
	if (try_rules(k, keep)) {
		memmove(ids + at, ids + at + n, (*left - at - n) * sizeof(*ids));
		*left -= n;
		return true;
	}
	for (size_t i = at; i < at + n; i++)
		keep[ids[i]] = true;
	return false;
}

/* Delta debugging: by halves, then quarters, down to single rules, until each is needed. */
static void fewer(struct shrink *k, bool *keep, size_t *ids, size_t *n)
{
	bool again = true;

	for (size_t chunk = (*n + 1) / 2; again; chunk = (chunk + 1) / 2) {
		again = chunk > 1;
		for (size_t at = 0; at < *n && time_left(k);) {
			size_t some = chunk < *n - at ? chunk : *n - at;

			if (take_out(k, keep, ids, at, some, n))
				again = true;
			else
				at += some;
		}
		again &= time_left(k);
	}
}

/* The rules that counted the packet will do, mostly; else all of its family. */
static bool start_rules(struct shrink *k, bool *keep)
{
	const struct vf_rules *rules = &k->whole->res->rules;

	for (size_t i = 0; i < k->d->way.n; i++)
		keep[vf_rules_find(rules, &k->d->way.steps[i].rule->source)] = true;
	if (try_rules(k, keep))
		return true;
	for (size_t i = 0; i < rules->n; i++)
		keep[i] = rules->chain[i]->table->family == k->d->probe.family;
	return try_rules(k, keep);
}

/* Whether these rules show it in a network that is made for them, as for a file of theirs. */
static bool shows_alone(struct shrink *k)
{
	struct vf_subset *sub = xl_new(k->setup.arena, struct vf_subset);
	struct vf_topology topo;
	struct xl_buf text = { 0 };
	struct vf_session *s;
	struct vf_result res;
	struct vf_probe p;
	const char *why;
	bool yes = false;

	vf_probe_text(&text, k->setup.topo, &k->best->probe);
	if (vf_subset_read(sub, &k->setup, k->best->probe.family, k->best->rules)) {
		if (!k->setup.given_topo) {
			vf_topology_from_rules(&topo, &sub->arena, &sub->xt);
			sub->setup.topo = &topo;
		}
		s = vf_session_new(&sub->setup, &res);
		yes = vf_probe_parse(&p, sub->setup.topo, k->best->probe.family, text.s, &why) &&
		      vf_open_sides(s) && vf_listen_all(s, true) && differs(s, &p);
		vf_close_sides(s);
	}
	xl_buf_free(&text);
	vf_subset_free(sub);
	return yes;
}

static void fewest_rules(struct shrink *k)
{
	size_t rules = k->whole->res->rules.n, n = 0;
	bool *keep = xl_alloc(k->setup.arena, rules + 1);
	size_t *ids = xl_alloc(k->setup.arena, (rules + 1) * sizeof(*ids));

	if (!start_rules(k, keep))
		return;
	for (size_t i = 0; i < rules; i++)
		if (keep[i])
			ids[n++] = i;
	fewer(k, keep, ids, &n);
	if (!try_rules(k, keep))
		return;
	simplify_packet(k);
	k->best->n_rules = n;
	for (int policies = 0; policies < 2 && !k->best->alone; policies++) {
		k->best->rules = vf_subset_text(k->subset, k->setup.arena, policies);
		k->best->alone = shows_alone(k);
	}
}

/* @setup's own may only be asked once. */
static bool is_left_out(void *data, const struct xt_rule *rule)
{
	const struct vf_rules *rules = data;

	return vf_rules_find(rules, &rule->source) == rules->n;
}

static void shrink(const struct vf_session *whole, struct vf_difference *d)
{
	struct xl_arena *a = whole->setup->arena;
	struct shrink k = { .whole = whole, .d = d, .setup = *whole->setup };
	struct vf_result res;

	k.setup.compat = false;
	k.setup.skip = is_left_out;
	k.setup.skip_data = &whole->res->rules;
	k.best = xl_new(a, struct vf_simplest);
	k.s = vf_session_new(&k.setup, &res);
	if (vf_open_sides(k.s) && vf_listen_all(k.s, true)) {
		k.until = now() + SECONDS;
		if (still(&k, &d->probe)) {
			d->simplest = k.best;
			simplify_packet(&k);
			if (k.setup.env)
				fewest_rules(&k);
		}
	}
	vf_close_sides(k.s);
	if (k.subset)
		vf_subset_free(k.subset);
}

void vf_shrink(struct vf_session *r)
{
	for (size_t i = 0; i < r->res->n_differences && i < DIFFERENCES; i++) {
		struct vf_difference *d = &r->res->differences[i];

		if (strcmp(d->way.seen[0], d->way.seen[1]) != 0)
			shrink(r, d);
	}
}
