// SPDX-License-Identifier: GPL-2.0-or-later
/* A side's network: what the topology says, done by ip(8). */
#include "verify/side.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "ip -batch" has quotes and comments; its other name for a device is "if" and its number. */
static const char *ip_name(const struct vf_side *s, size_t dev)
{
	const char *name = s->topo->devices[dev].name;

	if (!name[strcspn(name, "#'\"\\")])
		return name;
	return xl_printf(s->topo->arena, "if%d", s->ifindex[dev]);
}

static void add_net(struct xl_buf *b, const char *what, const struct vf_net *n, const char *dev,
		    const char *end)
{
	char addr[INET6_ADDRSTRLEN];

	inet_ntop(n->family == NFPROTO_IPV4 ? AF_INET : AF_INET6, n->addr, addr, sizeof(addr));
	xl_buf_printf(b, "%s %s/%u dev %s%s\n", what, addr, n->len, dev, end);
}

static bool is_multicast(const struct vf_net *n)
{
	return n->family == NFPROTO_IPV4 ? n->addr[0] >= 224 : n->addr[0] == 0xff;
}

/* No device asks for neighbours: whatever is routed to it has one address there. */
static void describe_link(const struct vf_side *s, size_t dev, struct xl_buf *b)
{
	const struct vf_device *d = &s->topo->devices[dev];

	if (!strcmp(d->name, "lo"))
		return;
	xl_buf_printf(b, "link set dev %s", ip_name(s, dev));
	if (d->mtu)
		xl_buf_printf(b, " mtu %u", d->mtu);
	xl_buf_printf(b, " address 02:00:00:00:%02x:01 arp off multicast off up\n",
		      (unsigned int)dev);
}

static void describe_nets(const struct vf_side *s, size_t dev, struct xl_buf *b)
{
	const struct vf_device *d = &s->topo->devices[dev];
	const char *name = ip_name(s, dev);

	for (size_t j = 0; j < d->n_own; j++)
		if (!is_multicast(&d->own[j]))
			add_net(b, "addr replace", &d->own[j], name,
				d->own[j].family == NFPROTO_IPV6 ? " nodad" : "");
	for (size_t j = 0; j < d->n_behind; j++)
		add_net(b, "route replace", &d->behind[j], name, "");
}

static void describe_gateways(const struct vf_side *s, struct xl_buf *b)
{
	const struct vf_topology *t = s->topo;

	for (size_t i = 0; i < t->n_gateways; i++) {
		const struct vf_gateway *g = &t->gateways[i];
		int dev = g->dev < 0 ? vf_route(t, g->net.family, g->net.addr) : g->dev;
		char addr[INET6_ADDRSTRLEN];

		if (!strcmp(t->devices[dev].name, "lo") || vf_is_own(t, g->net.family, g->net.addr))
			continue;
		inet_ntop(g->net.family == NFPROTO_IPV4 ? AF_INET : AF_INET6, g->net.addr, addr,
			  sizeof(addr));
		xl_buf_printf(b,
			      "neigh replace %s lladdr 02:00:00:00:ff:%02zx dev %s nud permanent\n",
			      addr, VF_GATEWAY + i, ip_name(s, dev));
	}
}

static void describe_devices(const struct vf_side *s, struct xl_buf *b)
{
	const struct vf_topology *t = s->topo;

	xl_buf_puts(b, "link set dev lo up\n");
	for (size_t i = 0; i < t->n; i++)
		describe_link(s, i, b);
	for (size_t i = 0; i < t->n; i++)
		if (!t->devices[i].given)
			describe_nets(s, i, b);
	describe_gateways(s, b);
	if (!t->given)
		xl_buf_printf(b, "route add default dev %s\nroute add ::/0 dev %s\n",
			      t->devices[0].name, t->devices[0].name);
}

/* Packets with TPROXY's mark are to be taken as the host's own. */
static void describe_marks(const struct vf_topology *t, struct xl_buf *b, const char *all)
{
	xl_buf_printf(b,
		      "rule add fwmark %#x/%#x lookup 100\nroute add local %s dev lo table 100\n",
		      t->mark, t->mask, all);
}

static bool configure_marks(struct vf_side *s, const char *family, const char *all)
{
	const char *const ip[] = { "ip", family, "-batch", "-", NULL };
	struct xl_buf b = { 0 };
	bool ok;

	describe_marks(s->topo, &b, all);
	ok = !b.failed && vf_side_exec(s, ip, b.s);
	xl_buf_free(&b);
	return ok;
}

static bool configure_devices(struct vf_side *s)
{
	const char *const ip[] = { "ip", "-force", "-batch", "-", NULL };
	struct xl_buf b = { 0 };
	bool ok;

	describe_devices(s, &b);
	ok = !b.failed && vf_side_exec(s, ip, b.s);
	xl_buf_free(&b);
	return ok;
}

/* What "ip -batch" has said of the user's lines. It names each after what is wrong with it:
 * "Command failed -:7". */
static const char *with_places(const struct vf_side *s, const unsigned int *lines, size_t n)
{
	static const char mark[] = "Command failed -:";
	struct xl_arena *a = s->topo->arena;
	const char *text = "", *what = "", *p = strchr(s->error, ' '), *end;

	for (p = p ? p + 1 : s->error; *p; p = *end ? end + 1 : end) {
		unsigned long at;

		end = p + strcspn(p, "\n");
		if (strncmp(p, mark, strlen(mark)) != 0) {
			what = xl_printf(a, "%s%s%.*s", what, *what ? "; " : "", (int)(end - p), p);
			continue;
		}
		at = strtoul(p + strlen(mark), NULL, 10);
		text = xl_printf(a, "%s%s%s:%u: %s", text, *text ? "\n" : "", s->topo->given->file,
				 at && at <= n ? lines[at - 1] : 0, what);
		what = "";
	}
	return *text ? text : what;
}

