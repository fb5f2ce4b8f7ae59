// SPDX-License-Identifier: GPL-2.0-or-later
#include "nft/build.h"

#include <stddef.h>
#include <string.h>

/* What a key reads is all that there is to it, and most expressions are keys. */
static const struct nft_expr keys[NFT_KEY_COUNT] = {
#define NFT_KEY(id, text, t, bits, layer) \
	[NFT_##id] = { .kind = NFT_E_KEY, .type = NFT_T_##t, .key = NFT_##id },
#include "nft/keys.def"
#undef NFT_KEY
};

static size_t expr_size(enum nft_expr_kind kind)
{
	static const bool has_union[] = {
		[NFT_E_RAW] = true,    [NFT_E_ADDR] = true,   [NFT_E_STR] = true,
		[NFT_E_SET] = true,    [NFT_E_SETREF] = true, [NFT_E_CONCAT] = true,
		[NFT_E_NUMGEN] = true, [NFT_E_TEXT] = true,   [NFT_E_VERDICT] = true,
	};
	bool all = kind < sizeof(has_union) / sizeof(has_union[0]) && has_union[kind];

	return all ? sizeof(struct nft_expr) : offsetof(struct nft_expr, addr);
}

static size_t stmt_size(enum nft_stmt_kind kind)
{
	static const bool has_union[] = {
		[NFT_S_NAT] = true,   [NFT_S_LOG] = true,     [NFT_S_LIMIT] = true,
		[NFT_S_QUOTA] = true, [NFT_S_CTCOUNT] = true, [NFT_S_QUEUE] = true,
		[NFT_S_DUP] = true,   [NFT_S_DYNSET] = true,  [NFT_S_OBJREF] = true,
	};
	bool all = kind < sizeof(has_union) / sizeof(has_union[0]) && has_union[kind];

	return all ? sizeof(struct nft_stmt) : offsetof(struct nft_stmt, nat);
}

static struct nft_expr *expr(struct xl_arena *a, enum nft_expr_kind kind)
{
	struct nft_expr *e = xl_alloc(a, expr_size(kind));

	e->kind = kind;
	return e;
}

static struct nft_expr *expr2(struct xl_arena *a, enum nft_expr_kind kind, struct nft_expr *l,
			      struct nft_expr *r)
{
	struct nft_expr *e = expr(a, kind);

	e->a = l;
	e->b = r;
	return e;
}

struct nft_expr *nft_key(struct xl_arena *a, enum nft_key_id id)
{
	(void)a;
	return (struct nft_expr *)&keys[id];
}

struct nft_expr *nft_key_num(struct xl_arena *a, enum nft_key_id id, unsigned int num)
{
	struct nft_expr *e = expr(a, NFT_E_KEY);

	e->key = id;
	e->num = num;
	e->type = nft_keys[id].type;
	return e;
}

struct nft_expr *nft_raw(struct xl_arena *a, enum nft_base base, unsigned int off, unsigned int len)
{
	struct nft_expr *e = expr(a, NFT_E_RAW);

	e->base = base;
	e->off = off;
	e->len = len;
	return e;
}

struct nft_expr *nft_num(struct xl_arena *a, enum nft_type type, uint64_t num)
{
	struct nft_expr *e = expr(a, NFT_E_NUM);

	e->type = type;
	e->num = num;
	return e;
}

struct nft_expr *nft_addr(struct xl_arena *a, enum nft_type type, const void *addr)
{
	struct nft_expr *e = expr(a, NFT_E_ADDR);

	e->type = type;
	memcpy(e->addr, addr, type == NFT_T_IPV4 ? 4 : type == NFT_T_IPV6 ? 16 : 6);
	return e;
}

struct nft_expr *nft_str(struct xl_arena *a, enum nft_type type, const char *s)
{
	struct nft_expr *e = expr(a, NFT_E_STR);

	e->type = type;
	e->str = s;
	return e;
}

struct nft_expr *nft_prefix(struct xl_arena *a, struct nft_expr *addr, unsigned int len)
{
	struct nft_expr *e = expr2(a, NFT_E_PREFIX, addr, NULL);

	e->num = len;
	return e;
}

struct nft_expr *nft_range(struct xl_arena *a, struct nft_expr *lo, struct nft_expr *hi)
{
	return expr2(a, NFT_E_RANGE, lo, hi);
}

struct nft_expr *nft_bin(struct xl_arena *a, struct nft_expr *l, enum nft_binop op,
			 struct nft_expr *r)
{
	struct nft_expr *e = expr2(a, NFT_E_BIN, l, r);

	e->op = op;
	return e;
}

struct nft_expr *nft_anon_set(struct xl_arena *a)
{
	return expr(a, NFT_E_SET);
}

struct nft_expr *nft_setref(struct xl_arena *a, struct nft_set *set)
{
	struct nft_expr *e = expr(a, NFT_E_SETREF);

	e->set = set;
	return e;
}

struct nft_expr *nft_concat(struct xl_arena *a, struct nft_expr *l, struct nft_expr *r)
{
	struct nft_expr *e = l;

	if (l->kind != NFT_E_CONCAT) {
		e = expr(a, NFT_E_CONCAT);
		nft_expr_add(a, e, l);
	}
	nft_expr_add(a, e, r);
	return e;
}

struct nft_expr *nft_map(struct xl_arena *a, struct nft_expr *key, struct nft_expr *map)
{
	return expr2(a, NFT_E_MAP, key, map);
}

struct nft_expr *nft_pair(struct xl_arena *a, struct nft_expr *key, struct nft_expr *data)
{
	return expr2(a, NFT_E_PAIR, key, data);
}

struct nft_expr *nft_verdict_data(struct xl_arena *a, enum nft_verdict v, struct nft_chain *chain)
{
	struct nft_expr *e = expr(a, NFT_E_VERDICT);

	e->num = v;
	e->chain = chain;
	return e;
}

struct nft_expr *nft_exists(struct xl_arena *a, bool exists)
{
	struct nft_expr *e = expr(a, NFT_E_EXISTS);

	e->num = exists;
	return e;
}

struct nft_expr *nft_numgen(struct xl_arena *a, const char *how, uint64_t mod)
{
	struct nft_expr *e = expr(a, NFT_E_NUMGEN);

	e->str = how;
	e->num = mod;
	return e;
}

struct nft_expr *nft_text_expr(struct xl_arena *a, const char *text)
{
	struct nft_expr *e = expr(a, NFT_E_TEXT);

	e->str = text;
	return e;
}

void nft_expr_add(struct xl_arena *a, struct nft_expr *list, struct nft_expr *elem)
{
	xl_push(a, list->elems, list->n, list->cap, elem);
}

struct nft_stmt *nft_stmt(struct xl_arena *a, enum nft_stmt_kind kind)
{
	struct nft_stmt *s = xl_alloc(a, stmt_size(kind));

	s->kind = kind;
	return s;
}

struct nft_stmt *nft_stmt_copy(struct xl_arena *a, const struct nft_stmt *s)
{
	struct nft_stmt *copy = xl_memdup(a, s, stmt_size(s->kind));

	copy->next = NULL;
	return copy;
}

struct nft_stmt *nft_match(struct xl_arena *a, struct nft_expr *l, enum nft_relop op,
			   struct nft_expr *r)
{
	struct nft_stmt *s = nft_stmt(a, NFT_S_MATCH);

	s->l = l;
	s->r = r;
	s->relop = op;
	return s;
}

struct nft_stmt *nft_verdict(struct xl_arena *a, enum nft_verdict v, struct nft_chain *chain)
{
	struct nft_stmt *s = nft_stmt(a, NFT_S_VERDICT);

	s->verdict = v;
	s->chain = chain;
	return s;
}

struct nft_stmt *nft_vmap(struct xl_arena *a, struct nft_expr *l, struct nft_expr *map)
{
	struct nft_stmt *s = nft_stmt(a, NFT_S_VMAP);

	s->l = l;
	s->r = map;
	return s;
}

struct nft_stmt *nft_assign(struct xl_arena *a, struct nft_expr *l, struct nft_expr *r)
{
	struct nft_stmt *s = nft_stmt(a, NFT_S_SET);

	s->l = l;
	s->r = r;
	return s;
}

struct nft_stmt *nft_assign_bits(struct xl_arena *a, enum nft_key_id key, uint32_t mask,
				 uint32_t value)
{
	struct nft_expr *r = nft_key(a, key);

	if (mask == 0xffffffff)
		return nft_assign(a, nft_key(a, key), nft_val(a, key, value));
	if (!mask && !value)
		return NULL;
	if (mask && mask == value)
		return nft_assign(a, nft_key(a, key),
				  nft_bin(a, r, NFT_OP_OR, nft_val(a, key, value)));
	if (mask)
		r = nft_bin(a, r, NFT_OP_AND, nft_val(a, key, (uint32_t)~mask));
	if (value)
		r = nft_bin(a, r, NFT_OP_XOR, nft_val(a, key, value));
	return nft_assign(a, nft_key(a, key), r);
}

struct nft_stmt *nft_text(struct xl_arena *a, const char *text)
{
	struct nft_stmt *s = nft_stmt(a, NFT_S_TEXT);

	s->name = text;
	return s;
}

struct nft_stmt *nft_dynset(struct xl_arena *a, enum nft_dynset_op op, struct nft_set *set,
			    struct nft_expr *key)
{
	struct nft_stmt *s = nft_stmt(a, NFT_S_DYNSET);

	s->dynset.op = op;
	s->dynset.set = set;
	s->l = key;
	return s;
}
