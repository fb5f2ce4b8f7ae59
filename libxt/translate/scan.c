// SPDX-License-Identifier: GPL-2.0-or-later
#include "translate/scan.h"

#include <string.h>

static void each_in_chain(struct xl_env *env, const struct xt_chain *c, const char *name,
			  void (*seen)(struct xl_env *env, const struct xt_table *t,
				       const struct xt_entry_match *m))
{
	uint8_t family = c->table->family;

	for (const struct xt_rule *r = c->rules; r; r = r->next) {
		const struct xt_entry_match *m = NULL;

		if (r->entry)
			m = xt_first_match(family, r->entry);
		for (; m; m = xt_next_match(family, r->entry, m))
			if (!strcmp(m->u.user.name, name))
				seen(env, c->table, m);
	}
}

void xl_each_match(struct xl_env *env, const char *name,
		   void (*seen)(struct xl_env *env, const struct xt_table *t,
				const struct xt_entry_match *m))
{
	if (!xt_ruleset_may_have(env->xt, name))
		return;
	for (const struct xt_table *t = env->xt->tables; t; t = t->next)
		for (const struct xt_chain *c = t->chains; c; c = c->next)
			each_in_chain(env, c, name, seen);
}
