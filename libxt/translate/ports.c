// SPDX-License-Identifier: GPL-2.0-or-later
#include "translate/ports.h"

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
