/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTML_DIFFERENCE_H
#define HTML_DIFFERENCE_H

#include "diag/buf.h"
#include "html_rules.h"
#include "verify/verify.h"

/** A packet: what it is, what came of it on each side, and its way. @title is plain
 * text. An <article> that the caller ends. */
void html_packet_begin(struct xl_buf *b, const struct vf_result *res, const struct rules_view *view,
		       const struct vf_difference *d, const char *title);
/** Whether something else came of it, or other rules counted it. */
bool html_packet_differs(const struct vf_result *res, const struct vf_difference *d);

/** A rule as a link to its row: "FILE:LINE -A …" */
void html_rule_link(struct xl_buf *b, const struct rules_view *view, const struct xt_rule *rule);

#endif
