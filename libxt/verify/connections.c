// SPDX-License-Identifier: GPL-2.0-or-later
/* What connection tracking knows after a probe, from ctnetlink: what the packets' log cannot tell
 * on every kernel (NETFILTER_NETLINK_GLUE_CT), or at all. */
#include "verify/attr.h"
#include "verify/track.h"

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_compat.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool vf_follow_connections(struct vf_side *s)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK,
				    .nl_groups = NF_NETLINK_CONNTRACK_NEW };
	int size = 1 << 20;

	if (!vf_enter(s))
		return false;
	s->events = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_NETFILTER);
	vf_enter(NULL);
	if (s->events < 0)
		return false;
	setsockopt(s->events, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return !bind(s->events, (struct sockaddr *)&addr, sizeof(addr));
}

void vf_forget_connections(struct vf_side *s)
{
	char message[4096];

	while (s->events >= 0 && recv(s->events, message, sizeof(message), 0) > 0)
		;
}

static void add_zone(struct xl_buf *b, const char *what, const struct nlattr *zone)
{
	if (zone)
		xl_buf_printf(b, " %s %u", what, (unsigned int)vf_attr_number(zone));
}

static void add_labels(struct xl_buf *b, const struct nlattr *labels)
{
	const uint8_t *v = labels ? vf_attr_data(labels) : NULL;

	for (size_t i = 0; v && i < 8 * vf_attr_size(labels); i++)
		if (v[i / 8] & 1U << i % 8)
			xl_buf_printf(b, " label %zu", i);
}

static void add_state(struct xl_buf *b, const void *attrs, size_t n)
{
	static const struct {
		unsigned int bit;
		const char *name;
	} bits[] = {
		{ IPS_EXPECTED, " expected" },
		{ IPS_SEEN_REPLY, " answered" },
		{ IPS_ASSURED, " assured" },
		{ IPS_HELPER, " with its helper" },
	};
	const struct nlattr *tcp =
		vf_attr_in(vf_attr_in(vf_attr_find(attrs, n, CTA_PROTOINFO), CTA_PROTOINFO_TCP),
			   CTA_PROTOINFO_TCP_STATE);
	uint64_t status = vf_attr_number(vf_attr_find(attrs, n, CTA_STATUS));

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (status & bits[i].bit)
			xl_buf_puts(b, bits[i].name);
	if (tcp)
		xl_buf_printf(b, " TCP state %u", (unsigned int)vf_attr_number(tcp));
}

void vf_connection_text(struct xl_buf *b, const void *attrs, size_t n)
{
	const struct nlattr *helper = vf_attr_in(vf_attr_find(attrs, n, CTA_HELP), CTA_HELP_NAME);

	xl_buf_printf(b, "mark %#x",
		      (unsigned int)vf_attr_number(vf_attr_find(attrs, n, CTA_MARK)));
	add_zone(b, "zone", vf_attr_find(attrs, n, CTA_ZONE));
	add_zone(b, "original zone",
		 vf_attr_in(vf_attr_find(attrs, n, CTA_TUPLE_ORIG), CTA_TUPLE_ZONE));
	add_zone(b, "reply zone",
		 vf_attr_in(vf_attr_find(attrs, n, CTA_TUPLE_REPLY), CTA_TUPLE_ZONE));
	if (helper)
		xl_buf_printf(b, " helper %s", (const char *)vf_attr_data(helper));
	add_labels(b, vf_attr_find(attrs, n, CTA_LABELS));
	add_state(b, attrs, n);
}

static void describe(struct xl_buf *b, const char *what, const struct nlmsghdr *h)
{
	size_t head = NLMSG_SPACE(sizeof(struct nfgenmsg));

	if (h->nlmsg_type != (NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW) ||
	    h->nlmsg_len < head)
		return;
	xl_buf_printf(b, "%s connection: ", what);
	vf_connection_text(b, (const char *)h + head, h->nlmsg_len - head);
	xl_buf_putc(b, '\n');
}

static void known(struct vf_side *s, const struct vf_probe *p, struct xl_buf *seen)
{
	struct {
		struct nlmsghdr h;
		struct nfgenmsg g;
		char attrs[256];
	} r = {
		.h = { .nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET,
		       .nlmsg_flags = NLM_F_REQUEST },
		.g = { .nfgen_family = p->family },
	};
	union {
		struct nlmsghdr h;
		char bytes[4096];
	} answer;
	char *end = vf_track_tuple(p, r.attrs);

	if (!end)
		return;
	r.h.nlmsg_len = (uint32_t)(end - (char *)&r);
	if (send(s->netlink, &r, r.h.nlmsg_len, 0) > 0 &&
	    recv(s->netlink, &answer, sizeof(answer), 0) > 0)
		describe(seen, "known", &answer.h);
}

void vf_connections(struct vf_side *s, const struct vf_probe *p, struct xl_buf *seen)
{
	union {
		struct nlmsghdr h;
		char bytes[4096];
	} m;

	if (s->events < 0)
		return;
	while (recv(s->events, &m, sizeof(m), 0) > 0)
		describe(seen, "new", &m.h);
	known(s, p, seen);
}
