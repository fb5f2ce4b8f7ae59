/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_PORTS_H
#define XL_PORTS_H

#include "translate/ext.h"

/**
 * lo <= port <= hi, inverted with @inv: port_match() of xt_tcpudp.c. All ports add nothing; an
 * empty range matches nothing.
 */
void xl_port_range(struct xl_ctx *c, enum nft_key_id key, bool inv, uint16_t lo, uint16_t hi);

/** The keys of a protocol with ports; false for others. "th" for none is no choice of ours: nft
 * lists "th dport" back as the protocol's own. */
bool xl_port_keys(uint8_t proto, enum nft_key_id *sport, enum nft_key_id *dport);

#endif
