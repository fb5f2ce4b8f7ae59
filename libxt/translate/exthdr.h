/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_EXTHDR_H
#define XL_EXTHDR_H

/* IPv6 extension headers. nft_exthdr.c finds them as xtables does, with ipv6_find_hdr(). */

#include "translate/ext.h"

/** "exthdr hbh exists": @key is an NFT_EXTHDR_* key. */
void xl_exthdr(struct xl_ctx *c, enum nft_key_id key, bool exists);
/** The same as the last thing a match does, where no other test of its says so already. */
void xl_exthdr_at_least(struct xl_ctx *c, enum nft_key_id key);
/**
 * The header's length is @bytes, which nft has as the field of the header: units of 8 bytes after
 * the first. No header has a length that is no multiple of 8; the inversion needs the header still.
 */
void xl_exthdr_length(struct xl_ctx *c, enum nft_key_id key, enum nft_key_id exthdr, bool inv,
		      uint32_t bytes);

#endif
