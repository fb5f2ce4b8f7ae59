// SPDX-License-Identifier: GPL-2.0-or-later
/* Sockets for the tests: addresses of both families, and transparent sockets as ip(7) has them. */
#include "endpoint.h"

#include <arpa/inet.h>
#include <err.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef IPV6_RECVORIGDSTADDR
#define IPV6_RECVORIGDSTADDR 74
#endif
#ifndef IPV6_TRANSPARENT
#define IPV6_TRANSPARENT 75
#endif

enum { LIFETIME = 120, BACKLOG = 16 };

/* The socket options that differ between the families in name only. */
struct family_options {
	int level, transparent, destination, original;
};

static const struct family_options *family_options(int family)
{
	static const struct family_options v4 = { IPPROTO_IP, IP_TRANSPARENT, IP_RECVORIGDSTADDR,
						  SO_ORIGINAL_DST };
	static const struct family_options v6 = { IPPROTO_IPV6, IPV6_TRANSPARENT,
						  IPV6_RECVORIGDSTADDR, IP6T_SO_ORIGINAL_DST };

	return family == AF_INET6 ? &v6 : &v4;
}

static bool set_option(int fd, int level, int option)
{
	static const int on = 1;

	return !setsockopt(fd, level, option, &on, sizeof(on));
}

socklen_t endpoint_len(const union endpoint *e)
{
	return e->sa.sa_family == AF_INET6 ? sizeof(e->v6) : sizeof(e->v4);
}

static const void *address(const union endpoint *e)
{
	if (e->sa.sa_family == AF_INET6)
		return &e->v6.sin6_addr;
	return &e->v4.sin_addr;
}

static in_port_t port(const union endpoint *e)
{
	return e->sa.sa_family == AF_INET6 ? e->v6.sin6_port : e->v4.sin_port;
}

static in_port_t read_port(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (end == text || *end || n > UINT16_MAX)
		errx(2, "a port is a number up to 65535, not \"%s\"", text);
	return htons((uint16_t)n);
}

union endpoint endpoint_read(int family, const char *host, const char *text)
{
	union endpoint e = { .sa.sa_family = family };
	in_port_t *to_port = family == AF_INET6 ? &e.v6.sin6_port : &e.v4.sin_port;

	*to_port = read_port(text);
	if (host && inet_pton(family, host, (void *)address(&e)) != 1)
		errx(2, "\"%s\" is not an IPv%c address", host, family == AF_INET6 ? '6' : '4');
	return e;
}

const char *endpoint_text(const union endpoint *e, char text[ENDPOINT_TEXT])
{
	const char *form = e->sa.sa_family == AF_INET6 ? "[%s]:%u" : "%s:%u";
	char host[INET6_ADDRSTRLEN];

	if (!inet_ntop(e->sa.sa_family, address(e), host, sizeof(host)))
		strcpy(host, "?");
	snprintf(text, ENDPOINT_TEXT, form, host, ntohs(port(e)));
	return text;
}

bool endpoint_equal(const union endpoint *a, const union endpoint *b)
{
	size_t len = a->sa.sa_family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);

	return a->sa.sa_family == b->sa.sa_family && port(a) == port(b) &&
	       !memcmp(address(a), address(b), len);
}

union endpoint endpoint_name(int fd)
{
	union endpoint e = { 0 };
	socklen_t len = sizeof(e);

	if (getsockname(fd, &e.sa, &len))
		warn("getsockname");
	return e;
}

union endpoint endpoint_peer(int fd)
{
	union endpoint e = { 0 };
	socklen_t len = sizeof(e);

	if (getpeername(fd, &e.sa, &len))
		warn("getpeername");
	return e;
}

bool endpoint_original(int fd, union endpoint *e)
{
	union endpoint name = endpoint_name(fd);
	const struct family_options *o = family_options(name.sa.sa_family);
	socklen_t len = endpoint_len(&name);

	return !getsockopt(fd, o->level, o->original, e, &len);
}

int endpoint_socket(const union endpoint *local, int type, bool transparent)
{
	int family = local->sa.sa_family;
	const struct family_options *o = family_options(family);
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (set_option(fd, SOL_SOCKET, SO_REUSEADDR) &&
	    (family != AF_INET6 || set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY)) &&
	    (!transparent || set_option(fd, o->level, o->transparent)) &&
	    !bind(fd, &local->sa, endpoint_len(local)))
		return fd;
	close(fd);
	return -1;
}

int endpoint_listen(const union endpoint *local, int type, bool transparent)
{
	const struct family_options *o = family_options(local->sa.sa_family);
	int fd = endpoint_socket(local, type, transparent);

	if (fd < 0)
		err(1, "no socket");
	if (type == SOCK_STREAM ? listen(fd, BACKLOG) : !set_option(fd, o->level, o->destination))
		err(1, "cannot listen");
	return fd;
}

ssize_t endpoint_receive(int fd, void *data, size_t len, union endpoint *from, union endpoint *to)
{
	char control[CMSG_SPACE(sizeof(union endpoint))];
	struct iovec iov = { data, len };
	struct msghdr m = {
		.msg_name = from,
		.msg_namelen = sizeof(*from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(fd, &m, 0);

	if (n < 0)
		return -1;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		const struct family_options *o = family_options(from->sa.sa_family);

		/* ip_cmsg_recv_dstaddr(), net/ipv4/ip_sockglue.c: the type is the option's name. */
		if (c->cmsg_level == o->level && c->cmsg_type == o->destination) {
			memcpy(to, CMSG_DATA(c), endpoint_len(from));
			return n;
		}
	}
	return -1;
}

int endpoint_pair(const union endpoint *local, const union endpoint *peer, bool transparent)
{
	int fd = endpoint_socket(local, SOCK_DGRAM, transparent);

	if (fd < 0 || !connect(fd, &peer->sa, endpoint_len(peer)))
		return fd;
	close(fd);
	return -1;
}

void endpoint_ack(int fd)
{
	set_option(fd, IPPROTO_TCP, TCP_QUICKACK);
}

void endpoint_background(void)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (child)
		_exit(0);
	/* A test that was killed cannot stop us. */
	alarm(LIFETIME);
	setlinebuf(stdout);
}
