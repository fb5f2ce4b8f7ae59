/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_WRITE_H
#define NFT_WRITE_H

#include "diag/buf.h"
#include "nft/model.h"

/**
 * enum nft_form - how a ruleset is laid out
 * @NFT_BLOCKS: table { chain { … } }, for nft -f
 * @NFT_LINES: add table/chain/rule lines, for nft -f, as iptables-restore-translate prints
 * @NFT_JSON: commands in JSON, for nft -j -f
 */
enum nft_form { NFT_BLOCKS, NFT_LINES, NFT_JSON };

struct nft_write_opts {
	enum nft_form form;
	bool replace; /* put the deletion of each table in front */
};

void nft_write_ruleset(struct xl_buf *b, const struct nft_ruleset *rs,
		       const struct nft_write_opts *opts);

/** Writes JSON instead; rules must have been through nft_refuse_for_json(). */
void nft_write_json(struct xl_buf *b, const struct nft_ruleset *rs, bool replace);

/** By enum nft_verdict; a chain's name follows behind the last two. */
extern const char *const nft_verdict_words[];

/** The statements and comment of a rule, without "add rule …". Helper chains are named. */
void nft_write_rule(struct xl_buf *b, const struct nft_rule *r);
/** "filter", or "-200" where nft has no name for it */
void nft_write_priority(struct xl_buf *b, const struct nft_base_chain *base);
/** "type filter hook input priority filter; policy accept;" */
void nft_write_base(struct xl_buf *b, const struct nft_base_chain *base);
/** An element with its counter, times, comment and data. */
void nft_write_elem(struct xl_buf *b, const struct nft_elem *e);
/** The body of "add set …" on one line, braces included. */
void nft_write_set_line(struct xl_buf *b, const struct nft_set *s);
void nft_write_expr(struct xl_buf *b, const struct nft_expr *e);
void nft_write_stmt(struct xl_buf *b, const struct nft_stmt *s);

#endif
