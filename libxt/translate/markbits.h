/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_MARKBITS_H
#define XL_MARKBITS_H

#include "translate/env.h"
#include "translate/ext.h"

/**
 * The bits of the packet mark that rules of @family use. A rule that sets or compares the whole
 * mark uses those of its value only: the others are 0 before and after.
 */
uint32_t xl_mark_bits(const struct xl_env *env, uint8_t family);

/** Has @c's match or target leave alone the bits that are taken for -m physdev. */
void xl_spare_marks(struct xl_ctx *c, enum xl_kind kind);

#endif
