/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_SPACE_H
#define VF_SPACE_H

/* Network namespaces of our own: by right, or as root of a user namespace. */

#include "diag/arena.h"

#include <stdbool.h>

/**
 * Makes a network namespace without a name; its descriptor, or -1 with @why. Without the right to
 * make one, the process goes into a user namespace first, for good, and with an empty network.
 */
int vf_space_new(struct xl_arena *a, const char **why);

/** Makes the calling thread act there; or, for -1, where it was at first. */
bool vf_space_enter(int space);

/** Whether vf_space_new() had to go into a user namespace. */
bool vf_space_is_users(void);

#endif
