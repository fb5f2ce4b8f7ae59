// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Puts the rules of a chain into groups. A rule may go up to a group before it where no packet that
 * it matches is matched by what it passes; so of any two rules that one packet can match, the first
 * stays first. A packet that a rule ends the chain for is then judged by the same rule as before,
 * and one that goes on meets the same rules in the same order.
 */
#include "nft/passes.h"
#include "optimize/merge.h"
#include "optimize/optimize.h"

#include <string.h>

enum {
	WINDOW = 64,	     /* items that a rule may be moved past */
	BUDGET_STEP = 256,   /* boxes looked at to see whether it may */
	BUDGET_GROUP = 1024, /* boxes looked at in the group itself */
	LEVELS_MAX = 16,     /* lookups of one group, one after the other */
};

/* Rules with one signature. */
struct sign {
	const char *text;
	size_t n;		  /* rules in all */
	size_t item;		  /* their last group; NONE: none yet */
	uint64_t seen[MG_FIELDS]; /* a bit for each hash of a value: the field with the most is
				     indexed */
};

#define NONE SIZE_MAX

struct item {
	struct mg_rule *rule;	/* or … */
	struct mg_group *group; /* … of which all have this rule's signature */
};

struct merging {
	struct mg_table *t;
	struct mg_rule **rules;
	struct sign **sign_of; /* by rule; NULL: not mergeable */
	size_t n, cap;
	struct sign **slots;
	size_t n_signs, n_slots;
	struct item *items;
	size_t n_items, items_cap;
	struct xl_buf buf;
};

static size_t hash(const void *p, size_t n)
{
	const unsigned char *s = p;
	uint32_t h = 2166136261U;

	while (n--)
		h = (h ^ *s++) * 16777619U;
	return h ^ h >> 15;
}

static struct sign **slot_for(struct sign **slots, size_t n, const char *text)
{
	size_t i = hash(text, strlen(text)) & (n - 1);

	while (slots[i] && strcmp(slots[i]->text, text) != 0)
		i = (i + 1) & (n - 1);
	return &slots[i];
}

static void grow(struct merging *m)
{
	size_t n = m->n_slots ? 2 * m->n_slots : 64;
	struct sign **slots = xl_alloc(m->t->arena, n * sizeof(struct sign *));

	for (size_t i = 0; i < m->n_slots; i++)
		if (m->slots[i])
			*slot_for(slots, n, m->slots[i]->text) = m->slots[i];
	m->slots = slots;
	m->n_slots = n;
}

static struct sign *sign_of(struct merging *m, const struct mg_rule *r)
{
	struct sign **slot, *s;

	if (2 * (m->n_signs + 1) > m->n_slots)
		grow(m);
	m->buf.len = 0;
	mg_signature(&m->buf, r);
	if (m->buf.failed)
		return NULL;
	slot = slot_for(m->slots, m->n_slots, m->buf.s);
	s = *slot;
	if (s)
		return s;
	s = xl_new(m->t->arena, struct sign);
	s->text = xl_strdup(m->t->arena, m->buf.s);
	s->item = NONE;
	*slot = s;
	m->n_signs++;
	return s;
}

static void note_values(struct sign *s, const struct mg_rule *r)
{
	unsigned int i = 0;

	s->n++;
	for (unsigned int f = 0; f < MG_FIELDS; f++)
		if (r->mask & 1U << f)
			s->seen[f] |=
				1ULL
				<< (hash(&r->boxes[0].range[i++], sizeof(struct mg_range)) & 63);
}

static enum mg_field best_field(const struct sign *s)
{
	unsigned int best = 0;

	for (unsigned int f = 1; f < MG_FIELDS; f++)
		if (__builtin_popcountll(s->seen[f]) > __builtin_popcountll(s->seen[best]))
			best = f;
	return (enum mg_field)best;
}

static void read_rules(struct merging *m, struct nft_rule *r)
{
	size_t n_signs = 0, cap = 0;

	for (; r; r = r->next) {
		struct mg_rule *rule = mg_read_rule(m->t, r);
		struct sign *s = rule->mergeable ? sign_of(m, rule) : NULL;

		if (s)
			note_values(s, rule);
		xl_push(m->t->arena, m->rules, m->n, m->cap, rule);
		xl_push(m->t->arena, m->sign_of, n_signs, cap, s);
	}
}

