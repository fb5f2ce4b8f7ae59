/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_HOOKS_H
#define XL_HOOKS_H

#include "nft/model.h"
#include "xt/ruleset.h"

/** "ip" or "ip6" */
const char *xl_nft_family(uint8_t family);
/** The base chain at the place where legacy's @table has hook @hook; NULL: it has none there. */
const struct nft_base_chain *xl_base_chain(const char *table, int hook);
/** For each chain of @t, by index: the hooks (1 << NF_INET_*) from whose base chains it can be
 * reached. The array is @a's. */
unsigned int *xl_chain_hooks(struct xl_arena *a, const struct xt_table *t);

#endif
