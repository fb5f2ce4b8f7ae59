// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of ext.h that need a run around them. */
#include "translate/env.h"

#include "nft/names.h"
#include "translate/ext.h"
#include "translate/prog.h"
#include "translate/rule.h"

#include <string.h>

enum { COMMENT_MAX = 128 }; /* NFT_USERDATA: nft refuses more */

void xl_warn(struct xl_ctx *c, const char *fmt, ...)
{
	struct xl_arena *a = c->arena;
	const char *text;
	va_list ap;

	if (!c->env || c->late)
		return;
	va_start(ap, fmt);
	text = xl_vprintf(a, fmt, ap);
	va_end(ap);
	xl_report(c->env->diags, XL_WARNING, c->prog->loc, NULL, "%s", text);
}

/* Cuts at COMMENT_MAX bytes, not inside a UTF-8 sequence. */
static bool cut(char *s)
{
	size_t n = COMMENT_MAX;

	if (strlen(s) <= n)
		return false;
	while (n && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	s[n] = '\0';
	return true;
}

const char *xl_comment_text(struct xl_arena *a, const char *text, bool *replaced, bool *shortened)
{
	char *s = xl_strdup(a, text);

	for (char *p = s; *p; p++) {
		char to = *p == '"' ? '\'' : (unsigned char)*p < 0x20 || *p == 0x7f ? ' ' : *p;

		*replaced |= to != *p;
		*p = to;
	}
	*shortened |= cut(s);
	return *s ? s : NULL;
}

void xl_comment(struct xl_ctx *c, const char *text)
{
	const char *before = c->prog->comment;
	bool replaced = false, shortened = false;

	if (before)
		text = xl_printf(c->arena, "%s; %s", before, text);
	c->prog->comment = xl_comment_text(c->arena, text, &replaced, &shortened);
	if (replaced)
		xl_warn(c, "the comment has characters that nft cannot hold; they were replaced");
	if (shortened)
		xl_warn(c, "the comment is longer than nft's %d bytes; it was cut", COMMENT_MAX);
}

struct nft_chain *xl_helper_chain(struct xl_ctx *c)
{
	return xl_place_helper(c->place);
}

struct nft_rule *xl_helper_rule(struct xl_ctx *c, struct nft_chain *chain)
{
	return nft_rule_new(c->env->out, chain, c->source);
}

struct nft_set *xl_new_set(struct xl_ctx *c, const char *stem)
{
	struct nft_table *t = c->place->table;

	return nft_set_new(c->env->out, t, nft_name_claim(c->arena, &t->set_names, stem));
}

unsigned int xl_nft_version(const struct xl_ctx *c)
{
	return c->env ? c->env->opts.nft_version : 0x010006;
}

bool xl_approximate(const struct xl_ctx *c)
{
	bool yes = c->env && c->env->opts.approximate;

	c->prog->approximate |= yes;
	return yes;
}

const char *xl_set_name(const struct xl_ctx *c, unsigned int index)
{
	if (!c->env || index >= c->env->xt->nsets)
		return NULL;
	return c->env->xt->sets[index];
}

size_t xl_count(const struct xl_env *env, enum xl_outcome outcome)
{
	size_t n = 0;

	for (size_t i = 0; i < env->nreport; i++)
		n += env->report[i].outcome == outcome;
	return n;
}

bool xl_all_same(const struct xl_env *env)
{
	return !xl_count(env, XL_REFUSED) && !xl_count(env, XL_NOT_VOUCHED) &&
	       !xl_count(env, XL_APPROXIMATED) && !xl_diag_count(env->diags, XL_ERROR);
}
