/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_HASHLIMIT_H
#define XL_HASHLIMIT_H

/* The tables of -m hashlimit. A table belongs to all rules that name it. */

#include "translate/ext.h"

/** What a rule says of its table, whatever the revision. */
struct xl_hashlimit_cfg {
	uint64_t avg, burst, scale;
	uint32_t mode, max, expire;
	uint8_t srcmask, dstmask;
};

/**
 * struct xl_hashlimit - a table, for one family
 * @cfg: of its rules, without XT_HASHLIMIT_INVERT
 * @above, @upto: there are rules of this kind
 * @why: what about these rules cannot be translated; NULL: nothing
 * @set: NULL until it is needed
 */
struct xl_hashlimit {
	struct xl_hashlimit *next;
	uint8_t family;
	const char *name, *table;
	struct xl_hashlimit_cfg cfg;
	bool above, upto;
	const char *why;
	struct nft_set *set;
};

/** Reads a blob's data; its name is the first field. False for a revision that is not known. */
bool xl_hashlimit_read(struct xl_hashlimit_cfg *cfg, unsigned int rev, const void *data,
		       size_t size);
/** Finds all tables of env->xt. */
void xl_scan_hashlimit(struct xl_env *env);

#endif
