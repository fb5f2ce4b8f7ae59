// SPDX-License-Identifier: GPL-2.0-or-later
#include "nft_installed.h"

#include <stdio.h>

const char *nft_installed(struct xl_arena *a)
{
	/* It is not in an ordinary user's PATH. libnftables itself does not tell. */
	FILE *f =
		popen("PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin nft --version 2>/dev/null", "re");
	char version[64] = "";

	if (f && fscanf(f, "nftables v%63s", version) != 1)
		*version = '\0';
	if (f)
		pclose(f);
	return xl_strdup(a, version);
}
