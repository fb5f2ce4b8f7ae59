/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_GOAL_H
#define VF_GOAL_H

/* What a packet must be to get to a rule, and making it so. */

#include "verify/chains.h"

enum { VF_MAX_NEEDS = 64 };

/**
 * struct vf_goal
 * @needs: rules that must take the packet, each at a hook: those on the way to @aim, @aim, then any
 *	that let it past a policy
 * @n_path: how many are on the way, @aim with them
 * @loose: the packet need not match @aim, only come to it
 * @late: marks are tested where rules have changed them, not as the packet comes
 */
struct vf_goal {
	struct vf_rule *aim;
	struct vf_rule *needs[VF_MAX_NEEDS];
	int hooks[VF_MAX_NEEDS];
	size_t n, n_path;
	bool loose, late;
};

/** struct vf_maker - @sport: the next source port; @budget: rules to test for a packet */
struct vf_maker {
	const struct vf_chains *chains;
	const struct vf_topology *topo;
	struct vf_rng rng;
	uint32_t sport;
	unsigned int budget;
};

/** A way to the rule, the shortest unless @any. False: none was found. */
bool vf_goal_init(struct vf_maker *m, struct vf_goal *g, struct vf_rule *aim, bool any);

/** The same to a rule that is to take the packet besides. */
bool vf_goal_add(struct vf_maker *m, struct vf_goal *g, struct vf_rule *r, bool any);
/** The same to a rule that is to take it before it comes to the aim: before a rule of the way to
 * that, or in another base chain. */
bool vf_goal_add_before(struct vf_maker *m, struct vf_goal *g, struct vf_rule *r);

/** A packet that nothing is asked of but that it comes by the hook. */
void vf_default(struct vf_maker *m, struct vf_packet *k, int hook);

/** Changes the packet so that the needs are met, as far as can be. */
void vf_meet(struct vf_maker *m, const struct vf_goal *g, struct vf_packet *k);

/** Makes a packet for the goal; false when something stands in the way, as far as is known. */
bool vf_make(struct vf_maker *m, struct vf_goal *g, struct vf_packet *k);

/**
 * Gets a packet to the goal's aim, matching or not, where a policy or a rule that drops all keeps
 * it from there. False when it cannot be done; @k is then as it was.
 */
bool vf_bring(struct vf_maker *m, const struct vf_goal *g, struct vf_packet *k);

/** Has rules behind the aim let it through, where they drop it: what the aim has done to it is then
 * seen. False when none is found; @g and @k are then as they were. */
bool vf_let_out(struct vf_maker *m, struct vf_goal *g, struct vf_packet *k);

/** How many of the needs are not met; @but: not counting this rule. */
unsigned int vf_unmet(const struct vf_goal *g, struct vf_packet *k, const struct vf_rule *but);

/** Makes it the packet of a connection that was not there before; keeps what the goal needs. */
void vf_freshen(struct vf_maker *m, const struct vf_goal *g, struct vf_packet *k);

/** Fills in a rule's own tests once more, with other values. */
void vf_remake(struct vf_maker *m, const struct vf_goal *g, struct vf_packet *k);

#endif
