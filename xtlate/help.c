// SPDX-License-Identifier: GPL-2.0-or-later
/* The help of a verb, from its tables. */
#include "verbs.h"

#include <stdio.h>
#include <string.h>

enum { COLUMN = 25, WIDTH = 80 };

/* @text from the column @from on; lines that go on begin at @indent. */
static void wrap(FILE *f, const char *text, int from, int indent)
{
	int at = from;

	while (*text) {
		int n = (int)strcspn(text, " \n");

		if (at > indent && at + 1 + n > WIDTH) {
			fprintf(f, "\n%*s", indent, "");
			at = indent;
		} else if (at > indent) {
			fputc(' ', f);
			at++;
		}
		fprintf(f, "%.*s", n, text);
		at += n;
		text += n + (text[n] != '\0');
	}
	fputc('\n', f);
}

/* -O0, -O1, -O2 */
static int glued(char *s, size_t size, const struct option_row *row)
{
	const char *value = row->values;
	int n = 0;

	while (*value) {
		int len = (int)strcspn(value, " ");

		n += snprintf(s + n, size - (size_t)n, "%s-%c%.*s", n ? ", " : "", row->letter, len,
			      value);
		value += len + (value[len] == ' ');
	}
	return n;
}

static int forms(char *s, size_t size, const struct option_row *row)
{
	if (!row->name && row->arg && row->values && *row->values != '@')
		return glued(s, size, row);
	if (!row->name)
		return snprintf(s, size, "-%c%s%s", row->letter, row->arg ? " " : "",
				row->arg ? row->arg : "");
	return snprintf(s, size, "%c%c%s --%s%s%s", row->letter ? '-' : ' ',
			row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name,
			row->arg ? " " : "", row->arg ? row->arg : "");
}

static void show_row(FILE *f, const struct option_row *row)
{
	char left[64];
	int n = 2 + forms(left, sizeof(left), row);

	fprintf(f, "  %s", left);
	if (n > COLUMN - 2)
		fprintf(f, "\n%*s", COLUMN, "");
	else
		fprintf(f, "%*s", COLUMN - n, "");
	wrap(f, row->help, COLUMN, COLUMN);
}

static void show_usage(FILE *f, const struct verb *v)
{
	const char *form = v->usage, *lead = "Usage:";

	while (form) {
		const char *next = strchr(form, '\n');
		int n = next ? (int)(next - form) : (int)strlen(form);

		fprintf(f, "%-6s xtlate %s %.*s\n", lead, v->name, n, form);
		form = next ? next + 1 : NULL;
		lead = "";
	}
}

void verb_help(const struct verb *v, FILE *f)
{
	show_usage(f, v);
	wrap(f, v->about, 0, 0);
	for (size_t g = 0; g < VERB_GROUPS && v->groups[g].rows; g++) {
		if (v->groups[g].title)
			fprintf(f, "\n%s:\n", v->groups[g].title);
		for (const struct option_row *row = v->groups[g].rows; row->help; row++)
			show_row(f, row);
	}
	fputs("\nExamples:\n", f);
	for (size_t i = 0; i < VERB_EXAMPLES && v->examples[i].command; i++) {
		fprintf(f, "  %s\n      ", v->examples[i].command);
		wrap(f, v->examples[i].what, 6, 6);
	}
	fputs("\nExit status:", f);
	wrap(f, v->status, 12, 0);
	fprintf(f, "xtlate-%s(1) has all of it.\n", v->name);
}
