/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERBS_H
#define VERBS_H

#include "option.h"

#include <stdio.h>

enum { VERB_GROUPS = 8, VERB_EXAMPLES = 5 };

/** A command line, and what it is for. A file that it reads is rules.v4, rules.v6 or sets.ipset. */
struct example {
	const char *command, *what;
};

/**
 * struct verb - what a verb does and takes
 * @what: for the list of verbs
 * @run: gets the verb's arguments (argv[0] is its name), returns an exit status
 * @usage: what stands behind the name; a line feed: another form
 * @about: a paragraph
 * @arguments: as option_row's values, for what is no option
 * @groups: its options; end with the first without rows
 * @status: exit status, for --help
 */
struct verb {
	const char *name, *what;
	int (*run)(int argc, char **argv);
	const char *usage, *about, *arguments;
	struct option_group groups[VERB_GROUPS];
	struct example examples[VERB_EXAMPLES];
	const char *status;
};

extern const struct verb verb_rule, verb_ruleset, verb_verify, verb_coverage;
/** All of them, NULL at the end. */
extern const struct verb *const verbs[];

/** Prints the help of a verb. */
void verb_help(const struct verb *v, FILE *f);
/** Prints what completions and manuals are made from, as JSON; an exit status. */
int verbs_dump(void);

/** The verb ruleset under another name, with a header that names @by (NULL: none). */
int ruleset_main(const char *name, const char *by, int argc, char **argv);

/* The drop-in names, with upstream's options and output: iptables-translate and so on. */
int cmd_translate4(int argc, char **argv);
int cmd_translate6(int argc, char **argv);
int cmd_restore_translate4(int argc, char **argv);
int cmd_restore_translate6(int argc, char **argv);

#endif
