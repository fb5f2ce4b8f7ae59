// SPDX-License-Identifier: GPL-2.0-or-later
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "run.h"

#include "nft/version.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Our plugins' folder first, unless the user says otherwise: their messages are better. */
static void plugin_path(void)
{
	if (!getenv("XTABLES_LIBDIR") && !access(XL_PLUGINDIR, R_OK))
		setenv("XTABLES_LIBDIR", XL_PLUGINDIR ":" XTLIBDIR, 0);
}

int run_start(struct run *r, const char *name)
{
	memset(r, 0, sizeof(*r));
	r->name = name;
	xl_arena_init(&r->arena);
	r->arena.oom = &r->oom;
	r->diags.arena = &r->arena;
	xt_ruleset_init(&r->xt, &r->arena);
	xt_ipsets_init(&r->ipsets, &r->arena);
	nft_ruleset_init(&r->nft, &r->arena);
	plugin_path();
	if (!xt_host_init(&r->host, &r->xt)) {
		run_complain(r, "%s", r->host.error);
		return XL_EXIT_RESOURCE;
	}
	r->level = XL_SHARED;
	r->env = (struct xl_env){
		.arena = &r->arena,
		.diags = &r->diags,
		.opts = { .nft_version = nft_version_default(), .fragment_guard = true },
		.xt = &r->xt,
		.host = &r->host,
		.ipsets = &r->ipsets,
		.out = &r->nft,
	};
	return XL_EXIT_OK;
}

void run_end(struct run *r)
{
	xl_buf_free(&r->out);
	xt_host_fini(&r->host);
	xl_arena_free(&r->arena);
}

static void show_place(const struct xl_loc *l)
{
	if (!l->file)
		return;
	fprintf(stderr, "%s:", l->file);
	if (l->line)
		fprintf(stderr, "%u:", l->line);
	if (l->line && l->col)
		fprintf(stderr, "%u:", l->col);
	fputc(' ', stderr);
}

void run_show_diags(struct run *r)
{
	for (; r->shown < r->diags.n; r->shown++) {
		const struct xl_diag *d = &r->diags.v[r->shown];

		show_place(&d->loc);
		fprintf(stderr, "%s: %s\n", xl_severity_name(d->severity), d->text);
		if (d->hint)
			fprintf(stderr, "    hint: %s\n", d->hint);
	}
}

void run_complain(const struct run *r, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "xtlate %s: ", r->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void run_translate(struct run *r)
{
	xl_translate(&r->env);
	xl_optimize(&r->nft, r->level);
}

int run_status(const struct run *r)
{
	return xl_all_same(&r->env) ? XL_EXIT_OK : XL_EXIT_DIFFERS;
}
