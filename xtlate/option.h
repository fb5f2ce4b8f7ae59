/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OPTION_H
#define OPTION_H

/* Options in tables. A verb's tables are what it parses by and what --help shows; completions and
 * the OPTIONS of the manuals are made from them ("make tables"). */

#include <stddef.h>

struct run;

/** What an option does with the structure that its table is for. */
enum option_kind {
	OPTION_SET,    /* the bool at @at becomes true */
	OPTION_CLEAR,  /* false */
	OPTION_TEXT,   /* the const char * at @at becomes the argument */
	OPTION_NUMBER, /* the uint64_t at @at becomes the argument */
	OPTION_CALL,   /* @take does it */
	OPTION_HELP,   /* prints the help of the verb, and ends */
	OPTION_FOREIGN /* not taken here: iptables' own, for help and completion */
};

/**
 * struct option_row - one option; a table ends with a row without @help
 * @letter: the short form, or 0
 * @name: the long form, or NULL
 * @arg: what its argument is called; NULL: it has none
 * @values: what the argument can be: words, or one of @file, @chain, @target, @match, @interface,
 *	@extension, which completion knows how to find; NULL: anything
 * @take: returns 0 or, after a message, an exit status
 * @help: a phrase
 * @man: what the manual says: `bold`, and the name of the argument in italics; NULL: @help
 */
struct option_row {
	char letter;
	const char *name, *arg, *values;
	enum option_kind kind;
	size_t at;
	int (*take)(struct run *r, void *to, const char *arg);
	const char *help, *man;
};

/** Rows that are shown together; without @title they go on with the group before. */
struct option_group {
	const char *title;
	const struct option_row *rows;
};

/** -h, --help: the same everywhere. */
extern const struct option_row option_help[];

struct verb;

enum { OPTIONS_DONE = -1 };

/**
 * Takes the options of a verb. @to[i]: the structure for the verb's group number i. 0 with optind
 * at the first argument, OPTIONS_DONE after --help, else an exit status after a message.
 */
int options_parse(struct run *r, const struct verb *v, void *const *to, int argc, char **argv);

/** How many words from argv[1] are options of the verb with their arguments: the first that is none
 * ends them. */
int options_leading(const struct verb *v, int argc, char **argv);

#endif
