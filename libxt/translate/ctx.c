// SPDX-License-Identifier: GPL-2.0-or-later
/* What translators append with; see ext.h. No state but the context's. */
#include "translate/ext.h"
#include "translate/prog.h"

#include <string.h>

void xl_prog_init(struct xl_prog *p)
{
	*p = (struct xl_prog){ 0 };
	p->terms_end = &p->terms;
	p->effects_end = &p->effects;
}

static struct xl_alt *new_alt(struct xl_ctx *c, struct xl_alt ***end)
{
	struct xl_alt *alt = xl_new(c->arena, struct xl_alt);

	nft_stmts_init(&alt->stmts);
	**end = alt;
	*end = &alt->next;
	c->at = &alt->stmts;
	return alt;
}

static struct xl_term *last_term(struct xl_prog *p)
{
	struct xl_term *t = p->terms;

	while (t && t->next)
		t = t->next;
	return t;
}

static struct xl_term *new_term(struct xl_ctx *c, enum xl_term_kind kind)
{
	struct xl_term *t = xl_new(c->arena, struct xl_term);

	t->kind = kind;
	t->end = &t->alts;
	*c->prog->terms_end = t;
	c->prog->terms_end = &t->next;
	new_alt(c, &t->end);
	return t;
}

void xl_add(struct xl_ctx *c, struct nft_stmt *s)
{
	if (!c->at) {
		if (c->prog->in_target)
			new_alt(c, &c->prog->effects_end);
		else
			new_term(c, XL_ALL);
	}
	nft_stmts_add(c->at, s);
}

void xl_begin_any(struct xl_ctx *c)
{
	new_term(c, XL_ANY);
}

void xl_begin_one_of(struct xl_ctx *c)
{
	new_term(c, XL_ANY)->disjoint = true;
}

void xl_begin_none(struct xl_ctx *c)
{
	new_term(c, XL_NONE);
}

void xl_begin_do(struct xl_ctx *c)
{
	new_term(c, XL_DO)->stateful = true;
}

void xl_next(struct xl_ctx *c)
{
	if (c->prog->in_target)
		new_alt(c, &c->prog->effects_end);
	else
		new_alt(c, &last_term(c->prog)->end);
}

void xl_end(struct xl_ctx *c)
{
	c->at = NULL;
}

void xl_stateful(struct xl_ctx *c)
{
	struct xl_term *t;

	if (!c->at)
		new_term(c, XL_ALL);
	t = last_term(c->prog);
	t->stateful = true;
}

void xl_first_fragment(struct xl_ctx *c)
{
	struct nft_stmt *s = nft_stmt(c->arena, NFT_S_GUARD);

	if (c->family == NFPROTO_IPV6)
		s->name = "@th,0,24 >= 0";
	xl_add(c, s);
}

void xl_l4proto(struct xl_ctx *c, uint8_t proto)
{
	xl_cmp(c, NFT_META_L4PROTO, false, proto);
}

bool xl_never(struct xl_ctx *c)
{
	c->prog->never = true;
	return true;
}

bool xl_refuse(struct xl_ctx *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	c->prog->refused = xl_printable(c->arena, xl_vprintf(c->arena, fmt, ap));
	va_end(ap);
	return false;
}

static void add_match(struct xl_ctx *c, struct nft_expr *l, bool neg, struct nft_expr *r)
{
	xl_add(c, nft_match(c->arena, l, neg ? NFT_NE : NFT_EQ, r));
}

void xl_cmp(struct xl_ctx *c, enum nft_key_id key, bool neg, uint64_t num)
{
	add_match(c, nft_key(c->arena, key), neg, nft_val(c->arena, key, num));
}

void xl_cmp_range(struct xl_ctx *c, enum nft_key_id key, bool neg, uint64_t lo, uint64_t hi)
{
	struct nft_expr *r = nft_val(c->arena, key, lo);

	if (lo != hi)
		r = nft_range(c->arena, r, nft_val(c->arena, key, hi));
	add_match(c, nft_key(c->arena, key), neg, r);
}

