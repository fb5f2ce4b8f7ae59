/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_SIDE_H
#define HELPERS_SIDE_H

#include "packet.h"
#include "util.h"

#include <net/if.h>

enum { MAX_SOCKETS = 8 };

struct socket_watched {
	int fd;
	bool tcp;
	unsigned int port;
};

/**
 * struct side - a network namespace with two TAP devices, a and b, between which it forwards
 * @ns: the namespace
 * @tap: what the world behind a and b is
 * @netlink: a socket for nfnetlink requests, @raw: one for xtables', @log: see watch.h
 * @sockets: see listen.h
 */
struct side {
	const char *name;
	unsigned int family;
	int ns, tap[2], netlink, raw, log;
	struct socket_watched sockets[MAX_SOCKETS];
	int connections[MAX_SOCKETS];
	size_t n_sockets, n_connections;
};

struct side side_open(const char *name, unsigned int family);
void side_close(struct side *s);

/** Makes the calling process act in @ns (a side's, or what home_ns() gave). */
void enter(int ns);
int home_ns(void);

/** Makes the devices a and b in the caller's namespace: some rules load only where they are. */
void add_devices(void);

/** Lets the packet come in, or sends it. */
void side_send(const struct side *s, const struct packet *p);

/** The next frame that came out of a TAP: 0 for none. */
size_t side_receive(const struct side *s, int tap, uint8_t *frame);

/** Packets and bytes that rules have counted. */
struct count {
	uint64_t packets, bytes;
};

/** All rules of a legacy table, policies left out. */
struct count count_legacy(const struct side *s, const char *table);
/** All rules of all tables but those named "test-…". */
struct count count_nft(const struct side *s);

#endif
