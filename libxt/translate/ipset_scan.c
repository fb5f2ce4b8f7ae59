// SPDX-License-Identifier: GPL-2.0-or-later
/* Which tables use an ipset, and whether SET changes it: to be known before the first nft set is
 * declared. */
#include "translate/ipset.h"

#include <string.h>

#include <linux/netfilter/xt_set.h>

static void touch(struct xl_sets *sets, struct xl_set_use *use, const struct xt_table *table)
{
	const struct xt_ipset *s;

	if (!use)
		return;
	use->several |= use->table && use->table != table;
	use->table = use->table ? use->table : table;
	s = use->ipset;
	for (size_t i = 0; i < s->n && s->elems[i].member; i++)
		touch(sets, &sets->by_id[s->elems[i].member->id], table);
}

static struct xl_set_use *by_index(const struct xl_env *env, unsigned int index)
{
	return index < env->xt->nsets ? env->sets->by_index[index] : NULL;
}

static void matches(struct xl_env *env, const struct xt_table *t, const void *entry)
{
	const struct xt_entry_match *m = xt_first_match(t->family, entry);
	const struct xt_set_info *i;

	for (; m; m = xt_next_match(t->family, entry, m)) {
		i = (const void *)m->data;
		if (!strcmp(m->u.user.name, "set"))
			touch(env->sets, by_index(env, i->index), t);
	}
}

static void target(struct xl_env *env, const struct xt_table *t, const void *entry)
{
	const struct xt_entry_target *tg = xt_target(t->family, entry);
	const struct xt_set_info_target_v1 *i = (const void *)tg->data;
	const struct xt_set_info *changed[] = { &i->add_set, &i->del_set };
	struct xl_set_use *use;

	if (strcmp(tg->u.user.name, "SET") != 0)
		return;
	for (size_t k = 0; k < sizeof(changed) / sizeof(changed[0]); k++) {
		use = by_index(env, changed[k]->index);
		touch(env->sets, use, t);
		if (use && !xl_set_fixed(use->ipset))
			use->changed = true;
	}
}

static void rules(struct xl_env *env, const struct xt_table *t)
{
	for (const struct xt_chain *c = t->chains; c; c = c->next) {
		for (const struct xt_rule *r = c->rules; r; r = r->next) {
			if (!r->entry)
				continue;
			matches(env, t, r->entry);
			if (r->action == XT_ACT_TARGET)
				target(env, t, r->entry);
		}
	}
}

void xl_sets_scan(struct xl_env *env)
{
	size_t n = env->ipsets ? env->ipsets->n : 0;
	struct xl_sets *sets = xl_new(env->arena, struct xl_sets);
	const struct xt_ipset *s;

	env->sets = sets;
	sets->by_id = xl_alloc(env->arena, (n + 1) * sizeof(*sets->by_id));
	sets->by_index = xl_alloc(env->arena, (env->xt->nsets + 1) * sizeof(*sets->by_index));
	for (size_t i = 0; i < n; i++)
		sets->by_id[i].ipset = env->ipsets->v[i];
	for (size_t i = 0; n && i < env->xt->nsets; i++) {
		s = xt_ipset_find(env->ipsets, env->xt->sets[i]);
		sets->by_index[i] = s ? &sets->by_id[s->id] : NULL;
	}
	for (const struct xt_table *t = env->xt->nsets ? env->xt->tables : NULL; t; t = t->next)
		rules(env, t);
	/* An nft set is seen by one table only, so what is added in one would be missing in the
	 * others. */
	for (size_t i = 0; i < n; i++)
		sets->by_id[i].changed &= !sets->by_id[i].several && sets->by_id[i].ipset->type;
}
