/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTML_RULES_H
#define HTML_RULES_H

/* Original and translation side by side, rule by rule, with what was found of each. */

#include "run.h"
#include "verify/nft_rules.h"

#include <stddef.h>
#include <stdint.h>

/** How a rule fared; the order is that of tallies and filters. */
enum rule_state {
	RULE_DIFFERENT,
	RULE_REFUSED,
	RULE_UNVOUCHED,
	RULE_NEARLY,
	RULE_UNREACHED,
	RULE_UNCHECKED,
	RULE_ROUGH,
	RULE_UNREACHABLE,
	RULE_NEVER,
	RULE_SAME,
	RULE_STATES
};

/**
 * struct rule_mark - what is to be said of a rule
 * @why: NULL: nothing
 * @at: its place in the counts; SIZE_MAX: it has none
 */
struct rule_mark {
	enum rule_state state;
	const char *why;
	size_t at;
};

enum { RULES_SIDES = 3 };

/** Where rules stand: in the report, and among the rules of the translation. */
struct rules_index {
	struct rules_place *places;
	struct rules_nft *nft;
	size_t n, n_nft;
};

/**
 * struct rules_view
 * @marks: one for each line of the report
 * @words: for each state
 * @translation: show it; else there is only the original
 * @sides: whose counters @counts has
 */
struct rules_view {
	const struct run *run;
	struct rule_mark *marks;
	const char *const *words;
	bool translation;
	const char *sides[RULES_SIDES];
	const struct vf_count *counts[RULES_SIDES];
	size_t n_sides;
	struct rules_index index;
};

/** Sets up @view for the rules of @r, with all marks at RULE_SAME. */
void html_rules_init(struct rules_view *view, struct run *r, const char *const *words);
/** The mark of a rule, or NULL when the report does not have it. */
struct rule_mark *html_rules_mark(const struct rules_view *view, const struct xl_source *source);
/** The number of a rule's row: its id is "r" with that. */
size_t html_rules_row(const struct rules_view *view, const struct xl_source *source);
/** The name by which style and filters know a state. */
const char *html_rules_class(enum rule_state state);

/** How many rules there are in each state. */
void html_rules_tally(struct xl_buf *b, const struct rules_view *view);
/** The bar with the search, the filters, and @title; to stand straight before <main>. */
void html_rules_bar(struct xl_buf *b, const struct rules_view *view, const char *title);
/** A list of the chains, each with how its rules fared. */
void html_rules_chains(struct xl_buf *b, const struct rules_view *view);
/** All rules. */
void html_rules(struct xl_buf *b, const struct rules_view *view);
/** Sets, maps and objects of the translation, which no single rule stands for. */
void html_rules_sets(struct xl_buf *b, const struct rules_view *view);

#endif
