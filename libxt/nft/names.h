/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_NAMES_H
#define NFT_NAMES_H

/*
 * nft has no way to quote the name of a table, chain, set or object: a name must look like a word
 * and must not be one of the grammar's own.
 */

#include "nft/model.h"

#include <stdbool.h>

/** Whether every supported nft reads @name as the name of a chain, set or object. */
bool nft_name_ok(const char *name);

/** Whether @name is among @names. */
bool nft_name_taken(struct nft_names *names, const char *name);

/**
 * A name that nft reads and that is not yet among @names; it is @want itself where that will do.
 * The name is entered into @names.
 */
const char *nft_name_claim(struct xl_arena *a, struct nft_names *names, const char *want);

/** Enters the words into @names that only nft before 1.0.6 cannot read as names. */
void nft_names_of_old(struct xl_arena *a, struct nft_names *names);

#endif
