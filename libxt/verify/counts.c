// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/counts.h"

#include <errno.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

_Static_assert(IPT_SO_GET_INFO == IP6T_SO_GET_INFO, "the same requests");
_Static_assert(sizeof(struct ipt_getinfo) == sizeof(struct ip6t_getinfo), "the same answer");

static int by_address(const void *a, const void *b)
{
	const struct vf_rule_at *x = a, *y = b;

	return x->source < y->source ? -1 : x->source > y->source;
}

static int by_chain(const void *a, const void *b)
{
	const struct vf_chain_at *x = a, *y = b;

	return x->chain < y->chain ? -1 : x->chain > y->chain;
}

static void index_chains(struct vf_rules *r, struct xl_arena *a)
{
	size_t cap = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct vf_chain_at c = { r->chain[i], i };

		if (!i || r->chain[i] != r->chain[i - 1])
			xl_push(a, r->by_chain, r->n_chains, cap, c);
	}
	if (r->n_chains)
		qsort(r->by_chain, r->n_chains, sizeof(*r->by_chain), by_chain);
}

void vf_rules_init(struct vf_rules *r, struct xl_arena *a, const struct xt_ruleset *rs,
		   bool (*skip)(void *data, const struct xt_rule *rule), void *data)
{
	size_t cap = 0, chains = 0, chain_cap = 0;

	*r = (struct vf_rules){ .n = 0 };
	for (const struct xt_table *t = rs->tables; t; t = t->next) {
		for (const struct xt_chain *c = t->chains; c; c = c->next) {
			for (const struct xt_rule *rule = c->rules; rule; rule = rule->next) {
				if (!rule->entry || skip(data, rule))
					continue;
				xl_push(a, r->v, r->n, cap, rule);
				xl_push(a, r->chain, chains, chain_cap, c);
			}
		}
	}
	r->by_source = xl_alloc(a, (r->n + 1) * sizeof(*r->by_source));
	for (size_t i = 0; i < r->n; i++)
		r->by_source[i] = (struct vf_rule_at){ &r->v[i]->source, i };
	qsort(r->by_source, r->n, sizeof(*r->by_source), by_address);
	index_chains(r, a);
}

size_t vf_rules_find(const struct vf_rules *r, const struct xl_source *source)
{
	struct vf_rule_at key = { .source = source };
	const struct vf_rule_at *at = bsearch(&key, r->by_source, r->n, sizeof(key), by_address);

	return at ? at->at : r->n;
}

const struct vf_chain_at *vf_rules_chain(const struct vf_rules *r, const struct xt_chain *c)
{
	const struct vf_chain_at key = { .chain = c };

	return r->n_chains ? bsearch(&key, r->by_chain, r->n_chains, sizeof(key), by_chain) : NULL;
}

/* A walk over the rules of one chain, in step with the kernel's. */
struct walk {
	const struct vf_rules *r;
	size_t at;
	const struct xt_chain *chain;
};

static void walk_chain(struct walk *w, const struct xt_chain *c)
{
	const struct vf_chain_at *found = vf_rules_chain(w->r, c);

	w->chain = c;
	w->at = found ? found->at : w->r->n;
}

static void walk_count(struct walk *w, struct vf_count *counts, uint64_t packets, uint64_t bytes)
{
	if (!w->chain || w->at >= w->r->n || w->r->chain[w->at] != w->chain)
		return;
	counts[w->at].packets = packets;
	counts[w->at].bytes = bytes;
	w->at++;
}

struct entry {
	uint16_t target, next;
	struct xt_counters counters;
};

static struct entry entry_at(uint8_t family, const char *at)
{
	const struct ipt_entry *e4 = (const void *)at;
	const struct ip6t_entry *e6 = (const void *)at;

	if (family == NFPROTO_IPV4)
		return (struct entry){ e4->target_offset, e4->next_offset, e4->counters };
	return (struct entry){ e6->target_offset, e6->next_offset, e6->counters };
}

/* The head of a user chain: an ERROR target that holds its name. */
static const char *chain_head(uint8_t family, const char *at)
{
	const struct xt_error_target *t = (const void *)(at + entry_at(family, at).target);

	return strcmp(t->target.u.user.name, "ERROR") ? NULL : t->errorname;
}

static const struct xt_chain *base_chain(const struct xt_table *t, int hook)
{
	for (const struct xt_chain *c = t->chains; c; c = c->next)
		if (c->hook == hook)
			return c;
	return NULL;
}

/* The hook whose base chain begins at such an offset; -1: none. */
static int hook_at(const struct ipt_getinfo *info, unsigned int at)
{
	for (int h = 0; h < NF_INET_NUMHOOKS; h++)
		if (info->valid_hooks & 1U << h && info->hook_entry[h] == at)
			return h;
	return -1;
}

/* The last entry of each chain is its policy, or a user chain's end. */
static void count_entries(const struct xt_table *t, const struct ipt_getinfo *info,
			  const char *entries, struct walk *w, struct vf_count *counts)
{
	const struct xt_chain *base;
	const char *name;
	int hook;

	w->chain = NULL;
	for (unsigned int at = 0; at < info->size;) {
		struct entry e = entry_at(t->family, entries + at);

		hook = hook_at(info, at);
		name = chain_head(t->family, entries + at);
		base = hook < 0 ? NULL : base_chain(t, hook);
		if (base)
			walk_chain(w, base);
		else if (hook >= 0)
			w->chain = NULL; /* a base chain that the input has not */
		if (name)
			walk_chain(w, xt_chain_find(t, name));
		else
			walk_count(w, counts, e.counters.pcnt, e.counters.bcnt);
		at += e.next;
	}
}

static bool count_table(struct vf_side *s, const struct xt_table *t, struct walk *w,
			struct vf_count *counts)
{
	int fd = t->family == NFPROTO_IPV4 ? s->raw4 : s->raw6;
	int level = t->family == NFPROTO_IPV4 ? IPPROTO_IP : IPPROTO_IPV6;
	struct ipt_getinfo info = { .valid_hooks = 0 };
	socklen_t n = sizeof(info);
	struct ipt_get_entries *get;
	bool ok;

	strncpy(info.name, t->name, sizeof(info.name) - 1);
	if (getsockopt(fd, level, IPT_SO_GET_INFO, &info, &n))
		return vf_side_fail(s, "table %s: %s", t->name, strerror(errno));
	n = (socklen_t)sizeof(*get) + info.size;
	get = calloc(1, n);
	if (!get)
		return vf_side_fail(s, "out of memory");
	strncpy(get->name, t->name, sizeof(get->name) - 1);
	get->size = info.size;
	ok = !getsockopt(fd, level, IPT_SO_GET_ENTRIES, get, &n);
	if (ok)
		count_entries(t, &info, (const char *)get->entrytable, w, counts);
	free(get);
	return ok ? true : vf_side_fail(s, "entries of table %s: %s", t->name, strerror(errno));
}

bool vf_count_iptables(struct vf_side *s, const struct xt_ruleset *rs, const struct vf_rules *r,
		       struct vf_count *counts)
{
	struct walk w = { .r = r };

	for (const struct xt_table *t = rs->tables; t; t = t->next)
		if (!count_table(s, t, &w, counts))
			return false;
	return true;
}
