/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_PORTS_H
#define XL_PORTS_H

#include "translate/ext.h"

/** The keys of a protocol with ports; false for others. "th" for none is no choice of ours: nft
 * lists "th dport" back as the protocol's own. */
bool xl_port_keys(uint8_t proto, enum nft_key_id *sport, enum nft_key_id *dport);

#endif
