// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules that iptables or nft refuse here, since the kernel lacks a part or what they name is not
 * there: they are left out on all sides, so that the others can be compared.
 */
#include "verify/session.h"

#include "verify/shrink.h"

#include <string.h>
#include <time.h>

enum {
	SECONDS = 20, /* for the search … */
	MOST = 64,    /* … for so many rules */
};

/**
 * struct search
 * @side: the one that refused the whole
 * @order: numbers of the rules, as they are tried
 * @keep: by number of the rule: it can be loaded with the others
 * @why: likewise: what was said of it; NULL: nothing
 * @n: of how many
 */
struct search {
	struct vf_session *r;
	struct vf_side *side;
	const char **why;
	bool *keep;
	size_t *order;
	size_t n;
	time_t until;
};

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static bool goes_on(struct search *s)
{
	return s->n <= MOST && now() <= s->until && !vf_stopped(s->r);
}

static bool load_saved(struct search *s, const struct vf_subset *sub)
{
	for (size_t i = 0; i < sub->setup.n_saved; i++)
		if (!vf_load_iptables(s->side, sub->saved[i].family, sub->saved[i].text))
			return false;
	return true;
}

static bool load_nft(struct search *s, const struct vf_subset *sub)
{
	struct xl_arena *a = s->r->setup->arena;
	const char *text = xl_printf(a, "flush ruleset\n%s", sub->setup.nft_text);

	return vf_load_nft(s->side, text) != XL_EXIT_NFT;
}

/* Whether these rules can be loaded with the ones that can be. */
static bool loads(struct search *s, size_t from, size_t n)
{
	struct vf_subset sub;
	bool ok;

	for (size_t i = from; i < from + n; i++)
		s->keep[s->order[i]] = true;
	ok = !vf_subset_make(&sub, s->r->setup, &s->r->res->rules, s->keep, NFPROTO_UNSPEC) ||
	     (s->side->kind == VF_NATIVE ? load_nft(s, &sub) : load_saved(s, &sub));
	vf_subset_free(&sub);
	for (size_t i = from; !ok && i < from + n; i++)
		s->keep[s->order[i]] = false;
	return ok;
}

/* The first line's part behind the program's name. iptables-legacy knows of the kernel only that
 * it refused the table, and names its last line. */
static const char *words(struct search *s)
{
	static const char *const heads[] = { "Error: ", "(legacy): ", "(nf_tables): ",
					     "iptables-restore: ", "ip6tables-restore: " };
	const char *said = s->side->error, *at;
	struct xl_arena *a = s->r->setup->arena;

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		at = strstr(said, heads[i]);
		if (at && at < said + strcspn(said, "\n")) {
			said = at + strlen(heads[i]);
			break;
		}
	}
	if (s->side->kind == VF_LEGACY && !strncmp(said, "line ", 5))
		said = "the kernel does not take it";
	return xl_printf(a, "%s refuses it here: %.*s", vf_kind_name(s->side->kind),
			 (int)strcspn(said, "\n"), said);
}

static void search(struct search *s, size_t from, size_t n)
{
	if (!n || !goes_on(s) || loads(s, from, n))
		return;
	if (n > 1) {
		search(s, from, n / 2);
		search(s, from + n / 2, n - n / 2);
		return;
	}
	s->why[s->order[from]] = words(s);
	s->n++;
}

/* The rules of a chain, and to @to the chains that they lead to. */
static void put_chain(struct search *s, const struct xt_chain *c, bool *placed, size_t *n,
		      const struct xt_chain **to, size_t *n_to)
{
	const struct vf_rules *rules = &s->r->res->rules;

	for (const struct xt_rule *rule = c->rules; rule; rule = rule->next) {
		size_t i = vf_rules_find(rules, &rule->source);

		if (i == rules->n || placed[i])
			continue;
		placed[i] = true;
		s->order[(*n)++] = i;
		if (rule->jump)
			to[(*n_to)++] = rule->jump;
	}
}

