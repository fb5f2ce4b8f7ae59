// SPDX-License-Identifier: GPL-2.0-or-later
#include "xt/token.h"

#include <string.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/* The end of 'a shell word', or NULL when it is none or needs no quoting. */
static const char *shell_quoted(const char *s)
{
	const char *end;

	if (*s != '\'')
		return NULL;
	end = strchr(s + 1, '\'');
	if (!end || (end[1] && !is_space(end[1])))
		return NULL;
	return strcspn(s, " \t") < (size_t)(end - s) ? end : NULL;
}

/* Reads one word at @s into @to; returns where it ends, or NULL when a quote stays open. */
static const char *word(const char *s, char *to, bool *quoted)
{
	const char *end = shell_quoted(s);
	bool open = false;

	*quoted = end != NULL;
	if (end) {
		memcpy(to, s + 1, (size_t)(end - s - 1));
		to[end - s - 1] = '\0';
		return end + 1;
	}
	for (; *s && (open || !is_space(*s)); s++) {
		if (*s == '"') {
			open = !open;
			*quoted = true;
		} else if (open && *s == '\\' && s[1]) {
			*to++ = *++s;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
	return open ? NULL : s;
}

const char *xt_tokenize(struct xl_arena *a, const char *line, struct xt_tokens *out,
			unsigned int *col)
{
	char *mem = xl_alloc(a, 2 * strlen(line) + 2);
	const char *s = line;
	struct xt_token t;

	while (true) {
		while (is_space(*s))
			s++;
		if (!*s)
			return NULL;
		t.text = mem;
		t.col = (unsigned int)(s - line) + 1;
		s = word(s, mem, &t.quoted);
		if (!s) {
			*col = t.col;
			return "a quote is opened and never closed";
		}
		mem += strlen(mem) + 1;
		xl_push(a, out->v, out->n, out->cap, t);
	}
}
