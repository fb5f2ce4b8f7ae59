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
	json_t *json;
	size_t count[HOWS];
};

static void usage(FILE *f)
{
	fputs("Usage: xtlate coverage [OPTION]... [EXTENSION]\n"
	      "Lists each option of each iptables extension: whether nft can do the same.\n\n"
	      "      --json    as JSON\n"
	      "  -h, --help    this text\n\n"
	      "exact        translated, always\n"
	      "partly       translated for what the line says, else refused with the reason\n"
	      "approximate  translated with --approximate only\n"
	      "impossible   refused, for the reason that the line gives\n",
	      f);
}

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
	printf("%-6s %-12s %-5s %-11s %-6s %-36s %s\n", row->kind, row->ext,
	       family_name(row->families), xl_how_name(o->how), version(o, v, sizeof(v)),
	       o->name ? o->name : "", o->why ? o->why : "");
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
	printf("\n%zu options: %zu exact, %zu partly, %zu approximate, %zu impossible\n", n,
	       l->count[XL_EXACT], l->count[XL_PARTLY], l->count[XL_APPROXIMATE],
	       l->count[XL_IMPOSSIBLE]);
	return finish(0);
}

int cmd_coverage(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int (*print)(struct listing * l) = as_text;
	struct listing l = { 0 };
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (c == 'h') {
			usage(stdout);
			return XL_EXIT_OK;
		}
		if (c == '?') {
			fputs("Try xtlate coverage --help.\n", stderr);
			return XL_EXIT_USAGE;
		}
		print = as_json;
	}
	l.only = argv[optind];
	return print(&l);
}
