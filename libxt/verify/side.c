// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/side.h"

#include "verify/space.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Nothing but our packets may move: no neighbour or router discovery, no group reports, no
 * redirects; and no limits on answers and no half-open connections, which would make outcomes
 * depend on time. */
struct setting {
	const char *path, *value;
};

static const struct setting sysctls[] = {
	{ "ipv4/ip_forward", "1" },
	{ "ipv4/icmp_ratelimit", "0" },
	{ "ipv4/icmp_ratemask", "0" },
	{ "ipv4/conf/all/rp_filter", "0" },
	{ "ipv4/conf/default/rp_filter", "0" },
	{ "ipv4/conf/all/accept_local", "1" },
	{ "ipv4/conf/all/route_localnet", "1" },
	{ "ipv4/conf/all/send_redirects", "0" },
	{ "ipv4/conf/default/send_redirects", "0" },
	{ "ipv4/igmp_max_memberships", "100000" },
	{ "ipv4/ipfrag_time", "86400" },
	{ "ipv4/tcp_invalid_ratelimit", "0" },
	{ "ipv4/tcp_syncookies", "2" },
	{ "ipv6/ip6frag_time", "86400" },
	{ "ipv6/icmp/ratelimit", "0" },
	{ "ipv6/icmp/ratemask", "255" }, /* else icmp_msgs_per_sec is for them, too */
	{ "ipv6/conf/all/forwarding", "1" },
	{ "ipv6/conf/default/forwarding", "1" },
	{ "ipv6/conf/default/addr_gen_mode", "1" },
	{ "ipv6/conf/default/accept_dad", "0" },
	{ "ipv6/conf/default/accept_ra", "0" },
};

/* Nothing ends by time: a run can take longer than what is known of a connection is kept. */
static const struct setting tracking[] = {
	{ "netfilter/nf_conntrack_tcp_timeout_close", "86400" },
	{ "netfilter/nf_conntrack_tcp_timeout_close_wait", "86400" },
	{ "netfilter/nf_conntrack_tcp_timeout_fin_wait", "86400" },
	{ "netfilter/nf_conntrack_tcp_timeout_last_ack", "86400" },
	{ "netfilter/nf_conntrack_tcp_timeout_max_retrans", "86400" },
	{ "netfilter/nf_conntrack_tcp_timeout_syn_recv", "86400" },
	{ "netfilter/nf_conntrack_tcp_timeout_syn_sent", "86400" },
	{ "netfilter/nf_conntrack_tcp_timeout_time_wait", "86400" },
	{ "netfilter/nf_conntrack_tcp_timeout_unacknowledged", "86400" },
	{ "netfilter/nf_conntrack_udp_timeout", "86400" },
	{ "netfilter/nf_conntrack_udp_timeout_stream", "86400" },
	{ "netfilter/nf_conntrack_icmp_timeout", "86400" },
	{ "netfilter/nf_conntrack_icmpv6_timeout", "86400" },
	{ "netfilter/nf_conntrack_generic_timeout", "86400" },
	{ "netfilter/nf_conntrack_sctp_timeout_closed", "86400" },
	{ "netfilter/nf_conntrack_sctp_timeout_cookie_wait", "86400" },
	{ "netfilter/nf_conntrack_sctp_timeout_cookie_echoed", "86400" },
	{ "netfilter/nf_conntrack_sctp_timeout_heartbeat_sent", "86400" },
	{ "netfilter/nf_conntrack_frag6_timeout", "86400" },
};

bool vf_side_fail(struct vf_side *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	s->error = xl_vprintf(s->topo->arena, fmt, ap);
	va_end(ap);
	return false;
}

const char *vf_why(int error)
{
	if (error == EMFILE)
		return "too many open files; ulimit -n sets how many there may be";
	return strerror(error);
}

bool vf_enter(const struct vf_side *s)
{
	return vf_space_enter(s ? s->ns : -1);
}

