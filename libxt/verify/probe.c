// SPDX-License-Identifier: GPL-2.0-or-later
/* Which packets are made for each rule, and in what order. */
#include "verify/probe.h"

#include "verify/aims.h"

#include <linux/netfilter_ipv4/ip_tables.h>
#include <string.h>

enum {
	HITS = 3,
	MOST = 96, /* probes of a rule */
	POOL = 4096,
	MAX_ATTEMPTS = 32,
	PLAIN = 12, /* random packets of no rule's values */
};

/**
 * struct vf_generator
 * @chain, @rule: where the first round is
 * @queue: what is left of the probes of a rule
 * @pool: some of the probes made, from which random ones are put together
 * @n_plain: random packets of no rule's values, so far
 * @values: of the other side, or NULL
 */
struct vf_generator {
	struct vf_chains chains;
	struct vf_maker maker;
	const struct vf_topology *topo;
	uint64_t seed;
	uint32_t number;
	size_t chain, rule;
	struct vf_probe queue[MOST];
	size_t n_queue, at_queue, cap;
	struct vf_probe *pool;
	size_t n_pool, seen, n_plain;
	const struct vf_values *values;
};

/* Fewer for each where there are many rules. */
static size_t probes_a_rule(size_t rules)
{
	return rules <= 400 ? MOST : rules <= 5000 ? 24 : rules <= 20000 ? 8 : 5;
}

static unsigned int tests_a_rule(size_t rules)
{
	return rules <= 2000 ? 20000 : 4000;
}

struct vf_generator *vf_generator_new(struct xl_arena *a, const struct xt_ruleset *rs,
				      struct xt_ipsets *ipsets, uint8_t family,
				      const struct vf_topology *topo, uint64_t seed)
{
	struct vf_generator *g = xl_new(a, struct vf_generator);

	vf_chains_init(&g->chains, a, rs, ipsets, family);
	g->topo = topo;
	g->seed = seed;
	g->pool = xl_alloc(a, POOL * sizeof(*g->pool));
	g->cap = probes_a_rule(g->chains.n_rules);
	g->maker = (struct vf_maker){ .chains = &g->chains,
				      .topo = topo,
				      .rng = { seed },
				      .budget = tests_a_rule(g->chains.n_rules) };
	g->maker.sport = vf_below(&g->maker.rng, 60000);
	return g;
}

void vf_generator_limit(struct vf_generator *g, size_t n)
{
	size_t each = n / (g->chains.n_rules + 1);

	g->cap = each < 2 ? 2 : each < g->cap ? each : g->cap;
}

void vf_generator_know(struct vf_generator *g, struct xl_arena *a, const char *text,
		       const char *const *others, size_t n)
{
	struct vf_values *v = xl_new(a, struct vf_values);

	vf_values_find(v, text, others, n);
	g->values = v;
}

static void finish(struct vf_generator *g, struct vf_probe *p, const struct vf_rule *aim, bool hit)
{
	p->aim = aim ? aim->xt : NULL;
	p->hit = hit;
	p->number = g->number++;
}

static void queue(struct vf_generator *g, struct vf_packet *k, const struct vf_rule *aim, bool hit)
{
	if (g->n_queue == g->cap)
		return;
	g->queue[g->n_queue] = k->p;
	finish(g, &g->queue[g->n_queue], aim, hit);
	g->n_queue++;
}

static bool hits(const struct vf_goal *goal, struct vf_packet *k)
{
	unsigned int until = 0;

	vf_place(k, goal->hooks[goal->n_path - 1]);
	return vf_rule_test(goal->aim, k, &until) != VF_NO;
}

/* Where there are not too many rules, to spend more time on each. */
static bool bring(struct vf_generator *g, const struct vf_goal *goal, struct vf_packet *k)
{
	enum { FEW = 2000 };
	bool hit = hits(goal, k);

	return g->chains.n_rules <= FEW && vf_bring(&g->maker, goal, k) && hits(goal, k) == hit;
}

