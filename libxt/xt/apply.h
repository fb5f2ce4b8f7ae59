/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XT_APPLY_H
#define XT_APPLY_H

#include "xt/command.h"

/**
 * Does to @rs what iptables would do to the kernel's tables. Messages for what it would refuse.
 * A rule of a line that could not be parsed (@failed) is put at its place without an entry.
 */
void xt_apply(struct xt_ruleset *rs, const struct xt_command_ctx *ctx, const struct xt_command *cmd,
	      const char *failed);

#endif
