// SPDX-License-Identifier: GPL-2.0-or-later
#include "listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct wanted {
	bool tcp, transparent;
	union address addr;
	socklen_t size;
};

static bool parse_address(struct wanted *w, unsigned int family, const char *s)
{
	if (family == 4)
		return inet_pton(AF_INET, s, &w->addr.v4.sin_addr) == 1;
	return inet_pton(AF_INET6, s, &w->addr.v6.sin6_addr) == 1;
}

static bool parse(struct wanted *w, unsigned int family, const char *what)
{
	char proto[8], word[2][64];
	unsigned int port;
	int n = sscanf(what, "%7s %u %63s %63s", proto, &port, word[0], word[1]);

	if (n < 2 || port > 65535 || (strcmp(proto, "tcp") != 0 && strcmp(proto, "udp") != 0))
		return false;
	w->tcp = *proto == 't';
	w->addr.any.sa_family = family == 4 ? AF_INET : AF_INET6;
	w->addr.v4.sin_port = htons((uint16_t)port); /* in the same place in both */
	w->size = family == 4 ? sizeof(w->addr.v4) : sizeof(w->addr.v6);
	for (int i = 0; i < n - 2; i++) {
		if (!strcmp(word[i], "transparent"))
			w->transparent = true;
		else if (!parse_address(w, family, word[i]))
			return false;
	}
	return true;
}

static void set_option(int fd, int level, int option)
{
	int one = 1;

	if (setsockopt(fd, level, option, &one, sizeof(one)))
		die("socket option %d", option);
}

bool listen_open(struct side *s, const char *what)
{
	struct wanted w = { 0 };
	struct socket_watched *k = &s->sockets[s->n_sockets];

	if (s->n_sockets == MAX_SOCKETS || !parse(&w, s->family, what))
		return false;
	enter(s->ns);
	k->fd = socket(w.addr.any.sa_family,
		       (w.tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	enter(home_ns());
	if (k->fd < 0)
		die("socket");
	if (s->family == 6)
		set_option(k->fd, IPPROTO_IPV6, IPV6_V6ONLY);
	if (w.transparent)
		set_option(k->fd, s->family == 4 ? IPPROTO_IP : IPPROTO_IPV6,
			   s->family == 4 ? IP_TRANSPARENT : IPV6_TRANSPARENT);
	if (bind(k->fd, &w.addr.any, w.size) || (w.tcp && listen(k->fd, 16)))
		die("listen: %s", what);
	k->tcp = w.tcp;
	k->port = ntohs(w.addr.v4.sin_port);
	s->n_sockets++;
	return true;
}

static void add_address(struct text *t, const union address *a)
{
	char name[INET6_ADDRSTRLEN];
	bool v4 = a->any.sa_family == AF_INET;

	inet_ntop(a->any.sa_family,
		  v4 ? (const void *)&a->v4.sin_addr : (const void *)&a->v6.sin6_addr, name,
		  sizeof(name));
	text_f(t, " %s %u", name, ntohs(a->v4.sin_port));
}

/* A connection stays open until the case is over: closing it would send packets. */
static bool read_tcp(struct side *s, const struct socket_watched *k, struct text *seen)
{
	union address peer, own;
	socklen_t n = sizeof(peer), own_n = sizeof(own);
	int fd = s->n_connections < MAX_SOCKETS ? accept4(k->fd, &peer.any, &n, SOCK_CLOEXEC) : -1;

	if (fd < 0)
		return false;
	s->connections[s->n_connections++] = fd;
	if (getsockname(fd, &own.any, &own_n))
		die("getsockname");
	text_f(seen, "  tcp socket %u: connection from", k->port);
	add_address(seen, &peer);
	text_f(seen, " to");
	add_address(seen, &own);
	text_f(seen, "\n");
	return true;
}

static bool read_udp(struct side *s, const struct socket_watched *k, struct text *seen)
{
	uint8_t data[2048];
	union address peer;
	socklen_t size = sizeof(peer);
	ssize_t n = recvfrom(k->fd, data, sizeof(data), 0, &peer.any, &size);

	(void)s;
	if (n < 0)
		return false;
	text_f(seen, "  udp socket %u: from", k->port);
	add_address(seen, &peer);
	text_f(seen, " ");
	for (ssize_t i = 0; i < n; i++)
		text_f(seen, "%02x", data[i]);
	text_f(seen, "\n");
	return true;
}

void listen_read(struct side *s, struct text *seen)
{
	for (size_t i = 0; i < s->n_sockets; i++)
		while ((s->sockets[i].tcp ? read_tcp : read_udp)(s, &s->sockets[i], seen))
			;
}

void listen_close(struct side *s)
{
	for (size_t i = 0; i < s->n_sockets; i++)
		close(s->sockets[i].fd);
	for (size_t i = 0; i < s->n_connections; i++)
		close(s->connections[i]);
}