static bool write_settings(struct vf_side *s, const struct setting *sysctls, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char path[128];
		int fd;

		snprintf(path, sizeof(path), "/proc/sys/net/%s", sysctls[i].path);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT) /* a kernel without IPv6, or without tracking */
			continue;
		if (fd < 0 || write(fd, sysctls[i].value, strlen(sysctls[i].value)) < 0)
			return vf_side_fail(s, "%s: %s", path, vf_why(errno));
		close(fd);
	}
	return true;
}

bool vf_side_settle(struct vf_side *s)
{
	bool ok =
		vf_enter(s) && write_settings(s, tracking, sizeof(tracking) / sizeof(tracking[0]));

	vf_enter(NULL);
	return ok;
}

/* Persistent, so that closing it is quick: the device goes with the namespace. */
static int open_tap(const char *name)
{
	struct ifreq r = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	if (fd >= 0 && (ioctl(fd, TUNSETIFF, &r) || ioctl(fd, TUNSETPERSIST, 1))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static const char *why_no_tap(void)
{
	bool opens = !access("/dev/net/tun", R_OK | W_OK);

	if (errno == ENOENT || errno == ENODEV || errno == ENXIO)
		return "there is no /dev/net/tun: load the kernel's module tun";
	if (!opens)
		return "no right to open /dev/net/tun: run it as root, or chmod 0666 /dev/net/tun";
	return vf_why(errno);
}

static bool open_devices(struct vf_side *s)
{
	const struct vf_topology *t = s->topo;

	s->tap = xl_alloc(t->arena, t->n * sizeof(*s->tap));
	s->ifindex = xl_alloc(t->arena, t->n * sizeof(*s->ifindex));
	for (size_t i = 0; i < t->n; i++)
		s->tap[i] = -1;
	for (size_t i = 0; i < t->n; i++) {
		if (!strcmp(t->devices[i].name, "lo"))
			continue;
		s->tap[i] = open_tap(t->devices[i].name);
		if (s->tap[i] < 0)
			return vf_side_fail(s, "device %s: %s", t->devices[i].name, why_no_tap());
		s->ifindex[i] = (int)if_nametoindex(t->devices[i].name);
	}
	return true;
}

static bool open_sockets(struct vf_side *s)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	struct sockaddr_ll lo = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_802_EX1),
				  .sll_ifindex = (int)if_nametoindex("lo") };

	s->netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	s->log = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	s->raw4 = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	s->raw6 = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	s->loop = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (s->netlink < 0 || s->log < 0 || s->raw4 < 0 ||
	    bind(s->netlink, (struct sockaddr *)&addr, sizeof(addr)) ||
	    bind(s->loop, (struct sockaddr *)&lo, sizeof(lo)))
		return vf_side_fail(s, "sockets: %s", vf_why(errno));
	return true;
}

bool vf_side_open(struct vf_side *s, enum vf_kind kind, const struct vf_topology *topo)
{
	bool ok;

	*s = (struct vf_side){ .kind = kind, .topo = topo };
	s->netlink = s->log = s->raw4 = s->raw6 = s->loop = s->events = s->called.fd = -1;
	s->ns = vf_space_new(topo->arena, &s->error);
	if (s->ns < 0)
		return false;
	ok = write_settings(s, sysctls, sizeof(sysctls) / sizeof(sysctls[0])) && open_devices(s) &&
	     open_sockets(s);
	vf_enter(NULL);
	return ok && vf_side_configure(s);
}

void vf_side_close(struct vf_side *s)
{
	const int fds[] = { s->netlink, s->log, s->raw4, s->raw6, s->loop, s->events, s->ns };

	vf_side_deafen(s);
	vf_side_hang_up(s);
	for (size_t i = 0; s->tap && i < s->topo->n; i++)
		if (s->tap[i] >= 0)
			close(s->tap[i]);
	for (size_t i = 0; i < s->n_senders; i++)
		close(s->senders[i].fd);
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	s->ns = -1;
}
