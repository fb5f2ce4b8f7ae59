// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A long run of rules that all test one field, and do with the packet whatever they do, becomes a
 * verdict map of that field and a chain for each value. Within a value the rules keep their order,
 * and no packet has two values.
 */
#include "diag/buf.h"
#include "nft/names.h"
#include "nft/passes.h"
#include "nft/write.h"
#include "optimize/merge.h"
#include "optimize/optimize.h"

#include <stdlib.h>
#include <string.h>

enum {
	RUN_MIN = 48, /* rules that cost more than a lookup and a jump */
	VALUES_MIN = 4,
	/* Each chain on the way may get one more below it, and nft nests 15. */
	PATH_MAX = 7,
};

/* A rule of the chain, as far as it can be told apart. */
struct step {
	struct nft_rule *rule;
	struct mg_rule *read;
	bool leaves; /* by return or goto, which mean something else one chain further down */
	unsigned int
		run[MG_FIELDS]; /* so many rules from here on have one value each of the field */
	unsigned int stay;	/* and so many from here on do not leave */
};

/* The rules of one value. */
struct value {
	const struct mg_box *box;
	struct nft_chain *to;
};

struct dispatch {
	const struct mg_table *t;
	struct nft_chain *chain;
	struct step *steps;
	size_t n, cap;
	enum mg_field field;
	struct value *values;
	size_t n_values, values_cap;
	struct mg_index index;
	size_t tried[MG_FIELDS]; /* up to where runs of a field are known to have too few values */
};

static bool leaves(const struct nft_rule *r)
{
	for (const struct nft_stmt *s = r->stmts.first; s; s = s->next) {
		if (s->kind == NFT_S_VERDICT &&
		    (s->verdict == NFT_RETURN || s->verdict == NFT_GOTO))
			return true;
		if (s->kind == NFT_S_TEXT || s->kind == NFT_S_VMAP)
			return true;
	}
	return false;
}

static const struct mg_range *range_of(const struct mg_box *b, enum mg_field f)
{
	return &b->range[__builtin_popcount(b->rule->mask & ((1U << f) - 1))];
}

/* All of its boxes have the same value of the field. */
static bool has_one(const struct step *s, enum mg_field f)
{
	if (nft_stmts_empty(&s->rule->stmts) || !(s->read->mask & 1U << f))
		return false;
	for (size_t i = 1; i < s->read->n_boxes; i++)
		if (memcmp(range_of(&s->read->boxes[i], f), range_of(&s->read->boxes[0], f),
			   sizeof(struct mg_range)) != 0)
			return false;
	return true;
}

/* How many rules from @at on test the field; those that leave the chain only where it ends with
 * them. */
static size_t run_length(const struct dispatch *d, size_t at, unsigned int f)
{
	const struct step *s = &d->steps[at];

	return at + s->run[f] == d->n || s->run[f] < s->stay ? s->run[f] : s->stay;
}

/* The field of the longest run that may be worth it. */
static size_t best_run(struct dispatch *d, size_t at)
{
	size_t best = 0;

	for (unsigned int f = 0; f < MG_FIELDS; f++) {
		size_t n = run_length(d, at, f);

		if (n <= best || n < RUN_MIN || at < d->tried[f])
			continue;
		best = n;
		d->field = (enum mg_field)f;
	}
	return best;
}

struct found {
	const struct mg_box *box; /* of a rule that the value met */
	enum mg_field field;
	bool same; /* all that it met have the very same value */
	const struct mg_box *met;
};

static bool note_met(void *to, struct mg_box *b)
{
	struct found *f = to;

	f->met = b;
	f->same &=
		!memcmp(range_of(b, f->field), range_of(f->box, f->field), sizeof(struct mg_range));
	return f->same;
}

/* A box of the field alone. */
static struct mg_box *field_box(const struct dispatch *d, const struct step *s)
{
	struct xl_arena *a = d->t->arena;
	struct mg_rule *rule = xl_new(a, struct mg_rule);
	struct mg_box *b = xl_new(a, struct mg_box);
	unsigned int i = (unsigned int)__builtin_popcount(s->read->mask & ((1U << d->field) - 1));

	rule->mask = 1U << d->field;
	rule->rule = s->rule;
	b->rule = rule;
	b->value = &s->read->boxes[0].value[i];
	b->range = &s->read->boxes[0].range[i];
	return b;
}

/* The values of the first @n rules from @at on; where two overlap the run ends. Returns its length.
 */
static size_t gather_values(struct dispatch *d, size_t at, size_t n)
{
	d->n_values = 0;
	d->index = (struct mg_index){ .field = d->field };
	for (size_t i = 0; i < n; i++) {
		struct mg_box *b = field_box(d, &d->steps[at + i]);
		struct found f = { .box = b, .field = d->field, .same = true };
		struct value v = { .box = b };

		mg_index_each(&d->index, b, UINT32_MAX, note_met, &f);
		if (!f.same)
			return i;
		if (f.met)
			continue;
		mg_index_add(&d->index, b);
		xl_push(d->t->arena, d->values, d->n_values, d->values_cap, v);
	}
	return n;
}

