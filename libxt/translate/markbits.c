// SPDX-License-Identifier: GPL-2.0-or-later
/* Which bits of the packet mark a ruleset uses. */
#include "translate/markbits.h"

#include "translate/physdev.h"
#include "xt/ipset.h"

#include <linux/netfilter/xt_TPROXY.h>
#include <linux/netfilter/xt_connmark.h>
#include <linux/netfilter/xt_mark.h>
#include <linux/netfilter/xt_rpfilter.h>
#include <linux/netfilter/xt_socket.h>
#include <string.h>

/* Copies what is there of a blob. */
#define READ(to, blob, size) memcpy(&(to), blob, (size) < sizeof(to) ? (size) : sizeof(to))

/* A rule that sets or compares the whole mark leaves the bits alone that are never set. */
static uint32_t of_mask(uint32_t mask)
{
	return mask == UINT32_MAX ? 0 : mask;
}

static uint32_t match_mark(const void *blob, size_t size, uint8_t rev)
{
	struct xt_mark_mtinfo1 i = { .mask = 0 };

	(void)rev;
	READ(i, blob, size);
	return of_mask(i.mask) | i.mark;
}

static void spare_match_mark(void *blob, uint8_t rev, uint32_t bits)
{
	struct xt_mark_mtinfo1 *i = blob;

	(void)rev;
	i->mask &= ~bits;
}

static uint32_t match_rpfilter(const void *blob, size_t size, uint8_t rev)
{
	struct xt_rpfilter_info i = { .flags = 0 };

	(void)rev;
	READ(i, blob, size);
	return i.flags & XT_RPFILTER_VALID_MARK ? UINT32_MAX : 0;
}

static uint32_t match_socket(const void *blob, size_t size, uint8_t rev)
{
	struct xt_socket_mtinfo3 i = { .flags = 0 };

	if (rev < 3)
		return 0;
	READ(i, blob, size);
	return i.flags & XT_SOCKET_RESTORESKMARK ? UINT32_MAX : 0;
}

/* mark_tg(), net/netfilter/xt_mark.c */
static uint32_t target_mark(const void *blob, size_t size, uint8_t rev)
{
	struct xt_mark_tginfo2 i = { .mask = 0 };

	(void)rev;
	READ(i, blob, size);
	return of_mask(i.mask) | i.mark;
}

static void spare_target_mark(void *blob, uint8_t rev, uint32_t bits)
{
	struct xt_mark_tginfo2 *i = blob;

	(void)rev;
	i->mask &= ~bits;
}

/* connmark_tg_shift(), net/netfilter/xt_connmark.c. What is set can be restored. */
static uint32_t target_connmark(const void *blob, size_t size, uint8_t rev)
{
	struct xt_connmark_tginfo1 i = { .mode = 0 };
	struct xt_connmark_tginfo2 s = { .mode = 0 };

	if (rev < 2) {
		READ(i, blob, size);
		s.ctmark = i.ctmark;
		s.ctmask = i.ctmask;
		s.nfmask = i.nfmask;
		s.mode = i.mode;
	} else {
		READ(s, blob, size);
	}
	if (s.shift_bits)
		return UINT32_MAX;
	if (s.mode == XT_CONNMARK_SET)
		return s.ctmark;
	return of_mask(s.nfmask) | of_mask(s.ctmask);
}

static void spare_target_connmark(void *blob, uint8_t rev, uint32_t bits)
{
	struct xt_connmark_tginfo1 *i = blob; /* revision 2 has the masks in the same places */
	const struct xt_connmark_tginfo2 *s = blob;
	uint8_t mode = rev < 2 ? i->mode : s->mode;

	if (mode != XT_CONNMARK_SET)
		i->nfmask &= ~bits;
	if (mode == XT_CONNMARK_RESTORE)
		i->ctmask &= ~bits;
}

static uint32_t target_tproxy(const void *blob, size_t size, uint8_t rev)
{
	struct xt_tproxy_target_info i = { .mark_mask = 0 };

	(void)rev;
	READ(i, blob, size);
	return of_mask(i.mark_mask) | i.mark_value;
}

static void spare_target_tproxy(void *blob, uint8_t rev, uint32_t bits)
{
	struct xt_tproxy_target_info *i = blob; /* both revisions begin like this */

	(void)rev;
	i->mark_mask &= ~bits;
}

struct user {
	enum xl_kind kind;
	const char *name;
	uint32_t (*bits)(const void *blob, size_t size, uint8_t rev);
	void (*spare)(void *blob, uint8_t rev, uint32_t bits);
	size_t size; /* of what @spare changes */
};

static const struct user users[] = {
	{ XL_MATCH, "mark", match_mark, spare_match_mark, sizeof(struct xt_mark_mtinfo1) },
	{ XL_MATCH, "rpfilter", match_rpfilter, NULL, 0 },
	{ XL_MATCH, "socket", match_socket, NULL, 0 },
	{ XL_TARGET, "CONNMARK", target_connmark, spare_target_connmark,
	  sizeof(struct xt_connmark_tginfo1) },
	{ XL_TARGET, "MARK", target_mark, spare_target_mark, sizeof(struct xt_mark_tginfo2) },
	{ XL_TARGET, "TPROXY", target_tproxy, spare_target_tproxy,
	  sizeof(struct xt_tproxy_target_info) },
};

static const struct user *find(enum xl_kind kind, const char *name)
{
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
		if (users[i].kind == kind && !strcmp(users[i].name, name))
			return &users[i];
	return NULL;
}

static uint32_t rule_bits(uint8_t family, const struct xt_rule *r)
{
	const struct xt_entry_match *m = xt_first_match(family, r->entry);
	const struct xt_entry_target *t = xt_target(family, r->entry);
	const struct user *u;
	uint32_t bits = 0;

	for (; m; m = xt_next_match(family, r->entry, m)) {
		u = find(XL_MATCH, m->u.user.name);
		if (u)
			bits |= u->bits(m->data, m->u.match_size - sizeof(*m), m->u.user.revision);
	}
	u = r->action == XT_ACT_TARGET ? find(XL_TARGET, t->u.user.name) : NULL;
	if (u)
		bits |= u->bits(t->data, t->u.target_size - sizeof(*t), t->u.user.revision);
	return bits;
}

static uint32_t set_bits(const struct xt_ipset *s)
{
	for (int i = 0; s->type && s->type->dims[i] != XT_DIM_END; i++)
		if (s->type->dims[i] == XT_DIM_MARK)
			return s->markmask;
	return 0;
}

uint32_t xl_mark_bits(const struct xl_env *env, uint8_t family)
{
	uint32_t bits = 0;

	for (const struct xt_table *t = env->xt->tables; t; t = t->next)
		for (const struct xt_chain *c = t->family == family ? t->chains : NULL; c;
		     c = c->next)
			for (const struct xt_rule *r = c->rules; r; r = r->next)
				bits |= r->entry ? rule_bits(family, r) : 0;
	for (size_t i = 0; env->ipsets && i < env->ipsets->n; i++)
		bits |= set_bits(env->ipsets->v[i]);
	return bits;
}

void xl_spare_marks(struct xl_ctx *c, enum xl_kind kind)
{
	uint32_t bits = c->env ? xl_physdev_bits(c->env, c->family) : 0;
	const struct user *u = bits ? find(kind, c->name) : NULL;
	void *copy;

	if (!u || !u->spare || c->size < u->size)
		return;
	copy = xl_memdup(c->arena, c->data, c->size);
	u->spare(copy, c->rev, bits);
	c->data = copy;
}
