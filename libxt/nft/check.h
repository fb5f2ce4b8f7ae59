/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_CHECK_H
#define NFT_CHECK_H

#include "diag/diag.h"

/**
 * Has libnftables check @text without loading it (nft -c). Needs the rights to load it.
 * XL_EXIT_OK, XL_EXIT_NFT with what nft said in *@said (the arena's), XL_EXIT_RESOURCE.
 */
enum xl_exit nft_check(struct xl_arena *a, const char *text, const char **said);

/** The version of the nft that is installed, 0x010006 for 1.0.6; 0 when there is none. */
unsigned int nft_installed_version(void);

#endif
