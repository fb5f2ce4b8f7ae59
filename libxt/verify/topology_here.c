// SPDX-License-Identifier: GPL-2.0-or-later
/* The network that we are in, as rtnetlink tells it; nothing is changed. */
#include "verify/attr.h"
#include "verify/topology.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DEVICES_MAX = 500 };

/* A device that is up. */
struct link {
	uint32_t index;
	char name[IFNAMSIZ];
};

/* @gateways: the routes by a gateway are wanted, which come after those that lead to it. */
struct here {
	struct xl_buf *b;
	struct xl_diags *diags;
	struct link links[DEVICES_MAX];
	size_t n;
	bool gateways;
};

/* The attribute of a message with a head of this size. */
static const struct nlattr *attr(const struct nlmsghdr *m, size_t head, int type)
{
	size_t skip = NLMSG_ALIGN(head);

	return vf_attr_find((const char *)NLMSG_DATA(m) + skip, NLMSG_PAYLOAD(m, 0) - skip, type);
}

static uint32_t number(const struct nlattr *a)
{
	uint32_t v = 0;

	if (a)
		memcpy(&v, vf_attr_data(a), vf_attr_size(a) < 4 ? vf_attr_size(a) : 4);
	return v;
}

static const char *name(const struct here *h, uint32_t index)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->links[i].index == index)
			return h->links[i].name;
	return NULL;
}

static void left_out(struct here *h, const char *what, const char *why)
{
	xl_report(h->diags, XL_NOTE, (struct xl_loc){ .file = NULL }, NULL,
		  "%s of this host is left out: %s", what, why);
}

static void add_address(struct here *h, uint8_t family, const struct nlattr *a)
{
	char text[INET6_ADDRSTRLEN];
	uint8_t all[16] = { 0 };

	inet_ntop(family, a ? vf_attr_data(a) : all, text, sizeof(text));
	xl_buf_puts(h->b, text);
}

static void one_link(void *to, const struct nlmsghdr *m)
{
	struct here *h = to;
	const struct ifinfomsg *i = NLMSG_DATA(m);
	const struct nlattr *ifname = attr(m, sizeof(*i), IFLA_IFNAME);
	uint32_t mtu = number(attr(m, sizeof(*i), IFLA_MTU));
	struct link *l = &h->links[h->n];

	if (!(i->ifi_flags & IFF_UP) || !ifname)
		return;
	if (h->n == DEVICES_MAX) {
		left_out(h, vf_attr_data(ifname), "there are too many devices");
		return;
	}
	l->index = (uint32_t)i->ifi_index;
	strncpy(l->name, vf_attr_data(ifname), IFNAMSIZ - 1);
	h->n++;
	xl_buf_printf(h->b, "dev %s", l->name);
	if (strcmp(l->name, "lo") != 0 && mtu >= 576 && mtu <= 65000)
		xl_buf_printf(h->b, " mtu %u", mtu);
	xl_buf_putc(h->b, '\n');
}

static void one_address(void *to, const struct nlmsghdr *m)
{
	struct here *h = to;
	const struct ifaddrmsg *i = NLMSG_DATA(m);
	const struct nlattr *local = attr(m, sizeof(*i), IFA_LOCAL);
	const struct nlattr *peer = attr(m, sizeof(*i), IFA_ADDRESS);
	const char *dev = name(h, i->ifa_index);

	if (!local)
		local = peer;
	/* lo has the usual ones by itself. */
	if (!dev || !local || (!strcmp(dev, "lo") && i->ifa_scope == RT_SCOPE_HOST))
		return;
	xl_buf_printf(h->b, "dev %s addr ", dev);
	add_address(h, i->ifa_family, local);
	if (peer && memcmp(vf_attr_data(local), vf_attr_data(peer), vf_attr_size(local)) != 0) {
		xl_buf_puts(h->b, " peer ");
		add_address(h, i->ifa_family, peer);
	}
	xl_buf_printf(h->b, "/%u\n", i->ifa_prefixlen);
}

/* By which device and gateway: the first way, where there are several. */
struct way {
	uint32_t dev;
	const struct nlattr *gateway, *other; /* @other: of the other family */
};

static struct way route_way(const struct nlmsghdr *m)
{
	size_t head = sizeof(struct rtmsg);
	const struct nlattr *several = attr(m, head, RTA_MULTIPATH);
	struct way w = { number(attr(m, head, RTA_OIF)), attr(m, head, RTA_GATEWAY),
			 attr(m, head, RTA_VIA) };
	const struct rtnexthop *n;

