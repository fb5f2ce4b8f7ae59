/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_ENV_H
#define XL_ENV_H

/* A translation run, and what it leaves behind. */

#include "diag/diag.h"
#include "nft/model.h"
#include "xt/ruleset.h"

#include <stdbool.h>

struct xt_host;

/** What was done with a rule. */
enum xl_outcome {
	XL_TRANSLATED,
	XL_NEVER_MATCHES,
	XL_APPROXIMATED, /* as opts.approximate asked for: only nearly the same */
	XL_NOT_VOUCHED,
	XL_REFUSED
};

struct xl_rule_report {
	const struct xl_source *source;
	enum xl_outcome outcome;
	const char *family, *table, *chain;
	unsigned int num; /* in the chain, from 1 */
	const char *why;  /* XL_REFUSED */
};

/**
 * struct xl_opts
 * @nft_version: 0x010006 writes for nft 1.0.6 and everything newer
 * @fragment_guard: write guards against later fragments where nothing defragments
 * @approximate: allow what is only nearly the same
 * @inet: one table for both families where it can be
 * @json: for nft's JSON, which has no form for some statements
 * @single: rules stand alone (xtlate rule): an iptables rule is one nft rule where that can be, and
 *	none may need the rest of its chain
 * @name_suffix: put into the names of helper chains, so that those of single rules do not clash;
 *	or NULL
 */
struct xl_opts {
	unsigned int nft_version;
	bool fragment_guard;
	bool approximate;
	bool inet;
	bool json;
	bool single;
	const char *name_suffix;
};

struct xl_sets;
struct xt_ipsets;

struct xl_hashlimit;
struct xl_physdev;
struct xl_recent;

/**
 * struct xl_env
 * @xt, @out: from, to
 * @host: answers for matches and targets that have no translator here; may be NULL
 * @ipsets: what was read from --ipset files; may be NULL
 * @sets: the ipsets' copies in @out; translate/ipset.h
 * @recents: the lists of -m recent; see recent.h
 * @hashlimits: the tables of -m hashlimit; see hashlimit.h
 * @physdevs: what -m physdev asks, a family each; see physdev.h
 * @report: a line a rule, in order
 */
struct xl_env {
	struct xl_arena *arena;
	struct xl_diags *diags;
	struct xl_opts opts;
	const struct xt_ruleset *xt;
	struct xt_host *host;
	struct xt_ipsets *ipsets;
	struct xl_sets *sets;
	struct nft_ruleset *out;
	struct xl_recent *recents;
	struct xl_hashlimit *hashlimits;
	struct xl_physdev *physdevs;
	struct xl_rule_report *report;
	size_t nreport, report_cap;
};

/** Translates env->xt into env->out. Refused rules are in the report, the messages and the output.
 */
void xl_translate(struct xl_env *env);

size_t xl_count(const struct xl_env *env, enum xl_outcome outcome);

/** Nothing was refused, is only nearly the same, is not vouched for, or was reported as an error.
 */
bool xl_all_same(const struct xl_env *env);

#endif
