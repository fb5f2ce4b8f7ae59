/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef API_INTERNAL_H
#define API_INTERNAL_H

/* What the functions of xtlate/xtlate.h share. */

#include "nft/write.h"
#include "optimize/optimize.h"
#include "translate/env.h"
#include "xt/host.h"
#include "xt/ipset.h"

#include <xtlate/xtlate.h>

/** How far a run is. XTLATE_BROKEN: memory ran out, so that nothing in it can be relied on. */
enum xtlate_stage { STAGE_READING, STAGE_TRANSLATED, STAGE_BROKEN };

/**
 * struct xtlate
 * @error: of the last call
 * @out: the text, once it was asked for
 * @messages, @rules: what was given out, @nmessages and @nrules long
 */
struct xtlate {
	enum xtlate_stage stage;
	struct xl_arena arena;
	jmp_buf oom;
	const char *error;
	struct xl_diags diags;
	struct xt_ruleset xt;
	struct xt_host host;
	struct xt_ipsets ipsets;
	bool has_ipsets;
	struct nft_ruleset nft;
	struct xl_env env;
	enum xl_level level;
	enum nft_form form;
	bool replace, noflush;
	struct xl_buf out;
	bool written;
	struct xtlate_message *messages;
	struct xtlate_rule *rules;
	size_t nmessages, nrules;
};

/**
 * Calls @work, with memory that runs out becoming XTLATE_RESOURCE. @stage: where the run must be,
 * else XTLATE_USAGE.
 */
enum xtlate_status xtlate_guard(struct xtlate *x, enum xtlate_stage stage,
				enum xtlate_status (*work)(struct xtlate *x, void *arg), void *arg);

/** Sets the error; @status. */
enum xtlate_status xtlate_fail(struct xtlate *x, enum xtlate_status status, const char *fmt, ...)
	XL_PRINTF(3, 4);

#endif
