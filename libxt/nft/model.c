// SPDX-License-Identifier: GPL-2.0-or-later
#include "nft/model.h"

#include <netinet/in.h>
#include <string.h>

const struct nft_key_desc nft_keys[NFT_KEY_COUNT] = {
#define NFT_KEY(id, text, type, bits, layer) \
	[NFT_##id] = { text, NFT_T_##type, bits, NFT_L_##layer },
#include "nft/keys.def"
#undef NFT_KEY
};

int nft_layer_proto(enum nft_layer layer)
{
	switch (layer) {
	case NFT_L_TCP:
		return IPPROTO_TCP;
	case NFT_L_UDP:
		return IPPROTO_UDP;
	case NFT_L_UDPLITE:
		return IPPROTO_UDPLITE;
	case NFT_L_SCTP:
		return IPPROTO_SCTP;
	case NFT_L_DCCP:
		return IPPROTO_DCCP;
	case NFT_L_ICMP:
		return IPPROTO_ICMP;
	case NFT_L_ICMPV6:
		return IPPROTO_ICMPV6;
	case NFT_L_AH:
		return IPPROTO_AH;
	case NFT_L_ESP:
		return IPPROTO_ESP;
	case NFT_L_COMP:
		return IPPROTO_COMP;
	default:
		return -1;
	}
}

void nft_ruleset_init(struct nft_ruleset *rs, struct xl_arena *a)
{
	*rs = (struct nft_ruleset){ .arena = a };
	rs->end = &rs->tables;
}

struct nft_table *nft_table_new(struct nft_ruleset *rs, const char *family, const char *name)
{
	struct nft_table *t = xl_new(rs->arena, struct nft_table);

	t->family = family;
	t->name = name;
	t->chains_end = &t->chains;
	t->sets_end = &t->sets;
	t->objects_end = &t->objects;
	*rs->end = t;
	rs->end = &t->next;
	return t;
}

struct nft_table *nft_table_find(const struct nft_ruleset *rs, const char *family, const char *name)
{
	struct nft_table *t;

	for (t = rs->tables; t; t = t->next)
		if (!strcmp(t->family, family) && !strcmp(t->name, name))
			return t;
	return NULL;
}

struct nft_chain *nft_chain_new(struct nft_ruleset *rs, struct nft_table *t, const char *name)
{
	struct nft_chain *c = xl_new(rs->arena, struct nft_chain);

	c->name = name;
	c->end = &c->rules;
	*t->chains_end = c;
	t->chains_end = &c->next;
	return c;
}

struct nft_chain *nft_chain_find(const struct nft_table *t, const char *name)
{
	struct nft_chain *c;

	for (c = t->chains; c; c = c->next)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

struct nft_set *nft_set_new(struct nft_ruleset *rs, struct nft_table *t, const char *name)
{
	struct nft_set *s = xl_new(rs->arena, struct nft_set);

	s->name = name;
	*t->sets_end = s;
	t->sets_end = &s->next;
	return s;
}

struct nft_set *nft_set_find(const struct nft_table *t, const char *name)
{
	struct nft_set *s;

	for (s = t->sets; s; s = s->next)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

struct nft_object *nft_object_new(struct nft_ruleset *rs, struct nft_table *t, const char *kind,
				  const char *name)
{
	struct nft_object *o = xl_new(rs->arena, struct nft_object);

	o->kind = kind;
	o->name = name;
	*t->objects_end = o;
	t->objects_end = &o->next;
	return o;
}

struct nft_object *nft_object_find(const struct nft_table *t, const char *kind, const char *name)
{
	struct nft_object *o;

	for (o = t->objects; o; o = o->next)
		if (!strcmp(o->kind, kind) && !strcmp(o->name, name))
			return o;
	return NULL;
}

struct nft_rule *nft_rule_new(struct nft_ruleset *rs, struct nft_chain *c,
			      const struct xl_source *source)
{
	struct nft_rule *r = xl_new(rs->arena, struct nft_rule);

	r->source = source;
	nft_stmts_init(&r->stmts);
	*c->end = r;
	c->end = &r->next;
	return r;
}

void nft_stmts_init(struct nft_stmts *l)
{
	l->first = NULL;
	l->end = &l->first;
}

void nft_stmts_add(struct nft_stmts *l, struct nft_stmt *s)
{
	*l->end = s;
	l->end = &s->next;
	s->next = NULL;
}