	if (!several || vf_attr_size(several) < sizeof(*n))
		return w;
	n = vf_attr_data(several);
	w.dev = (uint32_t)n->rtnh_ifindex;
	w.gateway = vf_attr_find(RTNH_DATA(n), n->rtnh_len - RTNH_LENGTH(0), RTA_GATEWAY);
	w.other = vf_attr_find(RTNH_DATA(n), n->rtnh_len - RTNH_LENGTH(0), RTA_VIA);
	return w;
}

static const char *route_type(uint8_t type)
{
	static const char *const names[] = {
		[RTN_UNICAST] = "unicast",     [RTN_LOCAL] = "local",
		[RTN_BLACKHOLE] = "blackhole", [RTN_UNREACHABLE] = "unreachable",
		[RTN_PROHIBIT] = "prohibit",   [RTN_THROW] = "throw",
	};

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}

static void write_route(struct here *h, const struct nlmsghdr *m, const struct way *w,
			const char *dev)
{
	const struct rtmsg *r = NLMSG_DATA(m);
	const struct nlattr *table = attr(m, sizeof(*r), RTA_TABLE);
	const struct nlattr *src = attr(m, sizeof(*r), RTA_PREFSRC);
	uint32_t metric = number(attr(m, sizeof(*r), RTA_PRIORITY));

	xl_buf_printf(h->b, "route %s ", route_type(r->rtm_type));
	add_address(h, r->rtm_family, attr(m, sizeof(*r), RTA_DST));
	xl_buf_printf(h->b, "/%u", r->rtm_dst_len);
	if (w->gateway) {
		xl_buf_puts(h->b, " via ");
		add_address(h, r->rtm_family, w->gateway);
	}
	if (dev && (r->rtm_type == RTN_UNICAST || r->rtm_type == RTN_LOCAL))
		xl_buf_printf(h->b, " dev %s", dev);
	if (src) {
		xl_buf_puts(h->b, " src ");
		add_address(h, r->rtm_family, src);
	}
	if (metric)
		xl_buf_printf(h->b, " metric %u", metric);
	if (r->rtm_flags & RTNH_F_ONLINK)
		xl_buf_puts(h->b, " onlink");
	xl_buf_printf(h->b, " table %u\n", table ? number(table) : r->rtm_table);
}

/* The kernel's own routes come with the addresses. */
static void one_route(void *to, const struct nlmsghdr *m)
{
	struct here *h = to;
	const struct rtmsg *r = NLMSG_DATA(m);
	struct way w = route_way(m);
	const char *dev = name(h, w.dev);

	if (r->rtm_flags & RTM_F_CLONED || r->rtm_protocol == RTPROT_KERNEL ||
	    !route_type(r->rtm_type) || (r->rtm_family != AF_INET && r->rtm_family != AF_INET6) ||
	    h->gateways != !!w.gateway)
		return;
	if (w.other)
		left_out(h, "a route", "its gateway is of the other family");
	else if (r->rtm_type == RTN_UNICAST && !dev)
		left_out(h, "a route", "its device is not there");
	else
		write_route(h, m, &w, dev);
}

static bool usual_rule(const struct fib_rule_hdr *r, uint32_t priority, uint32_t table)
{
	return r->action == FR_ACT_TO_TBL && ((!priority && table == RT_TABLE_LOCAL) ||
					      (priority == 32766 && table == RT_TABLE_MAIN) ||
					      (priority == 32767 && table == RT_TABLE_DEFAULT));
}

/* What else a rule may test is not taken over. */
static bool unknown_rule(const struct nlmsghdr *m)
{
	static const int known[] = { FRA_DST,
				     FRA_SRC,
				     FRA_IIFNAME,
				     FRA_OIFNAME,
				     FRA_FWMARK,
				     FRA_FWMASK,
				     FRA_PRIORITY,
				     FRA_TABLE,
				     FRA_SUPPRESS_PREFIXLEN,
				     FRA_PROTOCOL,
				     FRA_SUPPRESS_IFGROUP,
				     FRA_PAD };
	const struct fib_rule_hdr *r = NLMSG_DATA(m);

	for (int type = 1; type <= FRA_MAX; type++) {
		bool ok = !attr(m, sizeof(*r), type);

		for (size_t i = 0; !ok && i < sizeof(known) / sizeof(known[0]); i++)
			ok = known[i] == type;
		if (!ok)
			return true;
	}
	return r->action == FR_ACT_GOTO || r->action == FR_ACT_NOP || r->tos;
}

