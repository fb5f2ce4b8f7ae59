// SPDX-License-Identifier: GPL-2.0-or-later
/* Takes the ruleset apart. */
#include "verify/chains.h"

#include "verify/marks.h"

#include <linux/netfilter/xt_set.h>
#include <string.h>

/* What is needed while chains point to each other by their kernel names. */
struct build {
	struct vf_chains *c;
	const struct xt_ruleset *rs;
	struct xt_ipsets *ipsets;
	struct vf_chain **by_chain; /* hash by pointer */
	size_t mask;
};

static size_t hash(const void *p, size_t mask)
{
	return ((uint64_t)(uintptr_t)p * 0x9e3779b97f4a7c15 >> 32) & mask;
}

static size_t power_of_two(size_t n)
{
	size_t p = 16;

	while (p < n)
		p *= 2;
	return p;
}

static struct vf_chain *chain_of(const struct build *b, const struct xt_chain *xt)
{
	size_t i = hash(xt, b->mask);

	while (b->by_chain[i] && b->by_chain[i]->xt != xt)
		i = (i + 1) & b->mask;
	return b->by_chain[i];
}

static void note_chain(struct build *b, struct vf_chain *c)
{
	size_t i = hash(c->xt, b->mask);

	while (b->by_chain[i])
		i = (i + 1) & b->mask;
	b->by_chain[i] = c;
}

static void parse_conds(struct build *b, struct vf_rule *r)
{
	uint8_t family = b->c->family;
	const struct xt_entry_match *m;
	size_t n = 0;

	for (m = xt_first_match(family, r->xt->entry); m;
	     m = xt_next_match(family, r->xt->entry, m))
		n++;
	r->conds = n ? xl_alloc(b->c->arena, n * sizeof(*r->conds)) : NULL;
	for (m = xt_first_match(family, r->xt->entry); m;
	     m = xt_next_match(family, r->xt->entry, m)) {
		struct vf_cond *c = &r->conds[r->n++];
		const struct xt_set_info *info = (const void *)m->data;

		vf_cond_init(c, m);
		b->c->tracks |= c->kind && vf_needs_tracking(c->kind);
		if (c->kind && !strcmp(c->kind->name, "set") && b->ipsets &&
		    info->index < b->rs->nsets)
			c->set = xt_ipset_find(b->ipsets, b->rs->sets[info->index]);
	}
}

static void note_rule(struct vf_chains *c, struct vf_rule *r)
{
	struct vf_rule **bucket = &c->buckets[hash(r->xt, c->mask)];

	r->hash_next = *bucket;
	*bucket = r;
}

/* Revisions 1 to 3 begin alike. A set that is not known may be any. */
static void note_filled(struct build *b, const struct vf_rule *r)
{
	const struct xt_set_info_target_v1 *i = (const void *)r->target->data;
	const struct xt_ipset *set = NULL;

	if (r->target->u.user.revision && i->add_set.index == IPSET_INVALID_ID)
		return;
	if (r->target->u.user.revision && b->ipsets && i->add_set.index < b->rs->nsets)
		set = xt_ipset_find(b->ipsets, b->rs->sets[i->add_set.index]);
	xl_push(b->c->arena, b->c->filled, b->c->n_filled, b->c->filled_cap, set);
}

bool vf_fills(const struct vf_chains *c, const struct xt_ipset *set)
{
	for (size_t i = 0; i < c->n_filled; i++)
		if (!c->filled[i] || c->filled[i] == set)
			return true;
	return false;
}

/* nf_ct_attach(): what they send is of the connection that they answer. */
static bool answers(const char *target)
{
	return !strcmp(target, "REJECT") || !strcmp(target, "SYNPROXY") ||
	       !strcmp(target, "TARPIT");
}

static void parse_rule(struct build *b, struct vf_rule *r, struct vf_chain *chain,
		       const struct xt_rule *xt)
{
	struct vf_chains *c = b->c;

	r->xt = xt;
	r->chain = chain;
	r->target = xt_target(c->family, xt->entry);
	if (xt->jump)
		r->jump = chain_of(b, xt->jump);
	vf_head_parse(&r->head, c->family, xt->entry);
	parse_conds(b, r);
	vf_effect(r);
	c->untracks |= vf_untracks(r);
	if (xt->action == XT_ACT_TARGET && !strcmp(r->target->u.user.name, "SET"))
		note_filled(b, r);
	c->answers |= xt->action == XT_ACT_TARGET && answers(r->target->u.user.name);
	if (r->jump)
		xl_push(c->arena, r->jump->callers, r->jump->n_callers, r->jump->callers_cap, r);
	if (r->effect == VF_EFFECT_ACCEPT)
		xl_push(c->arena, c->accepts, c->n_accepts, c->accepts_cap, r);
	if (r->effect == VF_EFFECT_CHANGE)
		xl_push(c->arena, c->changes, c->n_changes, c->changes_cap, r);
	if (vf_is_dnat(r))
		xl_push(c->arena, c->dnats, c->n_dnats, c->dnats_cap, r);
	note_rule(c, r);
}