/* Nothing that matches ask about is another. */
static bool same_tests(const struct vf_probe *a, const struct vf_probe *b)
{
	return a->proto == b->proto && a->sport == b->sport && a->dport == b->dport &&
	       a->mark == b->mark && a->ttl == b->ttl && a->tos == b->tos && a->type == b->type &&
	       a->code == b->code && a->payload == b->payload && a->flags == b->flags &&
	       a->tcp_flags == b->tcp_flags;
}

/* What changes packets is seen in those that get through. */
static void let_out(struct vf_generator *g, const struct vf_goal *goal, struct vf_packet *k)
{
	struct vf_packet other = *k;
	struct vf_goal more = *goal;

	if (g->cap == MOST && goal->aim->effect == VF_EFFECT_CHANGE &&
	    vf_let_out(&g->maker, &more, &other) && same_tests(&k->p, &other.p))
		*k = other;
}

/* The n-th edge of each test in turn, until all have come to their end. */
static void edges(struct vf_generator *g, const struct vf_goal *goal, const struct vf_packet *base)
{
	const struct vf_rule *aim = goal->aim;
	struct vf_packet first = *base;
	unsigned int unmet = vf_unmet(goal, &first, aim);
	bool more = true;

	for (unsigned int n = 0; more && g->n_queue < g->cap; n++) {
		more = false;
		for (size_t part = 0; part < VF_HEAD_PARTS + aim->n; part++) {
			struct vf_packet k = *base;

			k.p.repeat = 1;
			vf_freshen(&g->maker, goal, &k);
			vf_place(&k, goal->hooks[goal->n_path - 1]);
			if (part < VF_HEAD_PARTS
				    ? !vf_head_edge(&aim->head, &k, part, n)
				    : !vf_cond_edge(&aim->conds[part - VF_HEAD_PARTS], &k, n))
				continue;
			more = true;
			if (vf_unmet(goal, &k, aim) > unmet && !bring(g, goal, &k))
				continue;
			if (part >= VF_HEAD_PARTS && hits(goal, &k))
				let_out(g, goal, &k);
			queue(g, &k, aim, hits(goal, &k));
		}
	}
}

/* Queues it if it still gets to the aim. */
static void try_aim(struct vf_generator *g, const struct vf_goal *goal, struct vf_packet *k,
		    unsigned int unmet)
{
	k->p.repeat = 1;
	if (vf_unmet(goal, k, NULL) > unmet)
		vf_meet(&g->maker, goal, k);
	if (vf_unmet(goal, k, NULL) <= unmet)
		queue(g, k, goal->aim, true);
}

/* What shows the aim's effect. */
static void effects(struct vf_generator *g, const struct vf_goal *goal,
		    const struct vf_packet *base)
{
	struct vf_packet k = *base;
	unsigned int unmet = vf_unmet(goal, &k, NULL);

	for (unsigned int n = 0; vf_target_edge(goal->aim, &k, n); n++) {
		vf_freshen(&g->maker, goal, &k);
		try_aim(g, goal, &k, unmet);
		k = *base;
	}
}

/* Queues a packet that another rule would take, too. */
static bool pair(struct vf_generator *g, const struct vf_goal *goal, struct vf_rule *r,
		 const struct vf_packet *base)
{
	struct vf_packet k, shown;

	if (!vf_make_pair(&g->maker, goal, r, base, &k))
		return false;
	shown = k;
	if (vf_target_edge(goal->aim, &shown, 0) &&
	    vf_unmet(goal, &shown, NULL) <= vf_unmet(goal, &k, NULL))
		k = shown;
	vf_freshen(&g->maker, goal, &k);
	k.p.pair = true;
	queue(g, &k, goal->aim, true);
	return true;
}

