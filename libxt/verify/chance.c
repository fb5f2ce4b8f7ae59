// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/chance.h"

#include "translate/hooks.h"

#include <linux/netfilter/xt_recent.h>
#include <linux/netfilter/xt_statistic.h>
#include <string.h>

static bool always(const void *data)
{
	(void)data;
	return true;
}

static bool never(const void *data)
{
	(void)data;
	return false;
}

static bool random_statistic(const void *data)
{
	return ((const struct xt_statistic_info *)data)->mode == XT_STATISTIC_MODE_RANDOM;
}

static bool recent_seconds(const void *data)
{
	return ((const struct xt_recent_mtinfo *)data)->seconds;
}

/* Every n-th and what is left of a quota are not the clock's, but depend on all packets before,
 * which what is documented to differ, and what the clock decides, have a part in. */
static const struct {
	const char *name;
	bool (*chance)(const void *data);
	bool (*dice)(const void *data);
} matches[] = {
	{ "hashlimit", always, never },	     { "limit", always, never },
	{ "quota", always, never },	     { "rateest", always, always },
	{ "recent", recent_seconds, never }, { "statistic", always, random_statistic },
	{ "time", always, always },
};

static bool is_chance(const struct xt_rule *rule, uint8_t family, bool dice)
{
	const struct xt_entry_match *m = xt_first_match(family, rule->entry);

	for (; m; m = xt_next_match(family, rule->entry, m))
		for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++)
			if (!strcmp(matches[i].name, m->u.user.name) &&
			    (dice ? matches[i].dice : matches[i].chance)(m->data))
				return true;
	return false;
}

/* Whether the packet's way depends on whether the rule matches: a rule that only tells of packets
 * changes nothing for the ones behind it. */
static bool steers(const struct xt_rule *rule, uint8_t family)
{
	static const char *const quiet[] = { "LOG", "NFLOG", "AUDIT", "TRACE", "" };
	const char *name;

	if (rule->action != XT_ACT_TARGET)
		return rule->action != XT_ACT_NONE;
	name = xt_target(family, rule->entry)->u.user.name;
	for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++)
		if (!strcmp(quiet[i], name))
			return false;
	return true;
}

/**
 * struct spread - what is behind rules of chance
 * @chains: by number of a chain: rules of chance lead to it
 * @holds: by number of a chain: chance steers packets in it, or in chains that it leads to
 * @hooks: by number of a chain, from where it is reached
 * @base: number of each table's first chain, by order of the tables
 */
struct spread {
	const struct vf_rules *r;
	uint8_t *chance;
	bool *chains, *holds;
	unsigned int *hooks;
	const struct xt_table *tables[16];
	unsigned int base[16], n_tables;
	bool again;
};

static unsigned int chain_number(const struct spread *s, const struct xt_chain *c)
{
	for (unsigned int i = 0; i < s->n_tables; i++)
		if (s->tables[i] == c->table)
			return s->base[i] + c->index;
	return 0;
}

static void behind(struct spread *s, size_t at)
{
	s->again |= !s->chance[at];
	s->chance[at] |= VF_BEHIND;
}

/* Behind a rule of chance: the rest of its chain, and the chains that it or the rest leads to. */
static void spread_once(struct spread *s)
{
	const struct vf_rules *r = s->r;
	bool on = false;

	for (size_t i = 0; i < r->n; i++) {
		const struct xt_rule *rule = r->v[i];
		unsigned int jump = rule->jump ? chain_number(s, rule->jump) : 0;
		unsigned int chain = chain_number(s, r->chain[i]);
		bool *to = rule->jump ? &s->chains[jump] : NULL;

		if (!i || r->chain[i] != r->chain[i - 1])
			on = s->chains[chain];
		if (on)
			behind(s, i);
		on |= s->chance[i] && steers(rule, r->chain[i]->table->family);
		if (to && s->chance[i] && !*to)
			*to = s->again = true;
		else if (to && (*to || s->holds[jump]))
			on = true; /* what comes back from there */
		if (on && !s->holds[chain])
			s->holds[chain] = s->again = true;
	}
}

