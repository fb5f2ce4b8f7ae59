/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_RAW_H
#define XL_RAW_H

/* Bits of a packet that have no name. */

#include "translate/ext.h"

/** The farthest byte at which nft_payload.c of every kernel can start to load. */
enum { XL_RAW_MAX = 255 };

/** Whether the bits of a mask are all next to each other. */
bool xl_is_run(uint32_t mask);

/**
 * Tests for @n bytes at @base + @off under a mask, as runs of whole bits: nft lists a load under a
 * mask with holes as something else.
 */
void xl_raw_bytes(struct xl_ctx *c, enum nft_base base, unsigned int off, const uint8_t *value,
		  const uint8_t *mask, unsigned int n);

#endif
