/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_PORTMAP_H
#define XL_PORTMAP_H

#include "translate/ext.h"

/**
 * The destination port, shifted: "tcp dport map { d : lo + (d - base) mod (hi - lo + 1), … }", for
 * all ports that the rule's matches let through. NULL after xl_refuse().
 */
struct nft_expr *xl_port_shift(struct xl_ctx *c, uint16_t lo, uint16_t hi, uint16_t base);

#endif
