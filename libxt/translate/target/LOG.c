// SPDX-License-Identifier: GPL-2.0-or-later
/* -j LOG: log_tg(), net/netfilter/xt_LOG.c. nft's log without a group goes the same way, by
 * nf_log_packet() to nf_log_syslog.c, and its flags are the same bits. */
#include "translate/log.h"

#include <linux/netfilter/nf_log.h>
#include <linux/netfilter/xt_LOG.h>

enum { WARNING = 4, LEVELS = 8 }; /* LOGLEVEL_WARNING is nft's default */

static bool translate(struct xl_ctx *c)
{
	const struct xt_log_info *i = c->data;
	struct nft_stmt *s = xl_log(c, i->prefix, sizeof(i->prefix));

	if (i->level >= LEVELS)
		return xl_refuse(c, "LOG with level %u, which does not exist", i->level);
	if (i->level != WARNING)
		s->log.set = NFT_LOG_LEVEL;
	s->log.level = i->level;
	s->log.flags = i->logflags & NF_LOG_MASK;
	xl_add(c, s);
	return true;
}

const struct xl_ext xl_target_LOG[] = {
	{ "LOG", XL_TARGET, XL_BOTH, 0, 0, sizeof(struct xt_log_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_LOG_options[] = {
	{ .ext = "LOG", .name = "--log-level" },
	{ .ext = "LOG", .name = "--log-prefix", .how = XL_PARTLY, .why = "text that nft can hold" },
	{ .ext = "LOG", .name = "--log-tcp-sequence" },
	{ .ext = "LOG", .name = "--log-tcp-options" },
	{ .ext = "LOG", .name = "--log-ip-options" },
	{ .ext = "LOG", .name = "--log-uid" },
	{ .ext = "LOG", .name = "--log-macdecode" },
	XL_OPTION_END,
};
