/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MESSAGE_H
#define MESSAGE_H

/* Messages on standard error: with colours on a terminal, and the line that they are about. */

#include "diag/buf.h"
#include "diag/diag.h"
#include "option.h"

#include <stdbool.h>
#include <stddef.h>

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/** What was read, to show lines of. @file: as messages have it; NULL: what has no file. */
struct message_text {
	const char *file, *text;
	size_t size;
	const struct message_text *next;
};

/**
 * struct messages - how they are shown, and which
 * @shown: how many of a run's are
 * @texts: what lines are shown of
 */
struct messages {
	enum color_when color;
	bool quiet, verbose;
	size_t shown;
	const struct message_text *texts;
};

/** --color, --quiet, --verbose and --help; for a struct run. */
extern const struct option_row message_options[];

/** Whether there are to be colours on this descriptor. */
bool message_color(const struct messages *m, int fd);
/** Prints the messages that came up since the last call, as FILE:LINE:COL: error: … With @quiet
 * only errors. */
void message_show(struct messages *m, const struct xl_diags *d);

#endif
