/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_TRACK_H
#define VF_TRACK_H

#include "verify/side.h"

/**
 * Tells connection tracking of the connection that @p needs (p->ct), by ctnetlink. False when the
 * kernel will not have it; that is no error of the run.
 */
bool vf_track(struct vf_side *s, const struct vf_probe *p);

/** Ends all connections that the side has. */
void vf_forget(struct vf_side *s);

#endif
