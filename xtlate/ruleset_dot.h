/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RULESET_DOT_H
#define RULESET_DOT_H

#include "run.h"

/**
 * Writes the hooks of a finished translation, its chains and the jumps between them, as a graph for
 * graphviz, to a file. 0, or -1 after a message.
 */
int ruleset_dot(struct run *r, const char *path);

#endif
