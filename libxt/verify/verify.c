// SPDX-License-Identifier: GPL-2.0-or-later
/* A comparison: two or three sides are opened and loaded, probes are sent, counters compared. */
#include "verify/session.h"

#include "translate/hooks.h"
#include "verify/chance.h"
#include "verify/track.h"
#include "verify/rates.h"
#include "verify/residue.h"
#include "verify/shrink.h"
#include "verify/space.h"

#include <sched.h>
#include <string.h>
#include <time.h>

const char *vf_kind_name(enum vf_kind kind)
{
	static const char *const names[] = { "iptables-legacy", "iptables-nft", "nft" };

	return names[kind];
}

bool vf_stop(struct vf_session *r, enum xl_exit status, const char *why)
{
	r->status = status;
	r->res->error = why;
	return false;
}

bool vf_stopped(struct vf_session *r)
{
	r->res->stopped |= r->setup->stop && *r->setup->stop;
	return r->res->stopped;
}

static bool load_saved(struct vf_session *r, struct vf_side *s)
{
	enum xl_exit refused = vf_space_is_users() ? XL_EXIT_RESOURCE : XL_EXIT_USAGE;
	const struct vf_setup *set = r->setup;

	for (size_t i = 0; i < set->n_ipsets; i++)
		if (!vf_load_ipset(s, set->ipsets[i]))
			return vf_stop(r, refused, s->error);
	for (size_t i = 0; i < set->n_saved; i++)
		if (!vf_load_iptables(s, set->saved[i].family, set->saved[i].text)) {
			r->refused = true;
			return vf_stop(r, refused, s->error);
		}
	return true;
}

static bool load(struct vf_session *r, struct vf_side *s)
{
	enum xl_exit ret;

	if (s->kind != VF_NATIVE)
		return load_saved(r, s);
	ret = vf_load_nft(s, r->setup->nft_text);
	r->refused = ret == XL_EXIT_NFT;
	if (ret)
		return vf_stop(r, ret, s->error);
	if (r->setup->same_rules && !vf_has_rules_of(s, r->setup->nft))
		return vf_stop(r, XL_EXIT_USAGE, "the nft file has not the translation's rules");
	return true;
}

/* Whether packets of a hook can come to such a target; @hook -1: of any. */
static bool has_target(const struct vf_session *r, const char *name, int hook)
{
	const struct vf_rules *rules = &r->res->rules;
	const struct xt_table *table = NULL;
	const unsigned int *hooks = NULL;

	for (size_t i = 0; i < rules->n; i++) {
		const struct xt_chain *c = rules->chain[i];

		if (rules->v[i]->action != XT_ACT_TARGET ||
		    strcmp(xt_target(c->table->family, rules->v[i]->entry)->u.user.name, name) != 0)
			continue;
		if (hook >= 0 && table != c->table) {
			table = c->table;
			hooks = xl_chain_hooks(r->setup->arena, table);
		}
		if (hook < 0 || hooks[c->index] & 1U << hook)
			return true;
	}
	return false;
}

/* A side for iptables-legacy may become one for iptables-nft. */
static bool find_programs(struct vf_session *r, struct vf_side *s)
{
	const char *why = s->kind == VF_NATIVE ? NULL : vf_why_not_loadable(s, r->setup->xt);

	if (why && s->kind == VF_LEGACY && r->setup->or_compat) {
		r->res->no_legacy = why;
		r->res->kinds[r->res->sides - 1] = s->kind = VF_COMPAT;
		why = vf_why_not_loadable(s, r->setup->xt);
	}
	return why ? vf_stop(r, XL_EXIT_RESOURCE, why) : true;
}

/* Whether either ruleset does more to connections than that there are some. */
static bool changes_connections(const struct vf_session *r)
{
	static const char *const texts[] = { "ct mark set", "ct zone", "ct helper", "ct label set",
					     "notrack" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strstr(r->setup->nft_text, texts[i]))
			return true;
	for (size_t i = 0; i < r->setup->n_saved; i++) /* -m connlabel --set */
		if (strstr(r->setup->saved[i].text, "connlabel"))
			return true;
	return has_target(r, "CONNMARK", -1) || has_target(r, "CT", -1) ||
	       has_target(r, "NOTRACK", -1);
}

