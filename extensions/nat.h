/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_NAT_H
#define XL_NAT_H

/*
 * The NAT targets. Each extension is a struct nat_target and its option table; nat.c does the rest.
 *
 * The kernel has three layouts, told apart by the size of the blob: struct
 * nf_nat_ipv4_multi_range_compat, struct nf_nat_range and struct nf_nat_range2. Here everything is
 * done on the last.
 */
#include "plugin.h"

#include <linux/netfilter/nf_nat.h>

/* Ids in the option tables. */
enum { NAT_TO, NAT_RANDOM, NAT_RANDOM_FULLY, NAT_PERSISTENT };

enum nat_layout { NAT_LAYOUT_END, NAT_IPV4_COMPAT, NAT_RANGE, NAT_RANGE2 };

struct nat_revision {
	uint8_t family, revision;
	enum nat_layout layout;
};

/**
 * struct nat_target
 * @options: NAT_TO is what takes addresses and ports
 * @to: the name of that option
 * @addresses: it takes addresses, and has a colon before ports
 * @label: what -L writes in front of them
 * @revisions: ended by NAT_LAYOUT_END
 * @parse: NULL for addresses and ports as above
 */
struct nat_target {
	const char *name, *to, *label;
	bool addresses;
	const struct xt_option_entry *options;
	const struct xl_ext *translator;
	struct plugin_place place;
	struct nat_revision revisions[5];
	void (*help)(void);
	/* Own forms of the value of @to. */
	void (*parse)(struct xt_option_call *cb, struct nf_nat_range2 *r);
	void (*print)(const struct nf_nat_range2 *r);
};

/* Each plugin has one. */
extern const struct nat_target nat_target;

/* nat_parse.c: */
/** The value of --to-destination, --to-source or --to-ports. @base: the blob has a base port. */
void nat_parse(const char *arg, bool base, struct nf_nat_range2 *r);
/** Ends the program: 'NAME: --OPTION "ARG": WHY'. */
_Noreturn void nat_bad(const char *arg, const char *why);

#endif
