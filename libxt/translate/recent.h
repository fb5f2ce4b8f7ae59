/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_RECENT_H
#define XL_RECENT_H

/*
 * The lists of -m recent. A list belongs to all rules that name it, whatever they ask of it, so it
 *is known before the first of them is translated what must be kept for each address:
 *
 *	its being there:		a set
 *	a hit in the last S seconds:	a set with that timeout, for each S
 *	N hits ever:			a set for each count up to the greatest N
 *	N hits in the last S seconds:	a ring, for each such pair; see recent.c
 */

#include "translate/ext.h"

enum { XL_RECENT_MAX_HITS = 64, XL_RECENT_MAX_WINDOWS = 16 };

/**
 * struct xl_recent_window - hits in the last so many seconds
 * @hits: 1 needs no ring
 * @slot: sets of addresses with a hit at this place of the ring (only the first for one hit)
 * @next: sets of addresses whose next hit goes to this place
 * @chain: adds a hit of the source [0], the destination [1]
 */
struct xl_recent_window {
	uint32_t seconds, hits;
	struct nft_set *slot[XL_RECENT_MAX_HITS], *next[XL_RECENT_MAX_HITS];
	struct nft_chain *chain[2];
};

/**
 * struct xl_recent - a list, for one family
 * @mask: of the rule that makes the list, the first that names it
 * @exists: rules ask whether an address is there at all
 * @hits: the greatest count without seconds
 * @level: sets of addresses with 1, 2 … hits; [0] is the list itself
 * @why: what about these rules cannot be translated; NULL: nothing
 * @made: the sets are there
 */
struct xl_recent {
	struct xl_recent *next;
	uint8_t family;
	const char *name;
	const char *table;
	union nf_inet_addr mask;
	bool exists, reaps;
	uint32_t hits;
	struct nft_set *level[XL_RECENT_MAX_HITS];
	struct xl_recent_window window[XL_RECENT_MAX_WINDOWS];
	unsigned int windows;
	const char *why;
	bool made;
};

/** Finds all lists of env->xt. */
void xl_scan_recent(struct xl_env *env);

/** The list of this name, with its sets unless list->why says that it cannot be; NULL: not found.
 */
struct xl_recent *xl_recent_list(struct xl_ctx *c, const char *name);
/** Tests: so many hits (1: at least) in the last @seconds (0: ever). */
void xl_recent_test(struct xl_ctx *c, struct xl_recent *l, bool src, uint32_t seconds,
		    uint32_t hits);
/** Their opposite. */
void xl_recent_test_not(struct xl_ctx *c, struct xl_recent *l, bool src, uint32_t seconds,
			uint32_t hits);
/** Rules of an xl_begin_do() that add a hit; @known: only to an address that is there. */
void xl_recent_hit(struct xl_ctx *c, struct xl_recent *l, bool src, bool known);
/** Statements that take the address out. */
void xl_recent_forget(struct xl_ctx *c, struct xl_recent *l, bool src);

struct xl_recent_window *xl_recent_window(struct xl_recent *l, uint32_t seconds, uint32_t hits);

#endif
