/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INPUTS_H
#define INPUTS_H

/* The rulesets that a verb is given: files for iptables and ip6tables, and files of ipsets. */

#include "run.h"

/** @family: 0 means to guess; inputs_read() puts in what it was taken for. @text: as read. */
struct input {
	const char *path, *name; /* @name: for messages */
	uint8_t family;
	bool guessed;
	char *text;
	size_t size;
};

struct inputs {
	struct input *v, *ipsets;
	size_t n, nipsets;
	bool noflush;
};

/** -4, -6, --ipset, --noflush; for a struct inputs. */
extern const struct option_row input_options[];

/** For at most @argc files of each kind. */
void inputs_init(struct inputs *in, struct xl_arena *a, int argc);
void inputs_add(struct inputs *in, const char *path, uint8_t family);
/** Reads them all into @r; standard input when there is none. XL_EXIT_OK or XL_EXIT_USAGE after a
 * message. */
int inputs_read(struct run *r, struct inputs *in);

#endif
