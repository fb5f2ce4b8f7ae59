/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_BUF_H
#define XL_BUF_H

#include "diag/arena.h"

#include <stdbool.h>
#include <stdint.h>

/**
 * struct xl_buf - text that grows
 * @s: always NUL-terminated once something was added; owned, see xl_buf_free()
 * @failed: memory ran out; what was added since is lost
 */
struct xl_buf {
	char *s;
	size_t len, cap;
	bool failed;
};

void xl_buf_add(struct xl_buf *b, const char *s, size_t n);
void xl_buf_puts(struct xl_buf *b, const char *s);
void xl_buf_putc(struct xl_buf *b, char c);
/** Adds a number in decimal digits. */
void xl_buf_putu(struct xl_buf *b, uint64_t value);
void xl_buf_printf(struct xl_buf *b, const char *fmt, ...) XL_PRINTF(2, 3);
void xl_buf_free(struct xl_buf *b);

#endif
