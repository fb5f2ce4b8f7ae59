/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_MARKS_H
#define VF_MARKS_H

/* What marks packets have at each rule, as far as the rules before it tell. */

#include "verify/chains.h"

/** Finds the rules that no packet comes to, or matches, for the mark that it has there: their
 * @marked becomes the rule that gives or tests it. */
void vf_marks_find(struct vf_chains *c);

/** Whether the rule's target gives packets a mark that depends on theirs alone: then what @mark
 * becomes. */
bool vf_sets_mark(const struct vf_rule *r, uint32_t *mark);

#endif
