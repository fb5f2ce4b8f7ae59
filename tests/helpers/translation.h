/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_TRANSLATION_H
#define HELPERS_TRANSLATION_H

#include "case.h"
#include "util.h"

/**
 * struct translation - what xtlate makes of a case
 * @output: as it is, @lines: as a case file has it, with "nft: " &c. in front
 */
struct translation {
	int status;
	struct text output, messages, lines;
};

/** The texts of the case's lines of a kind. */
void case_lines(const struct xl_case *c, enum line_what what, unsigned int family,
		struct text *out);
/** The save file of a case. */
void case_save_file(const struct xl_case *c, unsigned int family, struct text *out);
struct translation translate_case(const struct xl_case *c, unsigned int family);
void translation_free(struct translation *t);
/** The lines that the case expects. */
void case_expected(const struct xl_case *c, unsigned int family, struct text *out);
/** Compares; adds the difference to @why. */
bool translation_check(const struct translation *t, const struct xl_case *c, unsigned int family,
		       struct text *why);

#endif
