// SPDX-License-Identifier: GPL-2.0-or-later
/* The translation, and its text. */
#include "api/internal.h"

#include "nft/check.h"

static enum xtlate_status check_options(struct xtlate *x)
{
	if (x->level < XL_MERGED)
		return XTLATE_OK;
	if (x->form == NFT_JSON)
		return xtlate_fail(x, XTLATE_USAGE,
				   "level 2 cannot be written as JSON, which has no counters in "
				   "maps; take level 1");
	if (x->env.opts.nft_version < 0x010006)
		return xtlate_fail(x, XTLATE_USAGE,
				   "level 2 needs nft 1.0.6, older ones have no counters in maps; "
				   "take level 1");
	return XTLATE_OK;
}

static enum xtlate_status translate(struct xtlate *x, void *arg)
{
	enum xtlate_status ret = check_options(x);

	(void)arg;
	if (ret)
		return ret;
	if (!x->xt.tables && !x->has_ipsets)
		return xtlate_fail(x, XTLATE_USAGE,
				   "there is nothing in this that iptables-save has written");
	xl_translate(&x->env);
	xl_optimize(&x->nft, x->level);
	xl_diags_sort(&x->diags);
	x->nmessages = 0;
	x->stage = STAGE_TRANSLATED;
	return xl_all_same(&x->env) ? XTLATE_OK : XTLATE_DIFFERS;
}

enum xtlate_status xtlate_translate(struct xtlate *x)
{
	return xtlate_guard(x, STAGE_READING, translate, NULL);
}

static enum xtlate_status write_text(struct xtlate *x, void *arg)
{
	struct nft_write_opts w = { .form = x->form, .replace = x->replace };

	(void)arg;
	if (x->written)
		return XTLATE_OK;
	if (x->form == NFT_JSON)
		nft_write_json(&x->out, &x->nft, x->replace);
	else
		nft_write_ruleset(&x->out, &x->nft, &w);
	if (x->out.failed)
		longjmp(x->oom, 1);
	x->written = true;
	return XTLATE_OK;
}

static const char *text(struct xtlate *x)
{
	return x->out.s ? x->out.s : "";
}

const char *xtlate_text(struct xtlate *x, size_t *size)
{
	if (xtlate_guard(x, STAGE_TRANSLATED, write_text, NULL))
		return NULL;
	if (size)
		*size = x->out.len;
	return text(x);
}

static enum xtlate_status check(struct xtlate *x, void *arg)
{
	enum xtlate_status ret = write_text(x, arg);
	const char *what = "";

	if (!ret)
		ret = (enum xtlate_status)nft_check(&x->arena, text(x), x->form == NFT_JSON, &what);
	if (ret == XTLATE_RESOURCE && !*what)
		what = "libnftables cannot be used";
	x->error = what;
	return ret;
}

enum xtlate_status xtlate_check(struct xtlate *x)
{
	return xtlate_guard(x, STAGE_TRANSLATED, check, NULL);
}
