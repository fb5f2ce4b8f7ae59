/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_SIMPLIFY_H
#define VF_SIMPLIFY_H

#include "verify/probe.h"

enum vf_simpler { VF_AS_IT_WAS, VF_SIMPLER, VF_NO_MORE };
/** Makes one part of a packet plainer, by number. */
enum vf_simpler vf_simplify(struct vf_probe *p, const struct vf_topology *t, unsigned int part);

#endif
