// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Elements of an ipset as elements of an nft set.
 *
 * In an ipset networks may lie within each other, and the most specific one decides
 * (mtype_test_cidrs(), ip_set_hash_gen.h: the longest prefixes first, "nomatch" included); an nft
 * set takes no overlaps and knows no nomatch. So all is cut at every boundary, and each piece is
 * kept or left out by the most specific network that covers it. Elements that differ in anything
 * but addresses (port, device, …) cannot overlap, so each group of equal ones is cut by itself.
 */
#include "nft/build.h"
#include "translate/ipset.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>

enum { MAX_SINGLES = 1 << 20 };

/** One element among those that are cut. */
struct span {
	const struct xt_ipset_elem *e;
	size_t order;
};

/** What is left of one by the cutting. @cut: it is not all of @best */
struct piece {
	struct xt_range r[2];
	const struct xt_ipset_elem *best;
	uint32_t timeout;
	bool cut;
};

struct pieces {
	struct piece *v;
	size_t n, cap;
};

struct fill {
	struct xl_env *env;
	struct xl_arena *arena;
	const struct xt_ipset *set;
	enum xl_set_part part;
	unsigned int kind;
	struct nft_set *to;
	unsigned int addrs;		    /* dimensions that are ranges of addresses: 1 or 2 */
	const struct xt_ipset_elem *device; /* the device whose networks are cut, where there are */
	struct xt_range slab;
	struct pieces row, rows; /* of this slab; of those before that are equal */
	bool replaced, shortened;
	const char *why;
};

static bool same_range(struct xt_range a, struct xt_range b)
{
	return !xt_addr_cmp(a.lo, b.lo) && !xt_addr_cmp(a.hi, b.hi);
}

static bool follows(struct xt_range a, struct xt_range b)
{
	return !xt_addr_cmp(xt_addr_next(a.hi), b.lo);
}

static void put_elem(struct fill *f, const struct piece *p, const struct xt_range *r)
{
	struct nft_elem elem = { .timeout_ms = (uint64_t)p->timeout * 1000 };

	elem.key = xl_set_value(f->arena, f->set, f->part, p->best, r, &f->why);
	if (f->to->counter && !p->cut) {
		elem.counter = true;
		elem.packets = p->best->packets;
		elem.bytes = p->best->bytes;
	}
	if (p->best->comment)
		elem.comment =
			xl_comment_text(f->arena, p->best->comment, &f->replaced, &f->shortened);
	xl_push(f->arena, f->to->elems, f->to->n, f->to->cap, elem);
}

/* A set that rules change is a hash, without ranges. */
static void put_singles(struct fill *f, const struct piece *p)
{
	struct xt_range r[2];

	for (r[0].lo = p->r[0].lo;; r[0].lo = xt_addr_next(r[0].lo)) {
		for (r[1].lo = p->r[1].lo;; r[1].lo = xt_addr_next(r[1].lo)) {
			r[0].hi = r[0].lo;
			r[1].hi = r[1].lo;
			put_elem(f, p, r);
			if (f->to->n > MAX_SINGLES)
				f->why = "a range in it has too many addresses for a set that SET"
					 " changes";
			if (f->why || !xt_addr_cmp(r[1].lo, p->r[1].hi))
				break;
		}
		if (f->why || !xt_addr_cmp(r[0].lo, p->r[0].hi))
			return;
	}
}

static void put(struct fill *f, const struct piece *p)
{
	if (f->to->flags & NFT_SET_DYNAMIC) {
		put_singles(f, p);
		return;
	}
	if (!xt_range_is_one(p->r[0]) || !xt_range_is_one(p->r[1]))
		f->to->flags |= NFT_SET_INTERVAL;
	put_elem(f, p, p->r);
}

/* Pieces, joined where cutting was for nothing. */

