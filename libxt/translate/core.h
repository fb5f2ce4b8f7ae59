/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_CORE_H
#define XL_CORE_H

#include "translate/ext.h"

/** Fills in c->proto and c->proto_inv from c->entry. */
void xl_core_proto(struct xl_ctx *c);
/** The tests of the entry's own header: addresses, interfaces, protocol, fragment. */
bool xl_core_header(struct xl_ctx *c);
/**
 * IPv6, for a match that wants an AH: false and refused if the rule's -p is about what is behind
 * it. Approximately, it is what the AH names, as though no other extension header were there.
 */
bool xl_core_with_ah(struct xl_ctx *c);
/** What ends the chain of headers, as far as nft sees: one of @protos, or none of them with @inv.
 * @behind: as an AH names it; else as nft does, which is an AH where there is one. */
void xl_core_end(struct xl_ctx *c, bool behind, bool inv, const uint8_t *protos, size_t n);

#endif
