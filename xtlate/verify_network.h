/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERIFY_NETWORK_H
#define VERIFY_NETWORK_H

/* Which network the sandboxes of "xtlate verify" have. */

#include "run.h"
#include "verify/topology.h"

/** --topology @file, --like-here, or, without, as the rules have it. XL_EXIT_OK, or the status to
 * exit with after messages. */
int verify_network(struct run *r, struct vf_topology *t, const char *file, bool like_here);

#endif
