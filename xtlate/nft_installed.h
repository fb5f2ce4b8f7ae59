/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_INSTALLED_H
#define NFT_INSTALLED_H

#include "diag/arena.h"

/** What the installed nft calls its version, such as 1.0.6; "" when there is none. */
const char *nft_installed(struct xl_arena *a);

#endif
