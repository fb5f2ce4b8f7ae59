/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_AIMS_H
#define VF_AIMS_H

/* Packets that show more than that a rule takes them. */

#include "verify/goal.h"

/** The n-th packet by which the effect of the rule's target shows; false past the last. */
bool vf_target_edge(const struct vf_rule *r, struct vf_packet *k, unsigned int n);

/** A packet that the goal's aim takes, and the next rule would, too. False: none was found. */
bool vf_make_pair(struct vf_maker *m, const struct vf_goal *g, struct vf_rule *next,
		  const struct vf_packet *base, struct vf_packet *k);

/** A packet, and those that must come before it so that it meets the goal. */
void vf_sequence_make(struct vf_maker *m, const struct vf_goal *g, const struct vf_packet *k,
		      struct vf_sequence *out);

/**
 * struct vf_values - numbers and addresses that stand in one text and not in others
 * @marks: numbers that are written in hexadecimal
 */
struct vf_values {
	uint32_t numbers[16], marks[16];
	size_t n_numbers, n_marks;
	uint8_t addrs[16][16], families[16];
	size_t n_addrs;
};

/** Those of @text that are not in any of @others. */
void vf_values_find(struct vf_values *v, const char *text, const char *const *others, size_t n);

/** How many there may be of vf_value_edge(). */
unsigned int vf_value_edges(const struct vf_values *v);
/** The n-th packet with such a value; false where the rule does not test it. */
bool vf_value_edge(const struct vf_values *v, const struct vf_rule *r, struct vf_packet *k,
		   unsigned int n);

#endif
