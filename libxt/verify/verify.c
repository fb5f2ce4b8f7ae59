// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/verify.h"

#include "verify/chance.h"
#include "verify/track.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	DIFFERENCES_MAX = 20, /* that are kept */
	RETRIES = 12,	      /* for a rule that nothing reached */
	ROUND_TRIES = 3,      /* of a probe that differed, before that counts */
	RANDOM_SHARE = 4,     /* one random probe to so many made ones */
};

/* A run. @counts: what the rules of each side had counted when last asked. */
struct run {
	const struct vf_setup *setup;
	struct vf_result *res;
	struct vf_side sides[VF_SIDES];
	struct vf_count *counts[VF_SIDES], *before[VF_SIDES], *start[VF_SIDES];
	struct xl_buf seen[VF_SIDES];
	struct vf_generator *gen;
	uint32_t number;
	bool *reached;
	bool connections; /* their marks can be seen */
	uint8_t *chance;
	enum xl_exit status;
};

const char *vf_kind_name(enum vf_kind kind)
{
	static const char *const names[] = { "iptables-legacy", "iptables-nft", "nft" };

	return names[kind];
}

static bool stop(struct run *r, enum xl_exit status, const char *why)
{
	r->status = status;
	r->res->error = why;
	return false;
}

static bool load_saved(struct run *r, struct vf_side *s)
{
	const struct vf_setup *set = r->setup;

	for (size_t i = 0; i < set->n_ipsets; i++)
		if (!vf_load_ipset(s, set->ipsets[i]))
			return stop(r, XL_EXIT_USAGE, s->error);
	for (size_t i = 0; i < set->n_saved; i++)
		if (!vf_load_iptables(s, set->saved[i].family, set->saved[i].text))
			return stop(r, XL_EXIT_USAGE, s->error);
	return true;
}

static bool load(struct run *r, struct vf_side *s)
{
	enum xl_exit ret;

	if (s->kind != VF_NATIVE)
		return load_saved(r, s);
	ret = vf_load_nft(s, r->setup->nft_text);
	return ret ? stop(r, ret, s->error) : true;
}

static bool open_side(struct run *r, enum vf_kind kind)
{
	struct vf_side *s = &r->sides[r->res->sides];

	r->res->kinds[r->res->sides++] = kind;
	if (!vf_side_open(s, kind, r->setup->topo))
		return stop(r, XL_EXIT_RESOURCE, s->error);
	vf_ranges_find(&s->ranges, r->setup->arena, r->setup->xt);
	if (!load(r, s))
		return false;
	return vf_watch(s, &r->connections) ? true : stop(r, XL_EXIT_RESOURCE, s->error);
}

static bool open_sides(struct run *r)
{
	const struct vf_setup *set = r->setup;

	return open_side(r, set->legacy ? VF_LEGACY : VF_COMPAT) && open_side(r, VF_NATIVE) &&
	       (!set->compat || !set->legacy || open_side(r, VF_COMPAT));
}

static bool has_counts(const struct run *r, size_t side)
{
	return r->sides[side].kind != VF_NATIVE || r->setup->nft;
}

static bool count(struct run *r, size_t side)
{
	struct vf_side *s = &r->sides[side];
	struct vf_count *c = r->counts[side];
	const struct vf_rules *rules = &r->res->rules;
	bool ok = true;

	if (s->kind == VF_NATIVE && r->setup->nft)
		ok = vf_count_nft(s, rules, r->setup->nft, c);
	else if (s->kind != VF_NATIVE)
		ok = vf_count_iptables(s, r->setup->xt, rules, c);
	return ok ? true : stop(r, XL_EXIT_RESOURCE, s->error);
}

static bool count_all(struct run *r)
{
	for (size_t i = 0; i < r->res->sides; i++)
		if (!count(r, i))
			return false;
	return true;
}

static bool note_reached(struct run *r)
{
	if (!count(r, 0))
		return false;
	r->res->reached = 0;
	for (size_t i = 0; i < r->res->rules.n; i++) {
		r->reached[i] |= r->counts[0][i].packets != r->start[0][i].packets;
		r->res->reached += r->reached[i];
	}
	return true;
}

