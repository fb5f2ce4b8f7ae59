/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_ELEM_COUNTS_H
#define VF_ELEM_COUNTS_H

#include "verify/counts.h"

/** Fills those of @counts whose rules are elements of sets or maps of @rs (-O2). */
bool vf_count_elems(struct vf_side *side, const struct vf_rules *r, const struct nft_ruleset *rs,
		    struct vf_count *counts);

#endif
