// SPDX-License-Identifier: GPL-2.0-or-later
#include "translate/coverage.h"

#include "translate/registry.h"

#include <string.h>

/* What core.c translates. */
static const struct xl_option rule_options[] = {
	{ "", "--protocol -p", XL_PARTLY,
	  "a number that an IPv6 packet has behind an AH is not found, see differences", 0, 0 },
	{ "", "--source -s", XL_EXACT, NULL, 0, 0 },
	{ "", "--destination -d", XL_EXACT, NULL, 0, 0 },
	{ "", "--in-interface -i", XL_PARTLY, "names that nft can quote", 0, 0 },
	{ "", "--out-interface -o", XL_PARTLY, "names that nft can quote", 0, 0 },
	{ "", "--fragment -f", XL_EXACT, NULL, XL_V4, 0 },
	{ "", "--set-counters -c", XL_EXACT, NULL, 0, 0 },
	{ "", "--jump -j", XL_PARTLY, "to 15 levels of chains, which is all that nft allows", 0,
	  0 },
	{ "", "--goto -g", XL_PARTLY, "to 15 levels of chains, which is all that nft allows", 0,
	  0 },
	{ "", "-j ACCEPT", XL_EXACT, NULL, 0, 0 },
	{ "", "-j DROP", XL_EXACT, NULL, 0, 0 },
	{ "", "-j QUEUE", XL_EXACT, NULL, 0, 0 },
	{ "", "-j RETURN", XL_EXACT, NULL, 0, 0 },
	XL_OPTION_END,
};

const char *xl_how_name(enum xl_how how)
{
	static const char *const names[] = {
		[XL_EXACT] = "exact",
		[XL_PARTLY] = "partly",
		[XL_APPROXIMATE] = "approximate",
		[XL_IMPOSSIBLE] = "impossible",
	};

	return names[how];
}

/* All families that some revision in @file has for @name. */
static unsigned int families(const struct xl_ext *file, const char *name)
{
	unsigned int all = 0;

	for (; file->name; file++)
		if (!strcmp(file->name, name))
			all |= file->families;
	return all;
}

void xl_coverage(void (*each)(void *to, const struct xl_covered *row), void *to)
{
	struct xl_covered row = { .kind = "rule", .ext = "" };

	for (row.option = rule_options; row.option->ext; row.option++) {
		row.families = row.option->families ? row.option->families : XL_BOTH;
		each(to, &row);
	}
	for (size_t i = 0; xl_exts[i]; i++) {
		row.kind = xl_exts[i]->kind == XL_MATCH ? "match" : "target";
		for (row.option = xl_ext_options[i]; row.option->ext; row.option++) {
			row.ext = row.option->ext;
			row.families = row.option->families ? row.option->families
							    : families(xl_exts[i], row.ext);
			each(to, &row);
		}
	}
}
