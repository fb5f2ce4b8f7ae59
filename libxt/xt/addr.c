// SPDX-License-Identifier: GPL-2.0-or-later
#include "xt/addr.h"

#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>

unsigned int xt_addr_bits(uint8_t family)
{
	return family == NFPROTO_IPV6 ? 128 : 32;
}

struct xt_addr xt_addr_hostmask(uint8_t family, unsigned int len)
{
	unsigned int n = xt_addr_bits(family) - len;
	struct xt_addr a = { 0, 0 };

	if (n >= 64)
		a.lo = UINT64_MAX;
	else
		a.lo = (UINT64_C(1) << n) - 1;
	if (n == 128)
		a.hi = UINT64_MAX;
	else if (n > 64)
		a.hi = (UINT64_C(1) << (n - 64)) - 1;
	return a;
}

struct xt_addr xt_addr_netmask(uint8_t family, unsigned int len)
{
	struct xt_addr host = xt_addr_hostmask(family, len), all = xt_addr_hostmask(family, 0);

	return (struct xt_addr){ all.hi & ~host.hi, all.lo & ~host.lo };
}

struct xt_addr xt_addr_from_bytes(uint8_t family, const void *bytes)
{
	const uint8_t *b = bytes;
	struct xt_addr a = { 0, 0 };

	for (unsigned int i = 0; i < xt_addr_bits(family) / 8; i++) {
		a.hi = a.hi << 8 | a.lo >> 56;
		a.lo = a.lo << 8 | b[i];
	}
	return a;
}

void xt_addr_to_bytes(uint8_t family, struct xt_addr a, uint8_t *bytes)
{
	memset(bytes, 0, 16);
	for (unsigned int i = xt_addr_bits(family) / 8; i-- > 0;) {
		bytes[i] = (uint8_t)a.lo;
		a.lo = a.lo >> 8 | a.hi << 56;
		a.hi >>= 8;
	}
}

unsigned int xt_range_first_prefix(uint8_t family, struct xt_range r)
{
	unsigned int len = xt_addr_bits(family);

	while (len) {
		struct xt_addr host = xt_addr_hostmask(family, len - 1);
		struct xt_addr in = xt_addr_and(r.lo, host);

		if (in.hi || in.lo || xt_addr_cmp(xt_addr_or(r.lo, host), r.hi) > 0)
			break;
		len--;
	}
	return len;
}

int xt_range_prefix(uint8_t family, struct xt_range r)
{
	unsigned int len = xt_range_first_prefix(family, r);

	if (xt_addr_cmp(xt_addr_or(r.lo, xt_addr_hostmask(family, len)), r.hi) != 0)
		return -1;
	return (int)len;
}
