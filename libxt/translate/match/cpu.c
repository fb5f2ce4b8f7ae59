// SPDX-License-Identifier: GPL-2.0-or-later
/* -m cpu: struct xt_cpu_info. Semantics: cpu_mt(), net/netfilter/xt_cpu.c. */
#include "translate/ext.h"

#include <linux/netfilter/xt_cpu.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_cpu_info *i = c->data;

	xl_cmp(c, NFT_META_CPU, i->invert, i->cpu);
	return true;
}

const struct xl_ext xl_match_cpu[] = {
	{ "cpu", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_cpu_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_cpu_options[] = {
	{ .ext = "cpu", .name = "--cpu" },
	XL_OPTION_END,
};
