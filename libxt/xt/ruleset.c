// SPDX-License-Identifier: GPL-2.0-or-later
#include "xt/ruleset.h"

#include <linux/netfilter.h>
#include <string.h>

/* net/ipv4/netfilter/iptable_*.c: which hooks each table registers at. */
static const struct {
	const char *name;
	unsigned int hooks;
} tables[] = {
	{ "raw", 1 << NF_INET_PRE_ROUTING | 1 << NF_INET_LOCAL_OUT },
	{ "mangle", 1 << NF_INET_PRE_ROUTING | 1 << NF_INET_LOCAL_IN | 1 << NF_INET_FORWARD |
			    1 << NF_INET_LOCAL_OUT | 1 << NF_INET_POST_ROUTING },
	{ "nat", 1 << NF_INET_PRE_ROUTING | 1 << NF_INET_LOCAL_IN | 1 << NF_INET_LOCAL_OUT |
			 1 << NF_INET_POST_ROUTING },
	{ "filter", 1 << NF_INET_LOCAL_IN | 1 << NF_INET_FORWARD | 1 << NF_INET_LOCAL_OUT },
	{ "security", 1 << NF_INET_LOCAL_IN | 1 << NF_INET_FORWARD | 1 << NF_INET_LOCAL_OUT },
};

static const char *const hook_names[NF_INET_NUMHOOKS] = {
	[NF_INET_PRE_ROUTING] = "PREROUTING",	[NF_INET_LOCAL_IN] = "INPUT",
	[NF_INET_FORWARD] = "FORWARD",		[NF_INET_LOCAL_OUT] = "OUTPUT",
	[NF_INET_POST_ROUTING] = "POSTROUTING",
};

void xt_ruleset_init(struct xt_ruleset *rs, struct xl_arena *a)
{
	*rs = (struct xt_ruleset){ .arena = a };
	rs->end = &rs->tables;
}

unsigned int xt_table_hooks(const char *table)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (!strcmp(tables[i].name, table))
			return tables[i].hooks;
	return 0;
}

int xt_hook_of(const char *table, const char *chain)
{
	unsigned int hooks = xt_table_hooks(table);

	for (int h = 0; h < NF_INET_NUMHOOKS; h++)
		if (hooks & 1U << h && !strcmp(hook_names[h], chain))
			return h;
	return -1;
}

struct xt_table *xt_table_get(struct xt_ruleset *rs, uint8_t family, const char *name)
{
	struct xt_table *t;

	for (t = rs->tables; t; t = t->next)
		if (t->family == family && !strcmp(t->name, name))
			return t;
	if (!xt_table_hooks(name))
		return NULL;
	t = xl_new(rs->arena, struct xt_table);
	t->family = family;
	t->name = xl_strdup(rs->arena, name);
	t->chains_end = &t->chains;
	*rs->end = t;
	rs->end = &t->next;
	return t;
}

/* FNV-1a */
static struct xt_chain **bucket(const struct xt_table *t, const char *name)
{
	uint32_t h = 2166136261U;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619U;
	return (struct xt_chain **)&t->buckets[h % XT_CHAIN_BUCKETS];
}

struct xt_chain *xt_chain_find(const struct xt_table *t, const char *name)
{
	struct xt_chain *c;

	for (c = *bucket(t, name); c; c = c->hash_next)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

struct xt_chain *xt_chain_get(struct xt_ruleset *rs, struct xt_table *t, const char *name)
{
	struct xt_chain *c = xt_chain_find(t, name), **b;

	if (c)
		return c;
	c = xl_new(rs->arena, struct xt_chain);
	c->table = t;
	c->name = xl_strdup(rs->arena, name);
	c->hook = xt_hook_of(t->name, name);
	c->index = t->n++;
	b = bucket(t, name);
	c->hash_next = *b;
	*b = c;
	*t->chains_end = c;
	t->chains_end = &c->next;
	return c;
}

static void unhash(struct xt_chain *c)
{
	struct xt_chain **p = bucket(c->table, c->name);

	while (*p != c)
		p = &(*p)->hash_next;
	*p = c->hash_next;
}

void xt_chain_delete(struct xt_chain *c)
{
	struct xt_table *t = c->table;
	struct xt_chain **p = &t->chains;

	unhash(c);
	while (*p != c)
		p = &(*p)->next;
	*p = c->next;
	if (!*p)
		t->chains_end = p;
}

void xt_chain_rename(struct xt_ruleset *rs, struct xt_chain *c, const char *name)
{
	struct xt_chain **b;

	unhash(c);
	c->name = xl_strdup(rs->arena, name);
	b = bucket(c->table, c->name);
	c->hash_next = *b;
	*b = c;
}

void xt_rule_insert(struct xt_chain *c, size_t pos, struct xt_rule *r)
{
	struct xt_rule **p = &c->rules;

	if (pos >= c->n && c->last) {
		p = &c->last->next;
	} else {
		while (pos-- && *p)
			p = &(*p)->next;
	}
	r->next = *p;
	*p = r;
	if (!r->next)
		c->last = r;
	c->n++;
}

struct xt_rule *xt_rule_remove(struct xt_chain *c, size_t pos)
{
	struct xt_rule **p = &c->rules, *prev = NULL, *r;

	for (; pos && *p; pos--) {
		prev = *p;
		p = &(*p)->next;
	}
	r = *p;
	if (!r)
		return NULL;
	*p = r->next;
	if (c->last == r)
		c->last = prev;
	c->n--;
	return r;
}

void xt_ruleset_note(struct xt_ruleset *rs, const char *name)
{
	for (size_t i = 0; i < rs->nexts; i++)
		if (rs->exts[i] == name)
			return;
	xl_push(rs->arena, rs->exts, rs->nexts, rs->exts_cap, name);
}

bool xt_ruleset_may_have(const struct xt_ruleset *rs, const char *name)
{
	for (size_t i = 0; i < rs->nexts; i++)
		if (!strcmp(rs->exts[i], name))
			return true;
	return !rs->exts_known;
}

unsigned int xt_set_index(struct xt_ruleset *rs, const char *name)
{
	for (size_t i = 0; i < rs->nsets; i++)
		if (!strcmp(rs->sets[i], name))
			return i;
	xl_push(rs->arena, rs->sets, rs->nsets, rs->sets_cap, xl_strdup(rs->arena, name));
	return rs->nsets - 1;
}

enum xt_action xt_action_of(const char *name)
{
	static const struct {
		const char *name;
		enum xt_action act;
	} verdicts[] = {
		{ "ACCEPT", XT_ACT_ACCEPT },
		{ "DROP", XT_ACT_DROP },
		{ "RETURN", XT_ACT_RETURN_ },
		{ "QUEUE", XT_ACT_QUEUE },
	};

	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
		if (!strcmp(verdicts[i].name, name))
			return verdicts[i].act;
	return XT_ACT_TARGET;
}
