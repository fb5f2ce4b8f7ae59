/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_ADDR_H
#define XL_ADDR_H

/* Addresses of the rule's family as keys of sets. */

#include "translate/ext.h"

/** "ip saddr" … by the rule's family. */
enum nft_key_id xl_addr_key(const struct xl_ctx *c, bool src);
/** @key & @mask (network order), or @key when @mask covers it. */
struct nft_expr *xl_masked_addr(struct xl_ctx *c, enum nft_key_id key, const void *mask);

#endif
