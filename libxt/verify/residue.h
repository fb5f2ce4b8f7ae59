/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_RESIDUE_H
#define VF_RESIDUE_H

/* Packets for which nftables cannot be the same as iptables, as doc/differences.md has it. They are
 * known by what they are: such a difference is counted apart, and so is what such packets count. */

#include "verify/session.h"

/** Finds out which kinds there can be in this ruleset. */
void vf_residues_init(struct vf_session *r);
/** Whether nft may treat it differently in this ruleset. */
bool vf_suspect(const struct vf_session *r, const struct vf_probe *p);
/** The last probe, sent just now, has come out differently: whether that is as documented. */
bool vf_as_documented(struct vf_session *r, const struct vf_probe *p);
/** Likewise, of a probe that need not go the same way again: counters were read right before it,
 * for vf_keep_counts(), and after it. */
bool vf_was_as_documented(struct vf_session *r, const struct vf_probe *p);
/**
 * The last probe, sent just now, has come out differently: that is as documented, or a difference,
 * which is noted.
 */
bool vf_differs(struct vf_session *r, struct vf_probe *p);

/** What is counted between these two is not compared. */
bool vf_apart_begin(struct vf_session *r);
bool vf_apart_end(struct vf_session *r);

/** Spoils a good probe in one of several ways; false when it cannot be spoilt like that. */
bool vf_spoil(const struct vf_session *r, struct vf_probe *p, unsigned int how);
enum { VF_SPOILS = 8 };

#endif
