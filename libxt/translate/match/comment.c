// SPDX-License-Identifier: GPL-2.0-or-later
/* -m comment: struct xt_comment_info. Matches everything (xt_comment.c: comment_mt()). */
#include "translate/ext.h"

#include <linux/netfilter/xt_comment.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_comment_info *i = c->data;

	xl_comment(c, xl_strndup(c->arena, i->comment, sizeof(i->comment)));
	return true;
}

const struct xl_ext xl_match_comment[] = {
	{ "comment", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_comment_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_comment_options[] = {
	{ .ext = "comment",
	  .name = "--comment",
	  .how = XL_PARTLY,
	  .why = "a quote or backslash is replaced and more than 128 bytes are cut off, which is "
		 "said" },
	XL_OPTION_END,
};