/* Whether it shows which of the two comes first, or that the second is not come to. */
static bool shows_place(const struct vf_rule *aim, const struct vf_rule *r)
{
	if (r->effect == VF_EFFECT_NONE)
		return r->xt->action == XT_ACT_TARGET && aim->effect != VF_EFFECT_NONE;
	return r->effect != aim->effect || r->effect == VF_EFFECT_CHANGE;
}

/* What shows the aim's place: packets that rules behind it would take, too. Those are in its chain
 * and in those that lead there. */
static void pairs(struct vf_generator *g, const struct vf_goal *goal, const struct vf_packet *base)
{
	enum { BEHIND = 4, QUIET = 2, MOST_PAIRS = 8 };
	unsigned int all = 0;

	for (size_t i = goal->n_path; i && all < MOST_PAIRS; i--) {
		struct vf_rule *from = goal->needs[i - 1];
		const struct vf_rule *end = from->chain->rules + from->chain->n;
		unsigned int n = 0, quiet = 0;

		for (struct vf_rule *r = from + 1; r < end && n < BEHIND; r++) {
			bool none = r->effect == VF_EFFECT_NONE;

			if (!shows_place(goal->aim, r) || (none && quiet == QUIET))
				continue;
			quiet += none;
			n += !none;
			all += pair(g, goal, r, base);
		}
	}
}

/* And its table's place: what another table at the hook drops is not seen in the later one. */
static void table_pairs(struct vf_generator *g, const struct vf_goal *goal,
			const struct vf_packet *base)
{
	enum { EACH = 2, BEGINNING = 16 };
	int hook = goal->hooks[0];

	for (unsigned int t = 0; t < g->chains.n_base[hook]; t++) {
		struct vf_chain *c = g->chains.base[hook][t];
		unsigned int n = 0;

		for (size_t i = 0; c != goal->needs[0]->chain && i < c->n && i < BEGINNING; i++)
			if (c->rules[i].effect == VF_EFFECT_DROP && n < EACH)
				n += pair(g, goal, &c->rules[i], base);
	}
}

/* Where the other side has a value that the rules have not. */
static void values(struct vf_generator *g, const struct vf_goal *goal, const struct vf_packet *base)
{
	struct vf_packet k = *base;
	unsigned int unmet = vf_unmet(goal, &k, goal->aim);

	for (unsigned int n = 0; g->values && n < vf_value_edges(g->values); n++) {
		k = *base;
		k.p.repeat = 1;
		vf_freshen(&g->maker, goal, &k);
		if (vf_value_edge(g->values, goal->aim, &k, n) &&
		    (vf_unmet(goal, &k, goal->aim) <= unmet || bring(g, goal, &k)))
			queue(g, &k, goal->aim, false);
	}
}

static bool make_base(struct vf_generator *g, struct vf_goal *goal, struct vf_rule *r,
		      struct vf_packet *k)
{
	enum { WAYS = 3 };
	struct vf_packet other;
	struct vf_goal another;

	if (!vf_goal_init(&g->maker, goal, r, false))
		return false;
	if (vf_make(&g->maker, goal, k))
		return true;
	for (int i = 1; i < WAYS; i++) {
		if (!vf_goal_init(&g->maker, &another, r, true))
			continue;
		if (vf_make(&g->maker, &another, &other)) {
			*goal = another;
			*k = other;
			return true;
		}
	}
	return true;
}

static bool counts_connection(const struct vf_goal *goal)
{
	for (size_t i = 0; i < goal->n; i++)
		for (size_t j = 0; j < goal->needs[i]->n; j++)
			if (!strcmp(goal->needs[i]->conds[j].m->u.user.name, "connbytes"))
				return true;
	return false;
}

/* What is sent more than once is of several connections where it can be: rates and the like often
 * see only their first packets. */
