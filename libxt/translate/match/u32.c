// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m u32: struct xt_u32. Semantics: u32_match_it(), net/netfilter/xt_u32.c.
 *
 * A test loads 32 bits, masks and shifts them, and compares. That is a comparison of some of the
 * bits at their place, which nft does. "@" adds the value to the place of the next load. nft
 * cannot, but for the two jumps that are common: over the IPv4 header ("0>>22&0x3C@", nft's @th)
 * and from there over the TCP header ("12>>26&0x3C@", its @ih). For others there is an alternative
 * for each value that the field can have, if those are few.
 */
#include "translate/raw.h"
#include "translate/u32.h"

#include <linux/netfilter/xt_u32.h>

enum { MAX_ALTS = 128, MAX_FREE_BITS = 6 };

/* Bits of a word, and how far they are shifted to the right (left: negative). */
struct field {
	uint32_t mask;
	int shift;
};

/* Where the next load is counted from, and what must hold for that. */
struct state {
	struct xl_u32_alt so_far;
	enum nft_base base;
	uint64_t at;
};

struct states {
	struct state *v;
	size_t n, cap;
};

struct reader {
	struct xl_ctx *c;
	bool th;       /* the transport header may be loaded from */
	uint8_t proto; /* 0: not known */
};

static bool apply(struct field *f, uint8_t op, uint32_t n)
{
	if (op == XT_U32_AND) {
		f->mask &= f->shift >= 0 ? (uint32_t)((uint64_t)n << f->shift) : n >> -f->shift;
		return true;
	}
	if (n > 31)
		return false;
	f->shift += op == XT_U32_RIGHTSH ? (int)n : -(int)n;
	if (f->shift > 31 || f->shift < -31)
		f->mask = 0;
	else if (f->shift > 0)
		f->mask &= UINT32_MAX << f->shift;
	else
		f->mask &= UINT32_MAX >> -f->shift;
	return true;
}

static uint32_t value_of(const struct field *f, uint32_t word)
{
	return f->shift >= 0 ? word >> f->shift : word << -f->shift;
}

static void add_cond(struct xl_ctx *c, struct xl_u32_alt *a, struct xl_u32_cond cond)
{
	xl_push(c->arena, a->conds, a->n, a->cap, cond);
}

static struct xl_u32_alt copy(struct xl_ctx *c, const struct xl_u32_alt *a)
{
	struct xl_u32_alt to = { 0 };

	for (size_t i = 0; i < a->n; i++)
		add_cond(c, &to, a->conds[i]);
	return to;
}

/* The words under the mask whose value lies in [min, max], as a range; false: none. */
static bool word_range(const struct field *f, uint32_t min, uint32_t max, uint32_t *lo,
		       uint32_t *hi)
{
	uint64_t from, to;

	if (f->shift >= 0) {
		from = (uint64_t)min << f->shift;
		to = ((uint64_t)max + 1) << f->shift;
		to--;
	} else {
		from = ((uint64_t)min + (1ULL << -f->shift) - 1) >> -f->shift;
		to = max >> -f->shift;
	}
	if (to > f->mask)
		to = f->mask;
	*lo = (uint32_t)from;
	*hi = (uint32_t)to;
	return min <= max && from <= to;
}

static bool far(struct xl_ctx *c, uint64_t off)
{
	if (off <= XL_RAW_MAX - 3)
		return false;
	xl_refuse(c, "u32: nft cannot look farther than byte %d in every kernel", XL_RAW_MAX);
	return true;
}

/* A jump by the value of @f at @s: one more state for each value that it can have. */
static bool jump(struct reader *r, const struct state *s, const struct field *f, uint32_t pos,
		 struct states *out)
{
	struct xl_ctx *c = r->c;
	uint32_t word = 0;
	struct state to;

	if (__builtin_popcount(f->mask) > MAX_FREE_BITS)
		return xl_refuse(c, "u32: it jumps by a field that can have more than %d values",
				 1 << MAX_FREE_BITS);
	if (far(c, s->at + pos))
		return false;
	do {
		to = (struct state){ copy(c, &s->so_far), s->base, s->at + value_of(f, word) };
		add_cond(c, &to.so_far,
			 (struct xl_u32_cond){ .base = s->base,
					       .off = (uint32_t)s->at + pos,
					       .mask = f->mask,
					       .lo = word,
					       .hi = word });
		if (out->n == MAX_ALTS)
			return xl_refuse(c, "u32: its jumps have more than %d outcomes", MAX_ALTS);
		xl_push(c->arena, out->v, out->n, out->cap, to);
		word = (word - f->mask) & f->mask; /* the next subset of the mask's bits */
	} while (word);
	return true;
}

static bool known_jump(const struct reader *r, const struct state *s, const struct field *f,
		       uint32_t pos, struct state *to)
{
	bool ip = s->base == NFT_BASE_NH && s->at + pos == 0 && f->mask == 0x0f000000 &&
		  f->shift == 22 && r->c->family == NFPROTO_IPV4 && r->th;
	bool tcp = s->base == NFT_BASE_TH && s->at + pos == 12 && f->mask == 0xf0000000 &&
		   f->shift == 26 && r->proto == IPPROTO_TCP;

	if (!ip && !tcp)
		return false;
	*to = *s;
	to->base = ip ? NFT_BASE_TH : NFT_BASE_IH;
	to->at = 0;
	return true;
}

static bool jump_all(struct reader *r, struct states *all, const struct field *f, uint32_t pos)
{
	struct states out = { 0 };
	struct state to;

	for (size_t i = 0; i < all->n; i++) {
		if (known_jump(r, &all->v[i], f, pos, &to))
			xl_push(r->c->arena, out.v, out.n, out.cap, to);
		else if (!jump(r, &all->v[i], f, pos, &out))
			return false;
	}
	*all = out;
	return true;
}

/* The values that come next to each other in one. */
static size_t merge(struct xl_u32_cond *v, size_t n)
{
	size_t m = 0;

	for (size_t i = 1; i < n; i++)
		for (size_t j = i; j && v[j].lo < v[j - 1].lo; j--) {
			struct xl_u32_cond t = v[j];

			v[j] = v[j - 1];
			v[j - 1] = t;
		}
	for (size_t i = 0; i < n; i++) {
		if (m && v[i].lo <= (uint64_t)v[m - 1].hi + 1) {
			if (v[i].hi > v[m - 1].hi)
				v[m - 1].hi = v[i].hi;
		} else {
			v[m++] = v[i];
		}
	}
	return m;
}

/* The conditions under which the value that @f has at @at is one of the test's. */
static bool values(struct reader *r, const struct xt_u32_test *t, const struct field *f,
		   struct xl_u32_cond at, struct xl_u32_cond *v, size_t *n)
{
	uint32_t unit = xl_is_run(f->mask) ? f->mask & -f->mask : 1;

	*n = 0;
	for (unsigned int i = 0; i < t->nvalues; i++) {
		at.mask = f->mask;
		if (!word_range(f, t->value[i].min, t->value[i].max, &at.lo, &at.hi))
			continue;
		at.lo = at.lo % unit ? (at.lo / unit + 1) * unit : at.lo;
		at.hi = at.hi / unit * unit;
		if (at.lo == at.hi && at.lo & ~f->mask)
			continue;
		if (at.lo <= at.hi)
			v[(*n)++] = at;
	}
	/* In steps of @unit two values follow each other; merge() takes steps of one. */
	for (size_t i = 0; i < *n; i++)
		v[i].hi += unit - 1;
	*n = merge(v, *n);
	for (size_t i = 0; i < *n; i++) {
		v[i].hi = v[i].hi / unit * unit;
		if (!xl_is_run(f->mask) && v[i].lo != v[i].hi && (v[i].lo || v[i].hi != f->mask))
			return xl_refuse(r->c, "u32: a range of values under a mask with holes");
	}
	return true;
}

static bool finish(struct reader *r, const struct xt_u32_test *t, const struct states *s,
		   const struct field *f, uint32_t pos, struct xl_u32_alts *out)
{
	struct xl_u32_cond v[XT_U32_MAXSIZE + 1];
	size_t n;

	for (size_t i = 0; i < s->n; i++) {
		uint64_t off = s->v[i].at + pos;

		if (far(r->c, off))
			return false;
		if (!values(r, t, f,
			    (struct xl_u32_cond){ .base = s->v[i].base, .off = (uint32_t)off }, v,
			    &n))
			return false;
		xl_u32_as_set(r->c, v, &n);
		for (size_t k = 0; k < n; k++) {
			struct xl_u32_alt a = copy(r->c, &s->v[i].so_far);

			add_cond(r->c, &a, v[k]);
			xl_push(r->c->arena, out->v, out->n, out->cap, a);
		}
	}
	return true;
}

/* "6&0xFF=6" says that what follows is about TCP. */
static void learn_proto(struct reader *r, const struct xl_u32_alts *alts)
{
	const struct xl_u32_cond *k =
		alts->n == 1 && alts->v[0].n == 1 ? &alts->v[0].conds[0] : NULL;
	int byte = k ? 9 - (int)k->off : -1;

	if (byte < 0 || byte > 3 || k->base != NFT_BASE_NH || r->c->family != NFPROTO_IPV4)
		return;
	if (k->mask == 0xffU << (24 - 8 * byte) && !k->set && k->lo == k->hi)
		r->proto = (uint8_t)(k->lo >> (24 - 8 * byte));
}

static bool one_test(struct reader *r, const struct xt_u32_test *t, struct xl_u32_alts *out)
{
	struct states s = { 0 };
	struct state start = { .base = NFT_BASE_NH };
	struct field f = { UINT32_MAX, 0 };
	uint32_t pos = t->location[0].number;

	if (!t->nnums || t->nnums > XT_U32_MAXSIZE + 1 || t->nvalues > XT_U32_MAXSIZE + 1)
		return xl_refuse(r->c, "u32: a test with too many parts");
	xl_push(r->c->arena, s.v, s.n, s.cap, start);
	for (unsigned int i = 1; i < t->nnums; i++) {
		uint32_t n = t->location[i].number;

		if (t->location[i].nextop != XT_U32_AT) {
			if (!apply(&f, t->location[i].nextop, n))
				return xl_refuse(r->c, "u32: it shifts by more than 31 bits");
			continue;
		}
		if (!jump_all(r, &s, &f, pos))
			return false;
		f = (struct field){ UINT32_MAX, 0 };
		pos = n;
	}
	return finish(r, t, &s, &f, pos, out);
}

/* All tests must hold: each alternative of one with each of the next. */
static bool both(struct xl_ctx *c, struct xl_u32_alts *all, const struct xl_u32_alts *more)
{
	struct xl_u32_alts out = { 0 };

	if (all->n * more->n > MAX_ALTS)
		return xl_refuse(c, "u32: it has more than %d alternatives", MAX_ALTS);
	for (size_t i = 0; i < all->n; i++)
		for (size_t j = 0; j < more->n; j++) {
			struct xl_u32_alt a = copy(c, &all->v[i]);

			for (size_t k = 0; k < more->v[j].n; k++)
				add_cond(c, &a, more->v[j].conds[k]);
			xl_push(c->arena, out.v, out.n, out.cap, a);
		}
	*all = out;
	return true;
}

/* nft cannot list a range of transport header bits behind "meta l4proto" of a protocol that it does
 * not know, so there the header is jumped over by alternatives. */
static bool lists_th(const struct xl_ctx *c)
{
	static const uint8_t known[] = { 0, 1, 2, 6, 17, 33, 50, 51, 58, 108, 132, 136 };

	for (size_t i = 0; i < sizeof(known); i++)
		if (c->proto == known[i])
			return true;
	return c->proto_inv;
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_u32 *u = c->data;
	struct reader r = { c, lists_th(c), c->proto_inv ? 0 : c->proto };
	struct xl_u32_alts all = { 0 }, more;
	struct xl_u32_alt empty = { 0 };

	if (u->ntests > XT_U32_MAXSIZE + 1)
		return xl_refuse(c, "u32 has too many tests");
	xl_push(c->arena, all.v, all.n, all.cap, empty);
	for (unsigned int i = 0; i < u->ntests; i++) {
		more = (struct xl_u32_alts){ 0 };
		if (!one_test(&r, &u->tests[i], &more) || !both(c, &all, &more))
			return false;
		learn_proto(&r, &more);
	}
	if (!all.n)
		return u->invert ? true : xl_never(c);
	if (u->invert)
		xl_begin_none(c);
	else if (all.n > 1)
		xl_begin_any(c);
	xl_u32_write(c, &all);
	xl_end(c);
	return true;
}

const struct xl_ext xl_match_u32[] = {
	{ "u32", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_u32), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_u32_options[] = {
	{ .ext = "u32",
	  .name = "--u32",
	  .how = XL_PARTLY,
	  .why = "up to the byte that nft can reach in every kernel, and jumps over few values" },
	XL_OPTION_END,
};
