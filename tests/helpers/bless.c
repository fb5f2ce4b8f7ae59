// SPDX-License-Identifier: GPL-2.0-or-later
#include "bless.h"
#include "translation.h"
#include "util.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_expectation(const struct case_line *l)
{
	return l->kind->what == LINE_NFT || l->kind->what == LINE_NEVER ||
	       l->kind->what == LINE_REFUSED;
}

/* "nft: …" becomes "nft4: …" when @family is not 0. */
static void add_lines(struct text *out, const char *lines, char family)
{
	while (*lines) {
		size_t n = strcspn(lines, "\n"), word = strcspn(lines, ":");

		text_add(out, lines, word);
		if (family)
			text_add(out, &family, 1);
		text_f(out, "%.*s\n", (int)(n - word), lines + word);
		lines += n + (lines[n] == '\n');
	}
}

/* The new expectation of a case; nothing when it holds already. */
static void add_expectation(struct text *out, const struct xl_case *c)
{
	static const unsigned int families[] = { FAMILY_4, FAMILY_6 };
	struct translation t[2] = { 0 };
	struct text why = { 0 };
	bool ok = true;

	for (int i = 0; i < 2; i++)
		if (c->families & families[i]) {
			t[i] = translate_case(c, families[i]);
			ok &= translation_check(&t[i], c, families[i], &why);
		}
	if (!ok && c->families == (FAMILY_4 | FAMILY_6) &&
	    strcmp(text_str(&t[0].lines), text_str(&t[1].lines)) != 0) {
		add_lines(out, text_str(&t[0].lines), '4');
		add_lines(out, text_str(&t[1].lines), '6');
	} else if (!ok) {
		add_lines(out, text_str(&t[c->families == FAMILY_6].lines), 0);
	}
	for (int i = 0; i < 2; i++)
		translation_free(&t[i]);
	text_free(&why);
}

/* The line of the file behind which the new expectation goes. */
static int place(const struct xl_case *c)
{
	for (size_t i = 0; i < c->n_lines; i++)
		if (is_expectation(&c->lines[i]))
			return c->lines[i].line - 1;
	return c->line;
}

static bool drop(const struct xl_case *c, int line)
{
	for (size_t i = 0; i < c->n_lines; i++)
		if (c->lines[i].line == line && is_expectation(&c->lines[i]))
			return true;
	return false;
}

static void write_file(const char *path, const struct text *t)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd < 0 || write(fd, text_str(t), t->n) != (ssize_t)t->n)
		die("%s", path);
	close(fd);
}

void bless(const struct case_file *f)
{
	struct text *fresh = calloc(f->n + 1, sizeof(*fresh)), out = { 0 };
	const struct xl_case *c = NULL;
	char *line = NULL;
	size_t size = 0, i = 0;
	FILE *in = fopen(f->path, "r");

	if (!in || !fresh)
		die("%s", f->path);
	for (size_t j = 0; j < f->n; j++)
		add_expectation(&fresh[j], &f->cases[j]);
	for (int n = 1; getline(&line, &size, in) > 0; n++) {
		if (i < f->n && f->cases[i].line == n)
			c = &f->cases[i++];
		if (!c || !fresh[i - 1].n || !drop(c, n))
			text_f(&out, "%s", line);
		if (c && fresh[i - 1].n && place(c) == n)
			text_f(&out, "%s", fresh[i - 1].s);
	}
	fclose(in);
	write_file(f->path, &out);
	for (size_t j = 0; j < f->n; j++)
		text_free(&fresh[j]);
	free(fresh);
	free(line);
	text_free(&out);
}
