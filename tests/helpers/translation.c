// SPDX-License-Identifier: GPL-2.0-or-later
#include "translation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As the kernel's tables have them. */
static const struct {
	const char *table, *chains[6];
} tables[] = {
	{ "filter", { "INPUT", "FORWARD", "OUTPUT" } },
	{ "nat", { "PREROUTING", "INPUT", "OUTPUT", "POSTROUTING" } },
	{ "mangle", { "PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING" } },
	{ "raw", { "PREROUTING", "OUTPUT" } },
	{ "security", { "INPUT", "FORWARD", "OUTPUT" } },
};

static void add_lines(const struct xl_case *c, enum line_what what, unsigned int family,
		      const char *before, const char *after, struct text *out)
{
	for (size_t i = 0; i < c->n_lines; i++)
		if (line_is(&c->lines[i], what, family))
			text_f(out, "%s%s%s\n", before, c->lines[i].text, after);
}

void case_lines(const struct xl_case *c, enum line_what what, unsigned int family, struct text *out)
{
	add_lines(c, what, family, "", "", out);
}

void case_save_file(const struct xl_case *c, unsigned int family, struct text *out)
{
	text_f(out, "*%s\n", c->table);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (size_t j = 0; !strcmp(tables[i].table, c->table) && tables[i].chains[j]; j++)
			text_f(out, ":%s ACCEPT [0:0]\n", tables[i].chains[j]);
	add_lines(c, LINE_CHAIN, family, ":", " - [0:0]", out);
	text_f(out, "%s\n", c->rule);
	add_lines(c, LINE_MORE, family, "", "", out);
	text_f(out, "COMMIT\n");
}

static bool is_family(const char *s, size_t n)
{
	return (n == 2 && !strncmp(s, "ip", 2)) || (n == 3 && !strncmp(s, "ip6", 3)) ||
	       (n == 4 && !strncmp(s, "inet", 4)) || (n == 6 && !strncmp(s, "bridge", 6));
}

/* "add KIND FAMILY TABLE REST": the table and chains go without saying, a rule is its REST, other
 * things are "KIND REST". */
static void add_command(struct text *out, const char *s)
{
	const char *kind = s + 4, *p = kind, *end = kind;
	size_t n = 0;

	for (; *p && !is_family(p, n = strcspn(p, " ")); p += n + (p[n] == ' '))
		end = p + n;
	if (!*p) {
		text_f(out, "nft: %s\n", s);
		return;
	}
	p += n + 1;
	p += strcspn(p, " ");
	if (!strncmp(kind, "table ", 6) || !strncmp(kind, "chain ", 6))
		return;
	if (!strncmp(kind, "rule ", 5))
		text_f(out, "nft:%s\n", p);
	else
		text_f(out, "nft: %.*s%s\n", (int)(end - kind), kind, p);
}

/* In the order of case_expected(): what is in comments goes to @never and @refused. */
static void add_output(struct text *out, struct text *never, struct text *refusals, const char *s)
{
	static const char refused[] = " NOT TRANSLATED: ";
	const char *p;

	if (!strncmp(s, "add ", 4)) {
		add_command(out, s);
		return;
	}
	p = *s == '#' ? strstr(s, refused) : NULL;
	if (p)
		text_f(refusals, "refused: %s\n", p + strlen(refused));
	else if (!strncmp(s, "# no packet can match", 21))
		text_f(never, "never:\n");
	else if (*s != '#')
		text_f(out, "nft: %s\n", s);
}

static const char *xtlate(void)
{
	static char path[4096];
	const char *given = getenv("XL_CASE_XTLATE"), *build = getenv("XL_BUILDDIR");

	if (given)
		return given;
	if (!build)
		build = ".";
	snprintf(path, sizeof(path), "%s/xtlate/xtlate", build);
	return path;
}

static void write_file(char *path, const struct text *t)
{
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, text_str(t), t->n) != (ssize_t)t->n)
		die("%s", path);
	close(fd);
}

struct translation translate_case(const struct xl_case *c, unsigned int family)
{
	struct translation t = { 0 };
	char sets[] = "/tmp/xtlate-case-XXXXXX";
	const char *argv[12] = { xtlate(), "ruleset", "--lines", "--quiet", NULL, "-" };
	size_t n = 6;
	const char *version = getenv("XL_CASE_NFT_VERSION");
	struct text save = { 0 }, ipset = { 0 }, never = { 0 }, refused = { 0 };
	char *line, *next;

	argv[4] = family == FAMILY_4 ? "-4" : "-6";
	if (case_has(c, LINE_IPSET, family)) {
		add_lines(c, LINE_IPSET, family, "", "", &ipset);
		write_file(sets, &ipset);
		argv[n++] = "--ipset";
		argv[n++] = sets;
	}
	if (version) {
		argv[n++] = "--nft-version";
		argv[n++] = version;
	}
	if (case_has(c, LINE_APPROXIMATELY, family))
		argv[n++] = "--approximate";
	case_save_file(c, family, &save);
	t.status = run(-1, argv, text_str(&save), &t.output, &t.messages);
	if (ipset.n)
		unlink(sets);
	text_free(&save);
	text_free(&ipset);
	save.s = copy_n(text_str(&t.output), t.output.n);
	for (line = save.s; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		add_output(&t.lines, &never, &refused, line);
	}
	text_f(&t.lines, "%s%s", text_str(&never), text_str(&refused));
	text_free(&never);
	text_free(&refused);
	text_free(&save);
	return t;
}

void translation_free(struct translation *t)
{
	text_free(&t->output);
	text_free(&t->messages);
	text_free(&t->lines);
}

void case_expected(const struct xl_case *c, unsigned int family, struct text *out)
{
	add_lines(c, LINE_NFT, family, "nft: ", "", out);
	add_lines(c, LINE_NEVER, family, "never:", "", out);
	add_lines(c, LINE_REFUSED, family, "refused: ", "", out);
}

static void add_diff(struct text *why, const char *text, char sign)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		text_f(why, "    %c%.*s\n", sign, (int)n, text);
		text += n + (text[n] == '\n');
	}
}

/* A reason need not be given in full. */
static bool line_matches(const char *found, size_t found_n, const char *expected, size_t n)
{
	static const char refused[] = "refused: ";
	const size_t word = sizeof(refused) - 1;

	if (n >= word && found_n >= word && !strncmp(found, refused, word) &&
	    !strncmp(expected, refused, word))
		return memmem(found, found_n, expected + word, n - word);
	return n == found_n && !strncmp(found, expected, n);
}

static bool as_expected(const char *found, const char *expected)
{
	while (*found && *expected) {
		size_t found_n = strcspn(found, "\n"), n = strcspn(expected, "\n");

		if (!line_matches(found, found_n, expected, n))
			return false;
		found += found_n + 1;
		expected += n + 1;
	}
	return !*found && !*expected;
}

bool translation_check(const struct translation *t, const struct xl_case *c, unsigned int family,
		       struct text *why)
{
	struct text expected = { 0 };
	bool ok;

	if (t->status > 1) {
		text_f(why, "xtlate ends with status %d:\n%s", t->status, text_str(&t->messages));
		return false;
	}
	case_expected(c, family, &expected);
	ok = as_expected(text_str(&t->lines), text_str(&expected));
	if (!ok) {
		text_f(why, "the translation differs (- expected, + found):\n");
		add_diff(why, text_str(&expected), '-');
		add_diff(why, text_str(&t->lines), '+');
	}
	text_free(&expected);
	return ok;
}
