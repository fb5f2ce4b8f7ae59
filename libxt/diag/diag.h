/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_DIAG_H
#define XL_DIAG_H

#include "diag/arena.h"

/** Exit status of the command, as iptables(8) has it; the library returns the same numbers. */
enum xl_exit {
	XL_EXIT_OK = 0,
	XL_EXIT_DIFFERS = 1,  /* done, but something is not the same */
	XL_EXIT_USAGE = 2,    /* bad usage or unreadable input */
	XL_EXIT_NFT = 3,      /* the installed nft refuses the result */
	XL_EXIT_RESOURCE = 4, /* out of memory, files or rights */
};

enum xl_severity { XL_NOTE, XL_WARNING, XL_ERROR };

/** Where something was read: @line and @col count from 1; 0 means unknown. */
struct xl_loc {
	const char *file;
	unsigned int line, col;
};

/**
 * struct xl_source - the iptables rule that an nft rule or set element stands for
 * @text: the rule as it was written, one line, no line end
 */
struct xl_source {
	struct xl_loc loc;
	const char *text;
};

struct xl_diag {
	enum xl_severity severity;
	struct xl_loc loc;
	const char *text;  /* what is wrong, and what was expected */
	const char *hint;  /* what to do; may be NULL */
	size_t order;	   /* of coming up */
	unsigned int rank; /* of the file, for xl_diags_sort() */
};

/** Messages gathered on the way; all in @arena, in the order in which they came up. */
struct xl_diags {
	struct xl_arena *arena;
	struct xl_diag *v;
	size_t n, cap;
};

void xl_report(struct xl_diags *d, enum xl_severity severity, struct xl_loc loc, const char *hint,
	       const char *fmt, ...) XL_PRINTF(5, 6);

/** Puts the messages in the order of the lines that they are about, file by file. */
void xl_diags_sort(struct xl_diags *d);

/** How many messages of at least this severity there are. */
size_t xl_diag_count(const struct xl_diags *d, enum xl_severity least);

/** "error", "warning", "note" */
const char *xl_severity_name(enum xl_severity s);

/** @s with control characters as \xNN, so that it can stand in one line of a terminal or a comment.
 */
const char *xl_printable(struct xl_arena *a, const char *s);

#endif
