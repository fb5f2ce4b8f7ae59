/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RULE_OPTIONS_H
#define RULE_OPTIONS_H

#include "run.h"

#include <stdint.h>

struct rule_options {
	uint8_t family;
};

/**
 * The verb's own options, which stand first; the rest is iptables'. @words: how many they take.
 * 0 to go on, OPTIONS_DONE, or an exit status after a message.
 */
int rule_parse(struct run *r, struct rule_options *o, int *words, int argc, char **argv);

int cmd_rule(int argc, char **argv);

#endif
