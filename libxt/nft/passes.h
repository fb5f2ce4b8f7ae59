/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_PASSES_H
#define NFT_PASSES_H

#include "nft/model.h"

/**
 * Makes each rule's text right under every supported nft: drops "meta l4proto" where a later test
 * implies it, and writes "!= a" as "!= a-a" where nft 1.0.6 would merge two of them into one.
 */
void nft_tidy(struct nft_ruleset *rs);

/**
 * Keeps the guards against later fragments in the tables of families where nothing in the ruleset
 * makes the kernel defragment, and if @wanted; removes them elsewhere.
 */
void nft_resolve_guards(struct nft_ruleset *rs, bool wanted);

/**
 * Where a table needs reassembled packets (nft_table.defrag) and no rule has the kernel defragment,
 * adds one that does, in a chain that nothing reaches. Runs before nft_resolve_guards().
 */
void nft_keep_defrag(struct nft_ruleset *rs);

/** Whether a rule of the table makes the kernel defragment. */
bool nft_table_defragments(const struct nft_table *t);

/** Whether a rule for this family makes the kernel defragment before any chain sees a packet. */
bool nft_defragments(const struct nft_ruleset *rs, const char *family);

/** Puts rules in a row that have guards into a chain behind one guard. After
 * nft_resolve_guards(). */
void nft_group_guards(struct nft_ruleset *rs);

/**
 * Makes one inet table of each two of IPv4 and IPv6 that have the same name, where it can be; what
 * stays apart is told in @d. The last of the passes.
 */
void nft_merge_families(struct nft_ruleset *rs, struct xl_diags *d);

/** Marks helper chains that one statement uses as inlined: written as "jump { … }" there. */
void nft_inline_helpers(struct nft_ruleset *rs);

/** The most expressions that a rule can have (NFT_RULE_MAXEXPRS), less some for its end. */
enum { NFT_RULE_ROOM = 128 - 24 };

/** How many of them the kernel sees for a statement, at most. */
unsigned int nft_stmt_weight(const struct nft_stmt *s);

/** Sets @refused of rules whose jumps are deeper below a base chain than nft allows. */
void nft_refuse_deep_jumps(struct nft_ruleset *rs);

/** How many jumps the longest way through the chains of a table has. */
unsigned int nft_longest_path(struct nft_table *t);

/** Sets @refused of rules that nft's JSON has no form for. */
void nft_refuse_for_json(struct nft_ruleset *rs);

/** Sets @refused of rules that nft before 1.0.6 cannot load, or lists as something else. */
void nft_refuse_for_old(struct nft_ruleset *rs);
/** Gives the others the form that it reads. The last of the passes. */
void nft_fit_old(struct nft_ruleset *rs);

#endif
