/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_TOPOLOGY_READ_H
#define VF_TOPOLOGY_READ_H

/* A line of a topology file, word by word. */

#include "verify/topology.h"

enum { V4 = 1, V6 = 2, BOTH = V4 | V6 };

struct word {
	const char *s;
	unsigned int col;
};

/**
 * struct reader - a line being read
 * @at: the next word
 * @families: that the line can be about
 * @cmd: what ip(8) is to be told
 * @net, @via, @dev, @elsewhere: of a route: what the model is told; @elsewhere: it is in another
 *	table than those that packets without a mark meet
 */
struct reader {
	struct vf_topology *t;
	struct xl_diags *diags;
	struct xl_loc loc;
	struct word *words;
	size_t n, cap, at;
	uint8_t families;
	bool bad;
	struct xl_buf cmd;
	struct vf_net net, via;
	bool elsewhere;
	int dev;
};

/** What follows a word of a route or rule. */
enum kind { FLAG, NET, ADDRESS, GATEWAY, DEVICE, LEAVING, TABLE, NUMBER, MARK, PROTOCOL, PORTS };

struct option {
	const char *word;
	enum kind kind;
};

/** The first error of a line counts; it is about the word before @at. Returns false. */
bool reader_bad(struct reader *r, const char *fmt, ...) XL_PRINTF(2, 3);
/** Begins a line. False when it is empty. */
bool reader_start(struct reader *r, const char *line);
/** The next word, or NULL after an error that says what should have come. */
const char *reader_next(struct reader *r, const char *what);
/** Takes the next word if it is this one. */
bool reader_takes(struct reader *r, const char *word);
/** These add what they read to @cmd. */
bool reader_net(struct reader *r, struct vf_net *net);
/** "default" and "all" are of any family: 0. */
bool reader_net_or_all(struct reader *r, struct vf_net *net);
bool reader_number(struct reader *r, unsigned long *v);
/** The words up to the line's end. */
bool reader_options(struct reader *r, const struct option *options);

#endif
