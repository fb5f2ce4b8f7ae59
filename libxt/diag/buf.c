// SPDX-License-Identifier: GPL-2.0-or-later
#include "diag/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct xl_buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 256;
	char *s;

	if (b->failed)
		return false;
	if (n < b->cap - b->len)
		return true;
	while (cap - b->len <= n)
		cap *= 2;
	s = realloc(b->s, cap);
	if (!s) {
		b->failed = true;
		return false;
	}
	b->s = s;
	b->cap = cap;
	return true;
}

void xl_buf_add(struct xl_buf *b, const char *s, size_t n)
{
	if (!reserve(b, n))
		return;
	memcpy(b->s + b->len, s, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void xl_buf_puts(struct xl_buf *b, const char *s)
{
	xl_buf_add(b, s, strlen(s));
}

void xl_buf_putc(struct xl_buf *b, char c)
{
	xl_buf_add(b, &c, 1);
}

void xl_buf_printf(struct xl_buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !reserve(b, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(b->s + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void xl_buf_free(struct xl_buf *b)
{
	free(b->s);
	*b = (struct xl_buf){ 0 };
}