static bool open_side(struct vf_session *r, enum vf_kind kind)
{
	struct vf_side *s = &r->sides[r->res->sides];

	r->res->kinds[r->res->sides++] = kind;
	if (!vf_side_open(s, kind, r->setup->topo))
		return vf_stop(r, s->refused ? XL_EXIT_USAGE : XL_EXIT_RESOURCE, s->error);
	s->copies = has_target(r, "TEE", -1);
	s->untracks = has_target(r, "CT", NF_INET_LOCAL_OUT) ||
		      has_target(r, "NOTRACK", NF_INET_LOCAL_OUT);
	if (s->not_done)
		r->res->not_done = s->not_done;
	if (!find_programs(r, s))
		return false;
	vf_ranges_find(&s->ranges, r->setup->arena, r->setup->xt);
	s->ranges.drawn = s->drawn;
	if (!vf_hush(s))
		return vf_stop(r, XL_EXIT_RESOURCE, s->error);
	if (!load(r, s))
		return false;
	if (changes_connections(r))
		vf_follow_connections(s);
	return vf_side_settle(s) && vf_watch(s, &r->connections)
		       ? true
		       : vf_stop(r, XL_EXIT_RESOURCE, s->error);
}

static bool open_all(struct vf_session *r)
{
	const struct vf_setup *set = r->setup;

	return open_side(r, set->legacy ? VF_LEGACY : VF_COMPAT) &&
	       open_side(r, set->itself ? VF_LEGACY : VF_NATIVE) &&
	       (!set->compat || !set->legacy || open_side(r, VF_COMPAT));
}

/* What two of the sides refuse are different rules, mostly. */
bool vf_open_sides(struct vf_session *r)
{
	bool ok = open_all(r);

	for (int i = 0; !ok && i < VF_SIDES && vf_leave_out(r); i++)
		ok = open_all(r);
	return ok;
}

static void alloc_counts(struct vf_session *r)
{
	size_t n = r->res->rules.n;

	r->reached = xl_alloc(r->setup->arena, n + 1);
	r->slack = xl_alloc(r->setup->arena, (n + 1) * sizeof(*r->slack));
	for (size_t i = 0; i < VF_SIDES; i++) {
		r->counts[i] = xl_alloc(r->setup->arena, (n + 1) * sizeof(**r->counts));
		r->before[i] = xl_alloc(r->setup->arena, (n + 1) * sizeof(**r->before));
		r->aside[i] = xl_alloc(r->setup->arena, (n + 1) * sizeof(**r->aside));
		r->loaded[i] = xl_alloc(r->setup->arena, (n + 1) * sizeof(**r->loaded));
		r->start[i] = xl_alloc(r->setup->arena, (n + 1) * sizeof(**r->start));
	}
}

static void start_counts(struct vf_session *r)
{
	for (size_t i = 0; i < r->res->sides; i++) {
		memcpy(r->start[i], r->counts[i], r->res->rules.n * sizeof(**r->start));
		memcpy(r->loaded[i], r->counts[i], r->res->rules.n * sizeof(**r->loaded));
	}
}

static bool has_chance(const struct vf_session *r)
{
	for (size_t i = 0; i < r->res->rules.n; i++)
		if (r->chance[i])
			return true;
	return false;
}

/* In the end, chains to which no packets should have come are read, too. */
static bool count_anew(struct vf_session *r)
{
	for (size_t i = 0; i < r->res->sides; i++)
		r->sides[i].counted = false;
	return vf_count_all(r);
}

static void verify(struct vf_session *r)
{
	size_t n;

	if (!vf_open_sides(r) || !vf_count_all(r)) {
		if (vf_stopped(r))
			r->status = XL_EXIT_OK;
		return;
	}
	n = r->res->rules.n;
	r->chance = vf_chance(r->setup->arena, &r->res->rules, false);
	r->dice = vf_chance(r->setup->arena, &r->res->rules, true);
	start_counts(r);
	r->began = vf_now_ms();
	r->marks = strstr(r->setup->nft_text, "mark");
	if (has_chance(r)) {
		r->hits = xl_alloc(r->setup->arena, n * sizeof(*r->hits));
		r->pairs = xl_alloc(r->setup->arena, n * sizeof(*r->pairs));
	}
	if ((!vf_all_rounds(r) && !(r->res->stopped && vf_note_reached(r))) || !count_anew(r))
		return;
	if (!vf_compare_counts(r))
		return;
	vf_compare_rates(r);
	vf_compare_draws(r);
	if (!r->res->stopped)
		vf_list_unreached(r);
	vf_list_unchecked(r);
	if (r->res->different || r->res->n_miscounts)
		r->status = XL_EXIT_DIFFERS;
}