/* Sends one probe through all sides; true in *@same when all saw the same. */
static bool send_once(struct run *r, const struct vf_probe *p, bool *same)
{
	*same = true;
	for (size_t i = 0; i < r->res->sides; i++) {
		r->seen[i].len = 0;
		xl_buf_puts(&r->seen[i], "");
		vf_track(&r->sides[i], p);
		if (!vf_send(&r->sides[i], p))
			return stop(r, XL_EXIT_RESOURCE, r->sides[i].error);
	}
	for (size_t i = 0; i < r->res->sides; i++) {
		vf_seen(&r->sides[i], p, &r->seen[i]);
		if (r->seen[i].failed)
			return stop(r, XL_EXIT_RESOURCE, "out of memory");
		if (r->sides[i].endless)
			return stop(r, XL_EXIT_RESOURCE,
				    "a rule has the kernel send packets without end (TEE of what "
				    "comes back?); this cannot be verified");
		if (strcmp(r->seen[i].s, r->seen[0].s) != 0)
			*same = false;
	}
	return true;
}

/* The first rule, in the order of the input, that only one of the two has counted. */
static void find_parting(struct run *r, struct vf_difference *d)
{
	for (size_t i = 0; i < r->res->rules.n; i++) {
		bool a = r->counts[0][i].packets != r->before[0][i].packets;
		bool b = r->counts[1][i].packets != r->before[1][i].packets;

		if (a == b)
			continue;
		d->rule = r->res->rules.v[i];
		d->reference_counts = a;
		return;
	}
}

static void keep_counts(struct run *r)
{
	for (size_t i = 0; i < r->res->sides; i++)
		memcpy(r->before[i], r->counts[i], r->res->rules.n * sizeof(*r->counts[i]));
}

/* Whether the last probe met a rule of chance, on any side. One in the nat table decides for a
 * whole connection, so that its counter need not move. */
static bool met_chance(const struct run *r)
{
	for (size_t i = 0; i < r->res->rules.n; i++)
		for (size_t s = 0; s < r->res->sides; s++)
			if ((r->chance[i] && r->counts[s][i].packets != r->before[s][i].packets) ||
			    (r->chance[i] & VF_CHANCE &&
			     !strcmp(r->res->rules.chain[i]->table->name, "nat")))
				return true;
	return false;
}

static bool add_difference(struct run *r, const struct vf_probe *p)
{
	struct vf_difference d = { .probe = *p };

	if (!count_all(r))
		return false;
	if (met_chance(r)) {
		r->res->unsteady++;
		return true;
	}
	r->res->different++;
	if (has_counts(r, 1))
		find_parting(r, &d);
	for (size_t i = 0; i < r->res->n_differences; i++)
		if (r->res->differences[i].rule == d.rule &&
		    (d.rule || r->res->n_differences >= DIFFERENCES_MAX / 2))
			return true;
	if (r->res->n_differences == DIFFERENCES_MAX)
		return true;
	for (size_t i = 0; i < r->res->sides; i++)
		d.seen[i] = xl_strdup(r->setup->arena, r->seen[i].s);
	xl_push(r->setup->arena, r->res->differences, r->res->n_differences,
		r->res->differences_cap, d);
	return true;
}

/* A difference has to come again: a rate or a clock may be met at another moment. Connections that
 * the first try left behind are the same on all sides. */
static bool confirm(struct run *r, struct vf_probe *p)
{
	bool same = false;

	for (int i = 1; i < ROUND_TRIES && !same; i++) {
		if (!count_all(r))
			return false;
		keep_counts(r);
		p->number = r->number++;
		if (!send_once(r, p, &same))
			return false;
	}
	if (!same)
		return add_difference(r, p);
	r->res->unsteady++;
	return true;
}

static void progress(struct run *r, size_t about)
{
	if (r->setup->progress && !(r->res->probes % 512))
		r->setup->progress(r->setup->progress_to, r->res->probes, about);
}

static bool send_probe(struct run *r, struct vf_probe *p, size_t about)
{
	bool same = true;

	for (unsigned int i = 0; same && i < (p->repeat ? p->repeat : 1U); i++) {
		p->number = r->number++;
		r->res->probes++;
		progress(r, about);
		if (!send_once(r, p, &same))
			return false;
	}
	return same ? true : confirm(r, p);
}

static bool enough(const struct run *r)
{
	return r->setup->max && r->res->probes >= r->setup->max;
}

/* A packet that matches must not do so as a later fragment, whose first bytes may look the same. */
static bool send_fragment(struct run *r, const struct vf_probe *p, size_t about)
{
	struct vf_probe f = *p;

	if (!p->hit || p->flags & VF_FRAGMENT || p->ct != VF_CT_NONE || p->repeat > 1)
		return true;
	f.flags |= VF_FRAGMENT;
	f.frag_off = 3;
	f.frag_more = false;
	return send_probe(r, &f, about);
}

static bool first_round(struct run *r)
{
	size_t about = r->res->rules.n * 24;
	struct vf_probe p;

	while (!enough(r) && vf_next(r->gen, &p))
		if (!send_probe(r, &p, about) || !send_fragment(r, &p, about))
			return false;
	return note_reached(r);
}

