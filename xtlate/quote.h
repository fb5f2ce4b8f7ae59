/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef QUOTE_H
#define QUOTE_H

#include "diag/buf.h"

/** @s between single quotes, so that a shell reads it as one word. */
void quote_shell(struct xl_buf *b, const char *s);
/** The same, without quotes where none are needed. */
void quote_word(struct xl_buf *b, const char *s);
/** The words as one line that a shell would split the same way. */
char *quote_words(struct xl_arena *a, char *const *words, int n);

#endif
