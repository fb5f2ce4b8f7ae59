// SPDX-License-Identifier: GPL-2.0-or-later
/* What rules have counted that are elements of sets and maps: told by their keys, since the kernel
 * dumps elements in no order. */
#include "verify/elem_counts.h"

#include "nft/value.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 64 };

/* An element of the model by the beginning of its key, as the kernel has it. */
struct known {
	unsigned char key[KEY_MAX];
	const struct xl_source *source;
};

struct elem_walk {
	const struct vf_rules *r;
	struct vf_count *counts;
	const struct known *known;
	size_t n;
};

static int by_key(const void *a, const void *b)
{
	return memcmp(((const struct known *)a)->key, ((const struct known *)b)->key, KEY_MAX);
}

/* In the order of bytes that the kernel compares: meta and ct have theirs in the host's, but for
 * sets with ranges nft turns them round ("byteorder hton" before the lookup). */
static void put_number(unsigned char *to, enum nft_key_id key, uint64_t num, bool ranges)
{
	unsigned int n = (nft_keys[key].bits + 7U) / 8;
	bool host = nft_keys[key].layer == NFT_L_META || nft_keys[key].layer == NFT_L_CT;
	uint32_t native = (uint32_t)num;

	if (host && n == sizeof(native) && !ranges)
		memcpy(to, &native, sizeof(native));
	else
		for (unsigned int i = 0; i < n; i++)
			to[i] = (unsigned char)(num >> 8 * (n - 1 - i));
}

static void put_value(unsigned char *to, enum nft_key_id key, const struct nft_expr *e, bool ranges)
{
	switch (e->kind) {
	case NFT_E_ADDR:
		memcpy(to, e->addr, (nft_keys[key].bits + 7U) / 8);
		break;
	case NFT_E_STR:
		memcpy(to, e->str, strlen(e->str));
		break;
	case NFT_E_NUM:
		put_number(to, key, e->num, ranges);
		break;
	case NFT_E_PREFIX:
		put_value(to, key, e->a, ranges);
		for (unsigned int i = (unsigned int)e->num; i < nft_keys[key].bits; i++)
			to[i / 8] &= (unsigned char)~(0x80 >> i % 8);
		break;
	case NFT_E_RANGE:
		put_value(to, key, e->a, ranges);
		break;
	default:
		break;
	}
}

static void put_key(struct known *k, const struct nft_set *s, const struct nft_expr *value)
{
	const struct nft_expr *key = s->key;
	bool ranges = s->flags & NFT_SET_INTERVAL;
	size_t at = 0;

	memset(k->key, 0, sizeof(k->key));
	if (key->kind != NFT_E_CONCAT) {
		put_value(k->key, key->key, value, ranges);
		return;
	}
	for (size_t i = 0; i < key->n; i++) {
		enum nft_key_id part = key->elems[i]->key;

		put_value(k->key + at, part, value->elems[i], ranges);
		at += (nft_keys[part].bits + 31U) / 32 * 4;
	}
}

static void one_elem(void *to, const void *key, size_t n, const struct vf_count *c)
{
	struct elem_walk *w = to;
	struct known at = { .source = NULL };
	const struct known *k;
	size_t i;

	memcpy(at.key, key, n < KEY_MAX ? n : KEY_MAX);
	k = bsearch(&at, w->known, w->n, sizeof(at), by_key);
	i = k ? vf_rules_find(w->r, k->source) : w->r->n;
	if (i == w->r->n)
		return;
	w->counts[i].packets += c->packets;
	w->counts[i].bytes += c->bytes;
}

static void begin_at_none(const struct elem_walk *w, const struct nft_set *s)
{
	for (size_t i = 0; i < s->n; i++) {
		size_t at = vf_rules_find(w->r, s->elems[i].source);

		if (at < w->r->n)
			w->counts[at] = (struct vf_count){ 0, 0 };
	}
}

static bool count_set(struct vf_side *side, struct elem_walk *w, const struct vf_set_at *where,
		      const struct nft_set *s)
{
	struct known *known = calloc(s->n, sizeof(*known));
	bool ok;

	if (!known)
		return vf_side_fail(side, "out of memory");
	for (size_t i = 0; i < s->n; i++) {
		put_key(&known[i], s, s->elems[i].key);
		known[i].source = s->elems[i].source;
	}
	qsort(known, s->n, sizeof(*known), by_key);
	w->known = known;
	w->n = s->n;
	begin_at_none(w, s);
	ok = vf_each_nft_elem(side->netlink, where, one_elem, w);
	free(known);
	return ok ? true : vf_side_fail(side, "elements of set %s", s->name);
}

bool vf_count_elems(struct vf_side *side, const struct vf_rules *r, const struct nft_ruleset *rs,
		    struct vf_count *counts)
{
	struct elem_walk w = { .r = r, .counts = counts };

	for (const struct nft_table *t = rs->tables; t; t = t->next) {
		for (const struct nft_set *s = t->sets; s; s = s->next) {
			struct vf_set_at at = { .family = t->family,
						.table = t->name,
						.set = s->name };

			if (s->key && s->counter && !count_set(side, &w, &at, s))
				return false;
		}
	}
	return true;
}
