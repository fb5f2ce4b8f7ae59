// SPDX-License-Identifier: GPL-2.0-or-later
/* A run of the library from its begin to its end. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "api/internal.h"

#include "nft/version.h"
#include "xt/crash.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

const char *xtlate_version(void)
{
	return PACKAGE_VERSION;
}

enum xtlate_status xtlate_fail(struct xtlate *x, enum xtlate_status status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	x->error = xl_vprintf(&x->arena, fmt, ap);
	va_end(ap);
	return status;
}

static enum xtlate_status misplaced(struct xtlate *x, enum xtlate_stage stage)
{
	if (x->stage == STAGE_BROKEN) {
		x->error = "there was not enough memory in an earlier call";
		return XTLATE_RESOURCE;
	}
	x->error = stage == STAGE_READING ? "the ruleset has been translated already"
					  : "the ruleset has not been translated yet";
	return XTLATE_USAGE;
}

enum xtlate_status xtlate_guard(struct xtlate *x, enum xtlate_stage stage,
				enum xtlate_status (*work)(struct xtlate *x, void *arg), void *arg)
{
	enum xtlate_status ret;

	if (x->stage != stage)
		return misplaced(x, stage);
	x->error = "";
	xt_crash_catch(&x->host);
	if (setjmp(x->oom)) {
		xt_host_abandon(&x->host);
		x->stage = STAGE_BROKEN;
		x->error = "out of memory";
		ret = XTLATE_RESOURCE;
	} else {
		ret = work(x, arg);
	}
	/* Between the calls, signals are the program's own. */
	xt_crash_forget();
	return ret;
}

static enum xtlate_status start(struct xtlate *x, void *arg)
{
	(void)arg;
	x->diags.arena = &x->arena;
	xt_ruleset_init(&x->xt, &x->arena);
	xt_ipsets_init(&x->ipsets, &x->arena);
	nft_ruleset_init(&x->nft, &x->arena);
	if (!xt_host_init(&x->host, &x->xt))
		return XTLATE_USAGE;
	x->level = XL_SHARED;
	x->form = NFT_BLOCKS;
	x->env = (struct xl_env){
		.arena = &x->arena,
		.diags = &x->diags,
		.opts = { .nft_version = nft_version_default(), .fragment_guard = true },
		.xt = &x->xt,
		.host = &x->host,
		.ipsets = &x->ipsets,
		.out = &x->nft,
	};
	return XTLATE_OK;
}

struct xtlate *xtlate_new(void)
{
	struct xtlate *x;
	enum xtlate_status ret;

	if (xt_host_current()) {
		errno = EBUSY;
		return NULL;
	}
	x = calloc(1, sizeof(*x));
	if (!x)
		return NULL;
	xl_arena_init(&x->arena);
	x->arena.oom = &x->oom;
	ret = xtlate_guard(x, STAGE_READING, start, NULL);
	if (!ret)
		return x;
	xtlate_free(x);
	errno = ret == XTLATE_RESOURCE ? ENOMEM : ENOSYS;
	return NULL;
}

void xtlate_free(struct xtlate *x)
{
	if (!x)
		return;
	xl_buf_free(&x->out);
	xt_host_fini(&x->host);
	xl_arena_free(&x->arena);
	free(x);
}

struct setting {
	enum xtlate_option option;
	unsigned int value;
};

static enum xtlate_status set_flag(struct xtlate *x, bool *flag, unsigned int value)
{
	if (value > 1)
		return xtlate_fail(x, XTLATE_USAGE, "this option is 0 or 1, not %u", value);
	*flag = value;
	return XTLATE_OK;
}

static enum xtlate_status set_number(struct xtlate *x, enum xtlate_option option,
				     unsigned int value)
{
	switch (option) {
	case XTLATE_FORM:
		if (value > XTLATE_JSON)
			return xtlate_fail(x, XTLATE_USAGE, "there is no form %u", value);
		x->form = (enum nft_form)value;
		x->env.opts.json = value == XTLATE_JSON;
		return XTLATE_OK;
	case XTLATE_LEVEL:
		if (value > XL_MERGED)
			return xtlate_fail(x, XTLATE_USAGE, "there is no level %u", value);
		x->level = (enum xl_level)value;
		return XTLATE_OK;
	case XTLATE_NFT_VERSION:
		if (value < 0x000908 || value > 0xffffff)
			return xtlate_fail(x, XTLATE_USAGE, "the oldest nft is 0.9.8 (0x000908)");
		x->env.opts.nft_version = value;
		return XTLATE_OK;
	default:
		return xtlate_fail(x, XTLATE_USAGE, "there is no option %u", (unsigned int)option);
	}
}

static enum xtlate_status set(struct xtlate *x, void *arg)
{
	const struct setting *s = arg;

	switch (s->option) {
	case XTLATE_REPLACE:
		return set_flag(x, &x->replace, s->value);
	case XTLATE_INET:
		return set_flag(x, &x->env.opts.inet, s->value);
	case XTLATE_APPROXIMATE:
		return set_flag(x, &x->env.opts.approximate, s->value);
	case XTLATE_FRAGMENT_GUARD:
		return set_flag(x, &x->env.opts.fragment_guard, s->value);
	case XTLATE_NOFLUSH:
		return set_flag(x, &x->noflush, s->value);
	default:
		return set_number(x, s->option, s->value);
	}
}

enum xtlate_status xtlate_set(struct xtlate *x, enum xtlate_option option, unsigned int value)
{
	struct setting s = { .option = option, .value = value };

	return xtlate_guard(x, STAGE_READING, set, &s);
}
