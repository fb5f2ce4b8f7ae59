// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes a group of rules as lookups in sets and maps. */
#include "nft/names.h"
#include "nft/write.h"
#include "optimize/merge.h"

#include <string.h>

/* A lookup while it is made: of rules on one level. */
struct lookup {
	struct mg_table *t;
	const struct nft_chain *chain;
	const struct mg_rule **rules;
	size_t n, cap;
	const struct mg_rule *first;
	unsigned int mask; /* the fields in the key; the others are the same in all rules */
	bool one_act;	   /* all do the very same */
	struct nft_expr *key;
	struct nft_set *set;
};

static const struct nft_expr *value_at(const struct mg_box *b, unsigned int field)
{
	return b->value[__builtin_popcount(b->rule->mask & ((1U << field) - 1))];
}

static const struct mg_range *range_at(const struct mg_box *b, unsigned int field)
{
	return &b->range[__builtin_popcount(b->rule->mask & ((1U << field) - 1))];
}

static bool same_field(const struct lookup *l, unsigned int field)
{
	const struct mg_range *first = range_at(&l->first->boxes[0], field);

	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->rules[i]->n_boxes; k++)
			if (memcmp(range_at(&l->rules[i]->boxes[k], field), first,
				   sizeof(*first)) != 0)
				return false;
	return true;
}

/* Fields of which all rules test the same value stay tests in front. */
static unsigned int varying_fields(const struct lookup *l)
{
	unsigned int mask = 0;

	for (unsigned int f = 0; f < MG_FIELDS; f++)
		if (l->first->mask & 1U << f && !same_field(l, f))
			mask |= 1U << f;
	return mask;
}

static bool same_data(const struct nft_expr *a, const struct nft_expr *b)
{
	if (!a || !b)
		return a == b;
	return a->kind == b->kind && a->num == b->num &&
	       (a->kind != NFT_E_ADDR || !memcmp(a->addr, b->addr, sizeof(a->addr)));
}

static bool same_act(const struct nft_stmt *a, const struct nft_stmt *b, enum mg_action action)
{
	switch (action) {
	case MG_SAME:
		return true; /* the signature said so */
	case MG_VERDICT:
		return a->verdict == b->verdict && a->chain == b->chain;
	case MG_MARK_SET:
		return same_data(a->r, b->r);
	default:
		return same_data(a->nat.addr, b->nat.addr) && same_data(a->nat.port, b->nat.port);
	}
}

static bool all_act_alike(const struct lookup *l)
{
	for (size_t i = 1; i < l->n; i++)
		if (!same_act(l->first->act, l->rules[i]->act, l->first->action))
			return false;
	return true;
}

static enum nft_key_id key_at(const struct lookup *l, unsigned int field)
{
	return mg_key_of_field((enum mg_field)field,
			       l->mask & 1U << MG_L4PROTO ? -1 : l->first->proto);
}

static struct nft_expr *make_key(const struct lookup *l)
{
	struct xl_arena *a = l->t->arena;
	struct nft_expr *key = NULL;

	for (unsigned int f = 0; f < MG_FIELDS; f++) {
		struct nft_expr *part;

		if (!(l->mask & 1U << f))
			continue;
		part = nft_key(a, key_at(l, f));
		key = key ? nft_concat(a, key, part) : part;
	}
	return key;
}

static const char *key_text(const struct lookup *l)
{
	const char *text = NULL;

	for (unsigned int f = 0; f < MG_FIELDS; f++) {
		const char *part = nft_keys[l->mask & 1U << f ? key_at(l, f) : 0].text;

		if (l->mask & 1U << f)
			text = text ? xl_printf(l->t->arena, "%s . %s", text, part) : part;
	}
	return text;
}

static bool is_ipv6(const struct lookup *l)
{
	const struct nft_expr *addr = l->first->act->nat.addr;

	return addr && addr->type == NFT_T_IPV6;
}

/* What the data is, as "typeof" has it. */
static const char *data_text(const struct lookup *l)
{
	const struct nft_nat *n = &l->first->act->nat;
	const char *addr, *port = nft_keys[key_at(l, MG_DPORT)].text;

	switch (l->first->action) {
	case MG_VERDICT:
		return "verdict";
	case MG_MARK_SET:
		return "meta mark";
	default:
		addr = is_ipv6(l) ? "ip6 daddr" : "ip daddr";
		if (!n->port)
			return addr;
		return n->addr ? xl_printf(l->t->arena, "%s . %s", addr, port) : port;
	}
}

static struct nft_expr *data_of(const struct lookup *l, const struct nft_stmt *act)
{
	struct xl_arena *a = l->t->arena;

