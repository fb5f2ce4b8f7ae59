/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_NAT_H
#define XL_NAT_H

/* What the NAT targets share: struct nf_nat_range in its three sizes, and the statement of it. */

#include "translate/ext.h"

#include <linux/netfilter/nf_nat.h>

/** struct xl_nat_range - the blob's range; addresses in network order, ports in the host's */
struct xl_nat_range {
	unsigned int flags;
	const void *min, *max;
	uint16_t lo, hi, base;
};

/** The range in c->data; false after xl_refuse(). */
bool xl_nat_range4(struct xl_ctx *c, struct xl_nat_range *r); /* nf_nat_ipv4_multi_range_compat */
bool xl_nat_range1(struct xl_ctx *c, struct xl_nat_range *r); /* nf_nat_range */
bool xl_nat_range2(struct xl_ctx *c, struct xl_nat_range *r); /* nf_nat_range2 */

/** Appends the statement for @r. */
bool xl_nat(struct xl_ctx *c, enum nft_nat_kind kind, const struct xl_nat_range *r);

/** For translate(): reads the range of that size and appends the statement. */
bool xl_nat4(struct xl_ctx *c, enum nft_nat_kind kind);
bool xl_nat1(struct xl_ctx *c, enum nft_nat_kind kind);

#endif