static bool same_comment(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool join_pieces(const struct fill *f, const struct piece *a, const struct piece *b)
{
	unsigned int k = f->addrs - 1;

	if (!follows(a->r[k], b->r[k]) || a->timeout != b->timeout ||
	    !same_comment(a->best->comment, b->best->comment) || f->to->counter ||
	    memcmp(a->best->mac, b->best->mac, sizeof(a->best->mac)) != 0)
		return false;
	return a->cut || b->cut || (f->set->type->bitmap && !(f->to->flags & NFT_SET_DYNAMIC));
}

static void add_piece(struct fill *f, const struct piece *p)
{
	struct pieces *row = &f->row;
	struct piece *last = row->n ? &row->v[row->n - 1] : NULL;

	if (last && join_pieces(f, last, p)) {
		last->r[f->addrs - 1].hi = p->r[f->addrs - 1].hi;
		last->cut = true;
		return;
	}
	xl_push(f->arena, row->v, row->n, row->cap, *p);
}

static bool same_rows(const struct pieces *a, const struct pieces *b)
{
	if (!a->n || a->n != b->n || !follows(a->v[0].r[0], b->v[0].r[0]))
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].best != b->v[i].best || a->v[i].timeout != b->v[i].timeout ||
		    !same_range(a->v[i].r[1], b->v[i].r[1]))
			return false;
	return true;
}

static void flush_rows(struct fill *f)
{
	for (size_t i = 0; i < f->rows.n && !f->why; i++)
		put(f, &f->rows.v[i]);
	f->rows.n = 0;
}

static void end_row(struct fill *f)
{
	struct pieces swap = f->rows;

	if (same_rows(&f->rows, &f->row)) {
		for (size_t i = 0; i < f->rows.n; i++)
			f->rows.v[i].r[0].hi = f->row.v[i].r[0].hi;
		f->row.n = 0;
		return;
	}
	flush_rows(f);
	swap.n = 0;
	f->rows = f->row;
	f->row = swap;
}

/* Which element decides. */

static int more_specific(const void *a, const void *b)
{
	const struct span *x = *(const struct span *const *)a, *y = *(const struct span *const *)b;

	for (unsigned int i = 0; i < 2; i++)
		if (x->e->len[i] != y->e->len[i])
			return y->e->len[i] - x->e->len[i];
	return x->order < y->order ? 1 : -1; /* the later one replaces the earlier */
}

/* The elements that cover a piece come and go with their timeouts. It stays until the last of them
 * has gone, if all say the same. False when nothing is to be kept. */
static bool decide(struct fill *f, struct span **act, size_t n, struct piece *p)
{
	bool nomatch;

	qsort(act, n, sizeof(struct span *), more_specific);
	nomatch = act[0]->e->nomatch;
	p->best = act[0]->e;
	for (size_t i = 0; i < n; i++) {
		if (act[i]->e->nomatch != nomatch)
			f->why = "networks with nomatch and with a timeout overlap in it";
		if (p->timeout < act[i]->e->timeout)
			p->timeout = act[i]->e->timeout;
		if (act[i]->e->timeout)
			continue;
		p->timeout = 0;
		break;
	}
	return nomatch == !!(f->kind & XL_SET_NOMATCH);
}

/* Whether every device of @in is one of @out's, and those are more. */
static bool devices_include(const struct xt_ipset_elem *out, const struct xt_ipset_elem *in)
{
	size_t n;

	if (!out->wildcard)
		return false;
	n = strlen(out->iface);
	return !strncmp(out->iface, in->iface, n) && (in->iface[n] || !in->wildcard);
}

static bool same_device(const struct xt_ipset_elem *a, const struct xt_ipset_elem *b)
{
	return !strcmp(a->iface, b->iface) && a->wildcard == b->wildcard;
}

/* With devices, the search ends at the most specific network, whatever its devices are
 * (hash_netiface4_data_equal() counts it in "multi", which ends the loop in mtype_test_cidrs()). */
