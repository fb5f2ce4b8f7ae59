/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_RATE_H
#define XL_RATE_H

/* Rates, which xtables keeps as the time between two packets. */

#include "nft/model.h"

/** The rate of one packet in @avg/@scale seconds, as "iptables -S" would print it; no burst. */
struct nft_limit xl_rate_limit(uint64_t avg, uint64_t scale);

#endif