static void step(const struct vf_goal *goal, struct vf_packet *k)
{
	struct vf_packet other = *k;

	other.p.sport++;
	if (k->p.repeat > 1 && k->p.ct == VF_CT_NONE && !counts_connection(goal) &&
	    vf_unmet(goal, &other, NULL) <= vf_unmet(goal, k, NULL))
		k->p.flags |= VF_STEP;
}

static void fill(struct vf_generator *g, struct vf_rule *r)
{
	struct vf_goal goal, seen;
	struct vf_packet k, again;

	g->n_queue = g->at_queue = 0;
	if (vf_rule_life(&g->chains, r, NULL) != VF_ALIVE && r->life != VF_ABSENT)
		return;
	if (!make_base(g, &goal, r, &k))
		return;
	step(&goal, &k);
	queue(g, &k, r, true);
	for (int i = 1; i < HITS; i++) {
		again = k;
		vf_freshen(&g->maker, &goal, &again);
		vf_remake(&g->maker, &goal, &again);
		queue(g, &again, r, true);
	}
	if (g->cap == MOST) {
		again = k;
		seen = goal;
		if (r->effect == VF_EFFECT_CHANGE)
			vf_let_out(&g->maker, &seen, &again);
		effects(g, &seen, &again);
		pairs(g, &goal, &k);
		table_pairs(g, &goal, &k);
		values(g, &goal, &k);
	}
	edges(g, &goal, &k);
}

static struct vf_rule *next_rule(struct vf_generator *g)
{
	while (g->chain < g->chains.n) {
		struct vf_chain *c = &g->chains.all[g->chain];

		if (g->rule < c->n)
			return &c->rules[g->rule++];
		g->chain++;
		g->rule = 0;
	}
	return NULL;
}

/* Each probe has the same chance to be in the pool. */
static void remember(struct vf_generator *g, const struct vf_probe *p)
{
	size_t at = g->seen++;

	if (at >= POOL)
		at = vf_below(&g->maker.rng, g->seen);
	if (at >= POOL)
		return;
	g->pool[at] = *p;
	if (at == g->n_pool)
		g->n_pool++;
}

bool vf_remembered(struct vf_generator *g, struct vf_probe *p)
{
	if (!g->n_pool)
		return false;
	*p = g->pool[vf_below(&g->maker.rng, g->n_pool)];
	return true;
}

bool vf_next(struct vf_generator *g, struct vf_probe *p)
{
	while (g->at_queue == g->n_queue) {
		struct vf_rule *r = next_rule(g);

		if (!r)
			return false;
		fill(g, r);
	}
	*p = g->queue[g->at_queue++];
	remember(g, p);
	return true;
}

bool vf_retry(struct vf_generator *g, const struct xt_rule *rule, unsigned int attempt,
	      struct vf_sequence *s)
{
	struct vf_rule *r = vf_rule_find(&g->chains, rule);
	struct vf_maker m = g->maker;
	struct vf_goal goal;
	struct vf_packet k;

	if (!r || attempt >= MAX_ATTEMPTS)
		return false;
	m.rng.state = g->seed ^ (uint64_t)(r - r->chain->rules) << 32 ^
		      (uint64_t)(r->chain - g->chains.all) << 48 ^ attempt;
	vf_rand(&m.rng);
	m.sport = vf_below(&m.rng, 60000);
	if (!vf_goal_init(&m, &goal, r, attempt % 2))
		return false;
	vf_make(&m, &goal, &k);
	if (attempt % 4 == 3)
		vf_remake(&m, &goal, &k);
	vf_sequence_make(&m, &goal, &k, s);
	for (size_t i = 0; i < s->n; i++)
		finish(g, &s->v[i], i + 1 == s->n ? r : NULL, i + 1 == s->n);
	return true;
}

