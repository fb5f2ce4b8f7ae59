/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XT_TOKEN_H
#define XT_TOKEN_H

#include "diag/arena.h"

#include <stdbool.h>

/** A word of a line; @col counts from 1, 0 when unknown. */
struct xt_token {
	char *text;
	unsigned int col;
	bool quoted;
};

struct xt_tokens {
	struct xt_token *v;
	size_t n, cap;
};

/**
 * Splits a line as iptables-restore does: at white space; double quotes join, with backslash
 * escapes inside. A word that begins with ' and whose closing ' is at the end of a word is taken as
 * the shell would take it, when there is white space between: iptables-restore could make nothing
 * of it. Returns NULL, or what is wrong, with the place in *@col.
 */
const char *xt_tokenize(struct xl_arena *a, const char *line, struct xt_tokens *out,
			unsigned int *col);

#endif
