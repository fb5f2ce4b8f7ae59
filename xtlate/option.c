// SPDX-License-Identifier: GPL-2.0-or-later
#include "option.h"

#include "diag/diag.h"
#include "verbs.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What getopt_long() returns: the row's place in the list, behind all characters. */
enum { FIRST_ROW = 256, ROWS_MAX = 64 };

/* The rows of a verb in the forms that getopt_long() takes. */
struct list {
	const struct option_row *rows[ROWS_MAX];
	size_t group[ROWS_MAX];
	size_t n;
	struct option longs[ROWS_MAX + 1];
	char shorts[2 * ROWS_MAX + 2];
};

const struct option_row option_help[] = {
	{ 'h', "help", .kind = OPTION_HELP, .help = "this text", .man = "Prints the options." },
	{ 0 },
};

static void add_row(struct list *l, const struct option_row *row, size_t group, size_t *longs)
{
	if (row->letter) {
		size_t end = strlen(l->shorts);

		l->shorts[end++] = row->letter;
		if (row->arg)
			l->shorts[end] = ':';
	}
	if (row->name)
		l->longs[(*longs)++] = (struct option){
			.name = row->name,
			.has_arg = row->arg ? required_argument : no_argument,
			.val = FIRST_ROW + (int)l->n,
		};
	l->rows[l->n] = row;
	l->group[l->n++] = group;
}

static void make_list(struct list *l, const struct verb *v)
{
	size_t longs = 0;

	memset(l, 0, sizeof(*l));
	for (size_t g = 0; g < VERB_GROUPS && v->groups[g].rows; g++)
		for (const struct option_row *row = v->groups[g].rows; row->help; row++)
			if (row->kind != OPTION_FOREIGN && l->n < ROWS_MAX)
				add_row(l, row, g, &longs);
}

/* The place of the row that getopt_long() has found; l->n: none. */
static size_t found(const struct list *l, int c)
{
	size_t i = 0;

	if (c >= FIRST_ROW)
		return (size_t)(c - FIRST_ROW);
	while (i < l->n && (!c || l->rows[i]->letter != c))
		i++;
	return i;
}

static int take_number(const struct verb *v, uint64_t *to, const char *arg)
{
	char *end;

	*to = strtoull(arg, &end, 10);
	if (*arg >= '0' && *arg <= '9' && !*end)
		return 0;
	fprintf(stderr, "xtlate %s: \"%s\" is not a number\n", v->name, arg);
	return XL_EXIT_USAGE;
}

static int take(struct run *r, const struct verb *v, const struct option_row *row, void *to)
{
	char *at = (char *)to + row->at;

	switch (row->kind) {
	case OPTION_SET:
	case OPTION_CLEAR:
		*(bool *)at = row->kind == OPTION_SET;
		return 0;
	case OPTION_TEXT:
		*(const char **)at = optarg;
		return 0;
	case OPTION_NUMBER:
		return take_number(v, (uint64_t *)at, optarg);
	case OPTION_CALL:
		return row->take(r, to, optarg);
	default:
		verb_help(v, stdout);
		return OPTIONS_DONE;
	}
}

int options_parse(struct run *r, const struct verb *v, void *const *to, int argc, char **argv)
{
	struct list l;
	int c, ret = 0;

	make_list(&l, v);
	optind = 1;
	while (!ret && (c = getopt_long(argc, argv, l.shorts, l.longs, NULL)) != -1) {
		size_t i = found(&l, c);

		if (i == l.n) {
			fprintf(stderr, "Try xtlate %s --help.\n", v->name);
			return XL_EXIT_USAGE;
		}
		ret = take(r, v, l.rows[i], to[l.group[i]]);
	}
	return ret;
}

/* The row that @word names in full, with --NAME=VALUE as well. */
static const struct option_row *named(const struct list *l, const char *word)
{
	size_t len = strcspn(word, "=");

	for (size_t i = 0; i < l->n; i++) {
		const struct option_row *row = l->rows[i];

		if (word[0] == '-' && word[1] && word[1] == row->letter && !word[2])
			return row;
		if (row->name && !strncmp(word, "--", 2) && strlen(row->name) + 2 == len &&
		    !strncmp(word + 2, row->name, len - 2) && (row->arg || !word[len]))
			return row;
	}
	return NULL;
}

int options_leading(const struct verb *v, int argc, char **argv)
{
	const struct option_row *row;
	struct list l;
	int i = 1;

	make_list(&l, v);
	while (i < argc && (row = named(&l, argv[i])))
		i += 1 + (row->arg && !strchr(argv[i], '='));
	return (i < argc ? i : argc) - 1;
}
