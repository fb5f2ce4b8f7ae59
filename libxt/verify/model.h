/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_MODEL_H
#define VF_MODEL_H

/*
 * A light model of iptables, used only to make good packets: for each kind of match, whether it
 * takes a packet, how to make a packet so that it does, and the packets at its edges. The kernel
 * decides in the end; where the model is wrong, packets are only less good.
 */

#include "verify/probe.h"
#include "verify/rng.h"

#include <linux/netfilter/x_tables.h>

/**
 * struct vf_packet - a packet at a point of its way
 * @p: as it is there; earlier rules may have changed it
 * @hook: NF_INET_*
 * @in, @out: the devices as rules see them, IFNAMSIZ bytes; all zeros: none
 * @dev_out: place of the device by which it will leave, -1: none or lo
 * @own: the host takes it as its own
 * @loops: sent by this host to itself, and by now on its way in
 * @stolen: TPROXY has taken it
 * @any_mark: what tests of marks say is not known
 */
struct vf_packet {
	struct vf_probe p;
	const struct vf_topology *topo;
	int hook;
	const char *in, *out;
	int dev_out;
	bool own, loops, stolen, untracked, dnat, snat, any_mark;
	/* Where packets to @looked_up go; so that it is looked up once. */
	bool looked, to_own;
	uint8_t looked_up[16];
	int to_dev;
};

/** Fills @in, @out, @own, @dev_out for this hook from @k->p. */
void vf_place(struct vf_packet *k, int hook);

/** The header of an entry, of either family. IPv4 addresses are in the first 4 bytes. */
struct vf_head {
	uint8_t family, proto, inv; /* IPT_INV_* */
	bool has_proto, fragment;
	char in[IFNAMSIZ], out[IFNAMSIZ], in_mask[IFNAMSIZ], out_mask[IFNAMSIZ];
	uint8_t src[16], dst[16], src_mask[16], dst_mask[16];
};

struct vf_kind;

/** struct vf_cond - one match of a rule; @set: that it names, NULL: not known */
struct vf_cond {
	const struct vf_kind *kind; /* NULL: nothing is known of it */
	const struct xt_ipset *set;
	const struct xt_entry_match *m;
	const void *data;
	uint8_t rev;
};

/**
 * struct vf_kind - what is known of a match
 * @make: changes the packet so that it matches, if that can be done; may be NULL
 * @edge: makes the n-th packet that just misses or is just in; false past the last; may be NULL
 * @until: after how many packets it stops matching, 0: never; may be NULL
 * @chance: it decides by chance
 * @why: why it may not be reached, or NULL; @absent: and then never here
 */
struct vf_kind {
	const char *name;
	uint8_t rev_min, rev_max;
	enum vf_test (*test)(const struct vf_cond *c, const struct vf_packet *k);
	void (*make)(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r);
	bool (*edge)(const struct vf_cond *c, struct vf_packet *k, unsigned int n);
	unsigned int (*until)(const struct vf_cond *c);
	bool (*chance)(const struct vf_cond *c);
	const char *(*why)(const struct vf_cond *c);
	bool absent;
};

/** Tables of kinds, each ended by one without a name. */
extern const struct vf_kind vf_kinds_ct[], vf_kinds_data[], vf_kinds_ext6[], vf_kinds_host[],
	vf_kinds_ip[], vf_kinds_port[], vf_kinds_rest[], vf_kinds_set[];

void vf_cond_init(struct vf_cond *c, const struct xt_entry_match *m);
enum vf_test vf_cond_test(const struct vf_cond *c, const struct vf_packet *k);
/** Whether a rule with such a match has connections tracked. */
bool vf_needs_tracking(const struct vf_kind *k);
/** As the kinds' own, with @in, @out … kept up to date. */
void vf_cond_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r);
bool vf_cond_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n);

