/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_IPSET_H
#define XL_IPSET_H

/*
 * ipsets as nft sets. An nft set belongs to one table, so an ipset has a copy in each table whose
 * rules name it, made when the first of them is translated. Where its key has a port it becomes up
 * to three sets, since what the kernel takes for a packet's port depends on the protocol.
 */

#include "translate/env.h"
#include "translate/ext.h"
#include "xt/ipset.h"

/** By what the port of a packet is. Sets without ports have only the first. */
enum xl_set_part {
	XL_PART_PORTS, /* a port of TCP, UDP, UDP-Lite, SCTP */
	XL_PART_ICMP,  /* type and code */
	XL_PART_OTHER, /* none: 0 */
	XL_PARTS,
};

/** What else distinguishes copies of a set; the sum of them. */
enum {
	XL_SET_NOMATCH = 1,   /* what --return-nomatch finds */
	XL_SET_UNCOUNTED = 2, /* for lookups that leave the counters of elements alone */
};

struct xl_set_copy {
	struct xl_set_copy *next;
	const struct nft_table *table;
	enum xl_set_part part;
	unsigned int kind;
	struct nft_set *set;
	const char *refused;
};

/**
 * struct xl_set_use - an ipset and who names it
 * @table: the first table with a rule that does; @several: there are others
 * @changed: -j SET changes it, in a way that nft can do
 * @permanent, @refreshed: SET adds elements without a timeout, or renews their timeout
 */
struct xl_set_use {
	const struct xt_ipset *ipset;
	const struct xt_table *table;
	bool several, changed, permanent, refreshed;
	struct xl_set_copy *copies;
};

/**
 * struct xl_sets
 * @by_id: by xt_ipset.id; @by_index: by the index in a blob, NULL where no such ipset is known
 * @told: that programs which change ipsets do not change these
 */
struct xl_sets {
	struct xl_set_use *by_id, **by_index;
	bool told;
};

/** Finds out which rules use which ipset; into env->sets. */
void xl_sets_scan(struct xl_env *env);

/** The ipset of this index; NULL and the rule refused when it is not known in full. */
struct xl_set_use *xl_set_use(struct xl_ctx *c, unsigned int index);

/** Of how many parts an element is. */
unsigned int xl_set_dims(const struct xt_ipset *s);
bool xl_set_has(const struct xt_ipset *s, enum xt_ipset_dim dim);
/** The parts of the set that a packet of this rule may be looked up in, as bits 1 << XL_PART_*. */
unsigned int xl_set_parts(const struct xl_ctx *c, const struct xt_ipset *s);
/** Whether the ipset takes part at all: enough dimensions, and its family. */
bool xl_set_applies(const struct xl_ctx *c, const struct xt_ipset *s, unsigned int dim);
/** Why SET cannot change the set in nft, in words; NULL when it can. */
const char *xl_set_fixed(const struct xt_ipset *s);

/**
 * The nft set for these packets in the table of the rule. NULL when there is nothing to look up, or
 * when it cannot be; the rule is then refused.
 */
struct nft_set *xl_set_copy(struct xl_ctx *c, struct xl_set_use *use, enum xl_set_part part,
			    unsigned int kind);
/** What is looked up, with the flags of a struct xt_set_info. */
struct nft_expr *xl_set_key(struct xl_ctx *c, const struct xt_ipset *s, enum xl_set_part part,
			    unsigned int flags);

/** What part an element belongs to; XL_PARTS: no packet can match it. */
enum xl_set_part xl_set_part_of(const struct xt_ipset *s, const struct xt_ipset_elem *e);

/**
 * Puts the elements of one part into @to. False with a reason in @why when nft cannot hold them.
 */
bool xl_set_fill(struct xl_env *env, const struct xt_ipset *s, enum xl_set_part part,
		 unsigned int kind, struct nft_set *to, const char **why);

/** The key of an element with these addresses; sets @why when nft cannot hold it. */
struct nft_expr *xl_set_value(struct xl_arena *a, const struct xt_ipset *s, enum xl_set_part part,
			      const struct xt_ipset_elem *e, const struct xt_range *r,
			      const char **why);

#endif