static uint64_t all_ones(enum nft_key_id key)
{
	unsigned int bits = nft_keys[key].bits;

	return bits < 64 ? (1ULL << bits) - 1 : UINT64_MAX;
}

void xl_cmp_bounds(struct xl_ctx *c, enum nft_key_id key, bool neg, uint64_t lo, uint64_t hi)
{
	uint64_t max = all_ones(key);
	bool none = lo > hi || lo > max, all = lo == 0 && hi >= max;

	if (neg ? all : none)
		xl_never(c);
	else if (!all && !none)
		xl_cmp_range(c, key, neg, lo, hi < max ? hi : max);
}

void xl_cmp_mask(struct xl_ctx *c, enum nft_key_id key, bool neg, uint64_t mask, uint64_t value)
{
	uint64_t all = all_ones(key);
	struct nft_expr *l = nft_key(c->arena, key);

	if ((mask & all) != all)
		l = nft_bin(c->arena, l, NFT_OP_AND, nft_val(c->arena, key, mask));
	add_match(c, l, neg, nft_val(c->arena, key, value));
}

int xl_prefix_len(const void *m, unsigned int bytes)
{
	const uint8_t *mask = m;
	unsigned int len = 0;

	while (len < bytes * 8 && mask[len / 8] & 0x80 >> len % 8)
		len++;
	for (unsigned int i = len; i < bytes * 8; i++)
		if (mask[i / 8] & 0x80 >> i % 8)
			return -1;
	return (int)len;
}

void xl_cmp_addr(struct xl_ctx *c, enum nft_key_id key, bool neg, const void *addr,
		 const void *mask)
{
	enum nft_type type = nft_keys[key].type;
	unsigned int bytes = type == NFT_T_IPV4 ? 4 : 16;
	struct nft_expr *l = nft_key(c->arena, key), *r = nft_addr(c->arena, type, addr);
	int len = xl_prefix_len(mask, bytes);

	if (len == 0 && !neg)
		return;
	if (len == 0) {
		xl_never(c);
		return;
	}
	if (len < 0)
		l = nft_bin(c->arena, l, NFT_OP_AND, nft_addr(c->arena, type, mask));
	else if ((unsigned int)len < bytes * 8)
		r = nft_prefix(c->arena, r, (unsigned int)len);
	add_match(c, l, neg, r);
}

bool xl_string_ok(const char *s)
{
	for (; *s; s++)
		if (*s == '"' || (unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

const char *xl_ifname_text(struct xl_arena *a, const char *name, const unsigned char *mask,
			   const char **why)
{
	size_t len = strnlen(name, 16), masked = 0;
	char *s;

	while (masked < 16 && mask[masked] == 0xff)
		masked++;
	for (size_t i = masked; i < 16; i++) {
		if (mask[i]) {
			*why = "an interface mask with holes cannot be written in nft";
			return NULL;
		}
	}
	if (!masked)
		return "";
	s = xl_strndup(a, name, len);
	if (!xl_string_ok(s)) {
		*why = xl_printf(a, "the interface name %s has a character that nft cannot quote",
				 s);
		return NULL;
	}
	if (masked <= len)
		return xl_printf(a, "%.*s*", (int)masked, s);
	if (len && s[len - 1] == '*')
		return xl_printf(a, "%.*s\\*", (int)len - 1, s);
	return s;
}

bool xl_cmp_ifname(struct xl_ctx *c, enum nft_key_id key, bool neg, const char *name,
		   const unsigned char *mask)
{
	const char *why, *s = xl_ifname_text(c->arena, name, mask, &why);

	if (!s)
		return xl_refuse(c, "%s", why);
	if (!*s)
		return neg ? xl_never(c) : true;
	add_match(c, nft_key(c->arena, key), neg, nft_str(c->arena, NFT_T_IFNAME, s));
	return true;
}
