// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/chance.h"

#include "translate/hooks.h"

#include <linux/netfilter/xt_recent.h>
#include <linux/netfilter/xt_statistic.h>
#include <linux/netfilter/xt_string.h>
#include <stdlib.h>
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

/* So few bytes are found by chance in what the kernel draws: ids, sequence numbers, checksums. */
static bool few_bytes(const void *data)
{
	const struct xt_string_info *s = data;

	return s->patlen <= 2 && s->from_offset < 60;
}

/* Every n-th and what is left of a quota are not the clock's, but depend on all packets before,
 * which what is documented to differ, and what the clock decides, have a part in. connlimit looks
 * for ended connections at most once a tick: nf_conncount_add(). */
static const struct {
	const char *name;
	bool (*chance)(const void *data);
	bool (*dice)(const void *data);
} matches[] = {
	{ "connlimit", always, never },
	{ "hashlimit", always, never },
	{ "limit", always, never },
	{ "quota", always, never },
	{ "rateest", always, always },
	{ "recent", recent_seconds, never },
	{ "statistic", always, random_statistic },
	{ "string", few_bytes, few_bytes },
	{ "time", always, never },
};

static uint8_t own_chance(const struct xt_rule *rule, uint8_t family)
{
	const struct xt_entry_match *m = xt_first_match(family, rule->entry);
	uint8_t chance = 0;

	for (; m; m = xt_next_match(family, rule->entry, m))
		for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++)
			if (!strcmp(matches[i].name, m->u.user.name) && matches[i].chance(m->data))
				chance |= VF_CHANCE | (matches[i].dice(m->data) ? VF_DICE : 0);
	return chance;
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
 * @lists: room for the names of as many lists as the rules name
 */
