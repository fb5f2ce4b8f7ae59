// SPDX-License-Identifier: GPL-2.0-or-later
#include "translate/rate.h"

/*
 * The interval was rounded down when the rule was read: 7/second became 10000/7 = 1428. So the
 * shortest unit is wanted of which a whole number comes close to the interval; the test for "close"
 * is the one that iptables -S prints by, so that the text is what the user knows.
 */
struct nft_limit xl_rate_limit(uint64_t avg, uint64_t scale)
{
	static const struct {
		const char *name;
		uint64_t seconds;
	} units[] = { { "day", 86400 }, { "hour", 3600 }, { "minute", 60 }, { "second", 1 } };
	unsigned int i = 0;

	while (i < 3) {
		uint64_t next = units[i + 1].seconds * scale;

		if (avg > next || next / avg < next % avg)
			break;
		i++;
	}
	return (struct nft_limit){ .rate = units[i].seconds * scale / avg, .unit = units[i].name };
}
