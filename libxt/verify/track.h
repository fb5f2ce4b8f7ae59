/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_TRACK_H
#define VF_TRACK_H

#include "verify/side.h"

/**
 * Tells connection tracking of the connection that @p needs (p->ct), by ctnetlink. False when the
 * kernel will not have it; that is no error of the run.
 */
bool vf_track(struct vf_side *s, const struct vf_probe *p);
/** Writes that connection's original direction as an attribute of a request at @at; NULL: it needs
 * none. */
char *vf_track_tuple(const struct vf_probe *p, char *at);

/* verify/connections.c */

/** From now on, vf_connections() is told of new connections. */
bool vf_follow_connections(struct vf_side *s);
/** Forgets of those that came until now. */
void vf_forget_connections(struct vf_side *s);
/** Writes what rules can give a connection, and its state, from ctnetlink's attributes. */
void vf_connection_text(struct xl_buf *b, const void *attrs, size_t n);
/** Writes that of the connections that a probe made, and of the one it needed. */
void vf_connections(struct vf_side *s, const struct vf_probe *p, struct xl_buf *seen);

/** Ends all connections that the side has. */
void vf_forget(struct vf_side *s);

#endif
