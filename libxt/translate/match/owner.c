// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m owner: struct xt_owner_match_info. Semantics: owner_mt(), net/netfilter/xt_owner.c.
 *
 * A packet without a socket matches when all options are inverted, where nft's "meta skuid" ends
 * the rule; hence the none-term. A socket to which no file belongs (an orphan) has no owner for
 * either.
 */
#include "translate/ext.h"

#include <linux/netfilter/xt_owner.h>

enum { IDS = XT_OWNER_UID | XT_OWNER_GID };

static void uid(struct xl_ctx *c, const struct xt_owner_match_info *i, bool neg)
{
	if (i->match & XT_OWNER_UID)
		xl_cmp_range(c, NFT_META_SKUID, neg, i->uid_min, i->uid_max);
}

static void gid(struct xl_ctx *c, const struct xt_owner_match_info *i, bool neg)
{
	if (i->match & XT_OWNER_GID)
		xl_cmp_range(c, NFT_META_SKGID, neg, i->gid_min, i->gid_max);
}

static void ids(struct xl_ctx *c, const struct xt_owner_match_info *i)
{
	unsigned int inv = i->match & i->invert & IDS;

	if (!inv || inv != (i->match & IDS)) {
		/* One that is not inverted needs an owner anyway. */
		uid(c, i, inv & XT_OWNER_UID);
		gid(c, i, inv & XT_OWNER_GID);
		return;
	}
	xl_begin_none(c);
	uid(c, i, false);
	if (inv == IDS)
		xl_next(c);
	gid(c, i, false);
	xl_end(c);
}

/* Sockets without an owner (those of the kernel, which sends resets and ICMP errors) exist for
 * xtables, but nft cannot see them. */
static bool socket_exists(struct xl_ctx *c, const struct xt_owner_match_info *i)
{
	bool inv = i->invert & XT_OWNER_SOCKET, ids_needed = i->match & ~i->invert & IDS;

	if (!inv && ids_needed)
		return true;
	if (inv && ids_needed)
		return xl_never(c);
	if (!xl_approximate(c))
		return xl_refuse(c,
				 "--socket-exists: nft sees only sockets that have an owner, not "
				 "those that the kernel itself sends from; if that will do, use "
				 "--approximate or --uid-owner 0-4294967294");
	if (inv)
		xl_begin_none(c);
	xl_cmp_range(c, NFT_META_SKUID, false, 0, UINT32_MAX);
	xl_end(c);
	return true;
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_owner_match_info *i = c->data;

	if (i->match & XT_OWNER_SUPPL_GROUPS && i->match & XT_OWNER_GID)
		return xl_refuse(c,
				 "--suppl-groups: nft cannot look at the supplementary groups of "
				 "a process; match its user with --uid-owner instead");
	if ((i->match & XT_OWNER_UID && i->uid_min > i->uid_max) ||
	    (i->match & XT_OWNER_GID && i->gid_min > i->gid_max))
		return xl_refuse(c, "the range of owners ends before it begins");
	if (i->match & XT_OWNER_SOCKET && !socket_exists(c, i))
		return false;
	ids(c, i);
	return true;
}

const struct xl_ext xl_match_owner[] = {
	{ "owner", XL_MATCH, XL_BOTH, 1, 1, sizeof(struct xt_owner_match_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_owner_options[] = {
	{ .ext = "owner", .name = "--uid-owner" },
	{ .ext = "owner", .name = "--gid-owner" },
	{ .ext = "owner",
	  .name = "--socket-exists",
	  .how = XL_APPROXIMATE,
	  .why = "nft sees only sockets that have an owner, not those that the kernel itself sends "
		 "from" },
	{ .ext = "owner",
	  .name = "--suppl-groups",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft cannot look at the supplementary groups of a process" },
	XL_OPTION_END,
};
