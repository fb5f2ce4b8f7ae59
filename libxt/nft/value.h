/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_VALUE_H
#define NFT_VALUE_H

#include "diag/buf.h"
#include "nft/model.h"

/** Whether values of this type are sets of named bits. */
bool nft_type_is_bits(enum nft_type type);
/** A number as its type writes it; named bits are put together with @bitsep. */
void nft_write_num(struct xl_buf *b, enum nft_type type, uint64_t value, const char *bitsep);
/** An address of type IPV4, IPV6 or ETHER. */
void nft_write_addr(struct xl_buf *b, enum nft_type type, const uint8_t *addr);

#endif
