/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_SETBITS_H
#define XL_SETBITS_H

/* Header fields set to what they held, changed: what nft's "set" takes in few cases only. */

#include "translate/ext.h"

/**
 * field = (field & ~mask) ^ value, as effects that follow those there are.
 * For fields of up to 8 bits. False after xl_refuse().
 */
bool xl_set_bits(struct xl_ctx *c, enum nft_key_id key, unsigned int mask, unsigned int value);

/** An 8-bit field + @add, held at 0 and 255. False after xl_refuse(). */
bool xl_set_sum(struct xl_ctx *c, enum nft_key_id key, int add);

#endif
