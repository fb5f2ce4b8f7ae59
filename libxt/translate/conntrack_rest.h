/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_CONNTRACK_REST_H
#define XL_CONNTRACK_REST_H

/* The options of -m conntrack besides the state: tests of a connection that is there. */

#include "translate/ext.h"

#include <linux/netfilter/xt_conntrack.h>

/** Connections by protocol; nft 1.0.6 knows no port without one. */
struct xl_ct_case {
	uint8_t ct, packet; /* the connection's protocol; the packet's as well if not 0 */
	bool others;	    /* any protocol that has no case of its own */
	bool no_ports;	    /* the ports are 0 and pass */
};

/**
 * struct xl_ct_rest - what the options come to
 * @real: there is something to test; @never: it is true for no connection
 * @needs_ct: set by the user of this: test at least that there is a connection
 * @cases, @n_cases: the choice by protocol
 * @n_expires: 2 when the expiry is tested as "before or after"
 */
struct xl_ct_rest {
	const struct xt_conntrack_mtinfo3 *info;
	bool real, never, needs_ct;
	struct xl_ct_case cases[10];
	unsigned int n_cases, n_expires;
};

void xl_ct_rest_init(struct xl_ctx *c, struct xl_ct_rest *r, const struct xt_conntrack_mtinfo3 *i);
/** How many alternatives there are, of which never two hold. */
unsigned int xl_ct_rest_count(const struct xl_ct_rest *r);
/** Appends alternative @num. */
void xl_ct_rest_emit(struct xl_ctx *c, const struct xl_ct_rest *r, unsigned int num);

#endif
