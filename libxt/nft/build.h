/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_BUILD_H
#define NFT_BUILD_H

/* Constructors for expressions and statements. All memory is the arena's. */

#include "nft/model.h"

/** The key's expression, which all share: it must not be changed. */
struct nft_expr *nft_key(struct xl_arena *a, enum nft_key_id id);
/** A key with a number in its text, such as NFT_TCPOPT. */
struct nft_expr *nft_key_num(struct xl_arena *a, enum nft_key_id id, unsigned int num);
/** @base,off,len; @off and @len in bits. */
struct nft_expr *nft_raw(struct xl_arena *a, enum nft_base base, unsigned int off,
			 unsigned int len);
struct nft_expr *nft_num(struct xl_arena *a, enum nft_type type, uint64_t num);
/** @type says how many bytes @addr has: IPV4 4, IPV6 16, ETHER 6; network order. */
struct nft_expr *nft_addr(struct xl_arena *a, enum nft_type type, const void *addr);
/** A string value; @type is NFT_T_IFNAME or NFT_T_STRING. The caller has checked that nft can hold
 * it. */
struct nft_expr *nft_str(struct xl_arena *a, enum nft_type type, const char *s);
struct nft_expr *nft_prefix(struct xl_arena *a, struct nft_expr *addr, unsigned int len);
struct nft_expr *nft_range(struct xl_arena *a, struct nft_expr *lo, struct nft_expr *hi);
struct nft_expr *nft_bin(struct xl_arena *a, struct nft_expr *l, enum nft_binop op,
			 struct nft_expr *r);
struct nft_expr *nft_anon_set(struct xl_arena *a);
struct nft_expr *nft_setref(struct xl_arena *a, struct nft_set *set);
struct nft_expr *nft_concat(struct xl_arena *a, struct nft_expr *l, struct nft_expr *r);
/** @key map @map, where @map is an anonymous set of nft_pair()s or a nft_setref(). */
struct nft_expr *nft_map(struct xl_arena *a, struct nft_expr *key, struct nft_expr *map);
struct nft_expr *nft_pair(struct xl_arena *a, struct nft_expr *key, struct nft_expr *data);
/** A verdict as data of a map; @chain where it jumps, else NULL. */
struct nft_expr *nft_verdict_data(struct xl_arena *a, enum nft_verdict v, struct nft_chain *chain);
struct nft_expr *nft_exists(struct xl_arena *a, bool exists);
/** "numgen inc mod @mod" or "numgen random mod @mod"; @how is a literal. */
struct nft_expr *nft_numgen(struct xl_arena *a, const char *how, uint64_t mod);
struct nft_expr *nft_text_expr(struct xl_arena *a, const char *text);
/** Appends to an anonymous set or a concatenation. */
void nft_expr_add(struct xl_arena *a, struct nft_expr *list, struct nft_expr *elem);

struct nft_stmt *nft_stmt(struct xl_arena *a, enum nft_stmt_kind kind);
/** A copy that stands alone: what it points to is shared. */
struct nft_stmt *nft_stmt_copy(struct xl_arena *a, const struct nft_stmt *s);
struct nft_stmt *nft_match(struct xl_arena *a, struct nft_expr *l, enum nft_relop op,
			   struct nft_expr *r);
struct nft_stmt *nft_verdict(struct xl_arena *a, enum nft_verdict v, struct nft_chain *chain);
/** @l vmap @map. */
struct nft_stmt *nft_vmap(struct xl_arena *a, struct nft_expr *l, struct nft_expr *map);
struct nft_stmt *nft_assign(struct xl_arena *a, struct nft_expr *l, struct nft_expr *r);
/** "meta mark set meta mark & ~mask ^ value" in its simplest form; NULL when nothing changes. */
struct nft_stmt *nft_assign_bits(struct xl_arena *a, enum nft_key_id key, uint32_t mask,
				 uint32_t value);
struct nft_stmt *nft_text(struct xl_arena *a, const char *text);
struct nft_stmt *nft_dynset(struct xl_arena *a, enum nft_dynset_op op, struct nft_set *set,
			    struct nft_expr *key);

/** The value of key @id that is the number @num, written as that key's values are. */
static inline struct nft_expr *nft_val(struct xl_arena *a, enum nft_key_id id, uint64_t num)
{
	return nft_num(a, nft_keys[id].type, num);
}

#endif
