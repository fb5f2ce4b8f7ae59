/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_PROG_H
#define XL_PROG_H

/* A rule between its blobs and nft: what its matches and target asked for. See ext.h. */

#include "nft/model.h"

#include <stdbool.h>

enum xl_term_kind { XL_ALL, XL_ANY, XL_NONE, XL_DO };

struct xl_alt {
	struct xl_alt *next;
	struct nft_stmts stmts;
};

struct xl_term {
	struct xl_term *next;
	enum xl_term_kind kind;
	bool disjoint; /* XL_ANY: at most one alternative holds */
	bool stateful;
	struct xl_alt *alts, **end;
};

struct xl_prog {
	struct xl_term *terms, **terms_end;
	struct xl_alt *effects, **effects_end; /* the target's rules */
	bool in_target;
	const char *comment;
	bool never;
	bool opaque, approximate;
	const char *refused;
	struct xl_loc loc;
};

void xl_prog_init(struct xl_prog *p);

#endif
