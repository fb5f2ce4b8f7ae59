/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_RULE_H
#define XL_RULE_H

/* From a rule's terms and effects to nft rules, with the helper chains that they need. */

#include "translate/env.h"
#include "translate/prog.h"

/**
 * struct xl_place - where rules of an iptables chain are being written
 * @chain: the nft chain that takes the next rule; it moves on when the rest of a chain has to be
 *	a chain of its own
 * @stem: what helper chains are named after; @num: number of the rule, from 1
 */
struct xl_place {
	struct xl_env *env;
	struct nft_table *table;
	struct nft_chain *chain;
	const char *stem;
	unsigned int num;
};

/** A helper chain named after the rule being written. */
struct nft_chain *xl_place_helper(struct xl_place *p);

/** Whether the rule needs the rest of its chain to become a chain of its own. */
bool xl_needs_tail(const struct xl_prog *prog);

/** Writes @prog, which is neither refused nor never, with @counter (NULL: none) before its effects.
 */
void xl_emit_rule(struct xl_place *p, const struct xl_source *source, struct xl_prog *prog,
		  struct nft_stmt *counter);

#endif
