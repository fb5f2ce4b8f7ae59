/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERIFY_REPORT_H
#define VERIFY_REPORT_H

#include "run.h"
#include "verify/verify.h"

/** What was found, for people: on standard output. */
void verify_show(const struct run *r, const struct vf_result *res, bool quiet);
/** One packet's way through all sides. */
void verify_show_way(const struct vf_result *res, const struct vf_way *way);
/** What was found as JSON, to a file. 0, or -1 after a message. */
int verify_report(const struct run *r, const struct vf_result *res, const char *path);
/** The packets that came out differently, as they were sent: a pcap file of raw IP packets. */
int verify_pcap(const struct run *r, const struct vf_result *res, const char *path);

#endif