void vf_head_parse(struct vf_head *h, uint8_t family, const void *entry);
bool vf_head_test(const struct vf_head *h, const struct vf_packet *k);
void vf_head_make(const struct vf_head *h, struct vf_packet *k, struct vf_rng *r);
/** The n-th edge of one of its tests. */
bool vf_head_edge(const struct vf_head *h, struct vf_packet *k, unsigned int part, unsigned int n);
enum { VF_HEAD_PARTS = 6 };
/** Of a wildcard, "eth+": a name that it just does not mean, "et0". False: it is none. */
bool vf_iface_near(char *to, const char *want, const char *mask);
/** Whether a name is meant by an interface test (without its inversion). */
bool vf_iface_is(const char *name, const char *want, const char *mask);

/* What kinds have in common; model_range.c. */

/** A range of numbers from 0 to @max, perhaps inverted. */
struct vf_range {
	uint32_t lo, hi, max;
	bool inv;
};

bool vf_in(struct vf_range r, uint32_t v);
/** A value in it: one of its bounds or any. */
uint32_t vf_pick(struct vf_range r, struct vf_rng *rng);
/** The n-th of: just below, the lowest, the highest, just above. */
bool vf_bound(struct vf_range r, unsigned int n, uint32_t *v);
/** How many of them there are. */
unsigned int vf_bounds(struct vf_range r);

/** An address that is like @want where @mask has bits, random elsewhere. */
void vf_addr_fill(uint8_t family, uint8_t *addr, const uint8_t *want, const uint8_t *mask,
		  struct vf_rng *r);
bool vf_addr_like(uint8_t family, const uint8_t *addr, const uint8_t *want, const uint8_t *mask);
/** The first and last address of a network and those around it, or each bit of a mask with holes.
 */
bool vf_addr_bound(uint8_t family, uint8_t *addr, const uint8_t *want, const uint8_t *mask,
		   unsigned int n);
/** An address of a host behind a device; device -1: any. */
void vf_addr_behind(const struct vf_packet *k, int device, uint8_t *addr, struct vf_rng *r);
/** An own address, of the device if it is not -1. */
void vf_addr_own(const struct vf_packet *k, int device, uint8_t *addr, struct vf_rng *r);
bool vf_is_multicast(uint8_t family, const uint8_t *addr);

/** Gives the packet this protocol, with usual values for what belongs to it. */
void vf_set_proto(struct vf_probe *p, uint8_t proto);
/** Whether it has a transport header that matches can read. */
bool vf_has_ports(const struct vf_packet *k);
bool vf_first_fragment(const struct vf_packet *k);
/** Whether it is the first packet of a connection. */
bool vf_begins(const struct vf_packet *k);
/** Whether the ports that one asks for are among those of the other; both tell ports only. */
bool vf_ports_cover(const struct vf_cond *wide, const struct vf_cond *narrow);
/** Whether the bytes that one asks for are among those of the other; both tell bytes only. */
bool vf_data_cover(const struct vf_cond *wide, const struct vf_cond *narrow);
/** Whether no packet has the bytes that it asks for. */
bool vf_data_clash(const struct vf_cond *c);
/** Of which states packets are that it takes; VF_ALL_STATES: any. */
unsigned int vf_cond_states(const struct vf_cond *c);
unsigned int vf_proto_states(uint8_t family, uint8_t proto);
/** Whether it asks for a connection whose destination was changed. */
bool vf_cond_asks_dnat(const struct vf_cond *c);
/** Whether it takes only packets that are tracked unless a rule sees to it. */
bool vf_cond_is_tracked(const struct vf_cond *c);
enum { VF_ALL_STATES = 0x10f }; /* NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED */
/** What "-m state" asks, as conntrack has it: UNTRACKED is another bit there. */
unsigned int vf_state_mask(const struct vf_cond *c);
/** Whether both test ports or ICMP types that no packet has at once. */
bool vf_ports_clash(const struct vf_cond *a, const struct vf_cond *b);
/** Whether no packet is in the set that it names, as it was given. */
bool vf_set_is_empty(const struct vf_cond *c);
/** Whether all that it tests is whether the connection is in one of these states. */
bool vf_only_states(const struct vf_cond *c, unsigned int *states_asked);

#endif
