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
	size_t room;
	int n;

	/* Most texts fit at once; one that does not is written a second time. */
	if (!reserve(b, 0))
		return;
	room = b->cap - b->len;
	va_start(ap, fmt);
	n = vsnprintf(b->s + b->len, room, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n >= room) {
		b->s[b->len] = '\0';
		if (!reserve(b, (size_t)n))
			return;
		va_start(ap, fmt);
		vsnprintf(b->s + b->len, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	if (n > 0)
		b->len += (size_t)n;
}

void xl_buf_putu(struct xl_buf *b, uint64_t value)
{
	char digits[20], *at = digits + sizeof(digits);

	do
		*--at = (char)('0' + value % 10);
	while (value /= 10);
	xl_buf_add(b, at, (size_t)(digits + sizeof(digits) - at));
}

void xl_buf_free(struct xl_buf *b)
{
	free(b->s);
	*b = (struct xl_buf){ 0 };
}
