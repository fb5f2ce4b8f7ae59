/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XT_COMMAND_H
#define XT_COMMAND_H

/* One iptables command line: -A CHAIN …, -P CHAIN TARGET and so on. */

#include "xt/host.h"
#include "xt/ruleset.h"
#include "xt/token.h"

enum xt_cmd {
	XT_CMD_NONE,
	XT_CMD_APPEND,
	XT_CMD_INSERT,
	XT_CMD_DELETE,
	XT_CMD_DELETE_NUM,
	XT_CMD_REPLACE,
	XT_CMD_CHECK,
	XT_CMD_NEW_CHAIN,
	XT_CMD_DELETE_CHAIN,
	XT_CMD_FLUSH,
	XT_CMD_ZERO,
	XT_CMD_ZERO_NUM,
	XT_CMD_POLICY,
	XT_CMD_RENAME,
	XT_CMD_LIST, /* -L and -S: nothing to translate */
};

/**
 * struct xt_command
 * @chain: NULL means all chains (-F, -X, -Z)
 * @num: of -I, -D, -R, -Z; from 1, 0: not given
 * @arg: policy of -P, new name of -E
 * @rules: one for each pair of addresses; linked by @next
 * @skipped: the line is for the other family (-4, -6)
 */
struct xt_command {
	enum xt_cmd cmd;
	const char *table; /* -t; NULL: not given */
	const char *chain;
	unsigned int num;
	const char *arg;
	struct xt_rule *rules;
	bool skipped;
};

/** Whether rules may name this chain; NULL context: any. */
struct xt_command_ctx {
	struct xt_host *host;
	struct xl_arena *words; /* the line's, and of what is done with it; NULL: the ruleset's */
	struct xl_diags *diags;
	uint8_t family;
	const char *table; /* without -t */
	struct xl_source source;
	/** A jump to @name is fine: it is a chain, or will be. */
	bool (*is_chain)(void *data, const char *table, const char *name);
	void *data;
};

/**
 * Parses a command line. @cols may be all 0. On an error false is returned after one message with
 * the place, and @cmd still has the command, chain and number, so that the rule's place is known.
 */
bool xt_command_parse(const struct xt_command_ctx *ctx, const struct xt_tokens *words,
		      struct xt_command *cmd);

#endif