static bool decide_device(struct fill *f, struct span **act, size_t n, struct piece *p)
{
	bool stays = false, shared = false, simple = true;
	size_t top;

	qsort(act, n, sizeof(struct span *), more_specific);
	for (top = 0; top < n && act[top]->e->len[0] == act[0]->e->len[0]; top++) {
		const struct xt_ipset_elem *e = act[top]->e;

		stays |= !e->timeout;
		if (!p->best && same_device(e, f->device)) {
			p->best = e;
			p->timeout = e->timeout;
			simple &= !e->nomatch;
		} else if (devices_include(e, f->device)) {
			shared = true;
			simple &= !e->nomatch && !e->timeout;
		}
	}
	if (!stays && top < n)
		f->why = "networks with a timeout lie within others in it";
	if (p->best && shared && !simple)
		f->why = "devices with and without wildcard overlap in it, some with nomatch or a"
			 " timeout";
	/* What is shared stands in the set under the wildcard. */
	return p->best && !shared && p->best->nomatch == !!(f->kind & XL_SET_NOMATCH);
}

static void cell(struct fill *f, struct xt_range seg, struct span **act, size_t n)
{
	struct piece p = { .r = { seg, { { 0, 0 }, { 0, 0 } } } };

	if (f->addrs == 2) {
		p.r[0] = f->slab;
		p.r[1] = seg;
	}
	if (!(f->device ? decide_device : decide)(f, act, n, &p))
		return;
	for (unsigned int i = 0; i < f->addrs; i++)
		p.cut |= !same_range(p.r[i], p.best->addr[i]);
	add_piece(f, &p);
}

/* Cutting. */

static int by_start(const struct span *a, const struct span *b, unsigned int dim)
{
	int c = xt_addr_cmp(a->e->addr[dim].lo, b->e->addr[dim].lo);

	return c ? c : a->order < b->order ? -1 : 1;
}

static int by_start0(const void *a, const void *b)
{
	return by_start(*(const struct span *const *)a, *(const struct span *const *)b, 0);
}

static int by_start1(const void *a, const void *b)
{
	return by_start(*(const struct span *const *)a, *(const struct span *const *)b, 1);
}

typedef void (*segment_fn)(struct fill *f, struct xt_range seg, struct span **act, size_t n);

/* Calls @fn for each stretch between two boundaries in dimension @dim with those that cover it. @s
 * is sorted by where they start. */
static void sweep(struct fill *f, unsigned int dim, struct span **s, size_t n, segment_fn fn)
{
	struct span **act = xl_alloc(f->arena, n * sizeof(struct span *));
	struct xt_range seg = { { 0, 0 }, { 0, 0 } };
	size_t na = 0, i = 0, left;

	while ((na || i < n) && !f->why) {
		if (!na)
			seg.lo = s[i]->e->addr[dim].lo;
		while (i < n && !xt_addr_cmp(s[i]->e->addr[dim].lo, seg.lo))
			act[na++] = s[i++];
		seg.hi = act[0]->e->addr[dim].hi;
		for (size_t k = 1; k < na; k++)
			if (xt_addr_cmp(act[k]->e->addr[dim].hi, seg.hi) < 0)
				seg.hi = act[k]->e->addr[dim].hi;
		if (i < n && xt_addr_cmp(s[i]->e->addr[dim].lo, seg.hi) <= 0)
			seg.hi = xt_addr_prev(s[i]->e->addr[dim].lo);
		fn(f, seg, act, na);
		left = 0;
		for (size_t k = 0; k < na; k++)
			if (xt_addr_cmp(act[k]->e->addr[dim].hi, seg.hi) > 0)
				act[left++] = act[k];
		na = left;
		seg.lo = xt_addr_next(seg.hi);
	}
}

