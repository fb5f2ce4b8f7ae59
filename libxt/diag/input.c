// SPDX-License-Identifier: GPL-2.0-or-later
#include "diag/input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_all(FILE *f, size_t *size)
{
	size_t cap = 1 << 16, len = 0, n;
	char *s = malloc(cap), *bigger;

	while (s && (n = fread(s + len, 1, cap - len - 1, f)) > 0) {
		len += n;
		if (cap - len > 1)
			continue;
		cap *= 2;
		bigger = realloc(s, cap);
		if (!bigger)
			free(s);
		s = bigger;
	}
	if (!s)
		return NULL;
	if (ferror(f)) {
		free(s);
		return NULL;
	}
	s[len] = '\0';
	*size = len;
	return s;
}

char *input_read(const char *path, size_t *size)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "r") : stdin;
	char *s;
	int err;

	if (!f)
		return NULL;
	s = read_all(f, size);
	err = errno;
	if (f != stdin)
		fclose(f);
	errno = err;
	return s;
}
