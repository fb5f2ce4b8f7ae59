/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_OPAQUE_H
#define XL_OPAQUE_H

#include "translate/ext.h"

/**
 * Translates @c by the extension's own xlate callback where that exists and its text can do no
 * harm; the rule is then not vouched for. Refuses otherwise.
 */
void xl_opaque(struct xl_ctx *c, enum xl_kind kind, const char *name);

#endif
