/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_MARKBITS_H
#define XL_MARKBITS_H

#include "translate/env.h"

/** The bits of the packet mark that rules of @family read or write. */
uint32_t xl_mark_bits(const struct xl_env *env, uint8_t family);

#endif
