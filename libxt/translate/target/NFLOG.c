// SPDX-License-Identifier: GPL-2.0-or-later
/* -j NFLOG: nflog_tg(), net/netfilter/xt_NFLOG.c. Its length counts only with XT_NFLOG_F_COPY_LEN
 * (--nflog-size), not as --nflog-range sets it. */
#include "translate/log.h"

#include <linux/netfilter/xt_NFLOG.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_nflog_info *i = c->data;
	struct nft_stmt *s = xl_log(c, i->prefix, sizeof(i->prefix));

	s->log.set = NFT_LOG_GROUP;
	s->log.group = i->group;
	if (i->flags & XT_NFLOG_F_COPY_LEN)
		s->log.set |= NFT_LOG_SNAPLEN;
	s->log.snaplen = i->len;
	if (i->threshold)
		s->log.set |= NFT_LOG_QTHRESHOLD;
	s->log.qthreshold = i->threshold;
	xl_add(c, s);
	return true;
}

const struct xl_ext xl_target_NFLOG[] = {
	{ "NFLOG", XL_TARGET, XL_BOTH, 0, 0, sizeof(struct xt_nflog_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_NFLOG_options[] = {
	{ .ext = "NFLOG", .name = "--nflog-group" },
	{ .ext = "NFLOG",
	  .name = "--nflog-prefix",
	  .how = XL_PARTLY,
	  .why = "text that nft can hold" },
	{ .ext = "NFLOG", .name = "--nflog-range" },
	{ .ext = "NFLOG", .name = "--nflog-size" },
	{ .ext = "NFLOG", .name = "--nflog-threshold" },
	XL_OPTION_END,
};
