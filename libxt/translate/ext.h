/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_EXT_H
#define XL_EXT_H

/*
 * What a file in match/ or target/ sees: its blob, its surroundings, and where to put statements.
 *
 * A match is a list of terms, all of which must hold:
 *
 *	xl_add(c, stmt)				a plain test
 *	xl_begin_any(c) … xl_next(c) … xl_end(c)	at least one alternative holds
 *	xl_begin_none(c) … xl_next(c) … xl_end(c)	no alternative holds
 *	xl_begin_do(c) … xl_next(c) … xl_end(c)	rules to run on the way; they decide nothing
 *
 * An nft expression that cannot load its value ends the rule, "!=" included, where xtables goes on
 * with "no match" and inverts that (nft_do_chain(): NFT_BREAK; xt: match ^ invert). So a negation
 * is a none-term around the positive test; a plain "!=" stands only where the value can always be
 * loaded.
 *
 * A target is a list of rules, run in order once the matches hold: xl_add(), xl_next() for the next
 * rule. Where the last one ends without a verdict, the packet goes on with the rule after.
 */

#include "diag/buf.h"
#include "nft/build.h"
#include "nft/model.h"

/* glibc's headers first: the kernel's give way to them, not the other way round. */
#include <net/if.h>
#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/x_tables.h>
#include <stdbool.h>
#include <stdint.h>

struct xl_env;
struct xl_place;
struct xl_prog;

/**
 * struct xl_ctx - one match or target being translated
 * @env: the run: options, messages, sets; see env.h. NULL inside a libxtables plugin
 * @place: for helper chains; NULL inside a plugin
 * @table: "filter" …; @hooks: 1 << NF_INET_* of every base chain from which the rule can be
 *	reached (all of the table's when nothing is known)
 * @proto: the IP protocol of -p, 0 when there is none; @proto_inv: it was ! -p
 * @data: the blob's data, @size bytes, @rev its revision
 * @entry: the whole struct ipt_entry or ip6t_entry
 */
struct xl_ctx {
	struct xl_arena *arena;
	struct xl_env *env;
	struct xl_place *place;
	uint8_t family;
	const char *table;
	unsigned int hooks;
	bool reached; /* @hooks is known: some base chain leads here */
	uint8_t proto;
	bool proto_inv;
	const char *name;
	const void *data;
	size_t size;
	uint8_t rev;
	const void *entry;
	const void *blob;		/* the struct xt_entry_match or xt_entry_target itself */
	const struct xl_source *source; /* the rule as it was written */
	bool late; /* the rule's effects after connection tracking are asked for; see late.h */
	const char *no_late; /* why it cannot have any; NULL: it can */
	struct xl_prog *prog;
	struct nft_stmts *at; /* where xl_add() puts things */
};

enum xl_kind { XL_MATCH, XL_TARGET };
enum { XL_V4 = 1, XL_V6 = 2, XL_BOTH = 3 };

/**
 * struct xl_ext - a translator for some revisions of one match or target
 * @size: the least size of the blob's data
 * @translate: appends to @c; false when it cannot, after xl_refuse()
 *
 * Each file defines an array of these named xl_match_NAME or xl_target_NAME, ended by XL_EXT_END.
 */
struct xl_ext {
	const char *name;
	enum xl_kind kind;
	unsigned int families;
	uint8_t rev_min, rev_max;
	size_t size;
	bool (*translate)(struct xl_ctx *c);
};

/** XL_PARTLY: exact for some values, refused for others. XL_APPROXIMATE: with --approximate only.
 */
enum xl_how { XL_EXACT, XL_PARTLY, XL_APPROXIMATE, XL_IMPOSSIBLE };

/**
 * struct xl_option - what becomes of an option; "xtlate coverage" lists these
 * @ext: whose it is
 * @name: with its other names: "--source-port --sport"; NULL for what has no options
 * @why: what is not exact, and why not; NULL when all is
 * @families: 0: all that the extension is for
 * @since: the least nft version, as xl_nft_version() has it; 0: any
 *
 * Each file defines an array of these named xl_match_NAME_options or xl_target_NAME_options, ended
 * by XL_OPTION_END. The tests compare it with what the system's plugins know.
 */
struct xl_option {
	const char *ext, *name;
	enum xl_how how;
	const char *why;
	unsigned int families;
	unsigned int since;
};

#define XL_OPTION_END       \
	{                   \
		.ext = NULL \
	}

#define XL_EXT_END           \
	{                    \
		.name = NULL \
	}

