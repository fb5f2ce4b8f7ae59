/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_COVER_H
#define VF_COVER_H

/* What rules ask for together, and whether one asks for no more than another. */

#include "verify/chains.h"

enum { VF_SUM_CONDS = 64 };

/** All that the rules of a way ask. */
struct vf_sum {
	struct vf_rule rule;
	struct vf_cond conds[VF_SUM_CONDS];
};

/** False: they clash. */
bool vf_sum_add(struct vf_sum *s, const struct vf_rule *r);

/** Whether whatever has a header that @r asks for has one that @e asks for. */
bool vf_head_covers(const struct vf_head *e, const struct vf_head *r);
/** Whether the same packet gets the same answer each time. */
bool vf_steady(const struct vf_cond *c);
/** Whether what @r asks for has all that @c asks for. */
bool vf_asks(const struct vf_rule *r, const struct vf_cond *c);
bool vf_is_comment(const struct vf_cond *c);
/** Which states packets can have that match all of it. */
unsigned int vf_rule_states(const struct vf_rule *r);

#endif
