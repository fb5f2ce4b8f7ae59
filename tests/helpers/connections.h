/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_CONNECTIONS_H
#define HELPERS_CONNECTIONS_H

#include "side.h"

/**
 * Describes the connections that a side's kernel knows, a line each, but for what @sent leaves to
 * chance. Nothing where the kernel cannot list them.
 */
void connections_read(const struct side *s, const struct packet *sent, struct text *seen);

#endif
