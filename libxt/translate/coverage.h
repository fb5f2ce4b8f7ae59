/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_COVERAGE_H
#define XL_COVERAGE_H

/* What is translated, option by option: what the translators' files say of themselves. */

#include "translate/ext.h"

/**
 * struct xl_covered - one option
 * @kind: "match", "target", or "rule" for what every rule has; @ext is "" there
 * @families: XL_V4, XL_V6 or XL_BOTH
 */
struct xl_covered {
	const char *kind, *ext;
	const struct xl_option *option;
	unsigned int families;
};

/** Calls @each for every option: those of every rule first, then matches and targets by file. */
void xl_coverage(void (*each)(void *to, const struct xl_covered *row), void *to);

/** "exact", "partly", "approximate", "impossible" */
const char *xl_how_name(enum xl_how how);

#endif
