/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERIFY_HTML_H
#define VERIFY_HTML_H

#include "verify_report.h"

/** Writes what was found as a page. 0, or -1 after a message. */
int verify_html(struct run *r, const struct verify_about *about, const struct vf_setup *setup,
		const struct vf_result *res, const char *path);

/** The same for one packet. */
int verify_html_way(struct run *r, const struct verify_about *about, const struct vf_setup *setup,
		    const struct vf_result *res, const struct vf_difference *d, const char *path);

#endif