static int by_range(const void *a, const void *b)
{
	const struct value *x = a, *y = b;

	return memcmp(x->box->range, y->box->range, sizeof(*x->box->range));
}

static struct nft_chain *chain_of(const struct dispatch *d, const struct step *s)
{
	struct value key = { .box = field_box(d, s) }, *v;

	v = bsearch(&key, d->values, d->n_values, sizeof(key), by_range);
	return v->to;
}

/* "FORWARD-10.0.0.1" */
static struct nft_chain *new_chain(const struct dispatch *d, const struct nft_expr *value)
{
	struct xl_arena *a = d->t->arena;
	struct xl_buf b = { .s = NULL };
	struct nft_chain *c;
	const char *name;

	nft_write_expr(&b, value);
	name = xl_printf(a, "%s-%s", d->chain->name, b.failed ? "" : b.s);
	xl_buf_free(&b);
	c = nft_chain_new(d->t->rs, d->t->table,
			  nft_name_claim(a, &d->t->table->chain_names, name));
	c->helper = true;
	return c;
}

static struct nft_set *make_map(const struct dispatch *d)
{
	struct xl_arena *a = d->t->arena;
	enum nft_key_id key = mg_key_of_field(d->field, -1);
	const char *name = xl_printf(a, "%s-by-%s", d->chain->name, mg_field_names[d->field]);
	struct nft_set *set;

	set = nft_set_new(d->t->rs, d->t->table, nft_name_claim(a, &d->t->table->set_names, name));
	set->map = true;
	set->type = xl_printf(a, "typeof %s : verdict", nft_keys[key].text);
	for (size_t i = 0; i < d->n_values; i++) {
		struct value *v = &d->values[i];
		struct nft_elem e = { .key = (struct nft_expr *)v->box->value[0] };

		v->to = new_chain(d, e.key);
		e.data = nft_verdict_data(a, NFT_JUMP, v->to);
		if (!mg_range_is_one(v->box->range))
			set->flags |= NFT_SET_INTERVAL;
		xl_push(a, set->elems, set->n, set->cap, e);
	}
	return set;
}

/* Puts the rules into their chains; returns the one rule that stands for them. */
static struct nft_rule *split(struct dispatch *d, size_t at, size_t n)
{
	struct xl_arena *a = d->t->arena;
	struct nft_rule *r = xl_new(a, struct nft_rule);
	struct nft_set *map = make_map(d);

	qsort(d->values, d->n_values, sizeof(*d->values), by_range);
	for (size_t i = 0; i < n; i++) {
		struct nft_chain *to = chain_of(d, &d->steps[at + i]);

		*to->end = d->steps[at + i].rule;
		to->end = &(*to->end)->next;
		*to->end = NULL;
		to->uses = 1;
	}
	nft_stmts_init(&r->stmts);
	nft_stmts_add(&r->stmts,
		      nft_vmap(a, nft_key(a, mg_key_of_field(d->field, -1)), nft_setref(a, map)));
	return r;
}

static void measure_runs(struct dispatch *d)
{
	for (size_t i = d->n; i--;) {
		struct step *s = &d->steps[i], *next = i + 1 < d->n ? s + 1 : NULL;

		s->stay = s->leaves ? 0 : next ? next->stay + 1 : 1;
		for (unsigned int f = 0; f < MG_FIELDS; f++)
			s->run[f] = !has_one(s, (enum mg_field)f) ? 0 : next ? next->run[f] + 1 : 1;
	}
}

static void read_chain(struct dispatch *d)
{
	for (struct nft_rule *r = d->chain->rules; r; r = r->next) {
		struct step s = { .rule = r, .read = mg_read_rule(d->t, r), .leaves = leaves(r) };

		xl_push(d->t->arena, d->steps, d->n, d->cap, s);
	}
	measure_runs(d);
}

/* The run from @at on that is split, in d->field and d->values; 0: none is. */
static size_t find_run(struct dispatch *d, size_t at)
{
	size_t n, all;

	while ((all = best_run(d, at))) {
		n = gather_values(d, at, all);
		if (n >= RUN_MIN && d->n_values >= VALUES_MIN)
			return n;
		d->tried[d->field] = at + (n == all ? n : 1);
	}
	return 0;
}

static void dispatch_chain(const struct mg_table *t, struct nft_chain *c)
{
	struct dispatch d = { .t = t, .chain = c };
	struct nft_rule **to = &c->rules;

	read_chain(&d);
	for (size_t at = 0; at < d.n;) {
		size_t n = find_run(&d, at);

		*to = n ? split(&d, at, n) : d.steps[at].rule;
		to = &(*to)->next;
		at += n ? n : 1;
	}
	*to = NULL;
	c->end = to;
}

void xl_dispatch_rules(struct nft_ruleset *rs)
{
	for (struct nft_table *table = rs->tables; table; table = table->next) {
		struct mg_table t;
		bool deep = nft_longest_path(table) > PATH_MAX;

		mg_table_init(&t, rs, table);
		for (struct nft_chain *c = table->chains; c && !deep; c = c->next)
			if (!c->inlined && mg_chain_has(c, RUN_MIN))
				dispatch_chain(&t, c);
	}
}
