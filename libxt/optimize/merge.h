/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_MERGE_H
#define XL_MERGE_H

/*
 * Rules that look up the same fields and differ in the values become elements of one set or map.
 *
 * Words: a field is something that a lookup can have in its key. A box is one value, or one range,
 * of each field of a rule; a rule has several where it has sets ("tcp dport { 80, 443 }"). An item
 * is what stands at one place of a chain: a rule as it is, or a group of rules that are looked up
 * alike.
 */

#include "diag/buf.h"
#include "nft/build.h"

/** The fields, in the order in which they stand in a key. */
enum mg_field {
	MG_IIFNAME,
	MG_OIFNAME,
	MG_ETHER_SADDR,
	MG_IP_SADDR,
	MG_IP_DADDR,
	MG_IP6_SADDR,
	MG_IP6_DADDR,
	MG_L4PROTO,
	MG_SPORT,
	MG_DPORT,
	MG_MARK,
	MG_SKUID,
	MG_FIELDS
};

/**
 * enum mg_class - what merging may do with a test or a statement
 * @MG_BREAK: nothing: its rule stays as it is. All that the table does not list.
 * @MG_MERGE: a test becomes part of the key, a counter the element's, a verdict or an address data
 * @MG_COMBINE: stays in front of the lookup, or behind it, where it is the same in all rules
 *
 * A statement that breaks is also a barrier: only what can be shown to match other packets by the
 * tests before it is moved past it.
 */
enum mg_class { MG_BREAK, MG_MERGE, MG_COMBINE };

enum mg_class mg_class_of_key(enum nft_key_id key);
enum mg_class mg_class_of_stmt(enum nft_stmt_kind kind);

/** What they are called in names of sets. */
extern const char *const mg_field_names[MG_FIELDS];

/** The field that a key reads; MG_FIELDS: none. *@proto: the protocol that the key implies, or -1.
 */
enum mg_field mg_field_of_key(enum nft_key_id key, int *proto);
/** The key that reads a field, of packets of a protocol (-1: of any). */
enum nft_key_id mg_key_of_field(enum mg_field field, int proto);

/** Fewer rules cost less than a lookup in a set. */
enum { MG_RULES_MIN = 8 };

enum { MG_BYTES = 16 };

/** All values from @lo to @hi, as nft compares them: byte by byte. */
struct mg_range {
	unsigned char lo[MG_BYTES], hi[MG_BYTES];
};

/** The range of a value, and whether it has one: not sets, not names with wildcards. */
bool mg_range_of(enum mg_field field, const struct nft_expr *value, struct mg_range *range);
bool mg_range_is_one(const struct mg_range *r);
bool mg_ranges_meet(const struct mg_range *a, const struct mg_range *b);

struct mg_rule;

/** One value or range of each field of a rule; a node of its group's index, too. */
struct mg_box {
	struct mg_rule *rule;
	const struct nft_expr **value; /* by field; NULL: not tested */
	const struct mg_range *range;  /* likewise */
	struct mg_box *left, *right;
	const struct mg_range *by; /* its range in the field of the index */
	const unsigned char *most; /* the highest end below this node */
	uint32_t weight;
};

/**
 * enum mg_action - what a rule does once it matches
 * @MG_SAME: statements that only rules with the very same ones are merged with
 * @MG_VERDICT: a verdict, which may be another in each rule
 * @MG_DNAT, @MG_SNAT, @MG_REDIRECT: to one address, one port or both
 * @MG_MARK_SET: sets the mark to a number
 */
enum mg_action { MG_SAME, MG_VERDICT, MG_DNAT, MG_SNAT, MG_REDIRECT, MG_MARK_SET };

/**
 * struct mg_rule - a rule, taken apart
 * @mask: the fields that it tests, a bit each
 * @proto: the protocol that all of its packets have; -1: several, or any
 * @rest: other tests, which have no side effects
 * @act: the first statement behind counter and tests; NULL: it only counts
 * @mergeable: all of it is understood; else only the boxes are good, and @rest and @act are not set
 */
struct mg_rule {
	struct mg_rule *next; /* of its group */
	struct nft_rule *rule;
	unsigned int mask;
	int proto;
	struct mg_box *boxes;
	size_t n_boxes;
	struct nft_stmt **rest;
	size_t n_rest;
	struct nft_stmt *counter, *act;
	enum mg_action action;
	bool mergeable;
	unsigned int level; /* lookups of its group that come before it */
	bool followed;	    /* a rule of a later one can match the same packet */
};

/** What reading needs to know of a table. */
struct mg_table {
	struct xl_arena *arena;
	struct nft_ruleset *rs;
	struct nft_table *table;
	/* Whether a field has the same value for a packet in all rules of a chain: none sets it. */
	bool steady[MG_FIELDS];
	size_t sets; /* made so far */
};

void mg_table_init(struct mg_table *t, struct nft_ruleset *rs, struct nft_table *table);

/** Whether a chain has so many rules, or more. */
bool mg_chain_has(const struct nft_chain *c, unsigned int rules);

struct mg_rule *mg_read_rule(const struct mg_table *t, struct nft_rule *r);
/** What rules of one group have in common, as text. */
void mg_signature(struct xl_buf *b, const struct mg_rule *r);
/** Whether the rule does nothing but count. */
bool mg_only_counts(const struct mg_rule *r);

/** An index of boxes by the range of one field. */
struct mg_index {
	struct mg_box *root;
	enum mg_field field;
	uint32_t seed;
};

void mg_index_add(struct mg_index *x, struct mg_box *b);
/**
 * Calls @found for each box that a packet of @box could be in, too; false from it ends that. Looks
 * at no more than @budget boxes. Returns false if it was ended.
 */
bool mg_index_each(const struct mg_index *x, const struct mg_box *box, unsigned int budget,
		   bool (*found)(void *to, struct mg_box *b), void *to);
/** Whether there can be a packet that is in both. */
bool mg_boxes_meet(const struct mg_box *a, const struct mg_box *b);

/** Rules of one signature that are to be looked up at one place, in their order. */
struct mg_group {
	struct mg_rule *rules, **end;
	size_t n;
	unsigned int levels;
	struct mg_index index;
};

/** The rules of a group as they are written; the last one's place to go on is returned. */
struct nft_rule **mg_write_group(struct mg_table *t, const struct nft_chain *c,
				 const struct mg_group *g, struct nft_rule **at);

#endif
