// SPDX-License-Identifier: GPL-2.0-or-later
#include "case.h"
#include "util.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct line_kind kinds[] = {
	{ "nft", LINE_NFT },
	{ "never", LINE_NEVER },
	{ "refused", LINE_REFUSED },
	{ "hit", LINE_HIT },
	{ "miss", LINE_MISS },
	{ "sees", LINE_SEES },
	{ "differs", LINE_DIFFERS },
	{ "chain", LINE_CHAIN },
	{ "more", LINE_MORE },
	{ "ipset", LINE_IPSET },
	{ "setup", LINE_SETUP },
	{ "listen", LINE_LISTEN },
	{ "approximately", LINE_APPROXIMATELY },
	{ "text-only", LINE_TEXT_ONLY },
	{ "unloadable", LINE_UNLOADABLE },
};

struct reader {
	const char *path;
	int line;
};

__attribute__((format(printf, 2, 3), noreturn)) static void bad(const struct reader *r,
								const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", r->path, r->line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

bool line_is(const struct case_line *l, enum line_what what, unsigned int family)
{
	return l->kind->what == what && l->families & family;
}

bool is_packet(const struct case_line *l, unsigned int family)
{
	return l->families & family && l->kind->what >= LINE_HIT && l->kind->what <= LINE_DIFFERS;
}

bool case_has(const struct xl_case *c, enum line_what what, unsigned int family)
{
	for (size_t i = 0; i < c->n_lines; i++)
		if (line_is(&c->lines[i], what, family))
			return true;
	return false;
}

/* "4", "6" or "46" is families; "" is @none. Returns 0 for anything else. */
static unsigned int families(const char *s, size_t n, unsigned int none)
{
	if (!n)
		return none;
	if (n == 1)
		return *s == '4' ? FAMILY_4 : *s == '6' ? FAMILY_6 : 0;
	return n == 2 && s[0] == '4' && s[1] == '6' ? FAMILY_4 | FAMILY_6 : 0;
}

static void begin_case(struct case_file *f, const struct reader *r, unsigned int fams,
		       const char *text)
{
	struct xl_case c = { .line = r->line, .families = fams };
	const char *end;

	c.table = copy_n("filter", 6);
	if (!strncmp(text, "-t ", 3)) {
		text += 3;
		end = strchr(text, ' ');
		if (!end)
			bad(r, "there is no rule after -t TABLE");
		free(c.table);
		c.table = copy_n(text, (size_t)(end - text));
		text = end + 1;
	}
	c.rule = copy_n(text, strlen(text));
	f->cases = realloc(f->cases, (f->n + 1) * sizeof(c));
	if (!f->cases)
		die("realloc");
	f->cases[f->n++] = c;
}

static void add_line(struct xl_case *c, const struct reader *r, const struct line_kind *k,
		     unsigned int fams, const char *text)
{
	char *copy = copy_n(text, strlen(text));

	c->lines = realloc(c->lines, (c->n_lines + 1) * sizeof(*c->lines));
	if (!c->lines)
		die("realloc");
	c->lines[c->n_lines++] = (struct case_line){ k, fams, r->line, copy };
	if (k->what == LINE_TEXT_ONLY)
		c->text_only = copy;
	if (k->what == LINE_UNLOADABLE)
		c->unloadable = copy;
}

static void case_line(struct case_file *f, const struct reader *r, const char *s)
{
	size_t n = strcspn(s, ":"), word = strcspn(s, "46:");
	const char *text = s + n + 1;
	unsigned int fams;

	if (!s[n])
		bad(r, "expected WORD: …");
	text += strspn(text, " \t");
	if (!word) {
		fams = families(s, n, 0);
		if (!fams)
			bad(r, "a case begins with 4:, 6: or 46:");
		begin_case(f, r, fams, text);
		return;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strlen(kinds[i].name) != word || strncmp(kinds[i].name, s, word) != 0)
			continue;
		fams = families(s + word, n - word, FAMILY_4 | FAMILY_6);
		if (!fams)
			break;
		if (!f->n)
			bad(r, "there is no case yet");
		add_line(&f->cases[f->n - 1], r, &kinds[i], fams, text);
		return;
	}
	bad(r, "unknown word \"%.*s\"", (int)n, s);
}

struct case_file case_read(const char *path)
{
	struct case_file f = { .path = path };
	struct reader r = { path, 0 };
	struct text all = { 0 };
	char *s, *next;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("%s", path);
	text_add(&all, "", 0);
	text_read(&all, fd);
	close(fd);
	for (s = all.s; s && *s; s = next) {
		next = strchr(s, '\n');
		if (next)
			*next++ = '\0';
		r.line++;
		s += strspn(s, " \t");
		for (size_t n = strlen(s); n && strchr(" \t\r", s[n - 1]); n--)
			s[n - 1] = '\0';
		if (*s && *s != '#')
			case_line(&f, &r, s);
	}
	text_free(&all);
	return f;
}

void case_free(struct case_file *f)
{
	for (size_t i = 0; i < f->n; i++) {
		struct xl_case *c = &f->cases[i];

		for (size_t j = 0; j < c->n_lines; j++)
			free(c->lines[j].text);
		free(c->lines);
		free(c->table);
		free(c->rule);
	}
	free(f->cases);
}
