// SPDX-License-Identifier: GPL-2.0-or-later
#include "translate/log.h"

#include <string.h>

/* nft's strings have no escape for '"', and nft takes '$' in a prefix as the start of a variable.
 */
static char replacement(char ch)
{
	if (ch == '"')
		return '\'';
	if (ch == '$')
		return 'S';
	return (unsigned char)ch < 0x20 || ch == 0x7f ? ' ' : ch;
}

struct nft_stmt *xl_log(struct xl_ctx *c, const char *prefix, size_t size)
{
	char *text = xl_strndup(c->arena, prefix, strnlen(prefix, size));
	struct nft_stmt *s = nft_stmt(c->arena, NFT_S_LOG);
	bool replaced = false;

	for (char *p = text; *p; p++) {
		char ch = replacement(*p);

		replaced |= ch != *p;
		*p = ch;
	}
	if (replaced)
		xl_warn(c, "the log prefix has characters that nft cannot hold; it is now: %s",
			text);
	if (*text)
		s->log.prefix = text;
	return s;
}
