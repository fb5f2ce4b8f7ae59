/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XT_RULESET_H
#define XT_RULESET_H

/*
 * The iptables side: a ruleset whose rules are the kernel's own entries (struct ipt_entry or
 * struct ip6t_entry with their match and target blobs), plus where each came from.
 */

#include "diag/diag.h"

#include <net/if.h>
#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/x_tables.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xt_chain;
struct xt_table;

/** What a rule does with a packet that matches. */
enum xt_action {
	XT_ACT_NONE, /* no -j: count and go on */
	XT_ACT_ACCEPT,
	XT_ACT_DROP,
	XT_ACT_QUEUE,
	XT_ACT_RETURN_, /* -j RETURN; the name XT_RETURN is the kernel's */
	XT_ACT_JUMP,	/* @jump */
	XT_ACT_GOTO,	/* @jump */
	XT_ACT_TARGET,	/* the target blob of @entry */
};

/**
 * struct xt_rule
 * @entry: struct ipt_entry or struct ip6t_entry by the table's family, with target_offset and
 *	next_offset set, matches and a target behind it; NULL when the line could not be parsed
 * @why: why @entry is NULL, for the report
 * @jump: the user chain of XT_ACT_JUMP and XT_ACT_GOTO (the blob's verdict is not resolved)
 * @counters: @packets and @bytes were given
 */
struct xt_rule {
	struct xt_rule *next;
	struct xl_source source;
	void *entry;
	const char *why;
	enum xt_action action;
	struct xt_chain *jump; /* once the chain is known … */
	const char *jump_name; /* … and its name before */
	bool counters;
	uint64_t packets, bytes;
};

enum xt_policy { XT_POLICY_NONE, XT_POLICY_ACCEPT, XT_POLICY_DROP };

struct xt_chain {
	struct xt_chain *next, *hash_next;
	struct xt_table *table;
	const char *name;
	int hook;	       /* NF_INET_*, or -1 for a user chain */
	enum xt_policy policy; /* base chains; XT_POLICY_NONE: not said, ACCEPT */
	bool counters;
	uint64_t packets, bytes; /* of the policy */
	struct xt_rule *rules, *last;
	size_t n;	    /* how many rules */
	unsigned int index; /* in the table, from 0 */
	bool declared;	    /* by a ":CHAIN" line or -N; else made because a rule stood in it */
	struct xl_loc loc;
};

enum { XT_CHAIN_BUCKETS = 1024 };

struct xt_table {
	struct xt_table *next;
	uint8_t family; /* NFPROTO_IPV4 or NFPROTO_IPV6 */
	const char *name;
	struct xt_chain *chains, **chains_end;
	unsigned int n; /* how many chains */
	struct xt_chain *buckets[XT_CHAIN_BUCKETS];
};

/**
 * struct xt_ruleset
 * @sets: the ipsets that rules name; a set blob's index is its place here
 * @exts: the names of all matches and targets that rules may have, if @exts_known
 */
struct xt_ruleset {
	struct xl_arena *arena;
	struct xt_table *tables, **end;
	const char **sets;
	size_t nsets, sets_cap;
	const char **exts;
	size_t nexts, exts_cap;
	bool exts_known;
};

void xt_ruleset_init(struct xt_ruleset *rs, struct xl_arena *a);
/** The table, made when it is new; NULL when iptables has no table of this name. */
struct xt_table *xt_table_get(struct xt_ruleset *rs, uint8_t family, const char *name);
struct xt_chain *xt_chain_find(const struct xt_table *t, const char *name);
/** The chain, made when it is new; it is a base chain when the table has a hook of this name. */
struct xt_chain *xt_chain_get(struct xt_ruleset *rs, struct xt_table *t, const char *name);
void xt_chain_delete(struct xt_chain *c);
void xt_chain_rename(struct xt_ruleset *rs, struct xt_chain *c, const char *name);
/** Puts a rule in at place @pos (from 0), at the end when @pos is past it. */
void xt_rule_insert(struct xt_chain *c, size_t pos, struct xt_rule *r);
/** Takes out and returns the rule at @pos; NULL when there is none. */
struct xt_rule *xt_rule_remove(struct xt_chain *c, size_t pos);
/** Notes that rules have an extension; @name stays where it is. */
void xt_ruleset_note(struct xt_ruleset *rs, const char *name);
/** Whether rules may have a match or target of this name: looking for it may be worth the while. */
bool xt_ruleset_may_have(const struct xt_ruleset *rs, const char *name);
/** The index by which set blobs name this ipset. */
unsigned int xt_set_index(struct xt_ruleset *rs, const char *name);

/** XT_ACT_ACCEPT … for a verdict's name; XT_ACT_TARGET for any other. */
enum xt_action xt_action_of(const char *name);
/** NF_INET_* of a base chain by name in this table; -1: the table has no such base chain. */
int xt_hook_of(const char *table, const char *chain);
/** The hooks of a table as a mask of 1 << NF_INET_*; 0: no such table. */
unsigned int xt_table_hooks(const char *table);

/** Bytes of an entry with its matches and target. */
size_t xt_entry_size(uint8_t family, const void *entry);
/** First match of an entry, or NULL. */
const struct xt_entry_match *xt_first_match(uint8_t family, const void *entry);
const struct xt_entry_match *xt_next_match(uint8_t family, const void *entry,
					   const struct xt_entry_match *m);
const struct xt_entry_target *xt_target(uint8_t family, const void *entry);

#endif
