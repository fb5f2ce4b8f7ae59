// SPDX-License-Identifier: GPL-2.0-or-later
/* Counters of sides whose rules nftables has. */
#include "verify/counts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How the kernel's names of chains of "jump { … }" begin. */
#define INLINED "__chain"

/* A dump of nft's rules, which come chain by chain, in order. */
struct nft_walk {
	uint8_t family;
	const struct nft_ruleset *nft;
	const struct nft_rule *rule; /* the next one */
	char names[2][256];	     /* table and chain of the last one */
	size_t known;		     /* how many were the model's */
	bool others;		     /* there were others */
};

static const struct nft_rule *written(const struct nft_rule *r)
{
	while (r && (r->refused || nft_stmts_empty(&r->stmts)))
		r = r->next;
	return r;
}

static void new_chain(struct nft_walk *w, const char *table, const char *chain)
{
	const char *family = w->family == NFPROTO_IPV4	 ? "ip"
			     : w->family == NFPROTO_INET ? "inet"
							 : "ip6";
	const struct nft_table *t;
	const struct nft_chain *c;

	strncpy(w->names[0], table, sizeof(w->names[0]) - 1);
	strncpy(w->names[1], chain, sizeof(w->names[1]) - 1);
	w->rule = NULL;
	t = nft_table_find(w->nft, family, table);
	c = t ? nft_chain_find(t, chain) : NULL;
	if (c)
		w->rule = written(c->rules);
}

static void know_nft_rule(void *to, const char *table, const char *chain, const struct vf_count *c)
{
	struct nft_walk *w = to;

	(void)c;
	if (!strcmp(table, VF_EARLY))
		return;
	if (strcmp(w->names[0], table) || strcmp(w->names[1], chain))
		new_chain(w, table, chain);
	w->others |= !w->rule && strncmp(chain, INLINED, strlen(INLINED)) != 0;
	if (!w->rule)
		return;
	w->known++;
	w->rule = written(w->rule->next);
}

static const uint8_t families[] = { NFPROTO_IPV4, NFPROTO_IPV6, NFPROTO_INET };

static size_t count_written(const struct nft_ruleset *rs)
{
	size_t n = 0;

	for (const struct nft_table *t = rs->tables; t; t = t->next)
		for (const struct nft_chain *c = t->chains; c; c = c->next)
			for (const struct nft_rule *r = written(c->inlined ? NULL : c->rules); r;
			     r = written(r->next))
				n++;
	return n;
}

bool vf_has_rules_of(struct vf_side *s, const struct nft_ruleset *rs)
{
	size_t known = 0;

	for (size_t i = 0; i < sizeof(families); i++) {
		struct nft_walk w = { .nft = rs, .family = families[i] };

		if (!vf_each_nft_rule(s->netlink, families[i], know_nft_rule, &w) || w.others)
			return false;
		known += w.known;
	}
	return known == count_written(rs);
}

#define NONE  SIZE_MAX
#define UNSET (SIZE_MAX - 1)

/**
 * struct counted - a chain of the kernel's that has counters of rules
 * @rules: by the place in that chain, the number of the rule that counts there, or NONE
 * @of: the number of the chain that these rules are of, as in vf_rules' by_chain; NONE: several
 */
struct counted {
	uint8_t family;
	const char *table, *name;
	size_t *rules, n, cap, of;
};

/**
 * struct vf_plan - how counters are read
 * @open: by number of a chain: packets come to it with no rule counting that
 * @entered: likewise: packets have come to it since counters were read last
 */
struct vf_plan {
	struct counted *v;
	size_t n, cap;
	bool *open, *entered;
};

static size_t chain_number(const struct vf_rules *r, const struct xt_chain *c)
{
	const struct vf_chain_at *at = c ? vf_rules_chain(r, c) : NULL;

	return at ? (size_t)(at - r->by_chain) : NONE;
}

static void add_rule(struct xl_arena *a, const struct vf_rules *r, struct counted *c, size_t at)
{
	size_t of;

	xl_push(a, c->rules, c->n, c->cap, at);
	if (at == NONE)
		return;
	of = chain_number(r, r->chain[at]);
	c->of = c->of == UNSET || c->of == of ? of : NONE;
}

