/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_H
#define RUN_H

#include "message.h"
#include "nft/write.h"
#include "nft_installed.h"
#include "optimize/optimize.h"
#include "translate/env.h"
#include "xt/host.h"
#include "xt/ipset.h"

#include <stdbool.h>

/** What one run of a verb holds together. */
struct run {
	const char *name; /* of the verb, for messages */
	struct xl_arena arena;
	jmp_buf oom;
	struct xl_diags diags;
	struct messages messages;
	struct xt_ruleset xt;
	struct xt_host host;
	struct xt_ipsets ipsets;
	struct nft_ruleset nft;
	struct xl_env env;
	struct xl_buf out;
	enum xl_level level;
	bool level_given;    /* by the user */
	unsigned int system; /* the system's nft; 0: has to be asked */
	struct nft_question question;
	const char *installed; /* nft; NULL: not asked for */
};

/**
 * Starts a run; XL_EXIT_OK or the status to exit with. Memory that runs out later comes back to
 * setjmp(run->oom), which the caller sets up right after this.
 */
int run_start(struct run *r, const char *name);
void run_end(struct run *r);

/** Prints the messages that came up since the last call. */
void run_show_diags(struct run *r);
/** Messages show lines of this; @file: as they name it, NULL: what has no file. @text stays. */
void run_add_text(struct run *r, const char *file, const char *text, size_t size);
/** Prints "xtlate VERB: …". */
void run_complain(const struct run *r, const char *fmt, ...) XL_PRINTF(2, 3);
/** Writes for this nft; XL_EXIT_OK, or XL_EXIT_USAGE after a message. */
int run_write_for(struct run *r, const char *version);
/** Where no version was said, finds out about the installed nft, for run_choose_version();
 * @exactly: run->installed shall be what it calls its version. */
void run_ask_version(struct run *r, bool exactly);
/** Where no other was said, writes for the nft that is installed. */
void run_choose_version(struct run *r);
/** Translates r->xt into r->nft, and optimizes that to r->level. */
void run_translate(struct run *r);
/** XL_EXIT_DIFFERS when something was refused, approximated, not vouched for or reported as an
 * error. */
int run_status(const struct run *r);

#endif
