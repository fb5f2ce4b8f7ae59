/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_NFT_H
#define HELPERS_NFT_H

#include "util.h"

/** Loads nft text in a namespace; false with @why. */
bool nft_load(int ns, const char *rules, struct text *why);

/**
 * Loads nft text in a fresh namespace, lists it, loads the listing in an empty ruleset and lists
 * that again. False with @why when something fails or the two listings differ.
 * @listing: the first listing
 */
bool nft_round_trip(const char *rules, struct text *listing, struct text *why);

#endif
