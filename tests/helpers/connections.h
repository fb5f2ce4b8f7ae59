/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_CONNECTIONS_H
#define HELPERS_CONNECTIONS_H

#include "side.h"

/**
 * Describes the connections that a side's kernel knows, a line each. Nothing where the kernel
 * cannot list them.
 * @any: ANY_*, what the way there leaves to chance
 */
void connections_read(const struct side *s, unsigned int any, struct text *seen);

#endif
