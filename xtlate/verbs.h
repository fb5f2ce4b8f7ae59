/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERBS_H
#define VERBS_H

/* Each verb is a function of its own arguments (argv[0] is its name) and returns an exit status. */

/** What a run is called by: the drop-in names have upstream's options and output. */
struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what; /* for --help; NULL: not shown */
};

int cmd_rule(int argc, char **argv);
int cmd_ruleset(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_coverage(int argc, char **argv);

/** cmd_ruleset() under another name, with a header that names @by (NULL: none). */
int ruleset_main(const char *name, const char *by, int argc, char **argv);

/* The drop-in names: iptables-translate and so on. */
int cmd_translate4(int argc, char **argv);
int cmd_translate6(int argc, char **argv);
int cmd_restore_translate4(int argc, char **argv);
int cmd_restore_translate6(int argc, char **argv);

#endif
