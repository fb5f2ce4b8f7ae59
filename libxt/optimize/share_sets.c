// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "tcp dport { 80, 443 }" in many rules is as many sets to the kernel, and what it does for each
 * takes the longer the more there are: a rule finds its new set by going through the transaction
 * (nft_set_lookup_byid(), net/netfilter/nf_tables_api.c), and the set its name by going through the
 * table's (nf_tables_set_alloc_name()). Sets that are equal become one with a name.
 *
 * A set that one rule uses is best read where it is. But names are cheaper for the kernel, too, so
 * where there are very many of those they get names as well.
 */
#include "nft/build.h"
#include "nft/names.h"
#include "nft/write.h"
#include "optimize/optimize.h"

#include <string.h>

/* So many anonymous sets in a table cost nothing to speak of. */
enum { MANY = 100 };

/* What sets get names, by type: a key for "typeof", since nft 1.0.6 crashes when it lists a set
 * "type X" that nft 1.1 has loaded, and the beginning of the name. Sets of other types, which are
 * rare, stay where they are; those of protocols have to, since nft must see them to know what a
 * port of DNAT is one of. */
static const struct kind {
	enum nft_type type;
	const char *key, *stem;
} kinds[] = {
	{ NFT_T_IPV4, "ip saddr", "addresses" },
	{ NFT_T_IPV6, "ip6 saddr", "addresses" },
	{ NFT_T_ETHER, "ether saddr", "macs" },
	{ NFT_T_IFNAME, "iifname", "interfaces" },
	{ NFT_T_MARK, "meta mark", "marks" },
	{ NFT_T_ICMPTYPE, "icmp type", "icmp-types" },
	{ NFT_T_ICMPV6TYPE, "icmpv6 type", "icmpv6-types" },
	{ NFT_T_DEC, "th dport", "ports" },
};

/* A set as it is in the rules; equal are those with the same @text. */
struct content {
	struct content *next; /* in the order of the rules */
	const char *text;     /* kind and elements */
	const struct kind *kind;
	const struct nft_expr *elems;
	const struct xl_source *source; /* of the rule that used it last */
	unsigned int rules;
	struct nft_set *set; /* once it has a name */
};

struct use {
	struct nft_stmt *match;
	struct content *content;
};

struct sharing {
	struct nft_ruleset *rs;
	struct nft_table *table;
	struct content **slots; /* by hash of their text */
	size_t n, n_slots;
	struct content *first, **end;
	struct use *uses;
	size_t n_uses, uses_cap;
	struct xl_buf buf;
};

static bool is_port(enum nft_key_id key)
{
	return key >= NFT_TH_SPORT && key <= NFT_DCCP_DPORT && nft_keys[key].bits == 16;
}

static const struct kind *kind_of(const struct nft_expr *key)
{
	enum nft_type type = nft_keys[key->key].type;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].type == type && (type != NFT_T_DEC || is_port(key->key)))
			return &kinds[i];
	return NULL;
}

static bool is_interval(const struct nft_expr *e)
{
	return e->kind == NFT_E_RANGE || e->kind == NFT_E_PREFIX;
}

/* Not with wildcards of interfaces: those are intervals of bytes, which is more than "typeof" says.
 */
static bool can_be_named(const struct nft_expr *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct nft_expr *e = set->elems[i];

		if (e->kind == NFT_E_STR
			    ? strchr(e->str, '*') || strchr(e->str, '\\')
			    : e->kind != NFT_E_NUM && e->kind != NFT_E_ADDR && !is_interval(e))
			return false;
	}
	return true;
}

static bool is_candidate(const struct nft_stmt *s)
{
	return s->kind == NFT_S_MATCH && s->l->kind == NFT_E_KEY && s->r->kind == NFT_E_SET &&
	       s->r->n > 1 && kind_of(s->l) && can_be_named(s->r);
}

static size_t hash(const char *s)
{
	uint32_t h = 2166136261U;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619U;
	return h;
}

static struct content **slot_for(struct content **slots, size_t n, const char *text)
{
	size_t i = hash(text) & (n - 1);