/* The tables in the order in which a packet meets them at a hook: enum nf_ip_hook_priorities. */
static unsigned int table_order(const struct xt_table *t, unsigned int hook)
{
	static const char *const names[] = { "raw", "mangle", "nat", "filter", "security" };
	unsigned int i = 0;

	while (i < 4 && strcmp(names[i], t->name) != 0)
		i++;
	return i == 2 && (hook == NF_INET_LOCAL_IN || hook == NF_INET_POST_ROUTING) ? 5 : i;
}

static bool later_hook(unsigned int from, unsigned int to)
{
	switch (from) {
	case NF_INET_PRE_ROUTING:
		return to == NF_INET_LOCAL_IN || to == NF_INET_FORWARD ||
		       to == NF_INET_POST_ROUTING;
	case NF_INET_FORWARD:
	case NF_INET_LOCAL_OUT:
		return to == NF_INET_POST_ROUTING;
	default:
		return false;
	}
}

static bool comes_later(const struct xt_table *t, unsigned int hooks, const struct xt_table *u,
			unsigned int later)
{
	for (unsigned int h = 0; h < NF_INET_NUMHOOKS; h++)
		for (unsigned int k = 0; k < NF_INET_NUMHOOKS; k++)
			if (hooks & 1U << h && later & 1U << k &&
			    (later_hook(h, k) || (h == k && table_order(t, h) < table_order(u, k))))
				return true;
	return false;
}

/* Of all tables that a packet meets after one in which chance steers it. */
static void spread_tables(struct spread *s)
{
	const struct vf_rules *r = s->r;
	unsigned int steered[16] = { 0 };

	for (unsigned int t = 0; t < s->n_tables; t++)
		for (size_t i = 0; i < r->n; i++)
			if (r->chain[i]->table == s->tables[t] && s->chance[i] &&
			    steers(r->v[i], s->tables[t]->family))
				steered[t] |= s->hooks[chain_number(s, r->chain[i])];
	for (size_t i = 0; i < r->n; i++)
		for (unsigned int t = 0; t < s->n_tables; t++)
			if (s->tables[t]->family == r->chain[i]->table->family &&
			    comes_later(s->tables[t], steered[t], r->chain[i]->table,
					s->hooks[chain_number(s, r->chain[i])]))
				behind(s, i);
}

static void number_chains(struct spread *s, struct xl_arena *a)
{
	const struct vf_rules *r = s->r;
	unsigned int n = 0, *hooks;

	for (size_t i = 0; i < r->n; i++) {
		const struct xt_table *t = r->chain[i]->table;
		unsigned int k = 0;

		while (k < s->n_tables && s->tables[k] != t)
			k++;
		if (k < s->n_tables || s->n_tables == 16)
			continue;
		s->tables[s->n_tables] = t;
		s->base[s->n_tables++] = n;
		n += t->n;
	}
	s->chains = xl_alloc(a, n + 1);
	s->holds = xl_alloc(a, n + 1);
	s->hooks = xl_alloc(a, (n + 1) * sizeof(*s->hooks));
	for (unsigned int k = 0; k < s->n_tables; k++) {
		hooks = xl_chain_hooks(a, s->tables[k]);
		memcpy(s->hooks + s->base[k], hooks, s->tables[k]->n * sizeof(*hooks));
	}
}

uint8_t *vf_chance(struct xl_arena *a, const struct vf_rules *r, bool dice)
{
	struct spread s = { .r = r, .chance = xl_alloc(a, r->n + 1), .again = true };

	number_chains(&s, a);
	for (size_t i = 0; i < r->n; i++)
		if (is_chance(r->v[i], r->chain[i]->table->family, dice))
			s.chance[i] = VF_CHANCE;
	while (s.again) {
		s.again = false;
		spread_once(&s);
	}
	spread_tables(&s);
	return s.chance;
}

bool vf_alike(const struct vf_count *a, const struct vf_count *b)
{
	uint64_t hi = a->packets > b->packets ? a->packets : b->packets;
	uint64_t lo = a->packets > b->packets ? b->packets : a->packets;

	return hi - lo <= 16 + hi / 5;
}