/* What goes over lo waits at the processor that sent it: await_lo() needs all of it at one. */
static void stay_here(struct vf_session *r)
{
	int cpu = sched_getcpu();
	cpu_set_t one;

	CPU_ZERO(&one);
	if (cpu >= 0 && cpu < CPU_SETSIZE)
		CPU_SET(cpu, &one);
	r->stays = !sched_getaffinity(0, sizeof(r->cpus), &r->cpus) &&
		   !sched_setaffinity(0, sizeof(one), &one);
}

void vf_session_use(struct vf_session *r, const struct vf_setup *setup, struct vf_result *result)
{
	memset(result, 0, sizeof(*result));
	result->topo = setup->topo;
	if (r->res) {
		result->sides = r->res->sides;
		memcpy(result->kinds, r->res->kinds, sizeof(result->kinds));
	}
	r->setup = setup;
	r->res = result;
	vf_rules_init(&result->rules, setup->arena, setup->xt, setup->skip, setup->skip_data);
	alloc_counts(r);
}

struct vf_session *vf_session_new(const struct vf_setup *setup, struct vf_result *result)
{
	struct vf_session *r = xl_new(setup->arena, struct vf_session);

	r->number = 1;
	r->connections = true;
	vf_session_use(r, setup, result);
	return r;
}

struct vf_session *vf_session_like(const struct vf_session *of)
{
	struct xl_arena *a = of->setup->arena;
	struct vf_session *r = xl_new(a, struct vf_session);

	r->setup = of->setup;
	r->res = xl_new(a, struct vf_result);
	r->res->topo = of->res->topo;
	r->res->rules = of->res->rules;
	r->number = 1;
	r->connections = true;
	alloc_counts(r);
	return r;
}

static struct vf_session *start_run(const struct vf_setup *setup, struct vf_result *result)
{
	struct vf_session *r = vf_session_new(setup, result);

	vf_residues_init(r);
	stay_here(r);
	return r;
}

void vf_close_sides(struct vf_session *r)
{
	for (size_t i = 0; i < r->res->sides; i++)
		vf_side_close(&r->sides[i]);
	for (size_t i = 0; i < VF_SIDES; i++)
		xl_buf_free(&r->seen[i]);
}

static enum xl_exit end_run(struct vf_session *r)
{
	vf_close_sides(r);
	if (r->stays)
		sched_setaffinity(0, sizeof(r->cpus), &r->cpus);
	return r->status;
}

enum xl_exit vf_verify(const struct vf_setup *setup, struct vf_result *result)
{
	struct vf_session *r = start_run(setup, result);
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	verify(r);
	clock_gettime(CLOCK_MONOTONIC, &to);
	result->seconds =
		(double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	if (r->status == XL_EXIT_DIFFERS && !result->stopped && !setup->itself)
		vf_shrink(r);
	return end_run(r);
}

/* All of them; what is seen and counted is the last. */
static bool send_to_last(struct vf_session *r, struct vf_probe p, bool *same)
{
	for (unsigned int i = 1; i < p.repeat; i++) {
		if (!vf_send_all(r, &p, same))
			return false;
		p.sport += !!(p.flags & VF_STEP);
	}
	if (!vf_count_all(r))
		return false;
	vf_keep_counts(r);
	start_counts(r);
	return vf_send_all(r, &p, same) && count_anew(r);
}

enum xl_exit vf_trace(const struct vf_setup *setup, const struct vf_probe *probe,
		      struct vf_result *result, struct vf_way *way)
{
	struct vf_session *r = start_run(setup, result);
	bool same;

	if (vf_open_sides(r) && vf_listen_all(r, true) && send_to_last(r, *probe, &same)) {
		r->status = same ? XL_EXIT_OK : XL_EXIT_DIFFERS;
		vf_find_way(r, probe, way);
		vf_total_counts(r);
		if (vf_parting(r, way))
			r->status = XL_EXIT_DIFFERS;
		if (!same && vf_as_documented(r, probe))
			r->status = XL_EXIT_OK;
	}
	return end_run(r);
}