static void add_nft_chain(struct vf_plan *p, struct xl_arena *a, const struct vf_rules *r,
			  const struct nft_table *t, const struct nft_chain *c, bool *counts)
{
	struct counted x = { .table = t->name, .name = c->name, .of = UNSET };
	bool any = false;

	x.family = !strcmp(t->family, "ip")    ? NFPROTO_IPV4
		   : !strcmp(t->family, "ip6") ? NFPROTO_IPV6
					       : NFPROTO_INET;
	for (const struct nft_rule *rule = written(c->rules); rule; rule = written(rule->next)) {
		size_t at = rule->counts ? vf_rules_find(r, rule->source) : r->n;

		add_rule(a, r, &x, at < r->n ? at : NONE);
		if (at < r->n)
			any = counts[at] = true;
	}
	if (any)
		xl_push(a, p->v, p->n, p->cap, x);
}

/* Base chains are open, and what is jumped to where nothing counts. */
static void find_open(struct vf_plan *p, const struct vf_rules *r, const bool *counts)
{
	for (size_t i = 0; i < r->n_chains; i++)
		p->open[i] |= r->by_chain[i].chain->hook >= 0;
	for (size_t i = 0; i < r->n; i++) {
		size_t to = counts[i] ? NONE : chain_number(r, r->v[i]->jump);

		if (to != NONE)
			p->open[to] = true;
	}
}

static struct vf_plan *new_plan(struct xl_arena *a, const struct vf_rules *r)
{
	struct vf_plan *p = xl_new(a, struct vf_plan);

	p->open = xl_alloc(a, r->n_chains + 1);
	p->entered = xl_alloc(a, r->n_chains + 1);
	return p;
}

struct vf_plan *vf_plan_nft(struct xl_arena *a, const struct vf_rules *r,
			    const struct nft_ruleset *rs)
{
	struct vf_plan *p = new_plan(a, r);
	bool *counts = xl_alloc(a, r->n + 1);

	for (const struct nft_table *t = rs->tables; t; t = t->next)
		for (const struct nft_chain *c = t->chains; c; c = c->next)
			if (!c->inlined)
				add_nft_chain(p, a, r, t, c, counts);
	find_open(p, r, counts);
	return p;
}

/* iptables-nft has a rule a rule, in chains of the same names. */
struct vf_plan *vf_plan_compat(struct xl_arena *a, const struct vf_rules *r)
{
	struct vf_plan *p = new_plan(a, r);
	bool *counts = xl_alloc(a, r->n + 1);

	memset(counts, 1, r->n);
	for (size_t i = 0; i < r->n_chains; i++) {
		const struct vf_chain_at *c = &r->by_chain[i];
		struct counted x = { .family = c->chain->table->family,
				     .table = c->chain->table->name,
				     .name = c->chain->name,
				     .of = UNSET };

		for (size_t k = c->at; k < r->n && r->chain[k] == c->chain; k++)
			add_rule(a, r, &x, k);
		xl_push(a, p->v, p->n, p->cap, x);
	}
	find_open(p, r, counts);
	return p;
}

/* One chain's counters being read. @again: packets went on to a chain not known of before. */
struct reading {
	const struct vf_plan *p;
	const struct vf_rules *r;
	const struct counted *c;
	size_t at;
	struct vf_count *counts;
	bool again;
};

static void read_rule(void *to, const char *table, const char *chain, const struct vf_count *c)
{
	struct reading *x = to;
	size_t i = x->at < x->c->n ? x->c->rules[x->at] : NONE, jump;

	(void)table;
	(void)chain;
	x->at++;
	if (i == NONE || !c)
		return;
	if (x->counts[i].packets != c->packets) {
		jump = chain_number(x->r, x->r->v[i]->jump);
		x->again |= jump != NONE && !x->p->entered[jump];
		if (jump != NONE)
			x->p->entered[jump] = true;
	}
	x->counts[i] = *c;
}

static bool read_chains(struct vf_side *s, struct reading *x, bool *done, bool all)
{
	for (size_t i = 0; i < x->p->n; i++) {
		x->c = &x->p->v[i];
		if (done[i] || !(all || x->c->of == NONE || x->p->entered[x->c->of]))
			continue;
		done[i] = true;
		x->at = 0;
		if (!vf_each_rule_of_chain(s->netlink, x->c->family, x->c->table, x->c->name,
					   read_rule, x))
			return vf_side_fail(s, "nft's rules: %s", strerror(errno));
	}
	return true;
}

/* Packets come to other chains only by rules that count them. */
bool vf_count_plan(struct vf_side *s, const struct vf_plan *p, const struct vf_rules *r, bool all,
		   struct vf_count *counts)
{
	struct reading x = { .p = p, .r = r, .counts = counts, .again = true };
	bool *done = calloc(p->n + 1, 1), ok = done != NULL;

	memcpy(p->entered, p->open, r->n_chains);
	while (ok && x.again) {
		x.again = false;
		ok = read_chains(s, &x, done, all);
	}
	free(done);
	return ok;
}
