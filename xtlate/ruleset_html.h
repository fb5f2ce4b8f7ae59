/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RULESET_HTML_H
#define RULESET_HTML_H

#include "inputs.h"

/** Writes the rules beside their translation as a page. 0, or -1 after a message. */
int ruleset_html(struct run *r, const struct inputs *in, const char *path);

#endif