void xl_add(struct xl_ctx *c, struct nft_stmt *s);
void xl_begin_any(struct xl_ctx *c);
/** As xl_begin_any(), for alternatives of which never more than one can hold. */
void xl_begin_one_of(struct xl_ctx *c);
void xl_begin_none(struct xl_ctx *c);
/** Rules that keep state up to date, each with its own tests, without a verdict or with a jump. */
void xl_begin_do(struct xl_ctx *c);
void xl_next(struct xl_ctx *c);
void xl_end(struct xl_ctx *c);

/** The current term has state that each evaluation changes (limit, quota, numgen …). */
void xl_stateful(struct xl_ctx *c);

/**
 * Says that what follows reads the transport header, so that it must not see later fragments.
 * It becomes a guard where nothing defragments (net/netfilter/nft_payload.c: the fast path does
 * not look at the fragment offset, xt_tcpudp.c does). Call it at the start of each alternative.
 */
void xl_first_fragment(struct xl_ctx *c);

/** "meta l4proto P", unless the same rule already has it. */
void xl_l4proto(struct xl_ctx *c, uint8_t proto);

/** The match is true for no packet; the rule is written as a comment. Returns true. */
bool xl_never(struct xl_ctx *c);

/** Why this cannot be translated, in words that a user can act on. Returns false. */
bool xl_refuse(struct xl_ctx *c, const char *fmt, ...) XL_PRINTF(2, 3);

/** A warning about this rule in the report. */
void xl_warn(struct xl_ctx *c, const char *fmt, ...) XL_PRINTF(2, 3);

/** Adds to the comment of the rule; what nft cannot hold is replaced, with a warning. */
void xl_comment(struct xl_ctx *c, const char *text);
/** @text as nft can hold it in a comment, NULL when nothing is left; says what was done to it. */
const char *xl_comment_text(struct xl_arena *a, const char *text, bool *replaced, bool *shortened);

/** key OP num, and its range, mask forms. @neg is xtables' "!". */
void xl_cmp(struct xl_ctx *c, enum nft_key_id key, bool neg, uint64_t num);
/** lo <= key <= hi; a single value when they are equal. */
void xl_cmp_range(struct xl_ctx *c, enum nft_key_id key, bool neg, uint64_t lo, uint64_t hi);
/**
 * As xl_cmp_range(), for bounds that come from the user: all values are no test, and none can
 * match where the key holds no such value.
 */
void xl_cmp_bounds(struct xl_ctx *c, enum nft_key_id key, bool neg, uint64_t lo, uint64_t hi);
/** key & mask == value; "key == value" when @mask covers the key. */
void xl_cmp_mask(struct xl_ctx *c, enum nft_key_id key, bool neg, uint64_t mask, uint64_t value);
/** An address against address/mask (network order); nothing for a mask of zero. */
void xl_cmp_addr(struct xl_ctx *c, enum nft_key_id key, bool neg, const void *addr,
		 const void *mask);

/** The prefix length of a mask in network order, -1 when it has holes. */
int xl_prefix_len(const void *mask, unsigned int bytes);

/** Whether the string can stand between quotes in nft text. */
bool xl_string_ok(const char *s);
/**
 * An interface name with the mask that the kernel keeps, as nft writes it: "eth*" for the beginning
 * of one, "" for any. NULL: nft cannot, and *why is set.
 */
const char *xl_ifname_text(struct xl_arena *a, const char *name, const unsigned char *mask,
			   const char **why);
/** An interface name with the mask that the kernel keeps; adds nothing for an empty one. */
bool xl_cmp_ifname(struct xl_ctx *c, enum nft_key_id key, bool neg, const char *name,
		   const unsigned char *mask);

/** A helper chain in the rule's table; see xl_helper_rule(). */
struct nft_chain *xl_helper_chain(struct xl_ctx *c);
/** A new rule at the end of a helper chain, for nft_stmts_add(). */
struct nft_rule *xl_helper_rule(struct xl_ctx *c, struct nft_chain *chain);
/** A set or map named after @stem, free in the rule's table. */
struct nft_set *xl_new_set(struct xl_ctx *c, const char *stem);
/** The nft version written for: 0x010006 is 1.0.6. */
unsigned int xl_nft_version(const struct xl_ctx *c);
/** For what can only be approximate: whether that is wanted (--approximate); the rule is then
 * marked. */
bool xl_approximate(const struct xl_ctx *c);
/** The name of the ipset with this index in a set blob. */
const char *xl_set_name(const struct xl_ctx *c, unsigned int index);

/**
 * The nft text of a target, for a libxtables plugin's xlate: several rules become
 * "jump { …; … }". False when it cannot be translated. @hooks: as in struct xl_ctx; 0 when not
 * known.
 */
bool xl_target_text(const struct xl_ext *ext, uint8_t family, unsigned int hooks, const void *entry,
		    const struct xt_entry_target *target, struct xl_buf *out);

#endif