	switch (l->first->action) {
	case MG_VERDICT:
		return nft_verdict_data(a, act->verdict, act->chain);
	case MG_MARK_SET:
		return act->r;
	default:
		if (!act->nat.addr || !act->nat.port)
			return act->nat.addr ? act->nat.addr : act->nat.port;
		return nft_concat(a, act->nat.addr, act->nat.port);
	}
}

static struct nft_elem make_elem(const struct lookup *l, const struct mg_rule *r,
				 const struct mg_box *b)
{
	struct nft_elem e = { .source = r->rule->source, .comment = r->rule->comment };

	for (unsigned int f = 0; f < MG_FIELDS; f++) {
		struct nft_expr *v;

		if (!(l->mask & 1U << f))
			continue;
		v = (struct nft_expr *)value_at(b, f);
		e.key = e.key ? nft_concat(l->t->arena, e.key, v) : v;
		if (!mg_range_is_one(range_at(b, f)))
			l->set->flags |= NFT_SET_INTERVAL;
	}
	if (!l->one_act)
		e.data = data_of(l, r->act);
	/* What the rule has counted goes on at its first element; the others begin at 0, as the set
	 * says. */
	if (r->counter && b == r->boxes && r->counter->packets != UINT64_MAX) {
		e.packets = r->counter->packets;
		e.bytes = r->counter->bytes;
		e.counter = e.packets || e.bytes;
	}
	return e;
}

/* "FORWARD-saddr-dport" */
static const char *set_name(const struct lookup *l)
{
	const char *name = l->chain->name;

	for (unsigned int f = 0; f < MG_FIELDS; f++)
		if (l->mask & 1U << f)
			name = xl_printf(l->t->arena, "%s-%s", name, mg_field_names[f]);
	return nft_name_claim(l->t->arena, &l->t->table->set_names, name);
}

static void make_set(struct lookup *l)
{
	struct xl_arena *a = l->t->arena;
	const char *key = key_text(l);

	l->set = nft_set_new(l->t->rs, l->t->table, set_name(l));
	l->set->key = l->key;
	l->set->map = !l->one_act;
	l->set->counter = l->first->counter != NULL;
	l->set->type = l->one_act ? xl_printf(a, "typeof %s", key)
				  : xl_printf(a, "typeof %s : %s", key, data_text(l));
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->rules[i]->n_boxes; k++)
			xl_push(a, l->set->elems, l->set->n, l->set->cap,
				make_elem(l, l->rules[i], &l->rules[i]->boxes[k]));
}

/* "tcp dport" says "tcp", but not to "redirect to :tcp dport map", where nft wants it said before.
 */
static bool says_proto(const struct lookup *l)
{
	unsigned int ports = 1U << MG_SPORT | 1U << MG_DPORT;

	if (l->first->action == MG_REDIRECT && !l->one_act)
		ports &= ~l->mask;
	return l->first->proto >= 0 && l->first->mask & ports &&
	       mg_key_of_field(MG_DPORT, l->first->proto) != mg_key_of_field(MG_DPORT, -1);
}

static void add_tests(const struct lookup *l, struct nft_rule *to)
{
	struct xl_arena *a = l->t->arena;

	for (unsigned int f = 0; f < MG_FIELDS; f++) {
		if (!(l->first->mask & ~l->mask & 1U << f))
			continue;
		if (f == MG_L4PROTO && says_proto(l))
			continue;
		nft_stmts_add(&to->stmts,
			      nft_match(a, nft_key(a, key_at(l, f)), NFT_EQ,
					(struct nft_expr *)value_at(&l->first->boxes[0], f)));
	}
	for (size_t i = 0; i < l->first->n_rest; i++)
		nft_stmts_add(&to->stmts, nft_stmt_copy(a, l->first->rest[i]));
}

/* An address and a port from one map: nft wants to be told the family. */
static struct nft_stmt *nat_by_map(const struct lookup *l, struct nft_expr *map)
{
	struct nft_stmt *s = nft_stmt_copy(l->t->arena, l->first->act);

	if (s->nat.addr) {
		s->nat.addr = map;
		s->nat.port = NULL;
		s->nat.family = is_ipv6(l) ? "ip6" : "ip";
	} else {
		s->nat.port = map;
	}
	return s;
}

