// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m socket: no data (revision 0, IPv4), struct xt_socket_mtinfo1 to 3.
 * Semantics: socket_match(), net/netfilter/xt_socket.c.
 *
 * A socket matches unless it listens on the wildcard address. nft's "socket wildcard" and
 * "socket mark" end the rule for TIME_WAIT and SYN_RECV sockets, which are none such but do match;
 * "socket transparent" can be loaded for every socket (nft_socket_eval()).
 */
#include "translate/ext.h"
#include "translate/rule.h"

#include <linux/netfilter/xt_socket.h>

static void exists(struct xl_ctx *c, bool transparent)
{
	struct nft_expr *key = nft_key(c->arena, NFT_SOCKET_TRANSPARENT);

	xl_add(c, nft_match(c->arena, key, transparent ? NFT_EQ : NFT_LE,
			    nft_val(c->arena, NFT_SOCKET_TRANSPARENT, 1)));
}

/* --restore-skmark: only full sockets have a mark to restore; the others just match. */
static void restore(struct xl_ctx *c, bool transparent)
{
	xl_begin_any(c);
	exists(c, transparent);
	xl_add(c, nft_assign(c->arena, nft_key(c->arena, NFT_META_MARK),
			     nft_key(c->arena, NFT_SOCKET_MARK)));
	xl_next(c);
	exists(c, transparent);
	xl_end(c);
}

static bool emit(struct xl_ctx *c, unsigned int flags)
{
	bool transparent = flags & XT_SOCKET_TRANSPARENT;

	c->place->table->defrag = true;
	if (!(flags & XT_SOCKET_NOWILDCARD)) {
		xl_begin_none(c);
		xl_cmp(c, NFT_SOCKET_WILDCARD, false, 1);
		xl_end(c);
	}
	if (flags & XT_SOCKET_RESTORESKMARK)
		restore(c, transparent);
	else
		exists(c, transparent);
	return true;
}

static bool translate0(struct xl_ctx *c)
{
	return emit(c, 0);
}

static bool translate1(struct xl_ctx *c)
{
	const struct xt_socket_mtinfo1 *i = c->data;

	return emit(c, i->flags);
}

const struct xl_ext xl_match_socket[] = {
	{ "socket", XL_MATCH, XL_V4, 0, 0, 0, translate0 },
	{ "socket", XL_MATCH, XL_BOTH, 1, 3, sizeof(struct xt_socket_mtinfo1), translate1 },
	XL_EXT_END,
};

const struct xl_option xl_match_socket_options[] = {
	{ .ext = "socket", .name = "--transparent" },
	{ .ext = "socket", .name = "--nowildcard" },
	{ .ext = "socket", .name = "--restore-skmark" },
	XL_OPTION_END,
};
