// SPDX-License-Identifier: GPL-2.0-or-later
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "nft/version.h"

#include <stdio.h>

unsigned int nft_version_read(const char *s)
{
	unsigned int a, b, c, patch;
	char dot, rest;
	int n = sscanf(s, "%u.%u.%u%c%u%c", &a, &b, &c, &dot, &patch, &rest);

	if ((n != 3 && !(n == 5 && dot == '.')) || a > 255 || b > 255 || c > 255)
		return 0;
	return a << 16 | b << 8 | c;
}

unsigned int nft_version_default(void)
{
	unsigned int v = nft_version_read(NFT_VERSION);

	return v && v < 0x010006 ? v : 0x010006;
}
