/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_WATCH_H
#define HELPERS_WATCH_H

#include "side.h"

/**
 * nft rules that show packets to the test, behind all others of each hook. They do not look at
 * connections, so that nothing is tracked or defragmented for their sake.
 */
extern const char watch_rules[];

/** Listens to @watch_rules and to NFLOG's groups 0 to 9. */
void watch_open(struct side *s);

/** Describes what was seen since @sent was sent, a line each. */
void watch_read(const struct side *s, const struct packet *sent, struct text *seen);

#endif
