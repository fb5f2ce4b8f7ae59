/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_CASE_H
#define HELPERS_CASE_H

/* Case files: see doc/CASES.md. */

#include <stdbool.h>
#include <stddef.h>

/** A text of the case with the families (4, 6 or 46 as bits 1, 2) that it is for. */
struct case_line {
	const struct line_kind *kind;
	unsigned int families;
	int line;
	char *text;
};

/**
 * struct xl_case - one case
 * @rule: without "-t TABLE"
 * @text_only: why no packets are sent, or NULL
 * @unloadable: why the translation cannot even be loaded here, or NULL
 */
struct xl_case {
	int line;
	unsigned int families;
	char *table, *rule;
	char *text_only, *unloadable;
	struct case_line *lines;
	size_t n_lines;
};

struct case_file {
	const char *path;
	struct xl_case *cases;
	size_t n;
};

enum { FAMILY_4 = 1, FAMILY_6 = 2 };

/* From LINE_HIT to LINE_DIFFERS: packets. */
enum line_what {
	LINE_NFT,
	LINE_NEVER,
	LINE_REFUSED,
	LINE_HIT,
	LINE_MISS,
	LINE_SEES,
	LINE_DIFFERS,
	LINE_CHAIN,
	LINE_MORE,
	LINE_IPSET,
	LINE_SETUP,
	LINE_LISTEN,
	LINE_APPROXIMATELY,
	LINE_TEXT_ONLY,
	LINE_UNLOADABLE,
};

struct line_kind {
	const char *name;
	enum line_what what;
};

/** Reads a file; ends the program with a message when it is not well-formed. */
struct case_file case_read(const char *path);
void case_free(struct case_file *f);
bool line_is(const struct case_line *l, enum line_what what, unsigned int family);
bool is_packet(const struct case_line *l, unsigned int family);
bool case_has(const struct xl_case *c, enum line_what what, unsigned int family);

#endif
