// SPDX-License-Identifier: GPL-2.0-or-later
/* nft nests at most 15 user chains below a base chain (NFT_JUMP_STACK_SIZE, nft_chain_validate());
 * ip_tables has no limit but memory. */
#include "nft/passes.h"

enum { DEPTH_MAX = 15 };

/* Chains whose targets have to be looked at (again): a ring would do, a growing list is simpler. */
struct queue {
	struct xl_arena *arena;
	struct nft_chain **v;
	size_t n, cap, at;
};

static void reach(struct queue *q, struct nft_chain *c, unsigned int depth)
{
	c->depth = depth;
	xl_push(q->arena, q->v, q->n, q->cap, c);
}

/* Depths only grow and end at DEPTH_MAX, so this ends for circles too: one of their rules is then
 * too deep. */
static void visit_target(struct queue *q, const struct nft_chain *from, struct nft_rule *r,
			 struct nft_chain *to)
{
	unsigned int depth = from->depth + 1;

	if (depth > DEPTH_MAX)
		r->refused = "nft nests at most 15 chains, and here they nest deeper or jump in a "
			     "circle";
	else if (to->depth < depth)
		reach(q, to, depth);
}

static void visit_rule(struct queue *q, const struct nft_chain *from, struct nft_rule *r)
{
	for (struct nft_stmt *s = r->stmts.first; s && !r->refused; s = s->next)
		if (s->kind == NFT_S_VERDICT && s->chain)
			visit_target(q, from, r, s->chain);
}

static void visit_table(struct xl_arena *a, struct nft_table *t)
{
	struct queue q = { .arena = a };

	for (struct nft_chain *c = t->chains; c; c = c->next)
		if (c->base)
			reach(&q, c, 0);
	while (q.at < q.n) {
		struct nft_chain *c = q.v[q.at++];

		for (struct nft_rule *r = c->rules; r; r = r->next)
			visit_rule(&q, c, r);
	}
}

void nft_refuse_deep_jumps(struct nft_ruleset *rs)
{
	for (struct nft_table *t = rs->tables; t; t = t->next)
		visit_table(rs->arena, t);
}

/* The longest way through chains that have no circles: depths grow round by round until none does.
 */
struct paths {
	unsigned int longest;
	bool more;
};

static void deepen(struct paths *p, const struct nft_chain *from, struct nft_chain *to)
{
	if (!to || to->depth > from->depth)
		return;
	to->depth = from->depth + 1;
	p->more = true;
	if (to->depth > p->longest)
		p->longest = to->depth;
}

static void deepen_by(struct paths *p, const struct nft_chain *from, const struct nft_stmt *s)
{
	const struct nft_set *map;

	if (s->kind == NFT_S_VERDICT)
		deepen(p, from, s->chain);
	map = s->kind == NFT_S_VMAP && s->r->kind == NFT_E_SETREF ? s->r->set : NULL;
	for (size_t i = 0; map && i < map->n; i++)
		if (map->elems[i].data->kind == NFT_E_VERDICT)
			deepen(p, from, map->elems[i].data->chain);
}

unsigned int nft_longest_path(struct nft_table *t)
{
	struct paths p = { .more = true };

	for (struct nft_chain *c = t->chains; c; c = c->next)
		c->depth = 0;
	while (p.more && p.longest <= DEPTH_MAX) {
		p.more = false;
		for (struct nft_chain *c = t->chains; c; c = c->next)
			for (struct nft_rule *r = c->rules; r; r = r->next)
				for (struct nft_stmt *s = r->stmts.first; s; s = s->next)
					deepen_by(&p, c, s);
	}
	return p.longest;
}
