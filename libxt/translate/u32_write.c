// SPDX-License-Identifier: GPL-2.0-or-later
/* u32 conditions as tests of bits at their place, in a form that nft lists as it was. */
#include "translate/raw.h"
#include "translate/u32.h"

static bool in_header(const struct xl_ctx *c, const struct xl_u32_cond *k)
{
	return k->base == NFT_BASE_NH && k->off + 4 <= (c->family == NFPROTO_IPV4 ? 20 : 40);
}

/* The name of what is loaded, if it has one; @end is the bit behind it. */
static enum nft_key_id named(const struct xl_ctx *c, enum nft_base base, unsigned int end,
			     unsigned int len)
{
	static const struct {
		uint8_t family;
		unsigned int end, len;
		enum nft_key_id key;
	} names[] = {
		{ NFPROTO_IPV4, 32, 16, NFT_IP_LENGTH },  { NFPROTO_IPV4, 48, 16, NFT_IP_ID },
		{ NFPROTO_IPV4, 72, 8, NFT_IP_TTL },	  { NFPROTO_IPV4, 80, 8, NFT_IP_PROTOCOL },
		{ NFPROTO_IPV6, 56, 8, NFT_IP6_NEXTHDR }, { NFPROTO_IPV6, 64, 8, NFT_IP6_HOPLIMIT },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (base == NFT_BASE_NH && names[i].family == c->family && names[i].end == end &&
		    names[i].len == len)
			return names[i].key;
	return NFT_KEY_COUNT;
}

static unsigned int end_of(const struct xl_u32_cond *k)
{
	return k->off * 8 + 32 - (unsigned int)__builtin_ctz(k->mask);
}

static unsigned int len_of(const struct xl_u32_cond *k)
{
	return (unsigned int)__builtin_popcount(k->mask);
}

/* nft reads "tcp-16" as the name of a protocol. */
static bool proto_range(enum nft_key_id key, const struct xl_u32_cond *v, size_t n)
{
	bool range = false;

	for (size_t i = 0; i < n; i++)
		range |= v[i].lo != v[i].hi;
	return range && nft_keys[key].type == NFT_T_PROTO;
}

/* Several values go into a set where nft can list it: of a field with a name, or of whole bytes
 * behind the IP header. */
void xl_u32_as_set(const struct xl_ctx *c, struct xl_u32_cond *v, size_t *n)
{
	enum nft_key_id key;
	bool ok = *n > 1 && xl_is_run(v->mask);

	if (!ok)
		return;
	key = named(c, v->base, end_of(v), len_of(v));
	if (key == NFT_KEY_COUNT)
		ok = !in_header(c, v) && end_of(v) % 8 == 0 && len_of(v) % 8 == 0;
	else
		ok = !proto_range(key, v, *n);
	if (!ok)
		return;
	v->set = xl_memdup(c->arena, v, *n * sizeof(*v));
	v->n = *n;
	*n = 1;
}

/* All 32 bits must be there, not only those that are compared. One load does for all that begin
 * before it. */
static void add_load(struct xl_ctx *c, const struct xl_u32_alt *a, size_t at)
{
	const struct xl_u32_cond *k = &a->conds[at];

	if (in_header(c, k))
		return;
	for (size_t i = 0; i < a->n; i++)
		if (a->conds[i].base == k->base &&
		    (a->conds[i].off > k->off || (i < at && a->conds[i].off == k->off)))
			return;
	xl_add(c, nft_match(c->arena, nft_raw(c->arena, k->base, k->off * 8, 32), NFT_GE,
			    nft_num(c->arena, NFT_T_DEC, 0)));
}

static void bytes_of(uint32_t word, uint8_t *bytes)
{
	for (unsigned int i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(word >> (24 - 8 * i));
}

/* lo and hi as the bits alone. */
static struct nft_expr *bits(struct xl_arena *a, const struct xl_u32_cond *k, enum nft_type type)
{
	unsigned int low = (unsigned int)__builtin_ctz(k->mask);
	struct nft_expr *lo = nft_num(a, type, k->lo >> low);

	return k->lo == k->hi ? lo : nft_range(a, lo, nft_num(a, type, k->hi >> low));
}

static void write_values(struct xl_ctx *c, const struct xl_u32_cond *k)
{
	enum nft_key_id key = named(c, k->base, end_of(k), len_of(k));
	bool known = key != NFT_KEY_COUNT && (k->set || !proto_range(key, k, 1));
	enum nft_type type = known ? nft_keys[key].type : NFT_T_HEX;
	struct xl_arena *a = c->arena;
	struct nft_expr *load, *value;

	load = known ? nft_key(a, key) : nft_raw(a, k->base, end_of(k) - len_of(k), len_of(k));
	value = k->set ? nft_anon_set(a) : bits(a, k, type);
	for (size_t i = 0; i < k->n; i++)
		nft_expr_add(a, value, bits(a, &k->set[i], type));
	xl_add(c, nft_match(a, load, NFT_EQ, value));
}

static void write_cond(struct xl_ctx *c, const struct xl_u32_cond *k)
{
	uint8_t v[4], mask[4];

	if (!k->set && k->lo == 0 && k->hi == k->mask)
		return;
	if (k->set || k->lo != k->hi) {
		write_values(c, k);
		return;
	}
	bytes_of(k->lo, v);
	bytes_of(k->mask, mask);
	xl_raw_bytes(c, k->base, k->off, v, mask, 4);
}

void xl_u32_write(struct xl_ctx *c, const struct xl_u32_alts *all)
{
	for (size_t i = 0; i < all->n; i++) {
		if (i)
			xl_next(c);
		for (size_t k = 0; k < all->v[i].n; k++) {
			add_load(c, &all->v[i], k);
			write_cond(c, &all->v[i].conds[k]);
		}
	}
}
