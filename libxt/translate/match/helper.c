// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m helper: struct xt_helper_info. Semantics: helper_mt(), net/netfilter/xt_helper.c: the helper
 * of the connection's master, nft's "ct helper". The kernel compares as many characters as the
 * helper's own name has, so "tftp-6969" is matched by the helper "tftp" too.
 */
#include "translate/ext.h"

#include <ctype.h>
#include <linux/netfilter/xt_helper.h>
#include <string.h>

/* The kernel's helpers, and those of conntrackd. On another port than their own they are called
 * "ftp-2121" (nf_ct_helper_init()). */
static const char *const known[] = {
	"amanda", "dhcpv6",    "ftp",  "H.245", "irc",	"mdns", "netbios-ns",
	"pptp",	  "Q.931",     "RAS",  "rpc",	"sane", "sip",	"slp",
	"snmp",	  "snmp_trap", "ssdp", "tftp",	"tns",
};

static bool could_be_helper(const char *s, size_t len)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t n = strlen(known[i]);

		if (len < n || strncmp(s, known[i], n) != 0)
			continue;
		if (len == n)
			return true;
		if (s[n] == '-' && len > n + 1 && strspn(s + n + 1, "0123456789") >= len - n - 1)
			return true;
	}
	return false;
}

/* Any helper: no name is empty, but nft takes no empty string, and "-" is nobody's name. */
static struct nft_stmt *any_helper(struct xl_ctx *c)
{
	return nft_match(c->arena, nft_key(c->arena, NFT_CT_HELPER), NFT_NE,
			 nft_str(c->arena, NFT_T_STRING, "-"));
}

static struct nft_stmt *named(struct xl_ctx *c, const char *name)
{
	struct nft_expr *set = nft_anon_set(c->arena);
	size_t len = strlen(name);

	for (size_t n = 1; n <= len; n++)
		if (n == len || could_be_helper(name, n))
			nft_expr_add(
				c->arena, set,
				nft_str(c->arena, NFT_T_STRING, xl_strndup(c->arena, name, n)));
	return nft_match(c->arena, nft_key(c->arena, NFT_CT_HELPER), NFT_EQ,
			 set->n == 1 ? set->elems[0] : set);
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_helper_info *i = c->data;
	const char *name = xl_strndup(c->arena, i->name, strnlen(i->name, sizeof(i->name)));

	if (!xl_string_ok(name))
		return xl_refuse(c, "the helper's name has a character that nft cannot quote");
	if (i->invert)
		xl_begin_none(c);
	xl_add(c, *name ? named(c, name) : any_helper(c));
	if (i->invert)
		xl_end(c);
	return true;
}

const struct xl_ext xl_match_helper[] = {
	{ "helper", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_helper_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_helper_options[] = {
	{ .ext = "helper",
	  .name = "--helper",
	  .how = XL_PARTLY,
	  .why = "names that nft can quote" },
	XL_OPTION_END,
};
