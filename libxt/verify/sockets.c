// SPDX-License-Identifier: GPL-2.0-or-later
/* The sockets of a side that packets can reach: those of proxies, for the whole run, and the one
 * that a probe asks for. */
#include "verify/side.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Which socket has answered: see struct vf_listener. */
enum { TTL_CALLED = 99, TTL_FIRST = 100 };

static int new_socket(bool tcp, bool v6, int ttl)
{
	int type = (tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, one = 1;
	int fd = socket(v6 ? AF_INET6 : AF_INET, type, 0);

	if (fd < 0)
		return fd;
	setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_UNICAST_HOPS : IP_TTL, &ttl,
		   sizeof(ttl));
	if (v6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	return fd;
}

static void allow(int fd, bool v6, int option4, int option6)
{
	int one = 1;

	setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? option6 : option4, &one, sizeof(one));
}

/* @addr NULL: the wildcard. Sockets of an address may stand beside those of all. */
static bool serve(int fd, bool tcp, bool v6, const uint8_t *addr, uint16_t port)
{
	struct sockaddr_in a4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 a6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int one = 1;

	if (addr)
		memcpy(v6 ? (void *)&a6.sin6_addr : (void *)&a4.sin_addr, addr, v6 ? 16 : 4);
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
	return !bind(fd, v6 ? (struct sockaddr *)&a6 : (struct sockaddr *)&a4,
		     v6 ? sizeof(a6) : sizeof(a4)) &&
	       (!tcp || !listen(fd, 128));
}

static bool open_listener(struct vf_side *s, bool tcp, bool v6, uint16_t port)
{
	struct vf_listener *l = &s->listeners[s->n_listeners];

	l->tcp = tcp;
	l->port = port;
	l->fd = new_socket(tcp, v6, TTL_FIRST + (int)(s->n_listeners % 100));
	if (l->fd < 0)
		return vf_side_fail(s, "socket: %s", vf_why(errno));
	s->n_listeners++;
	allow(l->fd, v6, IP_TRANSPARENT, IPV6_TRANSPARENT);
	return serve(l->fd, tcp, v6, NULL, port)
		       ? true
		       : vf_side_fail(s, "port %u: %s", port, vf_why(errno));
}

bool vf_side_listen(struct vf_side *s)
{
	const struct vf_topology *t = s->topo;
	bool ok = true;

	if (!s->listeners)
		s->listeners = xl_alloc(t->arena, 4 * t->n_listen * sizeof(*s->listeners) + 1);
	if (!vf_enter(s))
		return vf_side_fail(s, "setns: %s", vf_why(errno));
	for (size_t i = 0; ok && i < t->n_listen; i++)
		for (int how = 0; ok && how < 4; how++)
			ok = open_listener(s, how & 1, how & 2, t->listen[i]);
	vf_enter(NULL);
	return ok;
}

void vf_side_deafen(struct vf_side *s)
{
	for (size_t i = 0; i < s->n_listeners; i++)
		close(s->listeners[i].fd);
	s->n_listeners = 0;
}

static bool is_taken(const struct vf_side *s, uint16_t port)
{
	for (size_t i = 0; i < s->n_listeners; i++)
		if (s->listeners[i].port == port)
			return true;
	return false;
}

/* The address may be another host's: a packet that goes through finds such a socket, too. Of two on
 * the wildcard address the kernel would choose one. */
void vf_side_answer(struct vf_side *s, const struct vf_probe *p)
{
	bool tcp = p->proto == IPPROTO_TCP, v6 = p->family == NFPROTO_IPV6;
	bool wildcard = p->flags & VF_WILDCARD;
	struct vf_listener *l = &s->called;

	vf_side_hang_up(s);
	if (!(p->flags & VF_SOCKET) || (!tcp && p->proto != IPPROTO_UDP) || !p->dport ||
	    (wildcard && is_taken(s, p->dport)) || !vf_enter(s))
		return;
	*l = (struct vf_listener){ new_socket(tcp, v6, TTL_CALLED), tcp, p->dport };
	if (p->flags & VF_TRANSPARENT)
		allow(l->fd, v6, IP_TRANSPARENT, IPV6_TRANSPARENT);
	else
		allow(l->fd, v6, IP_FREEBIND, IPV6_FREEBIND);
	setsockopt(l->fd, SOL_SOCKET, SO_MARK, &p->socket_mark, sizeof(p->socket_mark));
	if (!serve(l->fd, tcp, v6, wildcard ? NULL : p->daddr, p->dport))
		vf_side_hang_up(s);
	vf_enter(NULL);
}

void vf_side_hang_up(struct vf_side *s)
{
	if (s->called.fd >= 0)
		close(s->called.fd);
	s->called.fd = -1;
}
