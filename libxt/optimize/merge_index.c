// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which boxes of a group could a packet be in? A tree of intervals: a treap ordered by the low end
 * of one field's range, each node knowing the highest end below it.
 */
#include "optimize/merge.h"

#include <string.h>

static const struct mg_range all = { .hi = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };

/* Fields are kept close together: where the rule's mask says. */
static const struct mg_range *range_of(const struct mg_box *b, enum mg_field field)
{
	unsigned int mask = b->rule->mask, bit = 1U << field;

	return mask & bit ? &b->range[__builtin_popcount(mask & (bit - 1))] : &all;
}

bool mg_range_is_one(const struct mg_range *r)
{
	return memcmp(r->lo, r->hi, MG_BYTES) == 0;
}

bool mg_ranges_meet(const struct mg_range *a, const struct mg_range *b)
{
	return memcmp(a->lo, b->hi, MG_BYTES) <= 0 && memcmp(b->lo, a->hi, MG_BYTES) <= 0;
}

bool mg_boxes_meet(const struct mg_box *a, const struct mg_box *b)
{
	for (unsigned int both = a->rule->mask & b->rule->mask; both; both &= both - 1) {
		enum mg_field f = (enum mg_field)__builtin_ctz(both);

		if (!mg_ranges_meet(range_of(a, f), range_of(b, f)))
			return false;
	}
	return true;
}

static void update(struct mg_box *b)
{
	b->most = b->by->hi;
	if (b->left && memcmp(b->left->most, b->most, MG_BYTES) > 0)
		b->most = b->left->most;
	if (b->right && memcmp(b->right->most, b->most, MG_BYTES) > 0)
		b->most = b->right->most;
}

static struct mg_box *rotate_right(struct mg_box *b)
{
	struct mg_box *top = b->left;

	b->left = top->right;
	top->right = b;
	update(b);
	return top;
}

static struct mg_box *rotate_left(struct mg_box *b)
{
	struct mg_box *top = b->right;

	b->right = top->left;
	top->left = b;
	update(b);
	return top;
}

static struct mg_box *insert(struct mg_box *at, struct mg_box *b)
{
	if (!at) {
		update(b);
		return b;
	}
	if (memcmp(b->by->lo, at->by->lo, MG_BYTES) < 0) {
		at->left = insert(at->left, b);
		if (at->left->weight > at->weight)
			at = rotate_right(at);
	} else {
		at->right = insert(at->right, b);
		if (at->right->weight > at->weight)
			at = rotate_left(at);
	}
	update(at);
	return at;
}

void mg_index_add(struct mg_index *x, struct mg_box *b)
{
	/* Any sequence without a pattern keeps the tree flat (Knuth's generator for 32 bits). */
	x->seed = x->seed * 1664525U + 1013904223U;
	b->weight = x->seed;
	b->by = range_of(b, x->field);
	x->root = insert(x->root, b);
}

struct search {
	const struct mg_box *box;
	const struct mg_range *range;
	unsigned int budget;
	bool (*found)(void *to, struct mg_box *b);
	void *to;
};

static bool search(struct search *s, struct mg_box *at)
{
	if (!at || memcmp(at->most, s->range->lo, MG_BYTES) < 0)
		return true;
	if (!s->budget--) {
		s->budget = 0;
		return false;
	}
	if (!search(s, at->left))
		return false;
	if (memcmp(at->by->lo, s->range->hi, MG_BYTES) > 0)
		return true;
	if (mg_boxes_meet(at, s->box) && !s->found(s->to, at))
		return false;
	return search(s, at->right);
}

bool mg_index_each(const struct mg_index *x, const struct mg_box *box, unsigned int budget,
		   bool (*found)(void *to, struct mg_box *b), void *to)
{
	struct search s = { box, range_of(box, x->field), budget, found, to };

	return search(&s, x->root);
}
