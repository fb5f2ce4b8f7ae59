// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of packets: what comes out of the devices, and, from a table of ours behind
 * everything else, with which marks they leave or are delivered. That table tests nothing, so that
 * it makes the kernel neither track connections nor defragment.
 */
#include "verify/attr.h"
#include "verify/side.h"
#include "verify/track.h"
#include "verify/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <unistd.h>

enum { GROUP = 65000, ETHER = 14, FRAMES_MAX = 256 };

/* Marks come with the packet's sender: a TAP device cannot set one. The sender's last four bytes
 * are the mark where the first two are 02:01. */
static const char rules[] =
	"table inet xtlate-watch {\n"
	"	chain marks {\n"
	"		type filter hook prerouting priority -1000000; policy accept;\n"
	"		@ll,48,16 0x0201 meta mark set @ll,64,32\n"
	"	}\n"
	"	chain quiet {\n"
	"		type filter hook output priority -1000000; policy accept;\n"
	"		ip6 daddr ff02::/16 drop\n"
	"		ip daddr 224.0.0.22 drop\n"
	"	}\n"
	"	chain delivered {\n"
	"		type filter hook input priority 1000000; policy accept;\n"
	"		log prefix \"in\" group 65000 queue-threshold 1\n"
	"	}\n"
	"	chain sent {\n"
	"		type filter hook postrouting priority 1000000; policy accept;\n"
	"		log prefix \"out\" group 65000 queue-threshold 1\n"
	"	}\n"
	"}\n";

/* The same until then: a report could spend what a limit has, as soon as that is loaded. */
static const char early_rules[] =
	"table inet " VF_EARLY " {\n"
	"	chain quiet {\n"
	"		type filter hook output priority -1000000; policy accept;\n"
	"		ip6 daddr ff02::/16 drop\n"
	"		ip daddr 224.0.0.22 drop\n"
	"	}\n"
	"}\n";

bool vf_hush(struct vf_side *s)
{
	return !vf_load_nft(s, early_rules);
}

/* TEE's copies may come back to this host, where OUTPUT marks them or has them go to it, to be
 * copied again, without end; multicast ones come back by the device itself. The priority stays
 * with a packet that loops, and counts the rounds. */
static const char copy_rules[] = "table inet xtlate-watch {\n"
				 "	chain marks {\n"
				 "		meta priority 7a:2 drop\n"
				 "		meta priority 7a:1 meta priority set 7a:2 accept\n"
				 "		meta priority set 7a:1\n"
				 "	}\n"
				 "}\n";

/* The kernel's answer to an untracked packet is neither tracked nor untracked: notrack_tg() in
 * net/netfilter/xt_CT.c leaves it alone, nft_notrack_eval() does not, as doc/differences.md has it.
 * It is made untracked before either sees it. What other rules untracked stays so; what belongs to
 * a connection, too, as do resets and replies, which a lookup finds one for. */
static const char answer_rules[] = "table inet xtlate-watch {\n"
				   "	chain quiet {\n"
				   "		meta skuid >= 0 accept\n"
				   "		meta l4proto tcp meta cgroup >= 0 accept\n"
				   "		icmp type { 0, 8, 10, 14 } accept\n"
				   "		icmpv6 type >= 128 accept\n"
				   "		notrack\n"
				   "	}\n"
				   "}\n";

