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

/* Versions of nft: the oldest that can be written for, and the first whose text all newer ones
 * take. */
enum { OLDEST = 0x000908, COMMON = 0x010006 };

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
	r->question.fd = -1;
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
	if (!xt_host_has_extensions())
		run_complain(r, "the extensions of iptables are not in " XTLIBDIR
				"; is iptables installed?");
	r->level = XL_SHARED;
	r->env = (struct xl_env){
		.arena = &r->arena,
		.diags = &r->diags,
		.opts = { .fragment_guard = true },
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

void run_show_diags(struct run *r)
{
	message_show(&r->messages, &r->diags);
}

void run_add_text(struct run *r, const char *file, const char *text, size_t size)
{
	struct message_text *t = xl_new(&r->arena, struct message_text);

	*t = (struct message_text){ file, text, size, r->messages.texts };
	r->messages.texts = t;
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

int run_write_for(struct run *r, const char *version)
{
	unsigned int v = nft_version_read(version);

	r->env.opts.nft_version = v;
	if (!v)
		run_complain(r, "\"%s\" is not a version of nft; it has the form 1.0.6", version);
	else if (v < OLDEST)
		run_complain(r, "the oldest nft that can be written for is 0.9.8, not %s", version);
	return v < OLDEST ? XL_EXIT_USAGE : XL_EXIT_OK;
}

void run_ask_version(struct run *r, bool exactly)
{
	r->system = exactly ? 0 : nft_of_system();
	if (!r->env.opts.nft_version && !r->system)
		nft_ask(&r->question);
}

static unsigned int installed_version(struct run *r)
{
	if (r->system)
		return r->system;
	r->installed = nft_answer(&r->question, &r->arena);
	return nft_version_read(r->installed);
}

/* Without an nft the result is meant for elsewhere. */
void run_choose_version(struct run *r)
{
	unsigned int v;

	if (r->env.opts.nft_version)
		return;
	v = installed_version(r);
	if (v && v < OLDEST) {
		xl_report(&r->diags, XL_WARNING, (struct xl_loc){ 0 }, NULL,
			  "the installed nft %s is older than 0.9.8, the oldest that can be "
			  "written for",
			  r->installed);
		v = OLDEST;
	}
	if (!v)
		v = nft_version_default();
	r->env.opts.nft_version = v < COMMON ? v : COMMON;
}