static bool refuse(struct vf_side *s, const char *what)
{
	s->refused = true;
	return vf_side_fail(s, "%s", what);
}

static bool obey_family(struct vf_side *s, const char *option, uint8_t bit)
{
	const struct vf_given *g = s->topo->given;
	const char *const ip[] = { "ip", option, "-batch", "-", NULL };
	const char *const all[] = { "ip", "-force", option, "-batch", "-", NULL };
	unsigned int *lines = xl_alloc(s->topo->arena, (g->n_commands + 1) * sizeof(*lines));
	struct xl_buf b = { 0 };
	size_t n = 0;
	bool ok;

	xl_buf_puts(&b, "");
	for (size_t i = 0; i < g->n_commands; i++) {
		if (!(g->commands[i].families & bit))
			continue;
		xl_buf_printf(&b, "%s\n", g->commands[i].text);
		lines[n++] = g->commands[i].line;
	}
	ok = !b.failed && vf_side_exec(s, g->lenient ? all : ip, b.s);
	xl_buf_free(&b);
	if (!ok && g->lenient) {
		s->not_done = with_places(s, lines, n);
		return true;
	}
	return ok ? true : refuse(s, with_places(s, lines, n));
}

static bool obey_sysctls(struct vf_side *s)
{
	const struct vf_given *g = s->topo->given;
	bool ok = vf_enter(s);

	for (size_t i = 0; ok && i < g->n_sysctls; i++) {
		const struct vf_sysctl *c = &g->sysctls[i];
		int fd = open(xl_printf(s->topo->arena, "/proc/sys/net/%s", c->path),
			      O_WRONLY | O_CLOEXEC);

		ok = fd >= 0 && write(fd, c->value, strlen(c->value)) >= 0;
		if (!ok)
			refuse(s, xl_printf(s->topo->arena, "%s:%u: /proc/sys/net/%s: %s", g->file,
					    c->line, c->path, strerror(errno)));
		if (fd >= 0)
			close(fd);
	}
	vf_enter(NULL);
	return ok;
}

/* Whether the kernel has the route to its own address: a line of the address, /128 and more. */
static bool has_route(const struct vf_net *own)
{
	char line[256], want[48], *to = want;
	FILE *f = fopen("/proc/thread-self/net/ipv6_route", "r");
	bool found = false;

	for (int i = 0; i < 16; i++)
		to += sprintf(to, "%02x", own->addr[i]);
	strcpy(to, " 80 ");
	while (f && !found && fgets(line, sizeof(line), f))
		found = !strncmp(line, want, strlen(want));
	if (f)
		fclose(f);
	return found;
}

/* The kernel makes the routes of IPv6 addresses when it likes (addrconf_dad_work()). */
static void await_routes(const struct vf_side *s)
{
	int tries = 500;

	if (!vf_enter(s))
		return;
	for (size_t d = 0; d < s->topo->n; d++) {
		const struct vf_device *dev = &s->topo->devices[d];

		for (size_t i = 0; i < dev->n_own; i++)
			while (dev->own[i].family == NFPROTO_IPV6 && !is_multicast(&dev->own[i]) &&
			       tries-- > 0 && !has_route(&dev->own[i]))
				usleep(2000);
	}
	vf_enter(NULL);
}

static void join(const struct vf_side *s, const struct vf_net *group, int ifindex)
{
	struct ip_mreqn four = { .imr_ifindex = ifindex };
	struct ipv6_mreq six = { .ipv6mr_interface = (unsigned int)ifindex };

	memcpy(&four.imr_multiaddr, group->addr, 4);
	memcpy(&six.ipv6mr_multiaddr, group->addr, 16);
	if (group->family == NFPROTO_IPV4)
		setsockopt(s->raw4, IPPROTO_IP, IP_ADD_MEMBERSHIP, &four, sizeof(four));
	else
		setsockopt(s->raw6, IPPROTO_IPV6, IPV6_JOIN_GROUP, &six, sizeof(six));
}

/* Groups that rules name are joined on all devices, up to a point; those that the user names are
 * joined on theirs. */
static void join_groups(const struct vf_side *s)
{
	enum { DEVICES = 32 };
	const struct vf_topology *t = s->topo;

	for (size_t d = 0; d < t->n; d++)
		for (size_t i = 0; i < t->devices[d].n_own; i++) {
			if (!is_multicast(&t->devices[d].own[i]))
				continue;
			for (size_t to = 0; to < t->n && to < DEVICES; to++)
				if (to == d || !t->devices[d].given)
					join(s, &t->devices[d].own[i], s->ifindex[to]);
		}
}

bool vf_side_configure(struct vf_side *s)
{
	const struct vf_topology *t = s->topo;

	if (!configure_devices(s))
		return false;
	if (t->given && (!obey_sysctls(s) || !obey_family(s, "-4", 1) || !obey_family(s, "-6", 2)))
		return false;
	if (t->tproxy_marks && !(t->given && t->given->rules) &&
	    (!configure_marks(s, "-4", "0.0.0.0/0") || !configure_marks(s, "-6", "::/0")))
		return false;
	await_routes(s);
	join_groups(s);
	return true;
}
