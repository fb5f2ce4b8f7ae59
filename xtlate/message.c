// SPDX-License-Identifier: GPL-2.0-or-later
#include "message.h"

#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is shown of a long line. */
enum { LINE_MAX = 160, LINE_BEFORE = 100 };

enum paint { PLAIN, PLACE, CARET, HINT, SEVERITIES };

static const char *const codes[] = {
	[PLAIN] = "\033[0m",
	[PLACE] = "\033[1m",
	[CARET] = "\033[1;32m",
	[HINT] = "\033[36m",
	[SEVERITIES + XL_NOTE] = "\033[1;36m",
	[SEVERITIES + XL_WARNING] = "\033[1;35m",
	[SEVERITIES + XL_ERROR] = "\033[1;31m",
};

/* @at, @line: the last line looked for, since messages come in the order of lines. */
struct printer {
	bool color;
	const struct message_text *text;
	const char *at;
	unsigned int line;
};

static int set_color(struct run *r, void *to, const char *arg)
{
	static const char *const when[] = { "auto", "always", "never" };

	(void)to;
	for (size_t i = 0; i < sizeof(when) / sizeof(when[0]); i++) {
		if (strcmp(arg, when[i]) != 0)
			continue;
		r->messages.color = (enum color_when)i;
		return 0;
	}
	run_complain(r, "--color can be auto, always or never, not \"%s\"", arg);
	return XL_EXIT_USAGE;
}

const struct option_row message_options[] = {
	{ 0, "color", "WHEN", "auto always never", OPTION_CALL, .take = set_color,
	  .help = "colours: auto (default: on a terminal), always, never",
	  .man = "Colours in messages: `auto`, the default, has them on a terminal unless "
		 "`NO_COLOR` is "
		 "set or `TERM` is `dumb`; `always` and `never` say it." },
	{ 0, "quiet", .kind = OPTION_SET, .at = offsetof(struct run, messages.quiet),
	  .help = "only errors: no warnings, no summary",
	  .man = "Prints only errors: no warnings, no summary." },
	{ 0, "verbose", .kind = OPTION_SET, .at = offsetof(struct run, messages.verbose),
	  .help = "also what was read, for which nft, and all that else is cut short",
	  .man = "Says also what each file was taken for, and which nft is written for. `xtlate "
		 "ruleset` "
		 "then always counts the rules, and the chains, rules and sets of each table; "
		 "`xtlate "
		 "verify` lists all rules of a kind instead of 20." },
	{ 'h', "help", .kind = OPTION_HELP, .help = "this text", .man = "Prints the options." },
	{ 0 },
};

bool message_color(const struct messages *m, int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (m->color != COLOR_AUTO)
		return m->color == COLOR_ALWAYS;
	return isatty(fd) && !(no && *no) && term && *term && strcmp(term, "dumb") != 0;
}

static void paint(const struct printer *p, int what)
{
	if (p->color)
		fputs(codes[what], stderr);
}

static void show_place(const struct printer *p, const struct xl_loc *l)
{
	if (!l->file)
		return;
	paint(p, PLACE);
	fprintf(stderr, "%s:", l->file);
	if (l->line)
		fprintf(stderr, "%u:", l->line);
	if (l->line && l->col)
		fprintf(stderr, "%u:", l->col);
	paint(p, PLAIN);
	fputc(' ', stderr);
}

static const struct message_text *text_of(const struct messages *m, const char *file)
{
	const struct message_text *t = m->texts;

	while (t && t->file != file && !(t->file && file && !strcmp(t->file, file)))
		t = t->next;
	return t;
}

/* Finds the line; NULL: the text does not have it. */
static const char *find_line(struct printer *p, const struct message_text *t, unsigned int line)
{
	const char *end = t->text + t->size;

	if (p->text != t || line < p->line) {
		p->text = t;
		p->at = t->text;
		p->line = 1;
	}
	while (p->line < line) {
		const char *nl = memchr(p->at, '\n', (size_t)(end - p->at));

		if (!nl)
			return NULL;
		p->at = nl + 1;
		p->line++;
	}
	return p->at;
}

/* As many columns as bytes, but for the bytes that go on with a character of UTF-8. */
static bool goes_on(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Control characters are blanks, those of two bytes (U+0080 to U+009F), too. */
static void put_bytes(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool two = (unsigned char)s[i] == 0xc2 && i + 1 < n &&
			   (unsigned char)s[i + 1] >= 0x80 && (unsigned char)s[i + 1] < 0xa0;

		i += two;
		fputc(two || (unsigned char)s[i] < 0x20 || s[i] == 0x7f ? ' ' : s[i], stderr);
	}
}

/* The caret, and a line under the rest of the word. */
static void show_caret(const struct printer *p, const char *s, size_t len, size_t at, int indent)
{
	fprintf(stderr, "%*s", indent, "");
	for (size_t i = 0; i < at; i++)
		if (!goes_on(s[i]))
			fputc(' ', stderr);
	paint(p, CARET);
	fputc('^', stderr);
	for (size_t i = at + 1; i < len && s[i] != ' ' && s[i] != '\t'; i++)
		if (!goes_on(s[i]))
			fputc('~', stderr);
	paint(p, PLAIN);
	fputc('\n', stderr);
}

/* The part of the line around the column @at (from 0). */
static void show_line(const struct printer *p, const char *s, size_t len, size_t at, bool caret)
{
	static const char cut[] = "...";
	size_t from = 0;
	int indent = 4;

	if (len > LINE_MAX && at > LINE_BEFORE) {
		from = at - LINE_BEFORE;
		while (goes_on(s[from]))
			from++;
		indent += (int)sizeof(cut) - 1;
	}
	s += from;
	at -= from;
	len -= from;
	fprintf(stderr, "    %s", from ? cut : "");
	if (len > LINE_MAX) {
		len = LINE_MAX;
		while (goes_on(s[len]))
			len--;
		put_bytes(s, len);
		fputs(cut, stderr);
	} else {
		put_bytes(s, len);
	}
	fputc('\n', stderr);
	if (caret)
		show_caret(p, s, len, at, indent);
}

static void show_source(struct printer *p, const struct messages *m, const struct xl_loc *l)
{
	const struct message_text *t = text_of(m, l->file);
	const char *s, *nl;
	size_t len, rest;

	s = t && l->line ? find_line(p, t, l->line) : NULL;
	if (!s)
		return;
	rest = (size_t)(t->text + t->size - s);
	nl = memchr(s, '\n', rest);
	len = nl ? (size_t)(nl - s) : rest;
	if (len && s[len - 1] == '\r')
		len--;
	if (!len)
		return;
	if (l->col && l->col <= len)
		show_line(p, s, len, l->col - 1, true);
	else
		show_line(p, s, len, 0, false);
}

static void show_one(struct printer *p, const struct messages *m, const struct xl_diag *d)
{
	show_place(p, &d->loc);
	paint(p, SEVERITIES + (int)d->severity);
	fprintf(stderr, "%s:", xl_severity_name(d->severity));
	paint(p, PLAIN);
	fprintf(stderr, " %s\n", d->text);
	show_source(p, m, &d->loc);
	if (!d->hint)
		return;
	paint(p, HINT);
	fputs("    hint:", stderr);
	paint(p, PLAIN);
	fprintf(stderr, " %s\n", d->hint);
}

void message_show(struct messages *m, const struct xl_diags *d)
{
	struct printer p = { .color = message_color(m, STDERR_FILENO) };

	for (; m->shown < d->n; m->shown++)
		if (!m->quiet || d->v[m->shown].severity == XL_ERROR)
			show_one(&p, m, &d->v[m->shown]);
}