static bool stop(void *to, struct mg_box *b)
{
	(void)to;
	(void)b;
	return false;
}

static bool rules_meet(const struct mg_rule *a, const struct mg_rule *b)
{
	for (size_t i = 0; i < a->n_boxes; i++)
		for (size_t k = 0; k < b->n_boxes; k++)
			if (mg_boxes_meet(&a->boxes[i], &b->boxes[k]))
				return true;
	return false;
}

/* What only counts can be in any order among its like. */
static bool may_pass(const struct mg_rule *r, const struct item *item)
{
	const struct mg_rule *first = item->group ? item->group->rules : item->rule;

	if (nft_stmts_empty(&first->rule->stmts) || (mg_only_counts(r) && mg_only_counts(first)))
		return true;
	if (!item->group)
		return !rules_meet(r, first);
	for (size_t i = 0; i < r->n_boxes; i++)
		if (!mg_index_each(&item->group->index, &r->boxes[i], BUDGET_STEP, stop, NULL))
			return false;
	return true;
}

static bool may_join(const struct merging *m, const struct mg_rule *r, const struct sign *s)
{
	if (s->item == NONE || m->n_items - s->item > WINDOW)
		return false;
	for (size_t i = m->n_items; --i > s->item;)
		if (!may_pass(r, &m->items[i]))
			return false;
	return true;
}

static bool note_level(void *to, struct mg_box *b)
{
	unsigned int *level = to;

	b->rule->followed = true;
	if (b->rule->level + 1 > *level)
		*level = b->rule->level + 1;
	return true;
}

static bool join(struct mg_group *g, struct mg_rule *r)
{
	for (size_t i = 0; i < r->n_boxes; i++)
		if (!mg_index_each(&g->index, &r->boxes[i], BUDGET_GROUP, note_level, &r->level))
			return false;
	if (r->level >= LEVELS_MAX)
		return false;
	for (size_t i = 0; i < r->n_boxes; i++)
		mg_index_add(&g->index, &r->boxes[i]);
	*g->end = r;
	g->end = &r->next;
	g->n++;
	if (r->level + 1 > g->levels)
		g->levels = r->level + 1;
	return true;
}

static void add_item(struct merging *m, struct mg_rule *r, struct sign *s)
{
	struct item item = { .rule = r };

	if (s) {
		item.group = xl_new(m->t->arena, struct mg_group);
		item.group->end = &item.group->rules;
		item.group->index.field = best_field(s);
		r->level = 0;
		join(item.group, r);
		s->item = m->n_items;
	}
	xl_push(m->t->arena, m->items, m->n_items, m->items_cap, item);
}

static void place_rules(struct merging *m)
{
	for (size_t i = 0; i < m->n; i++) {
		struct sign *s = m->sign_of[i];

		if (s && s->n < MG_RULES_MIN)
			s = NULL;
		if (!s || !may_join(m, m->rules[i], s) ||
		    !join(m->items[s->item].group, m->rules[i]))
			add_item(m, m->rules[i], s);
	}
}

static void write_chain(const struct merging *m, struct nft_chain *c)
{
	struct nft_rule **at = &c->rules;

	for (size_t i = 0; i < m->n_items; i++) {
		if (m->items[i].group) {
			at = mg_write_group(m->t, c, m->items[i].group, at);
		} else {
			*at = m->items[i].rule->rule;
			at = &(*at)->next;
		}
	}
	*at = NULL;
	c->end = at;
}

static void merge_chain(struct mg_table *t, struct nft_chain *c)
{
	struct merging m = { .t = t };

	read_rules(&m, c->rules);
	place_rules(&m);
	write_chain(&m, c);
	xl_buf_free(&m.buf);
}

void xl_merge_rules(struct nft_ruleset *rs)
{
	for (struct nft_table *table = rs->tables; table; table = table->next) {
		struct mg_table t;

		mg_table_init(&t, rs, table);
		for (struct nft_chain *c = table->chains; c; c = c->next)
			if (!c->inlined && mg_chain_has(c, MG_RULES_MIN))
				merge_chain(&t, c);
	}
}