void vf_random(struct vf_generator *g, struct vf_probe *p)
{
	static const int hooks[] = { NF_INET_LOCAL_IN, NF_INET_FORWARD, NF_INET_LOCAL_OUT };
	struct vf_rng *r = &g->maker.rng;
	const struct vf_probe *a, *b;
	struct vf_packet k;

	/* Of rules' values alone, none may come to a hook that no rule asks about; its policy
	 * counts all the same. */
	if (g->n_plain < PLAIN || !g->n_pool) {
		vf_default(&g->maker, &k, hooks[g->n_plain++ % 3]);
		*p = k.p;
		finish(g, p, NULL, false);
		return;
	}
	vf_default(&g->maker, &k, hooks[vf_below(r, 3)]);
	*p = g->pool[vf_below(r, g->n_pool)];
	a = &g->pool[vf_below(r, g->n_pool)];
	b = &g->pool[vf_below(r, g->n_pool)];
	if (vf_one_in(r, 2)) {
		p->in = a->in;
		memcpy(p->saddr, a->saddr, 16);
	}
	if (vf_one_in(r, 2))
		memcpy(p->daddr, b->daddr, 16);
	if (vf_one_in(r, 3))
		p->dport = a->dport;
	if (vf_one_in(r, 3))
		p->mark = b->mark;
	if (vf_one_in(r, 4))
		p->ct = a->ct;
	if (vf_one_in(r, 4) && p->proto == b->proto)
		p->tcp_flags = b->tcp_flags;
	if (vf_one_in(r, 2))
		p->sport = k.p.sport;
	p->repeat = 1;
	finish(g, p, NULL, false);
}

static const char *cond_why(struct vf_generator *g, const struct vf_cond *c, enum vf_hope *hope)
{
	const char *why = NULL;

	if (!c->kind)
		why = xl_printf(g->chains.arena, "-m %s: how to make such packets is not known",
				c->m->u.user.name);
	else if (c->kind->why)
		why = c->kind->why(c);
	if (why)
		*hope = !c->kind || c->kind->absent ? VF_NOT_HERE : VF_HARDLY;
	return why;
}

/* A whole name, not a wildcard, of a device that the topology could not have. */
static const char *device_why(const struct vf_generator *g, const char *name, const char *mask,
			      bool inverted)
{
	char s[IFNAMSIZ + 1] = { 0 };

	memcpy(s, name, IFNAMSIZ);
	if (inverted || !mask[strnlen(name, IFNAMSIZ - 1)] || vf_can_be_device(s))
		return NULL;
	return xl_printf(g->chains.arena, "no device can be called %s",
			 xl_printable(g->chains.arena, s));
}

static const char *head_why(const struct vf_generator *g, const struct vf_head *h)
{
	const char *why = device_why(g, h->in, h->in_mask, h->inv & IPT_INV_VIA_IN);

	return why ? why : device_why(g, h->out, h->out_mask, h->inv & IPT_INV_VIA_OUT);
}

/* Of rules to which no packet can get. */
static const char *life_why(struct vf_generator *g, struct vf_rule *r)
{
	const struct vf_rule *by;
	enum vf_life life = vf_rule_life(&g->chains, r, &by);
	const struct xl_loc *at = by ? &by->xt->source.loc : NULL;
	static const char *const whys[] = {
		[VF_UNCALLED] = "no chain leads here",
		[VF_NOWHERE] = "no packet can match: none has such a device here",
		[VF_MARTIAN] = "no packet can match: the kernel has dropped such addresses before",
		[VF_EMPTY] = "-m set: the set is empty",
		[VF_UNTRACKED] = NULL,
	};

	if (!at && (life == VF_TAKEN || life >= VF_UNTRACKED)) /* several rules together */
		return "no packet can get here and match";
	if (life == VF_TAKEN)
		return xl_printf(g->chains.arena, "no packet can get here: %s:%u takes them all",
				 at->file, at->line);
	if (life == VF_CLASH && at)
		return xl_printf(
			g->chains.arena,
			"no packet can match: %s:%u, which leads here, lets none of them by",
			at->file, at->line);
	if (life == VF_CLASH)
		return "no packet can match: nothing is all that it asks for";
	if (life == VF_MARKED)
		return xl_printf(g->chains.arena,
				 "no packet can match: the mark is another since %s:%u", at->file,
				 at->line);
	if (life == VF_MARKED_BEFORE)
		return xl_printf(g->chains.arena,
				 "no packet can get here: with the marks that they have, "
				 "%s:%u takes the last of them",
				 at->file, at->line);
	if (life == VF_MARKED_CALLER)
		return xl_printf(g->chains.arena,
				 "no packet can get here: none matches %s:%u, which leads here",
				 at->file, at->line);
	if (life == VF_UNTRACKED)
		return xl_printf(g->chains.arena,
				 "no packet can match: %s:%u keeps them from being tracked",
				 at->file, at->line);
	return whys[life];
}

