/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_U32_H
#define XL_U32_H

/* What a u32 program comes down to, between its reader (match/u32.c) and its writer. */

#include "translate/ext.h"

/** The 32 bits at @base + @off under @mask lie within [lo, hi], or within one of @set's. */
struct xl_u32_cond {
	enum nft_base base;
	uint32_t off, mask, lo, hi;
	const struct xl_u32_cond *set;
	size_t n;
};

/** Conditions that must all hold. */
struct xl_u32_alt {
	struct xl_u32_cond *conds;
	size_t n, cap;
};

struct xl_u32_alts {
	struct xl_u32_alt *v;
	size_t n, cap;
};

/** Makes one condition of @n in @v where their values can be a set. */
void xl_u32_as_set(const struct xl_ctx *c, struct xl_u32_cond *v, size_t *n);
/** Writes the alternatives as those of the term that was begun. */
void xl_u32_write(struct xl_ctx *c, const struct xl_u32_alts *all);

#endif
