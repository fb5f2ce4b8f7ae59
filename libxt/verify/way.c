// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules that counted a packet, in the order in which it met them. */
#include "verify/session.h"

#include "nft/write.h"

#include <string.h>

enum { DEPTH_MAX = 64 };

struct walk {
	const struct vf_session *r;
	struct vf_way *way;
	bool *listed;
};

static unsigned int counted_by(const struct vf_session *r, size_t i)
{
	unsigned int by = 0;

	for (size_t s = 0; s < r->res->sides; s++)
		if (r->counts[s][i].packets != r->before[s][i].packets)
			by |= 1U << s;
	return by;
}

static void list_rule(struct walk *w, size_t i)
{
	struct vf_step step = { .rule = w->r->res->rules.v[i],
				.chain = w->r->res->rules.chain[i],
				.by = counted_by(w->r, i) };

	if (!step.by || w->listed[i])
		return;
	w->listed[i] = true;
	xl_push(w->r->setup->arena, w->way->steps, w->way->n, w->way->cap, step);
}

/* Into each chain to which a rule that counted it leads. */
static void walk_chain(struct walk *w, const struct xt_chain *c, unsigned int depth)
{
	if (depth == DEPTH_MAX)
		return;
	for (const struct xt_rule *rule = c->rules; rule; rule = rule->next) {
		size_t i = vf_rules_find(&w->r->res->rules, &rule->source);

		if (i == w->r->res->rules.n || !counted_by(w->r, i))
			continue;
		list_rule(w, i);
		if (rule->jump)
			walk_chain(w, rule->jump, depth + 1);
	}
}

/* enum nf_ip_hook_priorities: where addresses are changed last, nat comes last. */
static const char *const *tables_at(int hook)
{
	static const char *const first[] = { "raw", "mangle", "nat", "filter", "security", NULL };
	static const char *const last[] = { "raw", "mangle", "filter", "security", "nat", NULL };

	return hook == NF_INET_LOCAL_IN || hook == NF_INET_POST_ROUTING ? last : first;
}

static void walk_hook(struct walk *w, uint8_t family, int hook)
{
	for (const char *const *name = tables_at(hook); *name; name++)
		for (const struct xt_table *t = w->r->setup->xt->tables; t; t = t->next)
			for (const struct xt_chain *c = t->chains; c; c = c->next)
				if (t->family == family && c->hook == hook &&
				    !strcmp(t->name, *name))
					walk_chain(w, c, 0);
}

/* What it makes the host send comes after it. */
void vf_find_way(const struct vf_session *r, const struct vf_probe *p, struct vf_way *way)
{
	static const int in[] = { NF_INET_PRE_ROUTING, NF_INET_LOCAL_IN, NF_INET_FORWARD,
				  NF_INET_LOCAL_OUT, NF_INET_POST_ROUTING };
	static const int out[] = { NF_INET_LOCAL_OUT, NF_INET_POST_ROUTING, NF_INET_PRE_ROUTING,
				   NF_INET_LOCAL_IN, NF_INET_FORWARD };
	size_t n = r->res->rules.n;
	struct walk w = { r, way, xl_alloc(r->setup->arena, n + 1) };

	*way = (struct vf_way){ .n = 0 };
	for (size_t i = 0; i < NF_INET_NUMHOOKS; i++)
		walk_hook(&w, p->family, p->in == VF_OUT ? out[i] : in[i]);
	for (size_t i = 0; i < n; i++)
		list_rule(&w, i);
	for (size_t s = 0; s < r->res->sides; s++)
		way->seen[s] = xl_strdup(r->setup->arena, r->seen[s].s);
}

const struct vf_step *vf_parting(const struct vf_session *r, const struct vf_way *way)
{
	for (size_t i = 0; vf_has_counts(r, 1) && i < way->n; i++)
		if (!(way->steps[i].by & 1) != !(way->steps[i].by & 2))
			return &way->steps[i];
	return NULL;
}

static const char *rule_text(struct xl_arena *a, const struct nft_table *t,
			     const struct nft_chain *c, const struct nft_rule *rule)
{
	struct xl_buf b = { 0 };
	const char *s;

	nft_write_rule(&b, rule);
	s = xl_printf(a, "%s %s %s %s", t->family, t->name, c->name, b.s ? b.s : "");
	xl_buf_free(&b);
	return s;
}

/* "ip filter @blocked { 192.0.2.1 }" */
static const char *elem_text(struct xl_arena *a, const struct nft_table *t,
			     const struct nft_set *set, const struct nft_elem *elem)
{
	struct xl_buf b = { 0 };
	const char *s;

	nft_write_elem(&b, elem);
	s = xl_printf(a, "%s %s @%s { %s }", t->family, t->name, set->name, b.s ? b.s : "");
	xl_buf_free(&b);
	return s;
}

static const char *find_elem(struct xl_arena *a, const struct nft_ruleset *rs,
			     const struct xl_source *source)
{
	for (const struct nft_table *t = rs->tables; t; t = t->next)
		for (const struct nft_set *s = t->sets; s; s = s->next)
			for (size_t i = 0; i < s->n; i++)
				if (s->elems[i].source == source)
					return elem_text(a, t, s, &s->elems[i]);
	return NULL;
}

const char *vf_nft_text(struct xl_arena *a, const struct nft_ruleset *rs,
			const struct xt_rule *rule)
{
	const char *other = NULL;

	for (const struct nft_table *t = rs->tables; t; t = t->next)
		for (const struct nft_chain *c = t->chains; c; c = c->next)
			for (const struct nft_rule *n = c->rules; n; n = n->next) {
				if (n->source != &rule->source || nft_stmts_empty(&n->stmts))
					continue;
				if (n->counts)
					return rule_text(a, t, c, n);
				if (!other)
					other = rule_text(a, t, c, n);
			}
	return other ? other : find_elem(a, rs, &rule->source);
}