struct spread {
	const struct vf_rules *r;
	uint8_t *chance;
	bool *chains, *holds;
	unsigned int *hooks;
	const struct xt_table *tables[16];
	unsigned int base[16], n_tables;
	const char **lists;
	size_t n_lists;
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

/* The kernel answers what comes in, or does not; what it sends may come back by lo. */
static bool later_hook(unsigned int from, unsigned int to)
{
	enum {
		ANSWER = 1 << NF_INET_LOCAL_OUT | 1 << NF_INET_POST_ROUTING,
		BY_LO = 1 << NF_INET_PRE_ROUTING | 1 << NF_INET_LOCAL_IN,
	};
	static const unsigned int later[NF_INET_NUMHOOKS] = {
		[NF_INET_PRE_ROUTING] = 1 << NF_INET_LOCAL_IN | 1 << NF_INET_FORWARD | ANSWER,
		[NF_INET_LOCAL_IN] = ANSWER,
		[NF_INET_FORWARD] = ANSWER,
		[NF_INET_LOCAL_OUT] = 1 << NF_INET_POST_ROUTING | BY_LO,
		[NF_INET_POST_ROUTING] = BY_LO | ANSWER,
	};

	return later[from] & 1U << to;
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

/* The list that a match or target of state beyond connections is about; NULL: none. */
static const char *list_of(const char *name, const void *data)
{
	if (!strcmp(name, "recent"))
		return ((const struct xt_recent_mtinfo *)data)->name;
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* Lists that are changed by rules behind chance: who asks them is one of chance, too. */
static void taint_askers(struct spread *s, const char *const *lists, size_t n)
{
	for (size_t i = 0; n && i < s->r->n; i++) {
		uint8_t family = s->r->chain[i]->table->family;
		const struct xt_entry_match *m = xt_first_match(family, s->r->v[i]->entry);

		for (; m; m = xt_next_match(family, s->r->v[i]->entry, m)) {
			const char *own = list_of(m->u.user.name, m->data);

			if (!own || s->chance[i] & VF_CHANCE ||
			    !bsearch(&own, lists, n, sizeof(*lists), by_name))
				continue;
			s->chance[i] |= VF_CHANCE;
			s->again = true;
		}
	}
}

static bool reads_sets(const struct xt_rule *rule, uint8_t family)
{
	const struct xt_entry_match *m = xt_first_match(family, rule->entry);

	for (; m; m = xt_next_match(family, rule->entry, m))
		if (!strcmp(m->u.user.name, "set"))
			return true;
	return false;
}

static bool is_set_target(const struct xt_rule *rule, uint8_t family)
{
	return rule->action == XT_ACT_TARGET &&
	       !strcmp(xt_target(family, rule->entry)->u.user.name, "SET");
}

static void taint_lists(struct spread *s)
{
	size_t n = 0;
	bool sets = false;

	for (size_t i = 0; i < s->r->n; i++) {
		uint8_t family = s->r->chain[i]->table->family;
		const struct xt_entry_match *m = xt_first_match(family, s->r->v[i]->entry);

		if (!s->chance[i])
			continue;
		for (; m; m = xt_next_match(family, s->r->v[i]->entry, m))
			if (list_of(m->u.user.name, m->data) && n < s->n_lists)
				s->lists[n++] = list_of(m->u.user.name, m->data);
		sets |= is_set_target(s->r->v[i], family);
	}
	if (n)
		qsort(s->lists, n, sizeof(*s->lists), by_name);
	taint_askers(s, s->lists, n);
	for (size_t i = 0; sets && i < s->r->n; i++) {
		if (s->chance[i] & VF_CHANCE ||
		    !reads_sets(s->r->v[i], s->r->chain[i]->table->family))
			continue;
		s->chance[i] |= VF_CHANCE;
		s->again = true;
	}
}

/* What asks for the state of connections, or sets a mark from it. */
static bool asks_state(const struct xt_rule *rule, uint8_t family)
{
	static const char *const names[] = { "state",	  "conntrack", "connmark", "connbytes",
					     "connlabel", "helper",    "mark" };
	const struct xt_entry_match *m = xt_first_match(family, rule->entry);

	for (; m; m = xt_next_match(family, rule->entry, m))
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (!strcmp(names[i], m->u.user.name))
				return true;
	return rule->action == XT_ACT_TARGET &&
	       !strcmp(xt_target(family, rule->entry)->u.user.name, "CONNMARK");
}

static void spread_state(struct spread *s)
{
	bool steered = false;

	for (size_t i = 0; i < s->r->n; i++)
		steered |= s->chance[i] && steers(s->r->v[i], s->r->chain[i]->table->family);
	for (size_t i = 0; steered && i < s->r->n; i++)
		if (asks_state(s->r->v[i], s->r->chain[i]->table->family))
			behind(s, i);
}

static void spread_all(struct spread *s)
{
	while (s->again) {
		s->again = false;
		spread_once(s);
	}
}

static void make_room(struct spread *s, struct xl_arena *a)
{
	for (size_t i = 0; i < s->r->n; i++) {
		uint8_t family = s->r->chain[i]->table->family;
		const struct xt_entry_match *m = xt_first_match(family, s->r->v[i]->entry);

		for (; m; m = xt_next_match(family, s->r->v[i]->entry, m))
			s->n_lists += list_of(m->u.user.name, m->data) != NULL;
	}
	s->lists = xl_alloc(a, (s->n_lists + 1) * sizeof(*s->lists));
}

uint8_t *vf_chance(struct xl_arena *a, const struct vf_rules *r, bool dice)
{
	struct spread s = { .r = r, .chance = xl_alloc(a, r->n + 1), .again = true };

	number_chains(&s, a);
	make_room(&s, a);
	for (size_t i = 0; i < r->n; i++) {
		s.chance[i] = own_chance(r->v[i], r->chain[i]->table->family);
		if (dice && !(s.chance[i] & VF_DICE))
			s.chance[i] = 0;
	}
	while (s.again) {
		spread_all(&s);
		spread_tables(&s);
		spread_state(&s);
		taint_lists(&s);
	}
	return s.chance;
}
