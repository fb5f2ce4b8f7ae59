/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_NFT_RULES_H
#define VF_NFT_RULES_H

/* Counters of nft's rules as the kernel dumps them. Apart from the model of nft/, whose names are
 * also those of the kernel's header. */

#include <stdbool.h>
#include <stdint.h>

struct vf_count {
	uint64_t packets, bytes;
};

/** Calls @each for each rule of a family, chain by chain, in order; @c is NULL where a rule has no
 * counter. False with errno set. */
bool vf_each_nft_rule(int netlink, uint8_t family,
		      void (*each)(void *to, const char *table, const char *chain,
				   const struct vf_count *c),
		      void *to);

#endif
