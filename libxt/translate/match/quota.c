// SPDX-License-Identifier: GPL-2.0-or-later
/* -m quota: struct xt_quota_info. Semantics: quota_mt(), net/netfilter/xt_quota.c. What is left of
 * the quota stays in the kernel; it starts anew, as with iptables-restore. */
#include "translate/ext.h"

#include <linux/netfilter/xt_quota.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_quota_info *i = c->data;
	struct nft_stmt *s = nft_stmt(c->arena, NFT_S_QUOTA);

	/* nft_quota.c refuses more than INT64_MAX, which no counter reaches either. */
	s->limit.rate = i->quota > INT64_MAX ? INT64_MAX : i->quota;
	s->limit.over = i->flags & XT_QUOTA_INVERT;
	xl_stateful(c);
	xl_add(c, s);
	return true;
}

const struct xl_ext xl_match_quota[] = {
	{ "quota", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_quota_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_quota_options[] = {
	{ .ext = "quota", .name = "--quota" },
	XL_OPTION_END,
};
