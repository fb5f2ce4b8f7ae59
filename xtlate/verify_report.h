/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERIFY_REPORT_H
#define VERIFY_REPORT_H

#include "inputs.h"
#include "verify/verify.h"

/**
 * struct verify_about - what reports say besides the result
 * @against: the nft file that was compared with; NULL: the translation
 * @args: the command's options and files as given, quoted for a shell
 * @nft: the version of nft; "" when it is not known
 */
struct verify_about {
	const struct run *run;
	const struct inputs *in;
	const char *against, *args, *nft;
	uint64_t seed;
};

/** The command that sends the simplest packet of a difference again; in @b. */
void verify_command(struct xl_buf *b, const struct verify_about *about, const struct vf_result *res,
		    const struct vf_simplest *s);

/** What was found, for people: on standard output. */
void verify_show(const struct verify_about *about, const struct vf_result *res);
/** One packet's way through all sides. */
void verify_show_way(const struct vf_result *res, const struct vf_way *way);
/** The packets that came out differently, as they were sent: a pcap file of raw IP packets. */
int verify_pcap(const struct run *r, const struct vf_result *res, const char *path);

/* verify_json.c */

/** What was found as JSON, to a file; doc/verify-report.schema.json. 0, or -1 after a message. */
int verify_report(const struct verify_about *about, const struct vf_result *res, const char *path);

#endif
