/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTML_H
#define HTML_H

/* Pages for a browser: whole in one file, readable without scripts. */

#include "diag/buf.h"
#include "run.h"

#include <stddef.h>

/**
 * Any bytes as text of the page, or as an attribute in quotes: markup is escaped, and what could
 * not be seen or would turn the text around (control characters, bad UTF-8, marks of direction) is
 * written out.
 */
void html_text(struct xl_buf *b, const char *s);
void html_text_n(struct xl_buf *b, const char *s, size_t n);
/** <TAG class="CLASS">text</TAG>; @class may be NULL. */
void html_tag(struct xl_buf *b, const char *tag, const char *class, const char *text);
/** 1234567 as "1,234,567" */
void html_number(struct xl_buf *b, unsigned long long n);
/** "1 rule", "1,234 rules" */
void html_amount(struct xl_buf *b, unsigned long long n, const char *what);

/** From the start to inside of <body>. */
void html_begin(struct xl_buf *b, const char *title);
/** To the end, with the script. */
void html_end(struct xl_buf *b);
/** Writes a finished page to a file and frees @b. 0, or -1 after a message. */
int html_write(const struct run *r, struct xl_buf *b, const char *path);

#endif
