// SPDX-License-Identifier: GPL-2.0-or-later
#include "translate/exthdr.h"

void xl_exthdr(struct xl_ctx *c, enum nft_key_id key, bool exists)
{
	xl_add(c,
	       nft_match(c->arena, nft_key(c->arena, key), NFT_EQ, nft_exists(c->arena, exists)));
}

void xl_exthdr_at_least(struct xl_ctx *c, enum nft_key_id key)
{
	if (!c->at)
		xl_exthdr(c, key, true);
}

void xl_exthdr_length(struct xl_ctx *c, enum nft_key_id key, enum nft_key_id exthdr, bool inv,
		      uint32_t bytes)
{
	if (bytes % 8 == 0 && bytes >= 8 && bytes <= 256 * 8)
		xl_cmp(c, key, inv, bytes / 8 - 1);
	else if (inv)
		xl_exthdr(c, exthdr, true);
	else
		xl_never(c);
}
