/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_SCAN_H
#define XL_SCAN_H

/* State that rules share by name is what all of them ask for, so it is looked at before the first
 * is translated. */

#include "translate/env.h"

/** Calls @seen for every match of this name in the ruleset, in its order. */
void xl_each_match(struct xl_env *env, const char *name,
		   void (*seen)(struct xl_env *env, const struct xt_table *t,
				const struct xt_entry_match *m));

#endif
