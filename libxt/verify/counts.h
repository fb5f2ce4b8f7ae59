/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_COUNTS_H
#define VF_COUNTS_H

/* What each rule has counted, on either side. */

#include "nft/model.h"
#include "verify/nft_rules.h"
#include "verify/side.h"

/**
 * struct vf_rules - the rules that are compared, numbered in the order of tables, chains, rules
 * @native, @compat: how their counters are read; made when that is first done
 */
struct vf_rules {
	const struct xt_rule **v;
	const struct xt_chain **chain;
	size_t n;
	struct vf_rule_at *by_source; /* sorted by address */
	struct vf_chain_at *by_chain; /* likewise; chains that have rules */
	size_t n_chains;
	struct vf_plan *native, *compat;
};

/** Where a chain's first rule is. */
struct vf_chain_at {
	const struct xt_chain *chain;
	size_t at;
};

/** Where a source's rule is. */
struct vf_rule_at {
	const struct xl_source *source;
	size_t at;
};

/** All rules of @rs with an entry, but those for which @skip says so. */
void vf_rules_init(struct vf_rules *r, struct xl_arena *a, const struct xt_ruleset *rs,
		   bool (*skip)(void *data, const struct xt_rule *rule), void *data);

/** The number of the rule with this source; r->n: none. */
size_t vf_rules_find(const struct vf_rules *r, const struct xl_source *source);

/** Where a chain's rules are; NULL: it has none. */
const struct vf_chain_at *vf_rules_chain(const struct vf_rules *r, const struct xt_chain *c);

/** Whether the side's chains have as many rules each as @rs's. */
bool vf_has_rules_of(struct vf_side *s, const struct nft_ruleset *rs);
/** Fills @counts (r->n of them) from the tables of a side that iptables-legacy loaded. */
bool vf_count_iptables(struct vf_side *s, const struct xt_ruleset *rs, const struct vf_rules *r,
		       struct vf_count *counts);

struct vf_plan;

/** Where the counters are in tables that were loaded from @rs, or have its rules one for one. */
struct vf_plan *vf_plan_nft(struct xl_arena *a, const struct vf_rules *r,
			    const struct nft_ruleset *rs);
/** The same of a side that iptables-nft loaded. */
struct vf_plan *vf_plan_compat(struct xl_arena *a, const struct vf_rules *r);
/** Reads them. Without @all, @counts are those of the last time, and only chains are read to which
 * rules have sent packets since. */
bool vf_count_plan(struct vf_side *s, const struct vf_plan *p, const struct vf_rules *r, bool all,
		   struct vf_count *counts);

#endif
