/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_DUEL_H
#define HELPERS_DUEL_H

#include "case.h"
#include "util.h"

/**
 * Sends the packets of a case through the legacy rule and through its translation, each in a
 * namespace of its own. False with @why when they treat a packet differently, or not as the case
 * says.
 * @rules: the translation
 */
bool duel(const struct xl_case *c, unsigned int family, const char *rules, struct text *why);

/** Why packets cannot be sent here, or NULL. */
const char *duel_missing(void);

#endif
