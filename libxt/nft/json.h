/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_JSON_H
#define NFT_JSON_H

/*
 * The parts of a ruleset as libnftables-json(5) has them. What that has no form for, or nft 1.0.6
 * does not read, gives NULL and a reason.
 */

#include "nft/model.h"

#include <jansson.h>

/** What is being written: @why is the reason that something cannot be. */
struct nft_json {
	struct xl_arena *arena;
	const char *why;
};

/** Sets the reason unless there is one; NULL. */
json_t *nft_json_cannot(struct nft_json *j, const char *why);
json_t *nft_json_string(struct nft_json *j, const char *s);
/** {"@key": @value}; NULL when @value is. */
json_t *nft_json_wrap(const char *key, json_t *value);
/** Puts @value under @key; @object goes and NULL is returned when @value is NULL. */
json_t *nft_json_put(json_t *object, const char *key, json_t *value);

json_t *nft_json_expr(struct nft_json *j, const struct nft_expr *e);
/** A value; several named bits are a list. */
json_t *nft_json_num(struct nft_json *j, const struct nft_expr *e);
json_t *nft_json_stmt(struct nft_json *j, const struct nft_stmt *s);
/** The statements of a list, as an array. */
json_t *nft_json_stmts(struct nft_json *j, const struct nft_stmt *s);
json_t *nft_json_set(struct nft_json *j, const struct nft_set *s);

#endif