/* Of the nearest rule on the way, then of those further up. It is certain as long as there is one
 * way only. */
static const char *way_why(struct vf_generator *g, const struct vf_goal *goal, enum vf_hope *hope)
{
	bool only = true;

	for (size_t i = goal->n; i; i--) {
		const struct vf_rule *r = goal->needs[i - 1];
		const char *why = head_why(g, &r->head);

		if (why) {
			*hope = only ? VF_NEVER : VF_HARDLY;
			return why;
		}
		for (size_t j = 0; j < r->n; j++) {
			why = cond_why(g, &r->conds[j], hope);
			if (why)
				return why;
		}
		only = only && r->chain->n_callers == 1;
	}
	*hope = VF_MAY;
	return NULL;
}

const char *vf_why_not(struct vf_generator *g, const struct xt_rule *rule, enum vf_hope *hope)
{
	struct vf_rule *r = vf_rule_find(&g->chains, rule);
	const struct vf_rule *by;
	const char *why;
	struct vf_goal goal;

	*hope = VF_MAY;
	if (!r)
		return rule->entry ? NULL : rule->why;
	if (vf_rule_life(&g->chains, r, &by) == VF_ABSENT)
		return cond_why(g, vf_absent(by), hope);
	*hope = VF_NEVER;
	why = life_why(g, r);
	if (why)
		return why;
	if (r->head.fragment && !(r->head.inv & IPT_INV_FRAG) && g->chains.tracks)
		return "-f: connection tracking has put fragments together before";
	*hope = VF_HARDLY;
	if (!vf_goal_init(&g->maker, &goal, r, false))
		return "no short way leads here";
	return way_why(g, &goal, hope);
}

const char *vf_obstacle(struct vf_generator *g, const struct xt_rule *rule)
{
	struct vf_rule *r = vf_rule_find(&g->chains, rule);

	if (!r || !r->obstacle)
		return NULL;
	return xl_printf(g->chains.arena, "no packet was found that gets past line %u",
			 r->obstacle->xt->source.loc.line);
}

static void run(struct vf_generator *g, const struct vf_probe *p, struct vf_rule *watch,
		const struct vf_goal *goal, bool spent, struct vf_run *r)
{
	*r = (struct vf_run){ .k = { .p = *p, .topo = g->topo },
			      .spent = spent,
			      .watch = watch,
			      .path = goal ? goal->needs : NULL,
			      .n_path = goal ? goal->n : 0,
			      .budget = 100000 };
	vf_run(&g->chains, r);
}

enum vf_test vf_expected(struct vf_generator *g, const struct vf_probe *p,
			 const struct xt_rule *rule)
{
	struct vf_rule *watch = vf_rule_find(&g->chains, rule);
	struct vf_goal goal;
	struct vf_run r;

	if (!watch || !vf_goal_init(&g->maker, &goal, watch, false))
		return VF_NO;
	run(g, p, watch, &goal, false, &r);
	if (r.spendable && (!r.reached || r.matched == VF_NO))
		run(g, p, watch, &goal, true, &r);
	return r.reached ? r.matched : VF_NO;
}
