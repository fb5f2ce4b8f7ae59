// SPDX-License-Identifier: GPL-2.0-or-later
#include "translate/addr.h"

#include <string.h>

enum nft_key_id xl_addr_key(const struct xl_ctx *c, bool src)
{
	if (c->family == NFPROTO_IPV4)
		return src ? NFT_IP_SADDR : NFT_IP_DADDR;
	return src ? NFT_IP6_SADDR : NFT_IP6_DADDR;
}

struct nft_expr *xl_masked_addr(struct xl_ctx *c, enum nft_key_id key, const void *mask)
{
	static const uint8_t ones[16] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	enum nft_type type = nft_keys[key].type;
	struct nft_expr *e = nft_key(c->arena, key);

	if (!memcmp(mask, ones, type == NFT_T_IPV4 ? 4 : 16))
		return e;
	return nft_bin(c->arena, e, NFT_OP_AND, nft_addr(c->arena, type, mask));
}
