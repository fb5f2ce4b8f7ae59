// SPDX-License-Identifier: GPL-2.0-or-later
/* What the rules of a ruleset say of their hashlimit tables. */
#include "translate/hashlimit.h"
#include "translate/scan.h"

#include <linux/netfilter/xt_hashlimit.h>
#include <string.h>

static struct xl_hashlimit *table_for(struct xl_env *env, uint8_t family, const char *name)
{
	struct xl_hashlimit **p = &env->hashlimits;

	for (; *p; p = &(*p)->next)
		if ((*p)->family == family && !strcmp((*p)->name, name))
			return *p;
	*p = xl_new(env->arena, struct xl_hashlimit);
	(*p)->family = family;
	(*p)->name = name;
	return *p;
}

static bool same(const struct xl_hashlimit_cfg *a, const struct xl_hashlimit_cfg *b)
{
	return a->avg * b->scale == b->avg * a->scale && a->burst == b->burst &&
	       a->mode == b->mode && a->max == b->max && a->expire == b->expire &&
	       a->srcmask == b->srcmask && a->dstmask == b->dstmask;
}

static void seen(struct xl_env *env, const struct xt_table *t, const struct xt_entry_match *m)
{
	size_t size = m->u.match_size - sizeof(*m);
	struct xl_hashlimit_cfg cfg;
	struct xl_hashlimit *h;
	bool above;

	if (!xl_hashlimit_read(&cfg, m->u.user.revision, m->data, size))
		return;
	above = cfg.mode & XT_HASHLIMIT_INVERT;
	cfg.mode &= ~(uint32_t)XT_HASHLIMIT_INVERT;
	h = table_for(env, t->family,
		      xl_strndup(env->arena, (const char *)m->data,
				 m->u.user.revision == 1 ? IFNAMSIZ : NAME_MAX));
	if (!h->table) {
		h->table = t->name;
		h->cfg = cfg;
	}
	h->above |= above;
	h->upto |= !above;
	if (strcmp(h->table, t->name) != 0)
		h->why = "rules of several tables share it, and nft's sets belong to one table; "
			 "give each table a name of its own, if that will do";
	else if (!same(&h->cfg, &cfg))
		h->why = "its rules say different things of it, and iptables heeds only the first "
			 "that is loaded; give each a name of its own";
}

void xl_scan_hashlimit(struct xl_env *env)
{
	xl_each_match(env, "hashlimit", seen);
}
