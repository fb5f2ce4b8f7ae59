/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

/** An IPv4 or IPv6 address with its port; sa.sa_family says which. */
union endpoint {
	struct sockaddr sa;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

enum { ENDPOINT_TEXT = INET6_ADDRSTRLEN + sizeof("[]:65535") };

socklen_t endpoint_len(const union endpoint *e);

/** Reads a numeric address (NULL: the wildcard) and a port; ends the program when they are wrong.
 */
union endpoint endpoint_read(int family, const char *host, const char *port);

/** "10.0.3.1:80" or "[fd03::1]:80", in @text, which is returned. */
const char *endpoint_text(const union endpoint *e, char text[ENDPOINT_TEXT]);

bool endpoint_equal(const union endpoint *a, const union endpoint *b);

union endpoint endpoint_name(int fd);
union endpoint endpoint_peer(int fd);

/** Where the client wanted to go, as conntrack knows it (SO_ORIGINAL_DST); false: it does not. */
bool endpoint_original(int fd, union endpoint *e);

/**
 * endpoint_socket - a socket bound to @local
 * @type: SOCK_STREAM or SOCK_DGRAM
 * @transparent: @local may be an address of another host, and so may the packets that come in
 *
 * Returns -1, with errno, when that cannot be had.
 */
int endpoint_socket(const union endpoint *local, int type, bool transparent);

/** A socket that waits on @local, told the destination of each datagram; ends the program if not.
 */
int endpoint_listen(const union endpoint *local, int type, bool transparent);

/** Reads a datagram, who sent it and where to: the address in the packet, whoever that is. */
ssize_t endpoint_receive(int fd, void *data, size_t len, union endpoint *from, union endpoint *to);

/** A datagram socket from @local to @peer, for an answer that @peer takes for @local's. */
int endpoint_pair(const union endpoint *local, const union endpoint *peer, bool transparent);

/** Sends the ACK that is due now, so that the number of packets does not hang on timers. */
void endpoint_ack(int fd);

/** The caller's shell goes on; the program lives in the background, but not for ever. */
void endpoint_background(void);

#endif
