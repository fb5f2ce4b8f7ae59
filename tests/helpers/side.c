// SPDX-License-Identifier: GPL-2.0-or-later
#include "side.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct setting {
	const char *path, *value;
};

/* Nothing but our packets may move: no neighbour or router discovery, no group reports, no
 * redirects; and no limit on ICMP errors, which would make outcomes depend on time, and no flow
 * labels that are drawn. */
static const struct setting early[] = {
	{ "ipv4/ip_forward", "1" },
	{ "ipv4/icmp_ratelimit", "0" },
	{ "ipv4/icmp_ratemask", "0" },
	{ "ipv4/conf/all/rp_filter", "0" },
	{ "ipv4/conf/default/rp_filter", "0" },
	{ "ipv4/conf/all/send_redirects", "0" },
	{ "ipv4/conf/default/send_redirects", "0" },
	{ "ipv6/auto_flowlabels", "0" },
	{ "ipv6/icmp/ratelimit", "0" },
	{ "ipv6/conf/default/addr_gen_mode", "1" },
	{ "ipv6/conf/default/accept_dad", "0" },
	{ "ipv6/conf/default/accept_ra", "0" },
	{ NULL, NULL },
};

/* A router joins ff02::2 on each device that has multicast when it begins to be one
 * (dev_forward_change(), ipv6_add_dev()), and would report that some time later. */
static const struct setting late[] = {
	{ "ipv6/conf/all/forwarding", "1" },
	{ NULL, NULL },
};

static const char config[] = "link set dev lo up\n"
			     "link set dev a address 02:00:00:00:01:01 arp off multicast off up\n"
			     "link set dev b address 02:00:00:00:02:01 arp off multicast off up\n"
			     "addr add 10.0.1.1/24 dev a\n"
			     "addr add 10.0.2.1/24 dev b\n"
			     "addr add fd01::1/64 dev a nodad\n"
			     "addr add fd02::1/64 dev b nodad\n"
			     "route add default dev b\n"
			     "route add ::/0 dev b\n";

int home_ns(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("/proc/self/ns/net");
	return fd;
}

void enter(int ns)
{
	if (setns(ns, CLONE_NEWNET))
		die("setns");
}

static void write_settings(const struct setting *s)
{
	for (; s->path; s++) {
		char path[128];
		int fd;

		snprintf(path, sizeof(path), "/proc/sys/net/%s", s->path);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, s->value, strlen(s->value)) < 0)
			die("%s", path);
		close(fd);
	}
}

/* Persistent, so that closing it is quick: the device goes with the namespace. */
static int open_tap(char name)
{
	struct ifreq r = { .ifr_name = { name }, .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, TUNSETIFF, &r) || ioctl(fd, TUNSETPERSIST, 1))
		die("/dev/net/tun");
	return fd;
}

void add_devices(void)
{
	close(open_tap('a'));
	close(open_tap('b'));
}

static int open_netlink(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die("netlink");
	return fd;
}

static void configure(const struct side *s)
{
	struct text out = { 0 }, err = { 0 };
	const char *const ip[] = { "ip", "-batch", "-", NULL };

	if (run(s->ns, ip, config, &out, &err)) {
		fputs(text_str(&err), stderr);
		errno = EINVAL;
		die("ip -batch");
	}
	text_free(&out);
	text_free(&err);
}

static bool has_route(const char *addr)
{
	int fd = open("/proc/self/net/ipv6_route", O_RDONLY | O_CLOEXEC);
	struct text t = { 0 };
	bool found;

	if (fd < 0)
		die("/proc/self/net/ipv6_route");
	text_read(&t, fd);
	close(fd);
	found = strstr(text_str(&t), addr);
	text_free(&t);
	return found;
}

/* The kernel makes the routes of IPv6 addresses when it likes (addrconf_dad_work()). */
static void await_routes(void)
{
	while (!has_route("fd010000000000000000000000000001 80") ||
	       !has_route("fd020000000000000000000000000001 80"))
		usleep(1000);
}

struct side side_open(const char *name, unsigned int family)
{
	struct side s = { .name = name, .family = family, .log = -1 };
	int home = home_ns();

	if (unshare(CLONE_NEWNET))
		die("unshare");
	s.ns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	write_settings(early);
	for (int i = 0; i < 2; i++)
		s.tap[i] = open_tap((char)('a' + i));
	s.netlink = open_netlink();
	s.raw = socket(family == 4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (s.raw < 0)
		die("raw socket");
	configure(&s);
	if (family == 6)
		await_routes();
	write_settings(late);
	enter(home);
	return s;
}

void side_close(struct side *s)
{
	const int fds[] = { s->tap[0], s->tap[1], s->netlink, s->raw, s->log, s->ns };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static int out_socket(const struct side *s, const struct packet *p)
{
	int one = 1, fd;

	enter(s->ns);
	/* xt_owner looks at the credentials with which the socket's file was opened. */
	setfsgid(p->gid.set ? p->gid.v : 0);
	setfsuid(p->uid.set ? p->uid.v : 0);
	fd = socket(p->family == 4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	setfsuid(0);
	setfsgid(0);
	enter(home_ns());
	if (fd < 0 ||
	    (p->family == 6 && setsockopt(fd, IPPROTO_IPV6, IPV6_HDRINCL, &one, sizeof(one))))
		die("raw socket");
	if (p->mark.set && setsockopt(fd, SOL_SOCKET, SO_MARK, &p->mark.v, sizeof(p->mark.v)))
		die("SO_MARK");
	if (p->priority.set &&
	    setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &p->priority.v, sizeof(p->priority.v)))
		die("SO_PRIORITY");
	return fd;
}

/* A send that the rules forbid fails with EPERM; that is an outcome, not an error. */
static void send_out(const struct side *s, const struct packet *p, const uint8_t *ip, size_t n)
{
	int fd = out_socket(s, p);
	struct sockaddr_in to4 = { .sin_family = AF_INET };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6 };

	memcpy(&to4.sin_addr, p->daddr, 4);
	memcpy(&to6.sin6_addr, p->daddr, 16);
	if (p->family == 4)
		sendto(fd, ip, n, 0, (struct sockaddr *)&to4, sizeof(to4));
	else
		sendto(fd, ip, n, 0, (struct sockaddr *)&to6, sizeof(to6));
	close(fd);
}

static void send_ip(const struct side *s, const struct packet *p, const uint8_t *ip, size_t n)
{
	static uint8_t frame[PACKET_MAX];

	if (p->to == TO_OUT) {
		send_out(s, p, ip, n);
		return;
	}
	memcpy(frame, p->dmac, 6);
	memcpy(frame + 6, p->smac, 6);
	memcpy(frame + 12, p->family == 4 ? "\x08\x00" : "\x86\xdd", 2);
	memcpy(frame + 14, ip, n);
	/* The kernel is done with the packet when this returns: tun_rx_batched() calls
	 * netif_receive_skb() itself. */
	if (write(s->tap[p->in - 'a'], frame, n + 14) < 0)
		die("sending by %c", p->in);
}

void side_send(const struct side *s, const struct packet *p)
{
	static uint8_t ip[PACKET_MAX], part[PACKET_MAX];
	size_t n = packet_ip(p, ip), part_n;

	if (!p->split) {
		send_ip(s, p, ip, n);
		return;
	}
	for (size_t i = 0; (part_n = packet_fragment(p, ip, n, i, part)); i++)
		send_ip(s, p, part, part_n);
}

size_t side_receive(const struct side *s, int tap, uint8_t *frame)
{
	ssize_t n = read(s->tap[tap], frame, PACKET_MAX);

	return n > 0 ? (size_t)n : 0;
}