static void parse_chain(struct build *b, struct vf_chain *c)
{
	size_t n = 0;

	for (const struct xt_rule *r = c->xt->rules; r; r = r->next)
		n += !!r->entry;
	c->rules = n ? xl_alloc(b->c->arena, n * sizeof(*c->rules)) : NULL;
	for (const struct xt_rule *r = c->xt->rules; r; r = r->next)
		if (r->entry)
			parse_rule(b, &c->rules[c->n++], c, r);
	b->c->n_rules += n;
	b->c->tracks |= c->nat && n;
}

/* NAT of the source comes last, that of the destination after mangle. */
static int rank(const char *table, int hook)
{
	static const char *const names[] = { "raw", "mangle", "nat", "filter", "security" };
	bool late = hook == NF_INET_LOCAL_IN || hook == NF_INET_POST_ROUTING;

	for (int i = 0; i < VF_TABLES; i++)
		if (!strcmp(names[i], table))
			return i == 2 && late ? VF_TABLES : i;
	return VF_TABLES + 1;
}

static void add_base(struct vf_chains *c, struct vf_chain *chain)
{
	int hook = chain->xt->hook;
	unsigned int n = c->n_base[hook], i = n;

	if (n == VF_TABLES)
		return;
	while (i && rank(c->base[hook][i - 1]->xt->table->name, hook) >
			    rank(chain->xt->table->name, hook)) {
		c->base[hook][i] = c->base[hook][i - 1];
		i--;
	}
	c->base[hook][i] = chain;
	c->n_base[hook]++;
	chain->depth = 0;
}

/* Breadth first, from the base chains. */
static void measure(struct vf_chains *c)
{
	struct vf_chain **queue = xl_alloc(c->arena, (c->n + 1) * sizeof(struct vf_chain *));
	size_t head = 0, tail = 0;

	for (size_t i = 0; i < c->n; i++)
		if (!c->all[i].depth)
			queue[tail++] = &c->all[i];
	while (head < tail) {
		struct vf_chain *from = queue[head++];

		for (size_t i = 0; i < from->n; i++) {
			struct vf_chain *to = from->rules[i].jump;

			if (!to || to->depth != VF_FAR || from->depth + 1 >= VF_FAR)
				continue;
			to->depth = from->depth + 1;
			queue[tail++] = to;
		}
	}
}

static void list_chains(struct build *b)
{
	struct vf_chains *c = b->c;

	for (const struct xt_table *t = b->rs->tables; t; t = t->next) {
		if (t->family != c->family)
			continue;
		for (const struct xt_chain *xt = t->chains; xt; xt = xt->next) {
			struct vf_chain *chain = &c->all[c->n++];

			chain->xt = xt;
			chain->depth = VF_FAR;
			chain->nat = !strcmp(t->name, "nat");
			note_chain(b, chain);
			if (xt->hook >= 0)
				add_base(c, chain);
		}
	}
}

void vf_chains_init(struct vf_chains *c, struct xl_arena *a, const struct xt_ruleset *rs,
		    struct xt_ipsets *ipsets, uint8_t family)
{
	struct build b = { .c = c, .rs = rs, .ipsets = ipsets };
	size_t chains = 0, rules = 0;

	*c = (struct vf_chains){ .arena = a, .family = family };
	for (const struct xt_table *t = rs->tables; t; t = t->next)
		for (const struct xt_chain *xt = t->family == family ? t->chains : NULL; xt;
		     xt = xt->next) {
			chains++;
			rules += xt->n;
		}
	c->all = xl_alloc(a, (chains + 1) * sizeof(*c->all));
	b.mask = power_of_two(2 * chains + 1);
	b.by_chain = xl_alloc(a, b.mask * sizeof(struct vf_chain *));
	b.mask--;
	c->mask = power_of_two(rules + 1);
	c->buckets = xl_alloc(a, c->mask * sizeof(struct vf_rule *));
	c->mask--;
	list_chains(&b);
	for (size_t i = 0; i < c->n; i++)
		parse_chain(&b, &c->all[i]);
	measure(c);
	vf_marks_find(c);
}

struct vf_rule *vf_rule_find(const struct vf_chains *c, const struct xt_rule *xt)
{
	struct vf_rule *r = c->buckets[hash(xt, c->mask)];

	while (r && r->xt != xt)
		r = r->hash_next;
	return r;
}