static void write_rule(struct here *h, const struct nlmsghdr *m)
{
	static const char *const actions[] = { [FR_ACT_BLACKHOLE] = " blackhole",
					       [FR_ACT_UNREACHABLE] = " unreachable",
					       [FR_ACT_PROHIBIT] = " prohibit" };
	const struct fib_rule_hdr *r = NLMSG_DATA(m);
	const struct nlattr *to = attr(m, sizeof(*r), FRA_DST);
	const struct nlattr *in = attr(m, sizeof(*r), FRA_IIFNAME);
	const struct nlattr *out = attr(m, sizeof(*r), FRA_OIFNAME);
	const struct nlattr *mark = attr(m, sizeof(*r), FRA_FWMARK);
	uint32_t suppress = number(attr(m, sizeof(*r), FRA_SUPPRESS_PREFIXLEN));

	xl_buf_printf(h->b, "rule priority %u%s from ", number(attr(m, sizeof(*r), FRA_PRIORITY)),
		      r->flags & FIB_RULE_INVERT ? " not" : "");
	add_address(h, r->family, attr(m, sizeof(*r), FRA_SRC));
	xl_buf_printf(h->b, "/%u", r->src_len);
	if (to) {
		xl_buf_puts(h->b, " to ");
		add_address(h, r->family, to);
		xl_buf_printf(h->b, "/%u", r->dst_len);
	}
	if (in)
		xl_buf_printf(h->b, " iif %s", (const char *)vf_attr_data(in));
	if (out)
		xl_buf_printf(h->b, " oif %s", (const char *)vf_attr_data(out));
	if (mark)
		xl_buf_printf(h->b, " fwmark %#x/%#x", number(mark),
			      number(attr(m, sizeof(*r), FRA_FWMASK)));
	if (r->action == FR_ACT_TO_TBL)
		xl_buf_printf(h->b, " table %u", number(attr(m, sizeof(*r), FRA_TABLE)));
	else
		xl_buf_puts(h->b, actions[r->action]);
	if (attr(m, sizeof(*r), FRA_SUPPRESS_PREFIXLEN) && suppress != UINT32_MAX)
		xl_buf_printf(h->b, " suppress_prefixlength %u", suppress);
	xl_buf_putc(h->b, '\n');
}

static bool device_there(const struct here *h, const struct nlattr *ifname)
{
	for (size_t i = 0; ifname && i < h->n; i++)
		if (!strcmp(h->links[i].name, vf_attr_data(ifname)))
			return true;
	return !ifname;
}

static void one_rule(void *to, const struct nlmsghdr *m)
{
	struct here *h = to;
	const struct fib_rule_hdr *r = NLMSG_DATA(m);
	uint32_t priority = number(attr(m, sizeof(*r), FRA_PRIORITY));

	if ((r->family != AF_INET && r->family != AF_INET6) ||
	    usual_rule(r, priority, number(attr(m, sizeof(*r), FRA_TABLE))))
		return;
	if (unknown_rule(m))
		left_out(h, "a rule of policy routing", "it tests what is not known");
	else if (!device_there(h, attr(m, sizeof(*r), FRA_IIFNAME)) ||
		 !device_there(h, attr(m, sizeof(*r), FRA_OIFNAME)))
		left_out(h, "a rule of policy routing", "its device is not there");
	else
		write_rule(h, m);
}

/* Asks for all objects of a kind. */
static bool dump(int fd, uint16_t request, size_t head,
		 void (*each)(void *to, const struct nlmsghdr *m), struct here *h)
{
	struct {
		struct nlmsghdr h;
		char body[64];
	} ask = { .h = { .nlmsg_len = (uint32_t)NLMSG_LENGTH(head),
			 .nlmsg_type = request,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP } };

	return vf_ask(fd, &ask.h, each, h);
}

static bool dump_all(int fd, struct here *h)
{
	if (!dump(fd, RTM_GETLINK, sizeof(struct ifinfomsg), one_link, h) ||
	    !dump(fd, RTM_GETADDR, sizeof(struct ifaddrmsg), one_address, h) ||
	    !dump(fd, RTM_GETROUTE, sizeof(struct rtmsg), one_route, h))
		return false;
	h->gateways = true;
	return dump(fd, RTM_GETROUTE, sizeof(struct rtmsg), one_route, h) &&
	       dump(fd, RTM_GETRULE, sizeof(struct fib_rule_hdr), one_rule, h);
}

bool vf_topology_here(struct xl_buf *b, struct xl_diags *diags)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct here h = { .b = b, .diags = diags };
	bool ok = fd >= 0 && dump_all(fd, &h);

	if (fd >= 0)
		close(fd);
	return ok;
}
