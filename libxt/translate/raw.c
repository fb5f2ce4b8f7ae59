// SPDX-License-Identifier: GPL-2.0-or-later
#include "translate/raw.h"

enum { WORD = 64 };

/* Where the fields of the IP headers begin. nft lists a load over several of them field by field,
 * and over a part of one as something that it cannot read again. */
static bool begins_field(const struct xl_ctx *c, unsigned int at)
{
	static const uint16_t ip[] = { 4, 8, 14, 16, 32, 48, 64, 72, 80, 96, 128, 160 };
	static const uint16_t ip6[] = { 4, 10, 12, 32, 48, 56, 64, 192, 320 };
	bool v4 = c->family == NFPROTO_IPV4;
	const uint16_t *list = v4 ? ip : ip6;
	size_t n = v4 ? sizeof(ip) / sizeof(ip[0]) : sizeof(ip6) / sizeof(ip6[0]);

	for (size_t i = 0; i < n; i++)
		if (list[i] == at)
			return true;
	return false;
}

static bool bit(const uint8_t *bytes, unsigned int i)
{
	return bytes[i / 8] & 0x80 >> i % 8;
}

bool xl_is_run(uint32_t mask)
{
	uint32_t low = mask & -mask;

	return mask && !((mask + low) & mask);
}

void xl_raw_bytes(struct xl_ctx *c, enum nft_base base, unsigned int off, const uint8_t *value,
		  const uint8_t *mask, unsigned int n)
{
	unsigned int i = 0, start;
	uint64_t v;
	bool nh = base == NFT_BASE_NH;

	while (i < n * 8) {
		if (!bit(mask, i)) {
			i++;
			continue;
		}
		start = i;
		v = 0;
		do {
			v = v << 1 | bit(value, i++);
		} while (i < n * 8 && bit(mask, i) && i < start / 8 * 8 + WORD &&
			 !(nh && begins_field(c, off * 8 + i)));
		xl_add(c, nft_match(c->arena, nft_raw(c->arena, base, off * 8 + start, i - start),
				    NFT_EQ, nft_num(c->arena, NFT_T_HEX, v)));
	}
}
