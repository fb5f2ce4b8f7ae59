/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_CHECK_H
#define NFT_CHECK_H

#include "diag/diag.h"

#include <stdbool.h>

/**
 * Has libnftables check @text without loading it (nft -c, with -j if it is @json). Needs the rights
 * to load it. XL_EXIT_OK, XL_EXIT_NFT with what nft said in *@said (the arena's), XL_EXIT_RESOURCE.
 */
enum xl_exit nft_check(struct xl_arena *a, const char *text, bool json, const char **said);

#endif