	while (slots[i] && strcmp(slots[i]->text, text) != 0)
		i = (i + 1) & (n - 1);
	return &slots[i];
}

static void grow(struct sharing *sh)
{
	size_t n = sh->n_slots ? 2 * sh->n_slots : 64;
	struct content **slots = xl_alloc(sh->rs->arena, n * sizeof(*slots));

	for (size_t i = 0; i < sh->n_slots; i++)
		if (sh->slots[i])
			*slot_for(slots, n, sh->slots[i]->text) = sh->slots[i];
	sh->slots = slots;
	sh->n_slots = n;
}

static struct content *content_of(struct sharing *sh, const struct nft_stmt *s)
{
	const struct kind *kind = kind_of(s->l);
	struct content *c, **slot;

	if (2 * (sh->n + 1) > sh->n_slots)
		grow(sh);
	sh->buf.len = 0;
	xl_buf_puts(&sh->buf, kind->key);
	nft_write_expr(&sh->buf, s->r);
	if (sh->buf.failed)
		return NULL;
	slot = slot_for(sh->slots, sh->n_slots, sh->buf.s);
	c = *slot;
	if (c)
		return c;
	c = xl_new(sh->rs->arena, struct content);
	c->text = xl_strdup(sh->rs->arena, sh->buf.s);
	c->kind = kind;
	c->elems = s->r;
	*slot = c;
	sh->n++;
	*sh->end = c;
	sh->end = &c->next;
	return c;
}

static void note_use(struct sharing *sh, const struct nft_rule *r, struct nft_stmt *s)
{
	struct use use = { .match = s, .content = content_of(sh, s) };

	if (!use.content)
		return;
	/* What one rule of the input was made into does not count as several. */
	if (!use.content->rules || !r->source || use.content->source != r->source)
		use.content->rules++;
	use.content->source = r->source;
	xl_push(sh->rs->arena, sh->uses, sh->n_uses, sh->uses_cap, use);
}

static void find_sets(struct sharing *sh)
{
	for (struct nft_chain *c = sh->table->chains; c; c = c->next)
		for (struct nft_rule *r = c->rules; r; r = r->next)
			for (struct nft_stmt *s = r->stmts.first; s; s = s->next)
				if (is_candidate(s))
					note_use(sh, r, s);
}

/* Not constant: the kernel lets nobody add elements to such a set once a rule uses it, not even
 * those that it has, so that the file would not load twice (nft_add_set_elem(): EBUSY). */
static struct nft_set *named(struct sharing *sh, const struct content *c, unsigned int number)
{
	struct xl_arena *a = sh->rs->arena;
	const char *name = xl_printf(a, "%s-%u", c->kind->stem, number);
	struct nft_set *set;

	set = nft_set_new(sh->rs, sh->table, nft_name_claim(a, &sh->table->set_names, name));
	set->type = xl_printf(a, "typeof %s", c->kind->key);
	for (size_t i = 0; i < c->elems->n; i++) {
		struct nft_elem elem = { .key = c->elems->elems[i] };

		if (is_interval(elem.key))
			set->flags |= NFT_SET_INTERVAL;
		xl_push(a, set->elems, set->n, set->cap, elem);
	}
	return set;
}

static void share_in_table(struct sharing *sh)
{
	unsigned int lone = 0, number = 0;

	find_sets(sh);
	for (const struct content *c = sh->first; c; c = c->next)
		lone += c->rules == 1;
	for (struct content *c = sh->first; c; c = c->next)
		if (c->rules > 1 || lone > MANY)
			c->set = named(sh, c, ++number);
	for (size_t i = 0; i < sh->n_uses; i++)
		if (sh->uses[i].content->set)
			sh->uses[i].match->r = nft_setref(sh->rs->arena, sh->uses[i].content->set);
}

void xl_share_sets(struct nft_ruleset *rs)
{
	struct xl_buf buf = { .s = NULL };

	for (struct nft_table *t = rs->tables; t; t = t->next) {
		struct sharing sh = { .rs = rs, .table = t, .buf = buf };

		sh.end = &sh.first;
		share_in_table(&sh);
		buf = sh.buf;
	}
	xl_buf_free(&buf);
}
