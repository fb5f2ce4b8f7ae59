/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XT_READ_SAVE_H
#define XT_READ_SAVE_H

#include "xt/host.h"

/**
 * struct xt_read_opts
 * @file: the name for messages
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @noflush: a table that comes again adds to what was there, as with iptables-restore -n
 */
struct xt_read_opts {
	const char *file;
	uint8_t family;
	bool noflush;
};

/**
 * Reads iptables-save text, or the looser forms that iptables-restore takes or people write: rules
 * without ":CHAIN" lines, -N and -I, -t in a line, lines of a shell script that call iptables.
 * Bad lines become messages; the rest is read. @text is NUL-terminated and @size long.
 */
void xt_read_save(struct xt_ruleset *rs, struct xt_host *host, struct xl_diags *diags,
		  const char *text, size_t size, const struct xt_read_opts *opts);

/** NFPROTO_IPV6 when the text is plainly for ip6tables (or its name says so), else NFPROTO_IPV4. */
uint8_t xt_guess_family(const char *file, const char *text);

#endif
