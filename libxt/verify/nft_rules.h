/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_NFT_RULES_H
#define VF_NFT_RULES_H

/* Counters of nft's rules and elements as the kernel dumps them. Apart from the model of nft/,
 * whose names are also those of the kernel's header. */

#include <stdbool.h>
#include <stddef.h>
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

/** Likewise for one chain, which need not be there. The kernel looks for that chain only, while it
 * goes through all rules of the family again for each piece of its whole answer. */
bool vf_each_rule_of_chain(int netlink, uint8_t family, const char *table, const char *chain,
			   void (*each)(void *to, const char *table, const char *chain,
					const struct vf_count *c),
			   void *to);

/** A set: its table's family as nft writes it, and names. */
struct vf_set_at {
	const char *family, *table, *set;
};

/** Calls @each for each element that has a counter, with the first @n bytes of its key. False with
 * errno set. */
bool vf_each_nft_elem(int netlink, const struct vf_set_at *set,
		      void (*each)(void *to, const void *key, size_t n, const struct vf_count *c),
		      void *to);

#endif
