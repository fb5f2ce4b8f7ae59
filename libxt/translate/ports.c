// SPDX-License-Identifier: GPL-2.0-or-later
#include "translate/ports.h"

void xl_port_range(struct xl_ctx *c, enum nft_key_id key, bool inv, uint16_t lo, uint16_t hi)
{
	bool all = lo == 0 && hi == 0xffff, none = lo > hi;

	if ((all && inv) || (none && !inv))
		xl_never(c);
	else if (!all && !none)
		xl_cmp_range(c, key, inv, lo, hi);
}

bool xl_port_keys(uint8_t proto, enum nft_key_id *sport, enum nft_key_id *dport)
{
	static const struct {
		uint8_t proto;
		enum nft_key_id sport, dport;
	} keys[] = {
		{ IPPROTO_TCP, NFT_TCP_SPORT, NFT_TCP_DPORT },
		{ IPPROTO_UDP, NFT_UDP_SPORT, NFT_UDP_DPORT },
		{ IPPROTO_UDPLITE, NFT_UDPLITE_SPORT, NFT_UDPLITE_DPORT },
		{ IPPROTO_SCTP, NFT_SCTP_SPORT, NFT_SCTP_DPORT },
		{ IPPROTO_DCCP, NFT_DCCP_SPORT, NFT_DCCP_DPORT },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].proto != proto)
			continue;
		*sport = keys[i].sport;
		*dport = keys[i].dport;
		return true;
	}
	return false;
}
