// SPDX-License-Identifier: GPL-2.0-or-later
/* What connection tracking knows after a probe, from ctnetlink: what the packets' log cannot tell
 * on every kernel (NETFILTER_NETLINK_GLUE_CT), or at all. */
#include "verify/attr.h"
#include "verify/track.h"

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

static void describe(struct xl_buf *b, const char *what, const struct nlmsghdr *h)
{
	size_t head = NLMSG_SPACE(sizeof(struct nfgenmsg));
	const void *attrs = (const char *)h + head;
	const struct nlattr *helper, *zone;

	if (h->nlmsg_type != (NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW) ||
	    h->nlmsg_len < head)
		return;
	helper = vf_attr_in(vf_attr_find(attrs, h->nlmsg_len - head, CTA_HELP), CTA_HELP_NAME);
	zone = vf_attr_find(attrs, h->nlmsg_len - head, CTA_ZONE);
	xl_buf_printf(
		b, "%s connection: mark %#x", what,
		(unsigned int)vf_attr_number(vf_attr_find(attrs, h->nlmsg_len - head, CTA_MARK)));
	if (zone)
		xl_buf_printf(b, " zone %u", (unsigned int)vf_attr_number(zone));
	if (helper)
		xl_buf_printf(b, " helper %s", (const char *)vf_attr_data(helper));
	xl_buf_puts(b, "\n");
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
