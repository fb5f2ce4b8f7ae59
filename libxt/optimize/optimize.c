// SPDX-License-Identifier: GPL-2.0-or-later
#include "optimize/optimize.h"

/* In the order in which they run. */
static const struct {
	enum xl_level from;
	void (*run)(struct nft_ruleset *rs);
} passes[] = {
	{ XL_MERGED, xl_merge_rules },
	{ XL_MERGED, xl_dispatch_rules },
	{ XL_SHARED, xl_share_sets },
};

void xl_optimize(struct nft_ruleset *rs, enum xl_level level)
{
	for (size_t i = 0; i < sizeof(passes) / sizeof(passes[0]); i++)
		if (level >= passes[i].from)
			passes[i].run(rs);
}
