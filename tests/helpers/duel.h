/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_DUEL_H
#define HELPERS_DUEL_H

#include "case.h"
#include "util.h"

/**
 * Sends the packets of a case through the legacy rule, through its translation and through what nft
 * lists of that, each in a namespace of its own. False with @why when they treat a packet
 * differently, or not as the case says.
 * @trace: print what the legacy rule makes of each packet
 * @rules: the translation, @listing: what nft lists of it
 */
bool duel(const struct xl_case *c, unsigned int family, const char *rules, const char *listing,
	  bool trace, struct text *why);

/** Why packets cannot be sent here, or NULL. */
const char *duel_missing(void);

#endif
