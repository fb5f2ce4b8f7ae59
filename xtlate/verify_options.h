/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERIFY_OPTIONS_H
#define VERIFY_OPTIONS_H

#include "inputs.h"

struct verify_options {
	struct inputs in;
	const char *against, *report, *html, *pcap, *packet, *topology;
	bool same_rules, compat, legacy, or_compat, itself, like_here;
	uint64_t seed, max;
};

/** 0 to go on, OPTIONS_DONE, or an exit status after a message. */
int verify_parse(struct run *r, struct verify_options *o, int argc, char **argv);

int cmd_verify(int argc, char **argv);

#endif