static void slab(struct fill *f, struct xt_range seg, struct span **act, size_t n)
{
	struct span **s = xl_memdup(f->arena, act, n * sizeof(struct span *));

	f->slab = seg;
	qsort(s, n, sizeof(struct span *), by_start1);
	sweep(f, 1, s, n, cell);
	end_row(f);
}

static void group(struct fill *f, struct span **s, size_t n)
{
	qsort(s, n, sizeof(struct span *), by_start0);
	if (f->addrs == 2) {
		sweep(f, 0, s, n, slab);
	} else {
		sweep(f, 0, s, n, cell);
		end_row(f);
	}
	flush_rows(f);
}

/* Groups. */

static int cmp_num(uint64_t a, uint64_t b)
{
	return a == b ? 0 : a < b ? -1 : 1;
}

static int cmp_group(const struct xt_ipset_elem *a, const struct xt_ipset_elem *b)
{
	int c = cmp_num(a->proto, b->proto);

	c = c ? c : cmp_num(a->port, b->port);
	c = c ? c : cmp_num(a->mark, b->mark);
	c = c ? c : memcmp(a->mac, b->mac, sizeof(a->mac));
	c = c || !a->iface ? c : strcmp(a->iface, b->iface);
	return c ? c : cmp_num(a->wildcard, b->wildcard);
}

static int cmp_span(const void *a, const void *b)
{
	const struct span *x = a, *y = b;
	int c = cmp_group(x->e, y->e);

	return c ? c : cmp_num(x->order, y->order);
}

static void groups(struct fill *f, struct span *all, size_t n)
{
	struct span **s = xl_alloc(f->arena, n * sizeof(struct span *));
	bool devices = xl_set_has(f->set, XT_DIM_IFACE);

	for (size_t i = 0, end; i < n && !f->why; i = end) {
		/* An address in a bitmap has one MAC, the last one added. */
		for (end = i; end < n; end++) {
			if (!f->set->type->bitmap && cmp_group(all[i].e, all[end].e))
				break;
			s[end - i] = &all[end];
		}
		if (!devices) {
			group(f, s, end - i);
			continue;
		}
		f->device = all[i].e;
		for (size_t k = 0; k < n; k++)
			s[k] = &all[k];
		group(f, s, n);
	}
}

static unsigned int address_dims(const struct xt_ipset *s)
{
	unsigned int n = 0;

	for (const enum xt_ipset_dim *d = s->type->dims; *d; d++)
		n += *d == XT_DIM_IP || *d == XT_DIM_NET || *d == XT_DIM_PORTNUM;
	return n ? n : 1;
}

static void warn_comments(const struct fill *f)
{
	if (f->replaced || f->shortened)
		xl_report(f->env->diags, XL_WARNING, f->set->loc, NULL,
			  "comments in the ipset \"%s\" are longer than nft's 128 bytes or have"
			  " characters that it cannot hold; they were changed",
			  f->set->name);
}

bool xl_set_fill(struct xl_env *env, const struct xt_ipset *s, enum xl_set_part part,
		 unsigned int kind, struct nft_set *to, const char **why)
{
	struct fill f = { .env = env,
			  .arena = env->arena,
			  .set = s,
			  .part = part,
			  .kind = kind,
			  .to = to,
			  .addrs = address_dims(s) };
	struct span *all = xl_alloc(env->arena, (s->n + 1) * sizeof(*all));
	bool dynamic = to->flags & NFT_SET_DYNAMIC;
	size_t n = 0;

	if (!dynamic && (xl_set_has(s, XT_DIM_NET) || xl_set_has(s, XT_DIM_PORTNUM)))
		to->flags |= NFT_SET_INTERVAL;
	for (size_t i = 0; i < s->n; i++)
		if (xl_set_part_of(s, &s->elems[i]) == part)
			all[n++] = (struct span){ .e = &s->elems[i], .order = i };
	qsort(all, n, sizeof(*all), cmp_span);
	groups(&f, all, n);
	warn_comments(&f);
	*why = f.why;
	return !f.why;
}
