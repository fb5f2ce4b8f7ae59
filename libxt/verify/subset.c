// SPDX-License-Identifier: GPL-2.0-or-later
/* A part of a ruleset, by taking lines out of its text, and its translation. */
#include "verify/shrink.h"

#include "nft/write.h"
#include "translate/env.h"
#include "xt/read_save.h"

#include <string.h>

static bool skip_none(void *data, const struct xt_rule *rule)
{
	(void)data;
	(void)rule;
	return false;
}

/* A line's number says where it is, so none may go; but one can become a comment. */
char *vf_text_without(struct xl_arena *a, const struct vf_text *t, const struct vf_rules *rules,
		      const bool *keep)
{
	char *text = xl_strdup(a, t->text), **lines = NULL, *at = text;
	size_t n = 0, cap = 0;

	for (; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
		xl_push(a, lines, n, cap, at);
	for (size_t i = 0; i < rules->n; i++) {
		const struct xl_loc *loc = &rules->v[i]->source.loc;

		if (!keep[i] && loc->line && loc->line <= n && !strcmp(loc->file, t->name))
			*lines[loc->line - 1] = '#';
	}
	return text;
}

static bool translate(struct vf_subset *s)
{
	const struct xl_env *like = s->setup.env;
	struct nft_write_opts w = { .form = NFT_BLOCKS };
	struct xl_env env = {
		.arena = &s->arena,
		.diags = &s->diags,
		.opts = like->opts,
		.xt = &s->xt,
		.host = like->host,
		.ipsets = like->ipsets,
		.out = &s->nft,
	};

	s->setup.translate(s->setup.translate_data, &env);
	if (xl_count(&env, XL_REFUSED))
		return false;
	nft_write_ruleset(&s->nft_text, &s->nft, &w);
	return !s->nft_text.failed;
}

void vf_translate_again(struct vf_setup *set)
{
	const struct xl_env *like = set->env;
	struct nft_write_opts w = { .form = NFT_BLOCKS };
	struct nft_ruleset *nft = xl_new(set->arena, struct nft_ruleset);
	struct xl_diags diags = { .arena = set->arena };
	struct xl_buf text = { 0 };
	struct xl_env env = {
		.arena = set->arena,
		.diags = &diags,
		.opts = like->opts,
		.xt = set->xt,
		.host = like->host,
		.ipsets = like->ipsets,
		.out = nft,
	};

	nft_ruleset_init(nft, set->arena);
	set->translate(set->translate_data, &env);
	nft_write_ruleset(&text, nft, &w);
	set->nft = nft;
	set->nft_text = xl_strdup(set->arena, text.s ? text.s : "");
	xl_buf_free(&text);
}

static void start(struct vf_subset *s, const struct vf_setup *whole)
{
	memset(s, 0, sizeof(*s));
	xl_arena_init(&s->arena);
	s->arena.oom = whole->arena->oom;
	s->diags.arena = &s->arena;
	xt_ruleset_init(&s->xt, &s->arena);
	nft_ruleset_init(&s->nft, &s->arena);
	s->saved = xl_alloc(&s->arena, (whole->n_saved + 1) * sizeof(*s->saved));
	s->setup = *whole;
	s->setup.arena = &s->arena;
	s->setup.xt = &s->xt;
	s->setup.nft = &s->nft;
	s->setup.saved = s->saved;
	s->setup.n_saved = 0;
	s->setup.skip = skip_none;
	s->setup.compat = false;
	s->setup.progress = NULL;
}

static void read_text(struct vf_subset *s, const struct vf_text *text)
{
	const struct xl_env *env = s->setup.env;
	struct xt_read_opts opts = { text->name, text->family, s->setup.noflush };
	struct xt_ruleset *before = env->host->rs;

	s->saved[s->setup.n_saved++] = *text;
	env->host->rs = &s->xt;
	xt_read_save(&s->xt, env->host, &s->diags, text->text, strlen(text->text), &opts);
	env->host->rs = before;
}

static bool finish(struct vf_subset *s)
{
	if (!translate(s))
		return false;
	s->setup.nft_text = s->nft_text.s ? s->nft_text.s : "";
	return true;
}

bool vf_subset_make(struct vf_subset *s, const struct vf_setup *whole, const struct vf_rules *rules,
		    const bool *keep, uint8_t family)
{
	start(s, whole);
	for (size_t i = 0; i < whole->n_saved; i++) {
		struct vf_text t = whole->saved[i];

		if (family != NFPROTO_UNSPEC && t.family != family)
			continue;
		t.text = vf_text_without(&s->arena, &t, rules, keep);
		read_text(s, &t);
	}
	return finish(s);
}

bool vf_subset_read(struct vf_subset *s, const struct vf_setup *whole, uint8_t family,
		    const char *text)
{
	struct vf_text t = { family, "rules", text };

	start(s, whole);
	read_text(s, &t);
	return finish(s);
}

void vf_subset_free(struct vf_subset *s)
{
	xl_buf_free(&s->nft_text);
	xl_arena_free(&s->arena);
}

static bool leads(const struct xt_table *t, const char *name)
{
	for (const struct xt_chain *c = t->chains; c; c = c->next)
		for (const struct xt_rule *rule = c->rules; rule; rule = rule->next)
			if (rule->jump && !strcmp(rule->jump->name, name))
				return true;
	return false;
}

static bool drops(const struct xt_chain *c, bool policies)
{
	return policies && c->policy == XT_POLICY_DROP;
}

static void put_chains(struct xl_buf *b, const struct xt_table *t, bool policies)
{
	for (const struct xt_chain *c = t->chains; c; c = c->next)
		if (c->rules || (c->hook >= 0 ? drops(c, policies) : leads(t, c->name)))
			xl_buf_printf(b, ":%s %s [0:0]\n", c->name,
				      c->hook < 0	   ? "-"
				      : drops(c, policies) ? "DROP"
							   : "ACCEPT");
}

/* The rule as it was written, without counters in front. */
static const char *after_counters(const struct xt_rule *rule)
{
	const char *s = rule->source.text;

	if (*s == '[' && strchr(s, ']'))
		s = strchr(s, ']') + 1;
	return s + strspn(s, " \t");
}

/* Only such rules can be put together anew; -I and the like depend on what was there. */
static bool only_appends(const struct vf_subset *s)
{
	for (const struct xt_table *t = s->xt.tables; t; t = t->next)
		for (const struct xt_chain *c = t->chains; c; c = c->next)
			for (const struct xt_rule *rule = c->rules; rule; rule = rule->next)
				if (strncmp(after_counters(rule), "-A ", 3) != 0)
					return false;
	return true;
}

/* The text as it was, without what is commented out now. */
static const char *without_comments(const struct vf_subset *s, struct xl_arena *a)
{
	char *all = xl_strdup(a, s->saved[0].text), *to = all;

	for (const char *line = all; *line;) {
		size_t n = strcspn(line, "\n") + (strchr(line, '\n') != NULL);

		if (*line != '\n' && *line != '#') {
			memmove(to, line, n);
			to += n;
		}
		line += n;
	}
	*to = '\0';
	return all;
}

static bool does_something(const struct xt_table *t, bool policies)
{
	for (const struct xt_chain *c = t->chains; c; c = c->next)
		if (c->rules || drops(c, policies))
			return true;
	return false;
}

const char *vf_subset_text(const struct vf_subset *s, struct xl_arena *a, bool policies)
{
	struct xl_buf b = { 0 };
	const char *text;

	if (!only_appends(s))
		return without_comments(s, a);
	for (const struct xt_table *t = s->xt.tables; t; t = t->next) {
		if (!does_something(t, policies))
			continue;
		xl_buf_printf(&b, "*%s\n", t->name);
		put_chains(&b, t, policies);
		for (const struct xt_chain *c = t->chains; c; c = c->next)
			for (const struct xt_rule *rule = c->rules; rule; rule = rule->next)
				xl_buf_printf(&b, "%s\n", after_counters(rule));
		xl_buf_puts(&b, "COMMIT\n");
	}
	text = xl_strdup(a, b.s ? b.s : "");
	xl_buf_free(&b);
	return text;
}
