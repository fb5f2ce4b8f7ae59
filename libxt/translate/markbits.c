// SPDX-License-Identifier: GPL-2.0-or-later
/* Which bits of the packet mark a ruleset uses. */
#include "translate/markbits.h"

#include "xt/ipset.h"

#include <linux/netfilter/xt_TPROXY.h>
#include <linux/netfilter/xt_connmark.h>
#include <linux/netfilter/xt_mark.h>
#include <linux/netfilter/xt_rpfilter.h>
#include <linux/netfilter/xt_socket.h>
#include <string.h>

/* Copies what is there of a blob. */
#define READ(to, blob, size) memcpy(&(to), blob, (size) < sizeof(to) ? (size) : sizeof(to))

static uint32_t match_mark(const void *blob, size_t size, uint8_t rev)
{
	struct xt_mark_mtinfo1 i = { .mask = 0 };

	(void)rev;
	READ(i, blob, size);
	return i.mask;
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

	if (rev != 2)
		return UINT32_MAX;
	READ(i, blob, size);
	return i.mask | i.mark;
}

/* connmark_tg_shift(), net/netfilter/xt_connmark.c */
static uint32_t target_connmark(const void *blob, size_t size, uint8_t rev)
{
	struct xt_connmark_tginfo1 i = { .mode = 0 };
	struct xt_connmark_tginfo2 s = { .mode = 0 };

	if (rev < 2) {
		READ(i, blob, size);
		s.ctmask = i.ctmask;
		s.nfmask = i.nfmask;
		s.mode = i.mode;
	} else {
		READ(s, blob, size);
	}
	if (s.mode == XT_CONNMARK_SET)
		return 0;
	if (s.mode == XT_CONNMARK_SAVE)
		return s.nfmask;
	return s.nfmask | (s.shift_dir == D_SHIFT_LEFT ? s.ctmask << (s.shift_bits & 31)
						       : s.ctmask >> (s.shift_bits & 31));
}

static uint32_t target_tproxy(const void *blob, size_t size, uint8_t rev)
{
	struct xt_tproxy_target_info i = { .mark_mask = 0 };

	(void)rev;
	READ(i, blob, size);
	return i.mark_mask | i.mark_value;
}

struct user {
	const char *name;
	uint32_t (*bits)(const void *blob, size_t size, uint8_t rev);
};

static const struct user matches[] = {
	{ "mark", match_mark },
	{ "rpfilter", match_rpfilter },
	{ "socket", match_socket },
	{ NULL, NULL },
};

static const struct user targets[] = {
	{ "CONNMARK", target_connmark },
	{ "MARK", target_mark },
	{ "TPROXY", target_tproxy },
	{ NULL, NULL },
};

static uint32_t bits_of(const struct user *u, const char *name, const void *blob, size_t size,
			uint8_t rev)
{
	for (; u->name; u++)
		if (!strcmp(u->name, name))
			return u->bits(blob, size, rev);
	return 0;
}

static uint32_t rule_bits(uint8_t family, const struct xt_rule *r)
{
	const struct xt_entry_match *m = xt_first_match(family, r->entry);
	const struct xt_entry_target *t = xt_target(family, r->entry);
	uint32_t bits = 0;

	for (; m; m = xt_next_match(family, r->entry, m))
		bits |= bits_of(matches, m->u.user.name, m->data, m->u.match_size - sizeof(*m),
				m->u.user.revision);
	if (r->action == XT_ACT_TARGET)
		bits |= bits_of(targets, t->u.user.name, t->data, t->u.target_size - sizeof(*t),
				t->u.user.revision);
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
