/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_OPTIMIZE_H
#define XL_OPTIMIZE_H

/*
 * Passes over the nft ruleset that make it cheaper for the kernel, one file each. Each keeps the
 * verdict, the bytes and the marks of every packet, and every rule's counter, comment and source.
 */

#include "nft/model.h"

/**
 * enum xl_level - how far they go
 * @XL_PLAIN: one rule for one rule, each readable for itself
 * @XL_SHARED: the same rules, but what the kernel handles badly is written well
 * @XL_MERGED: rules become elements of sets and maps
 */
enum xl_level { XL_PLAIN, XL_SHARED, XL_MERGED };

void xl_optimize(struct nft_ruleset *rs, enum xl_level level);

/* The passes. */

/** Makes lookups of rules that differ in the values of the same fields; see merge.h. */
void xl_merge_rules(struct nft_ruleset *rs);

/** Splits long runs of rules that test one field by a verdict map; see dispatch.c. */
void xl_dispatch_rules(struct nft_ruleset *rs);

/** Gives sets that several rules use, or that are many, names; see share_sets.c. */
void xl_share_sets(struct nft_ruleset *rs);

#endif
