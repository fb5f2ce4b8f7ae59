/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_SHRINK_H
#define VF_SHRINK_H

/* Differences made as simple as they get: the plainest packet, the fewest rules. */

#include "verify/session.h"

/** Fills in @simplest of the first differences; takes a few seconds at most. */
void vf_shrink(struct vf_session *r);

/* verify/subset.c */

/** Some rules of a ruleset and their translation. Gone with @arena. */
struct vf_subset {
	struct xl_arena arena;
	struct xl_diags diags;
	struct xt_ruleset xt;
	struct nft_ruleset nft;
	struct xl_buf nft_text;
	struct vf_text *saved;
	struct vf_setup setup;
};

/**
 * Takes the rules of @family (NFPROTO_UNSPEC: of both) for which @keep, by number in @rules, says
 * so. False when they cannot be translated alone. vf_subset_free() is needed either way.
 */
bool vf_subset_make(struct vf_subset *s, const struct vf_setup *whole, const struct vf_rules *rules,
		    const bool *keep, uint8_t family);
/** Reads and translates such text alone. */
bool vf_subset_read(struct vf_subset *s, const struct vf_setup *whole, uint8_t family,
		    const char *text);
void vf_subset_free(struct vf_subset *s);
/** The text with the lines of rules that are not kept made comments; in @a. */
char *vf_text_without(struct xl_arena *a, const struct vf_text *text, const struct vf_rules *rules,
		      const bool *keep);
/** Translates what is in @set->xt now; into the setup's arena. */
void vf_translate_again(struct vf_setup *set);

/** The save text without what does nothing: comments, unused chains, empty tables, and, unless
 * @policies, policies of DROP; in @a. */
const char *vf_subset_text(const struct vf_subset *s, struct xl_arena *a, bool policies);

#endif
