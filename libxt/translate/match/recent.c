// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m recent: struct xt_recent_mtinfo (revision 0), _v1. Semantics: recent_mt(),
 * net/netfilter/xt_recent.c. What is kept for each address is said in translate/recent.h.
 */
#include "translate/recent.h"

#include "translate/env.h"

#include <linux/netfilter/xt_recent.h>

struct ask {
	struct xl_recent *list;
	bool src, inv;
	uint32_t seconds, hits;
};

/* Adds a hit and matches; inverted it adds one all the same. */
static void set(struct xl_ctx *c, const struct ask *a)
{
	xl_begin_do(c);
	xl_recent_hit(c, a->list, a->src, false);
	xl_end(c);
	if (a->inv)
		xl_cmp_range(c, NFT_META_L4PROTO, true, 0, UINT8_MAX);
}

static void check(struct xl_ctx *c, const struct ask *a)
{
	if (a->inv)
		xl_recent_test_not(c, a->list, a->src, a->seconds, a->hits);
	else
		xl_recent_test(c, a->list, a->src, a->seconds, a->hits);
	xl_end(c);
}

/* --update adds a hit when the rule matches, to an address that is there. */
static void update(struct xl_ctx *c, const struct ask *a)
{
	check(c, a);
	if (a->inv && !a->seconds && a->hits == 1)
		return;
	xl_begin_do(c);
	xl_recent_hit(c, a->list, a->src, a->inv);
	xl_end(c);
}

static void forget(struct xl_ctx *c, const struct ask *a)
{
	if (a->inv)
		xl_begin_none(c);
	xl_stateful(c);
	xl_recent_test(c, a->list, a->src, 0, 1);
	xl_recent_forget(c, a->list, a->src);
	xl_end(c);
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_recent_mtinfo *i = c->data; /* what revision 1 adds is in the list */
	struct ask a = {
		.list = xl_recent_list(c, xl_strndup(c->arena, i->name, sizeof(i->name))),
		.src = i->side == XT_RECENT_SOURCE,
		.inv = i->invert,
		.seconds = i->seconds,
		.hits = i->hit_count ? i->hit_count : 1,
	};

	if (c->env->opts.single)
		return xl_refuse(c,
				 "recent: what its list must keep follows from all rules that use "
				 "it; translate the whole ruleset");
	if (a.list->why)
		return xl_refuse(c, "the recent list %s: %s", a.list->name, a.list->why);
	if (i->check_set & XT_RECENT_SET)
		set(c, &a);
	else if (i->check_set & XT_RECENT_REMOVE)
		forget(c, &a);
	else if (i->check_set & XT_RECENT_UPDATE)
		update(c, &a);
	else
		check(c, &a);
	return true;
}

const struct xl_ext xl_match_recent[] = {
	{ "recent", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_recent_mtinfo), translate },
	{ "recent", XL_MATCH, XL_BOTH, 1, 1, sizeof(struct xt_recent_mtinfo_v1), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_recent_options[] = {
	{ .ext = "recent",
	  .name = "--set",
	  .how = XL_PARTLY,
	  .why = "in xtlate ruleset, since what a list keeps follows from all rules that use it" },
	{ .ext = "recent",
	  .name = "--rcheck",
	  .how = XL_PARTLY,
	  .why = "in xtlate ruleset, since what a list keeps follows from all rules that use it" },
	{ .ext = "recent",
	  .name = "--update",
	  .how = XL_PARTLY,
	  .why = "in xtlate ruleset, since what a list keeps follows from all rules that use it" },
	{ .ext = "recent",
	  .name = "--remove",
	  .how = XL_PARTLY,
	  .why = "in xtlate ruleset, since what a list keeps follows from all rules that use it" },
	{ .ext = "recent", .name = "--seconds" },
	{ .ext = "recent", .name = "--reap" },
	{ .ext = "recent", .name = "--hitcount" },
	{ .ext = "recent",
	  .name = "--rttl",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft cannot keep the TTL of a packet with its address" },
	{ .ext = "recent", .name = "--name" },
	{ .ext = "recent", .name = "--rsource" },
	{ .ext = "recent", .name = "--rdest" },
	{ .ext = "recent", .name = "--mask" },
	XL_OPTION_END,
};
