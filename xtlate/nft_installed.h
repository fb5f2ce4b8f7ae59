/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_INSTALLED_H
#define NFT_INSTALLED_H

/* Which nft is installed. */

#include "diag/arena.h"

#include <stdbool.h>
#include <sys/types.h>

/** A version that the system's nft has at least, and from which on its text is the same; 0: only
 * nft itself can tell. */
unsigned int nft_of_system(void);

struct nft_question {
	pid_t pid;
	int fd; /* -1: not asked, or nobody to ask */
};

/** Starts nft to have it tell. That takes as long as translating some rules, so it is done early.
 */
void nft_ask(struct nft_question *q);
/** What it calls its version, such as 1.0.6; "" when there is none. */
const char *nft_answer(struct nft_question *q, struct xl_arena *a);

#endif
