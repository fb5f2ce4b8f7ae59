/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_PLACE_H
#define XL_PLACE_H

#include "translate/ext.h"

/**
 * Refuses an extension where the kernel would not load it either: in a wrong table, reached from a
 * wrong hook, or without its protocol. nft would refuse the whole ruleset for it.
 * @reached: some base chain leads to the rule; where none does the kernel looks at no hooks
 */
bool xl_check_place(struct xl_ctx *c, enum xl_kind kind, bool reached);

#endif
