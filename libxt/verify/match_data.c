// SPDX-License-Identifier: GPL-2.0-or-later
/* string and u32: bytes that the packet is to carry. */
#include "verify/model.h"
#include "verify/wire.h"

#include <linux/netfilter/xt_string.h>
#include <linux/netfilter/xt_u32.h>
#include <string.h>

/* Tests are left to the kernel: looking through each packet for each rule takes long. */
static enum vf_test unknown(const struct vf_cond *c, const struct vf_packet *k)
{
	(void)c;
	(void)k;
	return VF_UNKNOWN;
}

/* Where the payload begins, from the network header on, as both matches count. */
static size_t begin(const struct vf_packet *k, uint8_t *wire)
{
	return vf_wire(&k->p, wire) - k->p.payload;
}

/* Has data up to @n; what is new looks as the payload does without. */
static bool extend(struct vf_packet *k, size_t n)
{
	if (n > VF_DATA)
		return false;
	for (; k->p.n_data < n; k->p.n_data++)
		k->p.data[k->p.n_data] = 'a' + k->p.n_data % 26;
	if (k->p.payload < n)
		k->p.payload = n;
	return true;
}

static bool string_inverted(const struct vf_cond *c)
{
	const struct xt_string_info *s = c->data;

	return c->rev ? s->u.v1.flags & XT_STRING_FLAG_INVERT : s->u.v0.invert;
}

static void string_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct xt_string_info *s = c->data;
	uint8_t wire[VF_WIRE_MAX];
	size_t from = begin(k, wire), at = s->from_offset > from ? s->from_offset - from : 0;

	(void)r;
	if (string_inverted(c) || from + at > s->to_offset || !extend(k, at + s->patlen))
		return;
	memcpy(k->p.data + at, s->pattern, s->patlen);
}

/* A byte less, the last byte another, one place before and behind where it may be. */
static bool string_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	const struct xt_string_info *s = c->data;
	uint8_t wire[VF_WIRE_MAX];
	size_t from = begin(k, wire);
	size_t lo = s->from_offset > from ? s->from_offset - from : 0;
	size_t at = n == 2 && lo		     ? lo - 1
		    : n >= 3 && s->to_offset >= from ? s->to_offset - from
						     : lo;

	if (n > 4 || !s->patlen || !extend(k, at + s->patlen + 1))
		return false;
	at += n == 4;
	memset(k->p.data, 'z', k->p.n_data);
	memcpy(k->p.data + at, s->pattern, s->patlen - (n == 0));
	if (n == 1)
		k->p.data[at + s->patlen - 1] ^= 1;
	return extend(k, at + s->patlen);
}

static uint32_t word(const uint8_t *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* u32_match_it(), net/netfilter/xt_u32.c: where the last word is that it looks at, and which
 * operation comes after. */
static bool last_word(const struct xt_u32_test *t, const uint8_t *wire, size_t n, size_t *at,
		      unsigned int *next)
{
	size_t pos = t->location[0].number;
	uint32_t v;

	*next = 1;
	if (pos + 4 > n)
		return false;
	v = word(wire + pos);
	*at = pos;
	for (unsigned int i = 1; i < t->nnums; i++) {
		uint32_t number = t->location[i].number;

		switch (t->location[i].nextop) {
		case XT_U32_AND:
			v &= number;
			break;
		case XT_U32_LEFTSH:
			v <<= number & 31;
			break;
		case XT_U32_RIGHTSH:
			v >>= number & 31;
			break;
		default:
			pos = *at =
				(*next == 1 ? 0 : *at - t->location[*next - 1].number) + v + number;
			*next = i + 1;
			if (pos + 4 > n)
				return true;
			v = word(wire + pos);
		}
	}
	return true;
}

/* The word there that gives @v, and which of its bits matter. */
static uint32_t undo(const struct xt_u32_test *t, unsigned int next, uint32_t v, uint32_t *care)
{
	*care = UINT32_MAX;
	for (unsigned int i = t->nnums; i > next; i--) {
		uint32_t number = t->location[i - 1].number;

		if (t->location[i - 1].nextop == XT_U32_AND)
			*care &= number;
		else if (t->location[i - 1].nextop == XT_U32_RIGHTSH)
			v <<= number & 31, *care <<= number & 31;
		else
			v >>= number & 31, *care >>= number & 31;
	}
	return v;
}

static void give(struct vf_packet *k, const struct xt_u32_test *t, uint32_t v)
{
	uint8_t wire[VF_WIRE_MAX];
	unsigned int next;
	size_t from, at;
	uint32_t care;

	if (k->p.payload < VF_DATA) /* so that every word is there to be looked at */
		k->p.payload = VF_DATA;
	from = begin(k, wire);
	if (!last_word(t, wire, from + k->p.payload, &at, &next) || at < from ||
	    !extend(k, at - from + 4))
		return;
	v = undo(t, next, v, &care);
	for (unsigned int i = 0; i < 4; i++) {
		uint8_t *b = &k->p.data[at - from + i], mask = care >> (24 - 8 * i);

		*b = (*b & ~mask) | ((v >> (24 - 8 * i)) & mask);
	}
}

static void u32_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct xt_u32 *u = c->data;

	(void)r;
	if (u->invert)
		return;
	for (unsigned int i = 0; i < u->ntests && i <= XT_U32_MAXSIZE; i++)
		give(k, &u->tests[i], u->tests[i].value[0].min);
}

