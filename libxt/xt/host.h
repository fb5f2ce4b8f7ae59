/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XT_HOST_H
#define XT_HOST_H

/*
 * A host for the system's libxtables plugins: it has them parse options into blobs, without a
 * kernel, and outlives their errors.
 *
 * libxtables keeps its state in globals and knows one way to report an error, a function that must
 * not return. So there can be one host at a time in a process, used by one thread.
 */

#include "diag/diag.h"
#include "xt/plain_ports.h"
#include "xt/ruleset.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>

struct xtables_match;
struct xtables_rule_match;
struct xtables_target;

/**
 * struct xt_host
 * @rs: where names of ipsets are noted
 * @families: @family has not always been the same
 * @error: the text of the last error, in the ruleset's arena
 * @jump: where to go on an error
 */
struct xt_host {
	struct xt_ruleset *rs;
	uint8_t family;
	bool families;
	const char *error;
	jmp_buf jump;
	bool catching;
	bool no_names; /* the name service did not answer; it is not asked again */
	struct xtables_rule_match *matches; /* of the rule being parsed */
	struct xtables_target *target;
	struct xt_plain_ports ports;
	FILE *ears; /* what plugins write to standard error is in @heard; see xt_host_listen() */
	char *heard;
	size_t n_heard;
};

/** False when libxtables cannot be initialised; @h->error says why. */
bool xt_host_init(struct xt_host *h, struct xt_ruleset *rs);

/** Whether the system's extensions are there, without which hardly a rule can be read. */
bool xt_host_has_extensions(void);
void xt_host_fini(struct xt_host *h);

/** Plugins for this family from now on. */
void xt_host_set_family(struct xt_host *h, uint8_t family);

/**
 * An option of the rule's matches and target, or of the protocol's own match, which is then loaded.
 * @name: without dashes; may be shortened as getopt_long(3) allows
 * @ambiguous: set when it could be several
 */
struct xt_host_option {
	struct xtables_match *match;   /* either this … */
	struct xtables_target *target; /* … or this has it */
	int has_arg;		       /* as in struct option */
	unsigned int val;
	bool shortened;
};

bool xt_host_find_option(struct xt_host *h, const char *name, size_t len, struct xt_host_option *o,
			 bool *ambiguous);

/* All below may leave by longjmp to @h->jump, with @h->error set. */

/** Adds a match to the rule being parsed. */
struct xtables_match *xt_host_add_match(struct xt_host *h, const char *name);
/** As xt_host_add_match(); false when there is no such match. */
bool xt_host_try_match(struct xt_host *h, const char *name);
/** Whether the rule has this match already. */
bool xt_host_has_match(const struct xt_host *h, const char *name);
/** Sets the target of the rule being parsed; false when there is no extension of this name. */
bool xt_host_set_target(struct xt_host *h, const char *name);
/**
 * Has the option parsed. @argv is NULL-terminated; @at is the argument after the option and its
 * value; returns the place up to which the plugin has read.
 */
int xt_host_parse(struct xt_host *h, const struct xt_host_option *o, char **argv, int at,
		  char *value, bool invert, void *entry);
/** Final checks of all. */
void xt_host_check(struct xt_host *h);
/** The rule's blobs behind its header, as the kernel has them: in the arena. @entry is the header.
 */
void *xt_host_assemble(struct xt_host *h, const void *entry);
/** Plugins have only standard error for their warnings: from now on it is kept. */
void xt_host_listen(struct xt_host *h);
/** After memory has run out, which leaves by the arena's way: nothing is caught or kept any more.
 */
void xt_host_abandon(struct xt_host *h);
/** No longer; reports each line as a warning for this place. */
void xt_host_report(struct xt_host *h, struct xl_diags *diags, struct xl_loc loc);

/** Forgets the rule; also after an error. */
void xt_host_reset(struct xt_host *h);

/**
 * The extension's own translation of a blob, in the arena; NULL when it has none or the blob is of
 * another revision. @target: it is a target.
 */
const char *xt_host_xlate(struct xt_host *h, uint8_t family, bool target, const char *name,
			  const void *blob, const void *entry);

/** Sets @h->error and leaves. */
_Noreturn void xt_host_fail(struct xt_host *h, const char *fmt, ...) XL_PRINTF(2, 3);

/** Our own parsers, used instead of the system's; xt/builtin.c. */
void xt_builtin_register(void);
/** The host in use, for the built-in parsers. */
struct xt_host *xt_host_current(void);

#endif
