// SPDX-License-Identifier: GPL-2.0-or-later
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "nft/check.h"
#include "output.h"
#include "report.h"
#include "ruleset_dot.h"
#include "ruleset_html.h"
#include "ruleset_options.h"
#include "verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int check(struct run *r, bool json)
{
	const char *said;
	int ret = nft_check(&r->arena, r->out.s ? r->out.s : "", json, &said);

	if (ret == XL_EXIT_NFT)
		run_complain(r, "nft refuses the result:\n%s", said);
	else if (ret)
		run_complain(r, "libnftables cannot check the result: %s",
			     *said ? said : "no rights");
	return ret;
}

/* Scripts that get all they asked for need not be told. */
static bool wants_summary(const struct run *r, const struct ruleset_options *o, int status)
{
	if (r->messages.quiet || o->by)
		return false;
	return status || r->messages.verbose || isatty(STDERR_FILENO);
}

static int finish(struct run *r, const struct ruleset_options *o)
{
	struct nft_write_opts w = { .form = o->form, .replace = o->replace };
	int status = run_status(r), ret = XL_EXIT_OK;

	if (o->by)
		xl_buf_printf(&r->out, "# Translated by %s (xtlate " PACKAGE_VERSION ")\n", o->by);
	if (o->form == NFT_JSON)
		nft_write_json(&r->out, &r->nft, o->replace);
	else
		nft_write_ruleset(&r->out, &r->nft, &w);
	if (o->by)
		xl_buf_puts(&r->out, "# Completed\n");
	if (r->out.failed)
		longjmp(r->oom, 1);
	xl_diags_sort(&r->diags);
	run_show_diags(r);
	if (wants_summary(r, o, status))
		report_summary(r, stderr);
	if ((o->report && report_write(r, o->report)) ||
	    (o->html && ruleset_html(r, &o->in, o->html)) || (o->dot && ruleset_dot(r, o->dot)))
		return XL_EXIT_RESOURCE;
	if (o->strict && status) {
		run_complain(r, "nothing was written, since not all is the same");
		return status;
	}
	if (o->check)
		ret = check(r, o->form == NFT_JSON);
	if (ret == XL_EXIT_NFT)
		return ret;
	if (output_write(o->output, r->out.s ? r->out.s : "", r->out.len)) {
		run_complain(r, "%s: %s", o->output ? o->output : "standard output",
			     strerror(errno));
		return XL_EXIT_RESOURCE;
	}
	return ret ? ret : status;
}

static int ruleset(struct run *r, struct ruleset_options *o, int argc, char **argv)
{
	int ret = ruleset_parse(r, o, argc, argv);

	if (ret)
		return ret < 0 ? XL_EXIT_OK : ret;
	ret = inputs_read(r, &o->in);
	if (ret)
		return ret;
	if (!r->xt.tables && !o->in.nipsets && xl_diag_count(&r->diags, XL_ERROR)) {
		run_show_diags(r);
		run_complain(r, "there is nothing in this that iptables-save has written");
		return XL_EXIT_USAGE;
	}
	run_choose_version(r);
	ret = ruleset_check(r);
	if (ret)
		return ret;
	/* One line for one rule, each of which can be read alone. */
	if (o->form == NFT_LINES && !r->level_given)
		r->level = XL_PLAIN;
	if (r->messages.verbose)
		report_read(r, &o->in, stderr);
	run_translate(r);
	if (r->messages.verbose)
		report_written(r, stderr);
	return finish(r, o);
}

int ruleset_main(const char *name, const char *by, int argc, char **argv)
{
	static struct run r;
	struct ruleset_options o = { .form = NFT_BLOCKS, .by = by };
	int ret = run_start(&r, name);

	if (!ret && !setjmp(r.oom)) {
		ret = ruleset(&r, &o, argc, argv);
	} else if (!ret) {
		xt_host_abandon(&r.host);
		run_complain(&r, "out of memory");
		ret = XL_EXIT_RESOURCE;
	}
	run_end(&r);
	return ret;
}

int cmd_ruleset(int argc, char **argv)
{
	return ruleset_main("ruleset", NULL, argc, argv);
}