/* @flags: NFULNL_CFG_F_CONNTRACK wants connections, which not every kernel can add. */
static bool bind_group(struct vf_side *s, uint16_t flags)
{
	struct {
		struct nlmsghdr h;
		struct nfgenmsg g;
		char attrs[64];
	} r = {
		.h = { .nlmsg_type = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG,
		       .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.g = { .nfgen_family = AF_UNSPEC, .res_id = htons(GROUP) },
	};
	struct {
		struct nlmsghdr h;
		struct nlmsgerr e;
		char rest[256];
	} answer;
	struct nfulnl_msg_config_cmd cmd = { NFULNL_CFG_CMD_BIND };
	struct nfulnl_msg_config_mode mode = { htonl(0xffff), NFULNL_COPY_PACKET, 0 };
	uint32_t threshold = htonl(1);
	int size = 8 << 20;
	char *at = r.attrs;

	at = vf_attr_put(at, NFULA_CFG_CMD, &cmd, sizeof(cmd));
	at = vf_attr_put(at, NFULA_CFG_MODE, &mode, sizeof(mode));
	at = vf_attr_put(at, NFULA_CFG_QTHRESH, &threshold, sizeof(threshold));
	flags = htons(flags);
	at = vf_attr_put(at, NFULA_CFG_FLAGS, &flags, sizeof(flags));
	r.h.nlmsg_len = (uint32_t)(at - (char *)&r);
	setsockopt(s->log, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (send(s->log, &r, r.h.nlmsg_len, 0) < 0 || recv(s->log, &answer, sizeof(answer), 0) < 0)
		return false;
	errno = answer.h.nlmsg_type == NLMSG_ERROR ? -answer.e.error : 0;
	return !errno;
}

/* Later releases of nft take the four bytes for a number in network order, nft 1.0.6 as they are.
 */
static void note_byteorder(void *to, const void *attrs, size_t n)
{
	struct vf_side *s = to;
	const struct nlattr *table = vf_attr_find(attrs, n, NFTA_RULE_TABLE);

	if (table && !strcmp(vf_attr_data(table), "xtlate-watch"))
		s->big_marks |= memmem(attrs, n, "byteorder", strlen("byteorder")) != NULL;
}

bool vf_watch(struct vf_side *s, bool *connections)
{
	if (vf_load_nft(s, rules) ||
	    !vf_dump(s->netlink, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE, NFPROTO_INET, NULL, 0,
		     note_byteorder, s))
		return false;
	if (s->copies)
		vf_load_nft(s, copy_rules);
	if (s->untracks)
		vf_load_nft(s, answer_rules);
	if (*connections)
		*connections = bind_group(s, NFULNL_CFG_F_CONNTRACK);
	if (!*connections && !bind_group(s, 0))
		return vf_side_fail(s, "nfnetlink_log: %s", strerror(errno));
	return true;
}

static int new_sender(const struct vf_side *s, const struct vf_probe *p)
{
	bool v4 = p->family == NFPROTO_IPV4;
	int fd, one = 1;

	if (!vf_enter(s))
		return -1;
	/* xt_owner looks at the credentials with which the socket's file was opened. */
	setfsgid(p->flags & VF_GID ? p->gid : 0);
	setfsuid(p->flags & VF_UID ? p->uid : 0);
	fd = socket(v4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	setfsuid(0);
	setfsgid(0);
	vf_enter(NULL);
	if (fd >= 0 && !v4)
		setsockopt(fd, IPPROTO_IPV6, IPV6_HDRINCL, &one, sizeof(one));
	if (fd >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_MARK, &p->mark, sizeof(p->mark));
		setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one));
	}
	return fd;
}

static int sender(struct vf_side *s, const struct vf_probe *p)
{
	uint32_t uid = p->flags & VF_UID ? p->uid : 0, gid = p->flags & VF_GID ? p->gid : 0;
	struct vf_sender *x;

	for (size_t i = 0; i < s->n_senders; i++) {
		x = &s->senders[i];
		if (x->family == p->family && x->uid == uid && x->gid == gid && x->mark == p->mark)
			return x->fd;
	}
	if (s->n_senders == VF_SENDERS)
		close(s->senders[--s->n_senders].fd);
	x = &s->senders[s->n_senders];
	*x = (struct vf_sender){ new_sender(s, p), p->family, uid, gid, p->mark };
	if (x->fd >= 0)
		s->n_senders++;
	return x->fd;
}

/* A send that the rules forbid fails; that is an outcome, not an error. */
static bool send_out(struct vf_side *s, const struct vf_probe *p, const uint8_t *ip, size_t n)
{
	struct sockaddr_in to4 = { .sin_family = AF_INET };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6 };
	bool v4 = p->family == NFPROTO_IPV4;
	int fd = sender(s, p);

	if (fd < 0)
		return vf_side_fail(s, "raw socket: %s", strerror(errno));
	memcpy(&to4.sin_addr, p->daddr, 4);
	memcpy(&to6.sin6_addr, p->daddr, 16);
	sendto(fd, ip, n, MSG_DONTWAIT, v4 ? (struct sockaddr *)&to4 : (struct sockaddr *)&to6,
	       v4 ? sizeof(to4) : sizeof(to6));
	return true;
}

