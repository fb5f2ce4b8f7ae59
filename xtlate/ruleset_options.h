/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RULESET_OPTIONS_H
#define RULESET_OPTIONS_H

#include "inputs.h"

/** @by: for the header of the drop-in names; NULL: none. */
struct ruleset_options {
	struct inputs in;
	const char *output, *report, *html, *dot;
	const char *by;
	bool strict, check, replace;
	enum nft_form form;
};

/** 0 to go on, OPTIONS_DONE, or an exit status after a message. */
int ruleset_parse(struct run *r, struct ruleset_options *o, int argc, char **argv);

/** The same, when it is known which nft is written for. */
int ruleset_check(const struct run *r);

int cmd_ruleset(int argc, char **argv);

#endif
