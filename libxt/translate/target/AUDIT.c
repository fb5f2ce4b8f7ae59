// SPDX-License-Identifier: GPL-2.0-or-later
/* -j AUDIT: audit_tg(), net/netfilter/xt_AUDIT.c, does not look at --type; nft_log_eval_audit()
 * (nft_log.c) writes the same record. */
#include "translate/ext.h"

#include <linux/netfilter/xt_AUDIT.h>

static bool translate(struct xl_ctx *c)
{
	struct nft_stmt *s = nft_stmt(c->arena, NFT_S_LOG);

	s->log.set = NFT_LOG_LEVEL;
	s->log.level = NFT_LOG_AUDIT;
	xl_add(c, s);
	return true;
}

const struct xl_ext xl_target_AUDIT[] = {
	{ "AUDIT", XL_TARGET, XL_BOTH, 0, 0, sizeof(struct xt_audit_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_AUDIT_options[] = {
	{ .ext = "AUDIT", .name = "--type" },
	XL_OPTION_END,
};
