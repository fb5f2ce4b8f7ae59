/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_TOPOLOGY_H
#define VF_TOPOLOGY_H

/* The network around a ruleset: devices by the names that the rules use, addresses that are the
 * host's own, and what lies behind which device. */

#include "diag/buf.h"
#include "diag/diag.h"
#include "xt/ruleset.h"

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

/** An address with a prefix length, network order. */
struct vf_net {
	uint8_t family; /* NFPROTO_IPV4 or NFPROTO_IPV6 */
	uint8_t addr[16];
	uint8_t len;
};

/**
 * struct vf_device
 * @own: its own addresses (a multicast address: a group that it has joined)
 * @behind: networks routed to it (hosts there have the rest as neighbours)
 * @given: by the user, with its addresses, rather than by rules
 * @named: by a rule, in full
 * @mtu: 0: the usual one
 * A device named "lo" is the loopback device and is not made.
 */
struct vf_device {
	char name[IFNAMSIZ];
	bool given, named;
	unsigned int mtu;
	struct vf_net *own, *behind;
	size_t n_own, own_cap, n_behind, behind_cap;
};

/** A neighbour that TEE names: what goes to it can be told from what goes to others there. @dev:
 * -1: where its address leads. */
struct vf_gateway {
	struct vf_net net;
	int dev;
};

/** The last byte of the first gateway's address on its link, which begins with 02:00:00:00:ff. */
enum { VF_GATEWAY = 1, VF_GATEWAYS = 200 };

struct vf_routes;

/** A line for "ip -batch"; @families: bit 0 is IPv4, bit 1 is IPv6. */
struct vf_command {
	unsigned int line; /* of the file that asks for it */
	uint8_t families;
	const char *text;
};

/** A setting; @path: below /proc/sys/net. */
struct vf_sysctl {
	unsigned int line;
	const char *path, *value;
};

/**
 * struct vf_given - what the user says of the network, for the kernel to obey
 * @local: networks whose addresses are all the host's own
 * @rules: there is policy routing, so that none is derived
 * @lenient: what the kernel will not do is only said
 */
struct vf_given {
	const char *file;
	struct vf_command *commands;
	size_t n_commands, commands_cap;
	struct vf_sysctl *sysctls;
	size_t n_sysctls, sysctls_cap;
	struct vf_net *local;
	size_t n_local, local_cap;
	bool rules, lenient;
};

/**
 * struct vf_topology
 * @listen: ports (host order) that TPROXY and REDIRECT name; a transparent listener is put there
 * @gateways: at most VF_GATEWAYS
 * @routes: made by vf_topology_index()
 * @given: NULL: all of it comes from the rules
 */
struct vf_topology {
	struct xl_arena *arena;
	struct vf_device *devices;
	size_t n, cap;
	uint16_t *listen;
	size_t n_listen, listen_cap;
	struct vf_gateway *gateways;
	size_t n_gateways, gateways_cap;
	bool tproxy_marks; /* policy routing for @mark/@mask is wanted */
	uint32_t mark, mask;
	struct vf_routes *routes;
	struct vf_given *given;
};

bool vf_can_be_device(const char *name);
/** Adds a device; returns its place, -1 when it cannot be a device's name. */
int vf_device_add(struct vf_topology *t, const char *name);
/** The same for a device that the user names; it gets no addresses. */
int vf_device_give(struct vf_topology *t, const char *name);
/** To be called once the devices are complete, before the functions below. */
void vf_topology_index(struct vf_topology *t);

/**
 * Derives a topology from the rules of all tables: a device for each interface name ("eth+" becomes
 * eth0), at least two others; own addresses for destinations in INPUT chains, for REDIRECT's and
 * DNAT's sake; routes to each destination by the device that -o names. Device k has 198.18.k.1/24
 * and fd00:k::1/64 besides.
 */
void vf_topology_from_rules(struct vf_topology *t, struct xl_arena *a, const struct xt_ruleset *rs);

/**
 * Begins a topology with what @text says, in the form that xtlate-verify(1) describes. What is
 * wrong with it goes to @diags as errors of @file. vf_topology_complete() comes next.
 */
void vf_topology_read(struct vf_topology *t, struct xl_arena *a, struct xl_diags *diags,
		      const char *file, const char *text);
/** Writes the network of the namespace that we are in, in that form, and notes what is left out.
 * False with errno set. */
bool vf_topology_here(struct xl_buf *b, struct xl_diags *diags);
/** Adds what rules name and the user does not: devices, listeners. */
void vf_topology_complete(struct vf_topology *t, const struct xt_ruleset *rs);

/** The device with this name, or -1. */
int vf_device_find(const struct vf_topology *t, const char *name);
/** Whether the host would take a packet to @addr as its own. */
bool vf_is_own(const struct vf_topology *t, uint8_t family, const uint8_t *addr);
/** The device by which a packet to @addr would leave (longest prefix; else device 0). Sources are
 * to be accepted wherever they come from: no reverse path filter, accept_local. */
int vf_route(const struct vf_topology *t, uint8_t family, const uint8_t *addr);

#endif
