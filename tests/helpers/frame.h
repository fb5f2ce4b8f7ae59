/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_FRAME_H
#define HELPERS_FRAME_H

#include "packet.h"
#include "util.h"

/**
 * Describes an IP packet that came out, such that two namespaces' descriptions can be compared:
 * checksums are checked, not shown; numbers that the kernel draws are left out, as is what the
 * packet that was sent (@sent) says with any=.
 */
void frame_describe(struct text *t, const struct packet *sent, const uint8_t *ip, size_t n);

#endif
