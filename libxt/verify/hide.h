/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_HIDE_H
#define VF_HIDE_H

#include "verify/probe.h"

/** Ports that a NAT rule lets the kernel choose from; host order. */
struct vf_range {
	uint16_t lo, hi;
};

/** What a NAT rule says of ports. @to: the destination's; @lo, @hi: 0: nothing */
struct vf_nat {
	bool to;
	uint16_t lo, hi;
};

/** Fills in @nat; false: the rule's target is not one that may choose ports. */
bool vf_nat_of(uint8_t family, const struct xt_rule *rule, struct vf_nat *nat);

/**
 * struct vf_ranges
 * @v: the ranges of DNAT and REDIRECT rules
 * @ports: a bit for each single port that NAT rules name; @sources: that rules for sources name
 * @mss: TCPMSS adds options
 * @drawn: set by who uses it: where to put a port that is hidden, the source's or the
 *	destination's
 */
struct vf_ranges {
	struct vf_range *v;
	uint8_t ports[8192], sources[8192];
	size_t n, cap;
	bool mss;
	uint16_t *drawn;
};

void vf_ranges_find(struct vf_ranges *r, struct xl_arena *a, const struct xt_ruleset *rs);

/**
 * Replaces in the IP packet @ip, that came of @p, what the kernel draws anew each time: the id of
 * packets that it makes, sequence numbers and flow labels of its answers, and ports that NAT chose
 * from a range (by the range's first). Takes out the option that only iptables' TCPMSS adds, to
 * what has no data, such as an answer of SYNPROXY. Returns the packet's size then.
 */
size_t vf_hide(const struct vf_ranges *ranges, const struct vf_probe *p, uint8_t *ip, size_t n);

#endif