/* To our device, or to all or a group of those on the link. */
static void put_dmac(const struct vf_probe *p, uint8_t *at)
{
	static const uint8_t all[4] = { 255, 255, 255, 255 };
	bool v4 = p->family == NFPROTO_IPV4;

	if (v4 && !memcmp(p->daddr, all, 4)) {
		memset(at, 0xff, 6);
	} else if (v4 && p->daddr[0] >> 4 == 14) {
		memcpy(at, (const uint8_t[]){ 1, 0, 0x5e, p->daddr[1] & 0x7f }, 4);
		memcpy(at + 4, p->daddr + 2, 2);
	} else if (!v4 && p->daddr[0] == 0xff) {
		memset(at, 0x33, 2);
		memcpy(at + 2, p->daddr + 12, 4);
	} else {
		memcpy(at, (const uint8_t[]){ 2, 0, 0, 0, (uint8_t)p->in, 1 }, 6);
	}
}

bool vf_send(struct vf_side *s, const struct vf_probe *p)
{
	uint8_t frame[ETHER + VF_WIRE_MAX];
	size_t n = vf_wire(p, frame + ETHER);

	vf_side_answer(s, p);
	if (p->in == VF_OUT || s->tap[p->in] < 0)
		return send_out(s, p, frame + ETHER, n);
	put_dmac(p, frame);
	memcpy(frame + 6, p->smac, 6);
	if (p->mark) {
		const uint32_t mark = s->big_marks ? htonl(p->mark) : p->mark;

		frame[6] = 2;
		frame[7] = 1;
		memcpy(frame + 8, &mark, sizeof(mark));
	}
	memcpy(frame + 12, p->family == NFPROTO_IPV4 ? "\x08\x00" : "\x86\xdd", 2);
	/* The kernel is done with the packet when this returns: tun_rx_batched() calls
	 * netif_receive_skb() itself. */
	if (write(s->tap[p->in], frame, n + ETHER) < 0 && errno != EAGAIN)
		return vf_side_fail(s, "sending: %s", strerror(errno));
	return true;
}

static void add_hex(struct xl_buf *b, const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		xl_buf_putc(b, digits[p[i] >> 4]);
		xl_buf_putc(b, digits[p[i] & 15]);
	}
}

/* The kernel speaks to its neighbours when it likes: of its multicast groups (IGMP, MLD), for
 * routers. Probes never go to these addresses. */
static bool is_report(const uint8_t *ip, size_t n)
{
	static const uint8_t igmp[4] = { 224, 0, 0, 22 };

	if (n >= 20 && ip[0] >> 4 == 4)
		return !memcmp(ip + 16, igmp, sizeof(igmp));
	return n >= 40 && ip[24] == 0xff && ip[25] == 2;
}

/* Which neighbour it goes to is the rules' doing only with TEE. */
static void add_gateway(const struct vf_side *s, const uint8_t *dmac, struct xl_buf *b)
{
	static const uint8_t begin[5] = { 2, 0, 0, 0, 0xff };
	const struct vf_gateway *g = s->topo->gateways;
	char addr[INET6_ADDRSTRLEN];

	if (memcmp(dmac, begin, sizeof(begin)) != 0 || dmac[5] < VF_GATEWAY ||
	    dmac[5] - VF_GATEWAY >= (int)s->topo->n_gateways)
		return;
	g += dmac[5] - VF_GATEWAY;
	inet_ntop(g->net.family == NFPROTO_IPV4 ? AF_INET : AF_INET6, g->net.addr, addr,
		  sizeof(addr));
	xl_buf_printf(b, " to %s", addr);
}

/* A rule can have the kernel send without end: TEE of a packet that comes back. */
static void seen_frames(struct vf_side *s, const struct vf_probe *p, struct xl_buf *b)
{
	uint8_t frame[ETHER + 65536];
	unsigned int frames = 0;
	size_t len;
	ssize_t n;

	for (size_t i = 0; i < s->topo->n; i++) {
		while (s->tap[i] >= 0 && frames < FRAMES_MAX &&
		       (n = read(s->tap[i], frame, sizeof(frame))) > ETHER) {
			if (is_report(frame + ETHER, (size_t)n - ETHER))
				continue;
			frames++;
			len = vf_hide(&s->ranges, p, frame + ETHER, (size_t)n - ETHER);
			xl_buf_printf(b, "leaves by %s", s->topo->devices[i].name);
			add_gateway(s, frame, b);
			xl_buf_puts(b, ": ");
			add_hex(b, frame + ETHER, len);
			xl_buf_putc(b, '\n');
		}
	}
	if (frames < FRAMES_MAX)
		return;
	s->endless = true;
}

static const char *device_name(const struct vf_side *s, uint64_t ifindex)
{
	for (size_t i = 0; i < s->topo->n; i++)
		if (s->tap[i] >= 0 && s->ifindex[i] == (int)ifindex)
			return s->topo->devices[i].name;
	return ifindex ? "lo" : "-";
}