/* What makes the kernel itself send: a RST, an ICMP error, an echo reply. */
static bool send_calls(struct run *r, uint8_t family)
{
	bool v4 = family == NFPROTO_IPV4;
	const uint8_t protos[] = { IPPROTO_TCP, IPPROTO_UDP, v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6 };
	const struct vf_topology *t = r->setup->topo;

	for (size_t d = 0; d < t->n; d++) {
		for (size_t i = 0; i < t->devices[d].n_own; i++) {
			const struct vf_net *own = &t->devices[d].own[i];
			struct vf_probe p = {
				.family = family,
				.in = (int)d,
				.ttl = 64,
				.ip_id = 0x1234,
				.sport = 40000,
				.dport = 9,
				.tcp_flags = 2,
				.payload = 16,
				.type = v4 ? 8 : 128,
				.smac = { 2, 0, 0, 0, (uint8_t)d, 2 },
			};

			if (own->family != family || !strcmp(t->devices[d].name, "lo"))
				continue;
			memcpy(p.daddr, own->addr, sizeof(p.daddr));
			memcpy(p.saddr, own->addr, sizeof(p.saddr));
			p.saddr[v4 ? 3 : 15] ^= 2;
			for (size_t k = 0; k < 3; k++) {
				p.proto = protos[k];
				if (!send_probe(r, &p, r->res->probes))
					return false;
			}
		}
	}
	return true;
}

static bool retry_rule(struct run *r, size_t i, unsigned int attempt)
{
	struct vf_probe p;

	if (vf_why_not(r->gen, r->res->rules.v[i]) ||
	    !vf_retry(r->gen, r->res->rules.v[i], attempt, &p))
		return true;
	return send_probe(r, &p, r->res->probes);
}

static bool retry_rounds(struct run *r)
{
	for (unsigned int attempt = 0; attempt < RETRIES && !enough(r); attempt++) {
		for (size_t i = 0; i < r->res->rules.n; i++)
			if (!r->reached[i] && !retry_rule(r, i, attempt))
				return false;
		if (!note_reached(r))
			return false;
	}
	return true;
}

static bool random_round(struct run *r)
{
	size_t n = r->res->probes / RANDOM_SHARE + 64;
	struct vf_probe p;

	for (size_t i = 0; i < n && !enough(r); i++) {
		vf_random(r->gen, &p);
		if (!p.mark && i % 2)
			p.mark = (uint32_t)(i * 2654435761U); /* marks come with bits of others */
		if (!send_probe(r, &p, r->res->probes + n - i))
			return false;
	}
	return note_reached(r);
}

static bool listen_all(struct run *r, bool on)
{
	for (size_t i = 0; i < r->res->sides; i++) {
		if (!on)
			vf_side_deafen(&r->sides[i]);
		else if (!vf_side_listen(&r->sides[i]))
			return stop(r, XL_EXIT_RESOURCE, r->sides[i].error);
	}
	return true;
}

/* All of it for one family: with listeners and, where there were any, some of it without. */
static bool family_rounds(struct run *r, uint8_t family)
{
	const struct vf_setup *set = r->setup;
	struct vf_probe p;

	r->gen = vf_generator_new(set->arena, set->xt, set->sets, family, set->topo, set->seed);
	if (!listen_all(r, true) || !send_calls(r, family) || !first_round(r) || !retry_rounds(r) ||
	    !random_round(r) || !listen_all(r, false))
		return false;
	if (!set->topo->n_listen)
		return true;
	r->gen = vf_generator_new(set->arena, set->xt, set->sets, family, set->topo, set->seed + 1);
	while (!enough(r) && vf_next(r->gen, &p))
		if (p.hit && !send_probe(r, &p, r->res->probes))
			return false;
	return true;
}

static bool has_family(const struct xt_ruleset *rs, uint8_t family)
{
	for (const struct xt_table *t = rs->tables; t; t = t->next)
		if (t->family == family)
			return true;
	return false;
}

/* What stands behind chance cannot be equal, but alike. */
static bool same_count(const struct run *r, size_t at, const struct vf_count *a,
		       const struct vf_count *b)
{
	if (r->chance[at])
		return vf_alike(a, b);
	return a->packets == b->packets && a->bytes == b->bytes;
}

