// SPDX-License-Identifier: GPL-2.0-or-later
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "diag/diag.h"
#include "verbs.h"
#include "translate/coverage.h"

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { HOWS = XL_IMPOSSIBLE + 1 };

/* @only: a substring of the extension's name, or NULL. */
struct listing {
	const char *only;
	bool as_json;
	json_t *json;
	size_t count[HOWS];
};

static const char *family_name(unsigned int families)
{
	static const char *const names[] = {
		[XL_V4] = "v4",
		[XL_V6] = "v6",
		[XL_BOTH] = "v4 v6",
	};

	return names[families & XL_BOTH];
}

static const char *version(const struct xl_option *o, char *buf, size_t size)
{
	if (!o->since)
		return "";
	snprintf(buf, size, "%u.%u.%u", o->since >> 16, o->since >> 8 & 0xff, o->since & 0xff);
	return buf;
}

static bool wanted(const struct listing *l, const struct xl_covered *row)
{
	return !l->only || !strcmp(row->ext, l->only);
}

static void text_row(void *to, const struct xl_covered *row)
{
	const struct xl_option *o = row->option;
	struct listing *l = to;
	char v[16];

	if (!wanted(l, row))
		return;
	l->count[o->how]++;
	printf("%-6s %-12s %-5s %-11s %-6s ", row->kind, row->ext, family_name(row->families),
	       xl_how_name(o->how), version(o, v, sizeof(v)));
	if (o->why)
		printf("%-36s %s\n", o->name ? o->name : "", o->why);
	else
		puts(o->name ? o->name : "");
}

static json_t *family_list(unsigned int families)
{
	json_t *j = json_array();

	if (families & XL_V4)
		json_array_append_new(j, json_string("ip"));
	if (families & XL_V6)
		json_array_append_new(j, json_string("ip6"));
	return j;
}

static void json_row(void *to, const struct xl_covered *row)
{
	const struct xl_option *o = row->option;
	struct listing *l = to;
	char v[16];

	if (!wanted(l, row))
		return;
	json_array_append_new(l->json,
			      json_pack("{s:s, s:s, s:s?, s:o, s:s, s:s?, s:s}", "kind", row->kind,
					"extension", row->ext, "option", o->name, "families",
					family_list(row->families), "translation",
					xl_how_name(o->how), "reason", o->why, "nft",
					*version(o, v, sizeof(v)) ? v : "0.9.8"));
}

static int finish(int ok)
{
	if (ok < 0 || fflush(stdout) || ferror(stdout)) {
		fputs("xtlate coverage: standard output cannot be written\n", stderr);
		return XL_EXIT_RESOURCE;
	}
	return XL_EXIT_OK;
}

static int as_json(struct listing *l)
{
	int ret;

	l->json = json_array();
	xl_coverage(json_row, l);
	ret = json_dumpf(l->json, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(l->json);
	return finish(ret);
}

static int as_text(struct listing *l)
{
	size_t n = 0;

	xl_coverage(text_row, l);
	for (size_t i = 0; i < HOWS; i++)
		n += l->count[i];
	if (!n) {
		fprintf(stderr, "xtlate coverage: there is no extension \"%s\"\n", l->only);
		return XL_EXIT_USAGE;
	}
	printf("\n%zu option%s: %zu exact, %zu partly, %zu approximate, %zu impossible\n", n,
	       n == 1 ? "" : "s", l->count[XL_EXACT], l->count[XL_PARTLY], l->count[XL_APPROXIMATE],
	       l->count[XL_IMPOSSIBLE]);
	return finish(0);
}

static int cmd_coverage(int argc, char **argv)
{
	struct listing l = { 0 };
	void *const to[] = { &l, NULL };
	int ret = options_parse(NULL, &verb_coverage, to, argc, argv);

	if (ret)
		return ret < 0 ? XL_EXIT_OK : ret;
	l.only = argv[optind];
	return l.as_json ? as_json(&l) : as_text(&l);
}

static const struct option_row listing_options[] = {
	{ 0, "json", .kind = OPTION_SET, .at = offsetof(struct listing, as_json), .help = "as JSON",
	  .man = "Prints an array of objects with `kind`, `extension`, `option`, `families`, "
		 "`translation`, `reason` and `nft`, the least version." },
	{ 0 },
};

const struct verb verb_coverage = {
	.name = "coverage",
	.what = "list what is translated, exactly or not, and why not",
	.run = cmd_coverage,
	.usage = "[OPTION]... [EXTENSION]",
	.about = "Lists each option of each iptables extension: whether nft can do the same. "
		 "exact: translated, always; partly: translated for what the line says, else refused "
		 "with the reason; approximate: translated with --approximate only; impossible: "
		 "refused, for the reason that the line gives.",
	.arguments = "@extension",
	.groups = {
		{ "Output", listing_options },
		{ "Messages", option_help },
	},
	.examples = {
		{ "xtlate coverage", "all of it" },
		{ "xtlate coverage recent", "one extension" },
		{ "xtlate coverage --json", "for a program" },
	},
	.status = "0 it is listed, 2 bad usage, 4 out of resources.",
};
