// SPDX-License-Identifier: GPL-2.0-or-later
/* -m limit: struct xt_rateinfo. Semantics: limit_mt(), net/netfilter/xt_limit.c. */
#include "translate/ext.h"
#include "translate/rate.h"

#include <linux/netfilter/xt_limit.h>

enum { DAY = 86400 };

static bool translate(struct xl_ctx *c)
{
	const struct xt_rateinfo *i = c->data;
	struct nft_stmt *s = nft_stmt(c->arena, NFT_S_LIMIT);

	if (!i->avg || !i->burst)
		return xl_refuse(c, "limit has no rate or no burst");
	if ((uint64_t)i->avg * i->burst / XT_LIMIT_SCALE > DAY)
		xl_warn(c, "iptables' 32-bit credit overflows for this rate and burst, so that it "
			   "allows fewer packets at once than the rule says; nft does not");
	s->limit = xl_rate_limit(i->avg, XT_LIMIT_SCALE);
	if (!s->limit.rate)
		return xl_refuse(c, "nft has no rate of less than one a day");
	s->limit.burst = i->burst;
	xl_stateful(c);
	xl_add(c, s);
	return true;
}

const struct xl_ext xl_match_limit[] = {
	{ "limit", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_rateinfo), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_limit_options[] = {
	{ .ext = "limit", .name = "--limit", .how = XL_PARTLY, .why = "down to one packet a day" },
	{ .ext = "limit", .name = "--limit-burst" },
	XL_OPTION_END,
};