static void seen_log(struct vf_side *s, const struct vf_probe *p, const void *attrs, size_t n,
		     struct xl_buf *b)
{
	const struct nlattr *prefix = vf_attr_find(attrs, n, NFULA_PREFIX);
	const struct nlattr *payload = vf_attr_find(attrs, n, NFULA_PAYLOAD);
	const struct nlattr *ct = vf_attr_find(attrs, n, NFULA_CT);
	bool in = prefix && !strcmp(vf_attr_data(prefix), "in");
	const char *device;
	uint8_t ip[65536];

	if (payload && is_report(vf_attr_data(payload), vf_attr_size(payload)))
		return;
	device =
		device_name(s, vf_attr_number(vf_attr_find(
				       attrs, n, in ? NFULA_IFINDEX_INDEV : NFULA_IFINDEX_OUTDEV)));
	s->looping |= !in && !strcmp(device, "lo");
	xl_buf_printf(b, "%s %s mark %#x", in ? "is delivered from" : "is sent by", device,
		      (unsigned int)vf_attr_number(vf_attr_find(attrs, n, NFULA_MARK)));
	if (ct) {
		xl_buf_puts(b, " ct ");
		vf_connection_text(b, vf_attr_data(ct), vf_attr_size(ct));
	}
	if (in && payload && vf_attr_size(payload) <= sizeof(ip)) {
		memcpy(ip, vf_attr_data(payload), vf_attr_size(payload));
		xl_buf_puts(b, ": ");
		add_hex(b, ip, vf_hide(&s->ranges, p, ip, vf_attr_size(payload)));
	}
	xl_buf_putc(b, '\n');
}

static void seen_logs(struct vf_side *s, const struct vf_probe *p, struct xl_buf *b)
{
	static __thread char buf[1 << 17] __attribute__((aligned(8)));
	size_t skip = NLMSG_ALIGN(sizeof(struct nfgenmsg));
	ssize_t n;

	while ((n = recv(s->log, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		for (const struct nlmsghdr *h = (const void *)buf; NLMSG_OK(h, n);
		     h = NLMSG_NEXT(h, n))
			if (h->nlmsg_type == (NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET))
				seen_log(s, p, (const char *)NLMSG_DATA(h) + skip,
					 NLMSG_PAYLOAD(h, 0) - skip, b);
}

/* Connections are ended at once: keeping them would use up the backlog. */
static void seen_socket(const struct vf_listener *l, const char *which, struct xl_buf *b)
{
	uint8_t data[2048];
	ssize_t n;
	int fd;

	while (!l->tcp && (n = recv(l->fd, data, sizeof(data), MSG_DONTWAIT)) >= 0) {
		xl_buf_printf(b, "reaches %s UDP socket on port %u: ", which, l->port);
		add_hex(b, data, (size_t)n);
		xl_buf_putc(b, '\n');
	}
	while (l->tcp && (fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		xl_buf_printf(b, "connects to %s TCP socket on port %u\n", which, l->port);
		close(fd);
	}
}

static void seen_sockets(struct vf_side *s, struct xl_buf *b)
{
	for (size_t i = 0; i < s->n_listeners; i++)
		seen_socket(&s->listeners[i], "the", b);
	if (s->called.fd >= 0)
		seen_socket(&s->called, "its own", b);
	vf_side_hang_up(s);
}

/* What goes over lo arrives when the kernel has time for it: behind a frame of ours that is sent
 * after it, from the same processor, and that no rule sees. */
static void await_lo(const struct vf_side *s)
{
	static const uint8_t frame[64] = { [12] = ETH_P_802_EX1 >> 8, [13] = ETH_P_802_EX1 & 0xff };
	struct pollfd come = { .fd = s->loop, .events = POLLIN };
	uint8_t back[sizeof(frame)];

	if (send(s->loop, frame, sizeof(frame), 0) == sizeof(frame) && poll(&come, 1, 1000) > 0)
		recv(s->loop, back, sizeof(back), MSG_DONTWAIT);
}

void vf_seen(struct vf_side *s, const struct vf_probe *p, struct xl_buf *seen)
{
	for (s->looping = true; s->looping;) {
		s->looping = false;
		seen_logs(s, p, seen);
		if (s->looping)
			await_lo(s);
	}
	seen_frames(s, p, seen);
	seen_sockets(s, seen);
	vf_connections(s, p, seen);
}
