/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_TOPOLOGY_VOTES_H
#define VF_TOPOLOGY_VOTES_H

/* Rules may name a host in INPUT and, by a chain that is called from both, in FORWARD. It can be
 * only one of them: what more rules want. */

#include "diag/buf.h"

#include <stdbool.h>
#include <stdint.h>

/**
 * enum vf_vote - where a rule wants packets to a host to be
 * @VF_VOTE_IN: in INPUT; it must be this host
 * @VF_VOTE_LOCAL: where only packets to own addresses come
 * @VF_VOTE_FORWARD: in FORWARD; it must be another
 * @VF_VOTE_ELSEWHERE: in other hooks, where what is another's comes as well
 */
enum vf_vote { VF_VOTE_IN, VF_VOTE_LOCAL, VF_VOTE_FORWARD, VF_VOTE_ELSEWHERE, VF_VOTES };

struct vf_votes;

struct vf_votes *vf_votes_new(struct xl_arena *a);
void vf_vote(struct vf_votes *v, uint8_t family, const uint8_t *addr, enum vf_vote what);
/** Whether it should be this host, as this rule wants it. */
bool vf_votes_own(struct vf_votes *v, uint8_t family, const uint8_t *addr, enum vf_vote what);

#endif
