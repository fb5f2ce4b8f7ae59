/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_PHYSDEV_H
#define XL_PHYSDEV_H

/*
 * Only tables of family bridge see the ports of a bridge, and their hooks run before br_netfilter
 * calls those of ip and ip6 (net/bridge/br_netfilter_hooks.c: br_nf_ops). So a bridge table writes
 * what rules ask of the ports into bits of the packet's mark that no rule uses, the rules test
 * these bits, and another table clears them behind the last rule.
 */

#include "translate/env.h"

/**
 * struct xl_physdev_port - a port, or the beginning of the names of some
 * @name, @mask: as in the blobs
 * @text: as nft writes it; "": any; NULL: it cannot, see @why
 * @wild: more than one name
 * @bits: all of these are set for this one: one of @way's numbers, or a bit of its own
 */
struct xl_physdev_port {
	struct xl_physdev_port *next;
	char name[16];
	unsigned char mask[16];
	const char *text, *why;
	bool wild;
	uint32_t bits;
};

/**
 * struct xl_physdev_way - the ports that packets came by, or that they leave by
 * @asked: rules ask whether there is one at all; @known is the bit for that
 * @number: the bits in which the number of an exact name stands; 0: no such port
 */
struct xl_physdev_way {
	struct xl_physdev_port *ports;
	unsigned int exact;
	bool asked;
	uint32_t known, number;
};

/**
 * struct xl_physdev - what the rules of one family ask
 * @all: every bit that is taken
 * @why: what about these rules cannot be translated; NULL: nothing
 */
struct xl_physdev {
	struct xl_physdev *next;
	uint8_t family;
	struct xl_physdev_way in, out;
	uint32_t all;
	const char *why;
};

/** Finds what all rules of env->xt ask, and takes bits for it. */
void xl_scan_physdev(struct xl_env *env);
/** The bits that are taken for rules of @family. */
uint32_t xl_physdev_bits(const struct xl_env *env, uint8_t family);
/** Makes the tables that set and clear the bits. */
void xl_physdev_tables(struct xl_env *env);

#endif
