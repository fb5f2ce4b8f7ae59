/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INPUTS_H
#define INPUTS_H

/* The rulesets that a verb is given: files for iptables and ip6tables, and files of ipsets. */

#include "run.h"

/** @family: 0 means to guess; inputs_read() puts in what it was taken for. @text: as read. */
struct input {
	const char *path, *name; /* @name: for messages */
	uint8_t family;
	char *text;
	size_t size;
};

struct inputs {
	struct input *v, *ipsets;
	size_t n, nipsets;
	bool noflush;
};

/* The options by which a verb is given its input, and how to translate it: rows for
 * getopt_long(). */
/* And of getopt()'s. */
#define INPUTS_SHORT "4:6:O:"
enum { INPUTS_OTHER = -1 };
enum { INPUTS_IPSET = 512, INPUTS_NOFLUSH, INPUTS_NO_GUARD, INPUTS_INET };
#define INPUTS_OPTIONS                                                                      \
	{ "ipv4", required_argument, NULL, '4' }, { "ipv6", required_argument, NULL, '6' }, \
		{ "ipset", required_argument, NULL, INPUTS_IPSET },                         \
		{ "inet", no_argument, NULL, INPUTS_INET },                                 \
		{ "noflush", no_argument, NULL, INPUTS_NOFLUSH },                           \
	{                                                                                   \
		"no-fragment-guard", no_argument, NULL, INPUTS_NO_GUARD                     \
	}

/**
 * Takes such an option with its argument @arg: XL_EXIT_OK, XL_EXIT_USAGE after a message, or
 * INPUTS_OTHER when @c is none of them.
 */
int inputs_option(struct run *r, struct inputs *in, int c, const char *arg);

/** For at most @argc files of each kind. */
void inputs_init(struct inputs *in, struct xl_arena *a, int argc);
void inputs_add(struct inputs *in, const char *path, uint8_t family);
/** Reads them all into @r; standard input when there is none. XL_EXIT_OK or XL_EXIT_USAGE after a
 * message. */
int inputs_read(struct run *r, struct inputs *in);

#endif
