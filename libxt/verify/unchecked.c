// SPDX-License-Identifier: GPL-2.0-or-later
/* What packets cannot show. */
#include "verify/session.h"

#include <linux/netfilter/xt_policy.h>
#include <string.h>

static bool any(const void *data)
{
	(void)data;
	return true;
}

static bool wants_ipsec(const void *data)
{
	const struct xt_policy_info *p = data;

	return !(p->flags & XT_POLICY_MATCH_NONE);
}

static const struct {
	const char *name;
	bool (*is)(const void *data);
	const char *why;
} matches[] = {
	{ "time", any, "-m time: another time of day than now" },
	{ "policy", wants_ipsec, "-m policy: needs IPsec state" },
};

static const char *why_unchecked(const struct xt_rule *rule, uint8_t family)
{
	const struct xt_entry_match *m = xt_first_match(family, rule->entry);

	for (; m; m = xt_next_match(family, rule->entry, m))
		for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++)
			if (!strcmp(matches[i].name, m->u.user.name) && matches[i].is(m->data))
				return matches[i].why;
	return NULL;
}

static bool is_listed(const struct vf_result *res, const struct xt_rule *rule)
{
	for (size_t i = 0; i < res->n_unchecked; i++)
		if (res->unchecked[i].rule == rule)
			return true;
	return false;
}

/* Those for which no packet can be made here. */
static void list_not_here(struct vf_session *r)
{
	struct vf_result *res = r->res;

	for (size_t i = 0; i < res->n_unreached; i++) {
		struct vf_unchecked u = { res->unreached[i].rule, res->unreached[i].why };

		if (res->unreached[i].hope == VF_NOT_HERE && !is_listed(res, u.rule))
			xl_push(r->setup->arena, res->unchecked, res->n_unchecked,
				res->unchecked_cap, u);
	}
}

/* They are no part of what was to be reached. */
static void count_beyond(struct vf_result *res)
{
	for (size_t i = 0; i < res->n_unreached; i++)
		res->beyond += res->unreached[i].hope != VF_NEVER &&
			       is_listed(res, res->unreached[i].rule);
}

void vf_list_unchecked(struct vf_session *r)
{
	struct vf_result *res = r->res;

	for (size_t i = 0; i < r->n_left_out; i++)
		xl_push(r->setup->arena, res->unchecked, res->n_unchecked, res->unchecked_cap,
			r->left_out[i]);
	for (size_t i = 0; i < res->rules.n; i++) {
		struct vf_unchecked u = { .rule = res->rules.v[i] };

		u.why = why_unchecked(u.rule, res->rules.chain[i]->table->family);
		if (u.why)
			xl_push(r->setup->arena, res->unchecked, res->n_unchecked,
				res->unchecked_cap, u);
		else if (vf_has_counts(r, 1) && r->reached[i] && !(res->rough && res->rough[i]))
			res->checked++;
	}
	list_not_here(r);
	count_beyond(res);
}
