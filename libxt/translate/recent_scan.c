// SPDX-License-Identifier: GPL-2.0-or-later
/* What the rules of a ruleset ask of their recent lists. */
#include "translate/recent.h"
#include "translate/scan.h"

#include <linux/netfilter/xt_recent.h>
#include <string.h>

static struct xl_recent *list_for(struct xl_env *env, uint8_t family, const char *name)
{
	struct xl_recent **p = &env->recents;

	for (; *p; p = &(*p)->next)
		if ((*p)->family == family && !strcmp((*p)->name, name))
			return *p;
	*p = xl_new(env->arena, struct xl_recent);
	(*p)->family = family;
	(*p)->name = name;
	return *p;
}

static void add_window(struct xl_recent *l, uint32_t seconds, uint32_t hits)
{
	if (xl_recent_window(l, seconds, hits))
		return;
	if (l->windows == XL_RECENT_MAX_WINDOWS) {
		l->why = "its rules have too many different --seconds";
		return;
	}
	l->window[l->windows].seconds = seconds;
	l->window[l->windows++].hits = hits;
}

static void use(struct xl_recent *l, const struct xt_recent_mtinfo_v1 *i)
{
	uint32_t hits = i->hit_count ? i->hit_count : 1;

	if (i->check_set & XT_RECENT_TTL)
		l->why = "--rttl: nft cannot keep the TTL of a packet with its address; leave it "
			 "out, if nobody sends forged packets on purpose";
	if (i->check_set & XT_RECENT_REMOVE)
		l->exists = true;
	if (!(i->check_set & (XT_RECENT_CHECK | XT_RECENT_UPDATE)))
		return;
	if (i->check_set & XT_RECENT_REAP)
		l->reaps = true;
	if (hits > XL_RECENT_MAX_HITS)
		l->why = "--hitcount is more than 64, and each hit needs a set of its own";
	else if (i->seconds)
		add_window(l, i->seconds, hits);
	else if (hits > l->hits)
		l->hits = hits;
	/* "! --update --seconds" adds a hit to what is there, however old. */
	if (!i->seconds || (i->check_set & XT_RECENT_UPDATE && i->invert))
		l->exists = true;
}

static void seen(struct xl_env *env, const struct xt_table *t, const struct xt_entry_match *m)
{
	struct xt_recent_mtinfo_v1 i;
	size_t size = m->u.match_size - sizeof(*m);
	struct xl_recent *l;

	if (size < sizeof(struct xt_recent_mtinfo))
		return;
	memset(&i, 0xff, sizeof(i)); /* revision 0 has no mask, which is all ones */
	memcpy(&i, m->data, size < sizeof(i) ? sizeof(struct xt_recent_mtinfo) : sizeof(i));
	l = list_for(env, t->family, xl_strndup(env->arena, i.name, sizeof(i.name)));
	if (!l->table) {
		l->table = t->name;
		l->mask = i.mask;
	}
	if (strcmp(l->table, t->name) != 0)
		l->why = "rules of several tables share it, and nft's sets belong to one table; "
			 "give each table a list of its own, if that will do";
	use(l, &i);
}

/* The first rule of a list decides its mask, whichever family it is of. */
static void check_masks(struct xl_env *env)
{
	static const uint8_t ones[4] = { 0xff, 0xff, 0xff, 0xff };

	for (struct xl_recent *l = env->recents; l; l = l->next)
		for (struct xl_recent *o = env->recents; o; o = o->next)
			if (l != o && !strcmp(l->name, o->name) &&
			    (memcmp(&l->mask, ones, 4) || memcmp(&o->mask, ones, 4)))
				l->why = "iptables and ip6tables share it, and its --mask with it";
}

void xl_scan_recent(struct xl_env *env)
{
	xl_each_match(env, "recent", seen);
	check_masks(env);
	for (struct xl_recent *l = env->recents; l; l = l->next)
		if (l->reaps && l->exists && !l->why)
			l->why =
				"--reap forgets addresses at times of its own, which rules without "
				"--seconds, with --remove or with ! --update would notice";
}