static void add_lookup(const struct lookup *l, struct nft_rule *to)
{
	struct xl_arena *a = l->t->arena;
	struct nft_expr *set = nft_setref(a, l->set);

	if (l->one_act) {
		nft_stmts_add(&to->stmts, nft_match(a, l->key, NFT_EQ, set));
		for (const struct nft_stmt *s = l->first->act; s; s = s->next)
			nft_stmts_add(&to->stmts, nft_stmt_copy(a, s));
	} else if (l->first->action == MG_VERDICT) {
		nft_stmts_add(&to->stmts, nft_vmap(a, l->key, set));
	} else if (l->first->action == MG_MARK_SET) {
		nft_stmts_add(&to->stmts, nft_assign(a, l->first->act->l, nft_map(a, l->key, set)));
	} else {
		nft_stmts_add(&to->stmts, nat_by_map(l, nft_map(a, l->key, set)));
	}
}

/* The kernel's registers hold so many bytes of a key (NFT_REG32_COUNT), its parts rounded up. */
static bool key_fits(const struct lookup *l)
{
	enum { ROOM = 64 };
	unsigned int n = 0;

	for (unsigned int f = 0; f < MG_FIELDS; f++)
		if (l->mask & 1U << f)
			n += (nft_keys[key_at(l, f)].bits + 31U) / 32 * 4;
	return n <= ROOM;
}

static struct nft_rule **write_plain(const struct lookup *l, struct nft_rule **at)
{
	for (size_t i = 0; i < l->n; i++) {
		*at = l->rules[i]->rule;
		at = &(*at)->next;
	}
	return at;
}

/* The kernel finds a set by going through all of the table's (nft_set_lookup()), so that very many
 * take long to load: the more there are, the more rules one has to be for. */
static bool is_worth_it(const struct lookup *l)
{
	enum { STEP = 500, STEPS_MAX = 20 };
	size_t steps = l->t->sets / STEP;

	return l->n >= (size_t)MG_RULES_MIN << (steps < STEPS_MAX ? steps : STEPS_MAX);
}

/* The one lookup that all rules are in, or these as they are. */
static struct nft_rule **write_lookup(struct lookup *l, struct nft_rule **at)
{
	struct nft_rule *r;

	if (!is_worth_it(l) || !l->mask || !key_fits(l))
		return write_plain(l, at);
	l->t->sets++;
	l->one_act = all_act_alike(l);
	l->key = make_key(l);
	make_set(l);
	r = xl_new(l->t->arena, struct nft_rule);
	nft_stmts_init(&r->stmts);
	add_tests(l, r);
	add_lookup(l, r);
	*at = r;
	return &r->next;
}

static bool is_exact(const struct mg_rule *r, unsigned int fields)
{
	for (size_t i = 0; i < r->n_boxes; i++)
		for (unsigned int f = 0; f < MG_FIELDS; f++)
			if (fields & 1U << f && !mg_range_is_one(range_at(&r->boxes[i], f)))
				return false;
	return true;
}

/* Rules of a level, of which no two match the same packet. Single values are found by their hash,
 * far faster than among ranges; so they get a set of their own. */
static struct nft_rule **write_level(struct lookup *l, struct nft_rule **at)
{
	struct lookup exact = { .t = l->t, .chain = l->chain }, ranges = exact;

	l->first = l->rules[0];
	l->mask = varying_fields(l);
	for (size_t i = 0; i < l->n; i++) {
		struct lookup *to = is_exact(l->rules[i], l->mask) ? &exact : &ranges;

		xl_push(l->t->arena, to->rules, to->n, to->cap, l->rules[i]);
	}
	if (exact.n < MG_RULES_MIN || !ranges.n)
		return write_lookup(l, at);
	exact.mask = ranges.mask = l->mask;
	exact.first = exact.rules[0];
	ranges.first = ranges.rules[0];
	return write_lookup(&ranges, write_lookup(&exact, at));
}

/* Ranges that no later rule overlaps are looked up with the last ones, rather than by themselves.
 */
static void sink_ranges(const struct mg_group *g)
{
	unsigned int last = 0;

	for (const struct mg_rule *r = g->rules; r; r = r->next)
		if (r->level > last && !is_exact(r, r->mask))
			last = r->level;
	for (struct mg_rule *r = g->rules; r; r = r->next)
		if (!r->followed && r->level < last && !is_exact(r, r->mask))
			r->level = last;
}

struct nft_rule **mg_write_group(struct mg_table *t, const struct nft_chain *c,
				 const struct mg_group *g, struct nft_rule **at)
{
	struct lookup *levels = xl_alloc(t->arena, g->levels * sizeof(*levels));

	sink_ranges(g);
	for (const struct mg_rule *r = g->rules; r; r = r->next) {
		struct lookup *l = &levels[r->level];

		xl_push(t->arena, l->rules, l->n, l->cap, r);
	}
	for (unsigned int i = 0; i < g->levels; i++) {
		levels[i].t = t;
		levels[i].chain = c;
		if (levels[i].n)
			at = write_level(&levels[i], at);
	}
	return at;
}
