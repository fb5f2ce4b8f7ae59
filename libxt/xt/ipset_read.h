/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XT_IPSET_READ_H
#define XT_IPSET_READ_H

/* What the parts of the ipset reader share. */

#include "xt/ipset.h"
#include "xt/token.h"

/**
 * struct xt_ipset_reader - one line being read
 * @words, @at: the line's words and the next of them
 * @broken: the set that an error in this line makes incomplete
 */
struct xt_ipset_reader {
	struct xt_ipsets *sets;
	struct xl_arena *arena;
	struct xl_diags *diags;
	struct xl_loc loc;
	struct xt_tokens words;
	size_t at;
	struct xt_ipset *broken;
};

/** Reports an error at a column of the line. Returns false. */
bool xt_ipset_fail(struct xt_ipset_reader *r, unsigned int col, const char *fmt, ...)
	XL_PRINTF(3, 4);
/** The next word, after the word @after; NULL and an error when there is none. */
const struct xt_token *xt_ipset_word(struct xt_ipset_reader *r, const char *after);
/** A whole number of at most @max, decimal or 0x. */
bool xt_ipset_number(struct xt_ipset_reader *r, const struct xt_token *t, uint64_t max,
		     uint64_t *value);

/** "a", "a/len" or "a-b". */
bool xt_ipset_addr(struct xt_ipset_reader *r, uint8_t family, const struct xt_token *t,
		   struct xt_range *range);
/** "80" or "80-90", with names of services of @proto. */
bool xt_ipset_ports(struct xt_ipset_reader *r, const char *proto, const struct xt_token *t,
		    struct xt_range *range);
/** "tcp:80-90", "icmp:echo-request", "gre:0"; without a protocol it is TCP. */
bool xt_ipset_proto_port(struct xt_ipset_reader *r, uint8_t family, const struct xt_token *t,
			 uint8_t *proto, struct xt_range *ports);

/** The type and options of "create NAME", into @set. */
bool xt_ipset_create(struct xt_ipset_reader *r, struct xt_ipset *set);

/** Elements, as read from a line. */
struct xt_ipset_elems {
	struct xt_ipset_elem *v;
	size_t n, cap;
};

/** The element of "add NAME" or "del NAME", which may be several, with its options. */
bool xt_ipset_elems_read(struct xt_ipset_reader *r, const struct xt_ipset *set,
			 struct xt_ipset_elems *out);

#endif