/* The kernel does not look at rules that nothing leads to, so that those that lead to a chain come
 * before the chain's own. */
static void put_in_order(struct search *s)
{
	struct xl_arena *a = s->r->setup->arena;
	const struct vf_rules *rules = &s->r->res->rules;
	const struct xt_chain **to = xl_alloc(a, (rules->n + 1) * sizeof(*to));
	bool *placed = xl_alloc(a, rules->n + 1);
	size_t n = 0, n_to = 0;

	for (size_t i = 0; i < rules->n; i++)
		if (rules->chain[i]->hook >= 0 && !placed[i])
			put_chain(s, rules->chain[i], placed, &n, to, &n_to);
	for (size_t i = 0; i < n_to; i++)
		put_chain(s, to[i], placed, &n, to, &n_to);
	for (size_t i = 0; i < rules->n; i++)
		if (!placed[i])
			s->order[n++] = i;
}

static bool is_other(void *data, const struct xt_rule *rule)
{
	const struct vf_rules *rules = data;

	return vf_rules_find(rules, &rule->source) == rules->n;
}

static void remove_rules(const struct search *s, struct xt_chain *c)
{
	const struct vf_rules *rules = &s->r->res->rules;
	struct xt_rule *rule = c->rules, *next;

	for (size_t pos = 0; rule; rule = next) {
		size_t i = vf_rules_find(rules, &rule->source);

		next = rule->next;
		if (i < rules->n && s->why[i])
			xt_rule_remove(c, pos);
		else
			pos++;
	}
}

/* The same comparison without them. */
static void go_without(struct search *s, struct vf_rules *rules)
{
	struct vf_session *r = s->r;
	struct xl_arena *a = r->setup->arena;
	struct vf_setup *set = xl_new(a, struct vf_setup);
	struct vf_text *saved = xl_alloc(a, (r->setup->n_saved + 1) * sizeof(*saved));

	*set = *r->setup;
	for (struct xt_table *t = set->xt->tables; t; t = t->next)
		for (struct xt_chain *c = t->chains; c; c = c->next)
			remove_rules(s, c);
	for (size_t i = 0; i < rules->n; i++)
		s->keep[i] = !s->why[i];
	for (size_t i = 0; i < set->n_saved; i++) {
		saved[i] = set->saved[i];
		saved[i].text = vf_text_without(a, &saved[i], rules, s->keep);
	}
	set->saved = saved;
	set->skip = is_other;
	set->skip_data = rules;
	vf_translate_again(set);
	vf_session_use(r, set, r->res);
}

bool vf_leave_out(struct vf_session *r)
{
	struct xl_arena *a = r->setup->arena;
	struct vf_rules *rules = xl_new(a, struct vf_rules);
	const char *error = r->res->error;
	struct search s = {
		.r = r,
		.side = &r->sides[r->res->sides - 1],
		.why = xl_alloc(a, (r->res->rules.n + 1) * sizeof(*s.why)),
		.keep = xl_alloc(a, r->res->rules.n + 1),
		.order = xl_alloc(a, (r->res->rules.n + 1) * sizeof(*s.order)),
		.until = now() + SECONDS,
	};

	*rules = r->res->rules;
	if (!r->refused || !r->setup->env || !loads(&s, 0, 0))
		return false;
	put_in_order(&s);
	search(&s, 0, rules->n);
	if (!s.n || s.n == rules->n || !goes_on(&s))
		return false;
	for (size_t i = 0; i < rules->n; i++) {
		struct vf_unchecked u = { rules->v[i], s.why[i] };

		if (u.why)
			xl_push(a, r->left_out, r->n_left_out, r->left_out_cap, u);
	}
	vf_close_sides(r);
	go_without(&s, rules);
	r->res->sides = 0;
	r->res->error = error;
	r->status = XL_EXIT_OK;
	return true;
}
