// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "table ip filter" and "table ip6 filter" become one "table inet filter". Every rule stays one of
 * its family, with its own counter: each base chain begins with a rule that lets the other family
 * pass. Its "accept" ends only that chain (nft_do_chain(), nf_hook_slow()), so the packet goes on
 * to its own family's.
 */
#include "nft/build.h"
#include "nft/names.h"
#include "nft/passes.h"

#include <linux/netfilter.h>
#include <string.h>

/* nft's "dup to" wants a table of the address's family, and of text nobody knows what it wants. */
static bool is_of_one_family(const struct nft_stmt *s)
{
	return s->kind == NFT_S_DUP || s->kind == NFT_S_TEXT;
}

static const struct nft_rule *find_obstacle(const struct nft_table *t)
{
	for (const struct nft_chain *c = t->chains; c; c = c->next)
		for (const struct nft_rule *r = c->rules; r; r = r->next)
			for (const struct nft_stmt *s = r->stmts.first; s; s = s->next)
				if (is_of_one_family(s))
					return r;
	return NULL;
}

/* Statements that an inet table has for either family say which. */
static void name_family(struct nft_table *t)
{
	for (struct nft_chain *c = t->chains; c; c = c->next)
		for (struct nft_rule *r = c->rules; r; r = r->next)
			for (struct nft_stmt *s = r->stmts.first; s; s = s->next) {
				if (s->kind == NFT_S_NAT && s->nat.addr)
					s->nat.family = t->family;
				else if (s->kind == NFT_S_TPROXY)
					s->name = t->family;
			}
}

static void let_others_pass(struct nft_ruleset *rs, struct nft_chain *c, uint64_t family)
{
	struct nft_rule *r = xl_new(rs->arena, struct nft_rule);

	nft_stmts_init(&r->stmts);
	nft_stmts_add(&r->stmts, nft_match(rs->arena, nft_key(rs->arena, NFT_META_NFPROTO), NFT_NE,
					   nft_val(rs->arena, NFT_META_NFPROTO, family)));
	nft_stmts_add(&r->stmts, nft_verdict(rs->arena, NFT_ACCEPT, NULL));
	r->next = c->rules;
	if (!r->next)
		c->end = &r->next;
	c->rules = r;
}

/* Whether it lets everything pass as it is. */
static bool is_open(const struct nft_chain *c)
{
	for (const struct nft_rule *r = c->rules; r; r = r->next)
		if (!nft_stmts_empty(&r->stmts))
			return false;
	return c->base->policy == NFT_ACCEPT;
}

static void open_base_chains(struct nft_ruleset *rs, struct nft_table *t, uint64_t family)
{
	for (struct nft_chain *c = t->chains; c; c = c->next)
		if (c->base && !is_open(c))
			let_others_pass(rs, c, family);
}

/* Names that IPv6 and IPv4 both have. */
struct clashes {
	const char ***v;
	size_t n, cap;
};

static void claim(struct xl_arena *a, struct nft_names *names, const char **name,
		  struct clashes *clashes)
{
	if (nft_name_taken(names, *name))
		xl_push(a, clashes->v, clashes->n, clashes->cap, name);
	else
		nft_name_claim(a, names, *name);
}

static void rename_clashes(struct xl_arena *a, struct nft_names *names,
			   const struct clashes *clashes)
{
	for (size_t i = 0; i < clashes->n; i++) {
		const char **name = clashes->v[i];

		*name = nft_name_claim(a, names, xl_printf(a, "%s-v6", *name));
	}
}

static void rename_chains(struct xl_arena *a, struct nft_table *to, struct nft_table *from)
{
	struct clashes clashes = { .n = 0 };

	for (struct nft_chain *c = from->chains; c; c = c->next) {
		if (!c->orig && !c->helper && nft_name_taken(&to->chain_names, c->name))
			c->orig = c->name;
		claim(a, &to->chain_names, &c->name, &clashes);
	}
	rename_clashes(a, &to->chain_names, &clashes);
}

static void rename_sets(struct xl_arena *a, struct nft_table *to, struct nft_table *from)
{
	struct clashes clashes = { .n = 0 };

	for (struct nft_set *s = from->sets; s; s = s->next)
		claim(a, &to->set_names, &s->name, &clashes);
	rename_clashes(a, &to->set_names, &clashes);
}

static void rename_objects(struct xl_arena *a, const struct nft_table *to, struct nft_table *from)
{
	for (struct nft_object *o = from->objects; o; o = o->next)
		if (nft_object_find(to, o->kind, o->name))
			o->name = xl_printf(a, "%s-v6", o->name);
}

/* Appends what @from has to @to. */
static void move_all(struct nft_table *to, struct nft_table *from)
{
	if (from->chains) {
		*to->chains_end = from->chains;
		to->chains_end = from->chains_end;
	}
	if (from->sets) {
		*to->sets_end = from->sets;
		to->sets_end = from->sets_end;
	}
	if (from->objects) {
		*to->objects_end = from->objects;
		to->objects_end = from->objects_end;
	}
}

static void take_out(struct nft_ruleset *rs, const struct nft_table *t)
{
	struct nft_table **p = &rs->tables;

	while (*p != t)
		p = &(*p)->next;
	*p = t->next;
	if (!*p)
		rs->end = p;
}

static void merge(struct nft_ruleset *rs, struct nft_table *v4, struct nft_table *v6)
{
	name_family(v4);
	name_family(v6);
	open_base_chains(rs, v4, NFPROTO_IPV4);
	open_base_chains(rs, v6, NFPROTO_IPV6);
	rename_chains(rs->arena, v4, v6);
	rename_sets(rs->arena, v4, v6);
	rename_objects(rs->arena, v4, v6);
	move_all(v4, v6);
	take_out(rs, v6);
	v4->family = "inet";
}

/* Connection tracking that a rule of an inet table needs is on for both families
 * (nf_ct_netns_get(), net/netfilter/nf_conntrack_proto.c), and reassembly with it. */
static bool tracks_for_one(const struct nft_ruleset *rs)
{
	return nft_defragments(rs, "ip") != nft_defragments(rs, "ip6");
}

static bool stays_apart(struct xl_diags *d, const struct nft_table *v4, const struct nft_table *v6,
			bool one_tracks)
{
	const struct nft_rule *r = find_obstacle(v4);

	r = r ? r : find_obstacle(v6);
	if (r)
		xl_report(d, XL_NOTE, r->source ? r->source->loc : (struct xl_loc){ 0 }, NULL,
			  "table %s stays one table a family: an inet table cannot have this rule",
			  v4->name);
	else if (one_tracks && (nft_table_defragments(v4) || nft_table_defragments(v6)))
		xl_report(d, XL_NOTE, (struct xl_loc){ 0 }, NULL,
			  "table %s stays one table a family: only one family's rules have the "
			  "kernel reassemble fragments, and an inet table would for both",
			  v4->name);
	else
		return false;
	return true;
}

void nft_merge_families(struct nft_ruleset *rs, struct xl_diags *d)
{
	bool one_tracks = tracks_for_one(rs);

	for (struct nft_table *t = rs->tables; t; t = t->next) {
		struct nft_table *v6 =
			strcmp(t->family, "ip") ? NULL : nft_table_find(rs, "ip6", t->name);

		if (v6 && !stays_apart(d, t, v6, one_tracks))
			merge(rs, t, v6);
	}
}