/* Each test: below and above its first range. */
static bool u32_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	const struct xt_u32 *u = c->data;
	const struct xt_u32_value_element *v;

	if (n >= 2u * u->ntests || n > 2 * XT_U32_MAXSIZE)
		return false;
	u32_make(c, k, NULL);
	v = u->tests[n / 2].value;
	give(k, &u->tests[n / 2], n % 2 ? v->max + 1 : v->min - 1);
	return true;
}

/* Of a test that looks at one word and takes one value: where, which bits, and the value. */
static bool one_word(const struct xt_u32_test *t, size_t *at, uint32_t *mask, uint32_t *value)
{
	*at = t->location[0].number;
	*mask = t->nnums == 2 ? t->location[1].number : UINT32_MAX;
	*value = t->value[0].min;
	return t->nvalues == 1 && t->value[0].min == t->value[0].max &&
	       (t->nnums == 1 || (t->nnums == 2 && t->location[1].nextop == XT_U32_AND));
}

/* What is known of the first bytes of a packet. */
struct bytes {
	uint8_t mask[1024], value[1024];
};

/* False: no packet is so. */
static bool know_word(struct bytes *b, const struct xt_u32_test *t)
{
	uint32_t mask, value;
	size_t at;

	if (!one_word(t, &at, &mask, &value) || at + 4 > sizeof(b->mask))
		return true;
	if (value & ~mask)
		return false;
	for (int i = 0; i < 4; i++) {
		uint8_t m = mask >> (24 - 8 * i), v = value >> (24 - 8 * i);

		if ((b->value[at + i] ^ v) & b->mask[at + i] & m)
			return false;
		b->mask[at + i] |= m;
		b->value[at + i] |= v;
	}
	return true;
}

bool vf_data_clash(const struct vf_cond *c)
{
	const struct xt_u32 *u = c->data;
	struct bytes b = { 0 };

	if (!c->kind || strcmp(c->kind->name, "u32") != 0 || u->invert)
		return false;
	for (unsigned int i = 0; i < u->ntests && i <= XT_U32_MAXSIZE; i++)
		if (!know_word(&b, &u->tests[i]))
			return true;
	return false;
}

static bool same_test(const struct xt_u32_test *a, const struct xt_u32_test *b)
{
	return a->nnums == b->nnums && a->nvalues == b->nvalues &&
	       !memcmp(a->location, b->location, a->nnums * sizeof(a->location[0])) &&
	       !memcmp(a->value, b->value, a->nvalues * sizeof(a->value[0]));
}

static bool has_test(const struct xt_u32 *u, const struct xt_u32_test *t)
{
	for (unsigned int i = 0; i < u->ntests && i <= XT_U32_MAXSIZE; i++)
		if (same_test(&u->tests[i], t))
			return true;
	return false;
}

bool vf_data_cover(const struct vf_cond *wide, const struct vf_cond *narrow)
{
	const struct xt_u32 *w = wide->data, *n = narrow->data;

	if (!wide->kind || wide->kind != narrow->kind || strcmp(wide->kind->name, "u32") != 0 ||
	    w->invert || n->invert)
		return false;
	for (unsigned int i = 0; i < w->ntests && i <= XT_U32_MAXSIZE; i++)
		if (!has_test(n, &w->tests[i]))
			return false;
	return true;
}

static const char *string_why(const struct vf_cond *c)
{
	(void)c;
	return "-m string: what the packet carries";
}

static const char *u32_why(const struct vf_cond *c)
{
	(void)c;
	return "-m u32: bytes of the packet";
}

const struct vf_kind vf_kinds_data[] = {
	{ .name = "string",
	  .rev_max = 1,
	  .test = unknown,
	  .make = string_make,
	  .edge = string_edge,
	  .why = string_why },
	{ .name = "u32", .test = unknown, .make = u32_make, .edge = u32_edge, .why = u32_why },
	{ 0 },
};
