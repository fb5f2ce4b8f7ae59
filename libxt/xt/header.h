/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XT_HEADER_H
#define XT_HEADER_H

/* The header of an entry while its options are read: struct ipt_entry or struct ip6t_entry. */

#include "xt/host.h"

#include <net/if.h>
#include <netinet/in.h>

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

/** The addresses of one -s or -d: a comma list. Memory of libxtables, so malloc()ed. */
struct xt_addresses {
	void *addrs, *masks;
	unsigned int n;
};

struct xt_header {
	uint8_t family;
	union {
		struct ipt_entry e4;
		struct ip6t_entry e6;
	};
	struct xt_addresses src, dst;
	unsigned int next; /* the pair of addresses that xt_header_next() gives next */
	bool src_given, dst_given, proto_given, in_given, out_given;
	uint16_t proto;
	char proto_name[32];
};

void xt_header_init(struct xt_header *h, uint8_t family);
void xt_header_free(struct xt_header *h);
void *xt_header_entry(struct xt_header *h);

/* These leave by xt_host_fail() when the argument is wrong. */
void xt_header_addresses(struct xt_host *host, struct xt_header *h, bool src, const char *arg,
			 bool invert);
void xt_header_protocol(struct xt_host *host, struct xt_header *h, char *arg, bool invert);
void xt_header_interface(struct xt_host *host, struct xt_header *h, bool in, const char *arg,
			 bool invert);
void xt_header_fragment(struct xt_host *host, struct xt_header *h, bool invert);

/** The match that has the options of -p's protocol; NULL without -p. */
const char *xt_header_protocol_match(const struct xt_header *h);

/**
 * Puts the next pair of source and destination into the entry; false after the last.
 * iptables makes a rule for each pair, sources in the outer loop.
 */
bool xt_header_next(struct xt_header *h, bool go_to);

#endif
