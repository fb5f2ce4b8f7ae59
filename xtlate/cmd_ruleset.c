// SPDX-License-Identifier: GPL-2.0-or-later
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "inputs.h"
#include "nft/check.h"
#include "nft/version.h"
#include "output.h"
#include "report.h"
#include "ruleset_dot.h"
#include "ruleset_html.h"
#include "verbs.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

struct options {
	struct inputs in;
	const char *output, *report, *html, *dot;
	const char *by; /* for the header of the drop-in names; NULL: none */
	bool strict, check, replace, quiet;
	enum nft_form form;
};

enum { LONG_ONLY = 256 };
enum {
	L_STRICT = LONG_ONLY,
	L_CHECK,
	L_REPLACE,
	L_APPROXIMATE,
	L_VERSION,
	L_REPORT,
	L_LINES,
	L_JSON,
	L_HTML,
	L_DOT,
	L_QUIET
};

static const struct option longs[] = {
	INPUTS_OPTIONS,
	{ "output", required_argument, NULL, 'o' },
	{ "report", required_argument, NULL, L_REPORT },
	{ "html", required_argument, NULL, L_HTML },
	{ "dot", required_argument, NULL, L_DOT },
	{ "strict", no_argument, NULL, L_STRICT },
	{ "check", no_argument, NULL, L_CHECK },
	{ "replace", no_argument, NULL, L_REPLACE },
	{ "approximate", no_argument, NULL, L_APPROXIMATE },
	{ "nft-version", required_argument, NULL, L_VERSION },
	{ "lines", no_argument, NULL, L_LINES },
	{ "json", no_argument, NULL, L_JSON },
	{ "quiet", no_argument, NULL, L_QUIET },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static void usage(FILE *f)
{
	fputs("Usage: xtlate ruleset [OPTION]... [FILE]...\n"
	      "Translates iptables-save files (standard input without FILE, or for -).\n\n"
	      "  -4, --ipv4 FILE        FILE is for iptables\n"
	      "  -6, --ipv6 FILE        FILE is for ip6tables (others are guessed)\n"
	      "      --ipset FILE       take ipsets that the rules name from this \"ipset save\" "
	      "file\n"
	      "  -o, --output FILE      write there instead of standard output\n"
	      "      --report FILE      write what became of each rule, as JSON\n"
	      "      --html FILE        write the rules beside their translation, as a page\n"
	      "      --dot FILE         write chains and jumps as a graph for graphviz\n"
	      "      --check            have libnftables check the result\n"
	      "      --strict           write nothing when a rule could not be translated\n"
	      "      --replace          let the result replace tables that are loaded already\n"
	      "      --inet             one table for IPv4 and IPv6 where both have it\n"
	      "      --noflush          a table that comes again adds to the first\n"
	      "      --approximate      allow translations that are only nearly the same\n"
	      "      --no-fragment-guard  leave out the tests that keep later fragments away\n"
	      "  -O0, -O1, -O2          write one rule for one rule; the same, with sets that "
	      "rules\n"
	      "                         share (default); rules as elements of sets and maps\n"
	      "      --nft-version V    write for nft V, 0.9.8 or newer (default: 1.0.6)\n"
	      "      --lines            \"add rule\" lines instead of blocks\n"
	      "      --json             JSON for libnftables instead of nft's own language\n"
	      "      --quiet            no summary\n"
	      "  -h, --help             this text\n\n"
	      "Exit status: 0 all is the same, 1 something is not, 2 bad usage or input,\n"
	      "3 nft refuses the result, 4 out of resources or rights.\n",
	      f);
}

static bool set_version(struct run *r, const char *arg)
{
	r->env.opts.nft_version = nft_version_read(arg);
	if (!r->env.opts.nft_version)
		run_complain(r, "\"%s\" is not a version of nft; it has the form 1.0.6", arg);
	else if (r->env.opts.nft_version < 0x000908)
		run_complain(r, "the oldest nft that can be written for is 0.9.8, not %s", arg);
	return r->env.opts.nft_version >= 0x000908;
}

/* 0 to go on, -1 to stop with success, else an exit status. */
static int one_option(struct run *r, struct options *o, int c)
{
	int ret;

	ret = inputs_option(r, &o->in, c, optarg);
	if (ret != INPUTS_OTHER)
		return ret;
	switch (c) {
	case 'o':
		o->output = optarg;
		return 0;
	case 'h':
		usage(stdout);
		return -1;
	case L_STRICT:
		o->strict = true;
		return 0;
	case L_CHECK:
		o->check = true;
		return 0;
	case L_REPLACE:
		o->replace = true;
		return 0;
	case L_APPROXIMATE:
		r->env.opts.approximate = true;
		return 0;
	case L_VERSION:
		return set_version(r, optarg) ? 0 : XL_EXIT_USAGE;
	case L_REPORT:
		o->report = optarg;
		return 0;
	case L_HTML:
		o->html = optarg;
		return 0;
	case L_DOT:
		o->dot = optarg;
		return 0;
	case L_LINES:
		o->form = NFT_LINES;
		r->env.opts.json = false;
		return 0;
	case L_JSON:
		o->form = NFT_JSON;
		r->env.opts.json = true;
		return 0;
	case L_QUIET:
		o->quiet = true;
		return 0;
	default:
		fputs("Try xtlate ruleset --help.\n", stderr);
		return XL_EXIT_USAGE;
	}
}

/* Maps that count are in nft's language since 1.0.6, and not in its JSON. */
static int check_level(const struct run *r)
{
	if (r->level < XL_MERGED)
		return 0;
	if (r->env.opts.json)
		run_complain(
			r,
			"-O2 cannot be written as JSON, which has no counters in maps; take -O1");
	else if (r->env.opts.nft_version < 0x010006)
		run_complain(r,
			     "-O2 needs nft 1.0.6, older ones have no counters in maps; take -O1");
	else
		return 0;
	return XL_EXIT_USAGE;
}

static int parse(struct run *r, struct options *o, int argc, char **argv)
{
	int c, ret;

	inputs_init(&o->in, &r->arena, argc);
	optind = 1;
	while ((c = getopt_long(argc, argv, INPUTS_SHORT "o:h", longs, NULL)) != -1) {
		ret = one_option(r, o, c);
		if (ret)
			return ret;
	}
	for (; optind < argc; optind++)
		inputs_add(&o->in, argv[optind], 0);
	return check_level(r);
}

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

static int finish(struct run *r, const struct options *o)
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
	if (!o->quiet && status)
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

static int ruleset(struct run *r, struct options *o, int argc, char **argv)
{
	int ret = parse(r, o, argc, argv);

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
	/* One line for one rule, each of which can be read alone. */
	if (o->form == NFT_LINES && !r->level_given)
		r->level = XL_PLAIN;
	run_translate(r);
	return finish(r, o);
}

int ruleset_main(const char *name, const char *by, int argc, char **argv)
{
	static struct run r;
	struct options o = { .form = NFT_BLOCKS, .by = by };
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