static void compare_counts(struct run *r)
{
	struct vf_result *res = r->res;

	for (size_t i = 0; i < res->rules.n; i++) {
		struct vf_miscount m = { .rule = res->rules.v[i] };
		bool same = true;

		for (size_t s = 0; s < res->sides; s++) {
			m.by[s].packets = r->counts[s][i].packets - r->start[s][i].packets;
			m.by[s].bytes = r->counts[s][i].bytes - r->start[s][i].bytes;
			same &= !has_counts(r, s) || same_count(r, i, &m.by[0], &m.by[s]);
		}
		res->loose += !!r->chance[i];
		if (!same)
			xl_push(r->setup->arena, res->miscounts, res->n_miscounts,
				res->miscounts_cap, m);
	}
}

static void list_unreached(struct run *r)
{
	struct vf_result *res = r->res;

	for (size_t i = 0; i < res->rules.n; i++) {
		struct vf_unreached u = { .rule = res->rules.v[i] };

		if (r->reached[i])
			continue;
		u.why = vf_why_not(r->gen, u.rule);
		if (!u.why)
			u.why = vf_obstacle(r->gen, u.rule);
		xl_push(r->setup->arena, res->unreached, res->n_unreached, res->unreached_cap, u);
	}
}

static void alloc_counts(struct run *r)
{
	size_t n = r->res->rules.n;

	r->reached = xl_alloc(r->setup->arena, n + 1);
	for (size_t i = 0; i < VF_SIDES; i++) {
		r->counts[i] = xl_alloc(r->setup->arena, (n + 1) * sizeof(**r->counts));
		r->before[i] = xl_alloc(r->setup->arena, (n + 1) * sizeof(**r->before));
		r->start[i] = xl_alloc(r->setup->arena, (n + 1) * sizeof(**r->start));
	}
}

static bool all_rounds(struct run *r)
{
	static const uint8_t families[] = { NFPROTO_IPV4, NFPROTO_IPV6 };

	for (size_t i = 0; i < 2; i++)
		if (has_family(r->setup->xt, families[i]) && !family_rounds(r, families[i]))
			return false;
	return true;
}

static void verify(struct run *r)
{
	size_t n = r->res->rules.n;

	r->chance = vf_chance(r->setup->arena, &r->res->rules);
	if (!open_sides(r) || !count_all(r))
		return;
	for (size_t i = 0; i < r->res->sides; i++)
		memcpy(r->start[i], r->counts[i], n * sizeof(**r->start));
	if (!all_rounds(r) || !count_all(r))
		return;
	compare_counts(r);
	list_unreached(r);
	if (r->res->different || r->res->n_miscounts)
		r->status = XL_EXIT_DIFFERS;
}

static struct run *start_run(const struct vf_setup *setup, struct vf_result *result)
{
	struct run *r = xl_new(setup->arena, struct run);

	memset(result, 0, sizeof(*result));
	r->setup = setup;
	r->res = result;
	result->topo = setup->topo;
	r->number = 1;
	r->connections = true;
	vf_rules_init(&result->rules, setup->arena, setup->xt, setup->skip, setup->skip_data);
	alloc_counts(r);
	return r;
}

static enum xl_exit end_run(struct run *r)
{
	for (size_t i = 0; i < r->res->sides; i++)
		vf_side_close(&r->sides[i]);
	for (size_t i = 0; i < VF_SIDES; i++)
		xl_buf_free(&r->seen[i]);
	return r->status;
}

enum xl_exit vf_verify(const struct vf_setup *setup, struct vf_result *result)
{
	struct run *r = start_run(setup, result);
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	verify(r);
	clock_gettime(CLOCK_MONOTONIC, &to);
	result->seconds =
		(double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	return end_run(r);
}

static void note_way(struct run *r, struct vf_way *way)
{
	size_t n = r->res->rules.n;

	for (size_t s = 0; s < r->res->sides; s++) {
		way->seen[s] = xl_strdup(r->setup->arena, r->seen[s].s);
		way->counted[s] = xl_alloc(r->setup->arena, n + 1);
		for (size_t i = 0; i < n; i++) {
			way->counted[s][i] = r->counts[s][i].packets != r->before[s][i].packets;
			if (has_counts(r, s) && way->counted[s][i] != way->counted[0][i])
				r->status = XL_EXIT_DIFFERS;
		}
	}
}

enum xl_exit vf_trace(const struct vf_setup *setup, const struct vf_probe *probe,
		      struct vf_result *result, struct vf_way *way)
{
	struct run *r = start_run(setup, result);
	bool same;

	if (open_sides(r) && listen_all(r, true) && count_all(r)) {
		keep_counts(r);
		if (send_once(r, probe, &same) && count_all(r)) {
			r->status = same ? XL_EXIT_OK : XL_EXIT_DIFFERS;
			note_way(r, way);
		}
	}
	return end_run(r);
}
