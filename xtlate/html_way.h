/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTML_WAY_H
#define HTML_WAY_H

/* A packet's way through the hooks, drawn. */

#include "diag/buf.h"
#include "html_rules.h"
#include "verify/verify.h"

/** A lane for each side, with the rules that counted the packet at each hook; @d->rule is marked.
 */
void html_way(struct xl_buf *b, const struct vf_result *res, const struct rules_view *view,
	      const struct vf_difference *d);

/** For step @i: the hook at which the packet met it, or that of a step before. */
int html_way_hook(const struct vf_way *way, size_t i);

#endif
