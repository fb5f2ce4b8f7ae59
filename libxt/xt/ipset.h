/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XT_IPSET_H
#define XT_IPSET_H

/*
 * ipsets as "ipset save" writes them. Elements are kept as the kernel keeps them: with the set's
 * mask, ranges of networks as prefixes, ranges of ports as single ones.
 */

#include "diag/diag.h"
#include "xt/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What a part of an element is. */
enum xt_ipset_dim {
	XT_DIM_END,
	XT_DIM_IP,
	XT_DIM_NET,
	XT_DIM_PORT,	/* with a protocol: tcp:80 */
	XT_DIM_PORTNUM, /* of TCP and UDP alike: bitmap:port */
	XT_DIM_IFACE,
	XT_DIM_MAC,
	XT_DIM_MARK,
	XT_DIM_SET,
};

enum { XT_IPSET_DIMS = 3 };

/** A kind of set; @old_name is what ipset 4 called it. */
struct xt_ipset_type {
	const char *name, *old_name;
	enum xt_ipset_dim dims[XT_IPSET_DIMS + 1];
	bool bitmap;
};

/**
 * struct xt_ipset_elem
 * @addr: of the first and the second dimension that is IP, NET or PORTNUM
 * @len: prefix length of a NET, which says how specific the element is; else 0
 * @port: or ICMP type and code, as in the kernel: type << 8 | code
 * @iface: with @wildcard, the beginning of a name
 * @timeout: seconds left; 0: permanent
 */
struct xt_ipset_elem {
	struct xt_range addr[2];
	uint8_t len[2];
	uint8_t proto;
	uint16_t port;
	bool has_mac;
	uint8_t mac[6];
	uint32_t mark;
	const char *iface;
	bool wildcard, physdev, nomatch;
	uint32_t timeout;
	uint64_t packets, bytes;
	const char *comment;
	const struct xt_ipset *member;
};

/**
 * struct xt_ipset
 * @id: its place among the sets
 * @type: NULL when the line that creates it could not be read
 * @family: NFPROTO_*; UNSPEC for types without addresses
 * @bad: where something about it could not be read, so that it is not known in full
 * @mask: of addresses before they are looked up, when @masked
 * @range: of a bitmap
 */
struct xt_ipset {
	size_t id;
	const char *name;
	const struct xt_ipset_type *type;
	uint8_t family;
	struct xl_loc loc, bad;
	bool has_timeout, counters, skbinfo, forceadd;
	uint32_t timeout;
	uint64_t maxelem;
	bool masked;
	struct xt_addr mask;
	uint32_t markmask;
	struct xt_range range;
	struct xt_ipset_elem *elems;
	size_t n, cap;
};

struct xt_ipsets {
	struct xl_arena *arena;
	struct xt_ipset **v;
	size_t n, cap;
	struct xt_ipset *last; /* found; the next line is mostly about the same */
	unsigned int files;
};

void xt_ipsets_init(struct xt_ipsets *sets, struct xl_arena *a);
/**
 * Reads the output of "ipset save" or a file for "ipset restore". What cannot be read is reported
 * and noted in its set.
 */
void xt_ipsets_read(struct xt_ipsets *sets, struct xl_diags *diags, const char *file,
		    const char *text, size_t size);
/** The set of this name, or NULL. */
struct xt_ipset *xt_ipset_find(struct xt_ipsets *sets, const char *name);

#endif
