// SPDX-License-Identifier: GPL-2.0-or-later
#include "quote.h"

#include <string.h>

void quote_shell(struct xl_buf *b, const char *s)
{
	xl_buf_putc(b, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			xl_buf_puts(b, "'\\''");
		else
			xl_buf_putc(b, *s);
	}
	xl_buf_putc(b, '\'');
}

static int is_plain(const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				    "_-+=:,./@%![]";

	return *s && !s[strspn(s, plain)];
}

void quote_word(struct xl_buf *b, const char *s)
{
	if (is_plain(s))
		xl_buf_puts(b, s);
	else
		quote_shell(b, s);
}

char *quote_words(struct xl_arena *a, char *const *words, int n)
{
	struct xl_buf b = { 0 };
	char *line;

	for (int i = 0; i < n; i++) {
		if (i)
			xl_buf_putc(&b, ' ');
		quote_word(&b, words[i]);
	}
	line = xl_strdup(a, b.s ? b.s : "");
	xl_buf_free(&b);
	return line;
}
