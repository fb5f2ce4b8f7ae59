// SPDX-License-Identifier: GPL-2.0-or-later
/* A topology as the user writes it: a line a device, route, rule or setting. */
#include "verify/topology_read.h"

#include "xt/addr.h"

#include <string.h>

static void command(struct reader *r)
{
	struct vf_command c = { r->loc.line, r->families, NULL };
	struct vf_given *g = r->t->given;

	if (r->bad || r->cmd.failed)
		return;
	c.text = xl_strdup(r->t->arena, r->cmd.s);
	xl_push(r->t->arena, g->commands, g->n_commands, g->commands_cap, c);
}

static void read_addr(struct reader *r, int dev)
{
	struct vf_device *d = &r->t->devices[dev];
	struct vf_net net, peer;

	r->families = BOTH;
	r->cmd.len = 0;
	xl_buf_puts(&r->cmd, "addr add");
	if (!reader_net(r, &net))
		return;
	if (reader_takes(r, "peer")) {
		xl_buf_puts(&r->cmd, " peer");
		if (!reader_net(r, &peer))
			return;
		xl_push(r->t->arena, d->behind, d->n_behind, d->behind_cap, peer);
		net.len = (uint8_t)xt_addr_bits(net.family);
	}
	xl_buf_printf(&r->cmd, " dev %s%s", d->name, net.family == NFPROTO_IPV6 ? " nodad" : "");
	xl_push(r->t->arena, d->own, d->n_own, d->own_cap, net);
	command(r);
}

/* dev NAME [mtu N] [addr ADDRESS[/LENGTH] [peer ADDRESS[/LENGTH]]]... */
static void read_dev(struct reader *r)
{
	const char *name = reader_next(r, "a name");
	unsigned long mtu;
	int dev;

	if (!name)
		return;
	dev = vf_device_give(r->t, name);
	if (dev < 0) {
		reader_bad(r, "\"%s\" cannot be a device's name", xl_printable(r->t->arena, name));
		return;
	}
	while (!r->bad && r->at < r->n) {
		const char *s = r->words[r->at++].s;

		if (!strcmp(s, "addr"))
			read_addr(r, dev);
		else if (strcmp(s, "mtu") != 0)
			reader_bad(r, "\"%s\" is neither addr nor mtu",
				   xl_printable(r->t->arena, s));
		else if (reader_number(r, &mtu))
			r->t->devices[dev].mtu = (unsigned int)mtu;
	}
}

/* The device on whose network the gateway is. */
static int by_gateway(const struct vf_topology *t, const struct vf_net *via)
{
	struct xt_addr to = xt_addr_from_bytes(via->family, via->addr);

	for (size_t i = 0; i < t->n; i++) {
		for (size_t j = 0; j < t->devices[i].n_own; j++) {
			const struct vf_net *own = &t->devices[i].own[j];
			struct xt_addr mask = xt_addr_netmask(own->family, own->len);

			if (own->family == via->family &&
			    !xt_addr_cmp(
				    xt_addr_and(xt_addr_from_bytes(own->family, own->addr), mask),
				    xt_addr_and(to, mask)))
				return (int)i;
		}
	}
	return -1;
}

static void note_behind(struct reader *r, uint8_t family)
{
	struct vf_net net = r->net;
	struct vf_device *d;

	if (r->dev < 0)
		return;
	d = &r->t->devices[r->dev];
	net.family = family;
	xl_push(r->t->arena, d->behind, d->n_behind, d->behind_cap, net);
}

/* route [TYPE] NETWORK|default [via ADDRESS] [dev NAME] ... */
static void read_route(struct reader *r)
{
	static const char *const types[] = { "unicast",	    "local",	"blackhole",
					     "unreachable", "prohibit", "throw" };
	static const struct option options[] = {
		{ "via", GATEWAY }, { "dev", LEAVING }, { "table", TABLE }, { "metric", NUMBER },
		{ "src", ADDRESS }, { "onlink", FLAG }, { "mtu", NUMBER },  { NULL, FLAG },
	};
	struct vf_given *g = r->t->given;
	const char *type = "unicast";

	xl_buf_puts(&r->cmd, "route add");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (reader_takes(r, types[i]))
			type = types[i];
	xl_buf_printf(&r->cmd, " %s", type);
	if (!reader_net_or_all(r, &r->net) || !reader_options(r, options))
		return;
	command(r);
	if (r->elsewhere)
		return;
	if (!strcmp(type, "local") && r->net.family) {
		xl_push(r->t->arena, g->local, g->n_local, g->local_cap, r->net);
		return;
	}
	if (r->via.family && r->dev < 0)
		r->dev = by_gateway(r->t, &r->via);
	if (strcmp(type, "unicast") != 0)
		return;
	if (r->families & V4)
		note_behind(r, NFPROTO_IPV4);
	if (r->families & V6)
		note_behind(r, NFPROTO_IPV6);
}

static void read_rule(struct reader *r)
{
	static const struct option options[] = {
		{ "not", FLAG },	{ "from", NET },
		{ "to", NET },		{ "iif", DEVICE },
		{ "oif", DEVICE },	{ "fwmark", MARK },
		{ "tos", NUMBER },	{ "ipproto", PROTOCOL },
		{ "sport", PORTS },	{ "dport", PORTS },
		{ "priority", NUMBER }, { "table", TABLE },
		{ "lookup", TABLE },	{ "suppress_prefixlength", NUMBER },
		{ "blackhole", FLAG },	{ "unreachable", FLAG },
		{ "prohibit", FLAG },	{ NULL, FLAG },
	};

	xl_buf_puts(&r->cmd, "rule add");
	if (r->n == 1)
		reader_bad(r, "a rule needs words, such as \"fwmark 1 table 100\"");
	else if (reader_options(r, options))
		command(r);
	r->t->given->rules = true;
}

/* "ipv4.conf.eth0/10.forwarding" to "ipv4/conf/eth0.10/forwarding", as sysctl(8) has it. */
static void to_path(char *name)
{
	for (; *name; name++)
		*name = *name == '.' ? '/' : *name == '/' ? '.' : *name;
}

/* Only what each network namespace has of its own. */
static bool can_be_sysctl(const char *path)
{
	static const char *const roots[] = { "net/ipv4/", "net/ipv6/", "net/netfilter/",
					     "net/bridge/" };

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (!strncmp(path, roots[i], strlen(roots[i])))
			return !strstr(path, "..");
	return false;
}

/* sysctl NAME=VALUE or NAME = VALUE */
static void read_sysctl(struct reader *r)
{
	struct vf_sysctl s = { .line = r->loc.line };
	char *name, *value;

	r->cmd.len = 0;
	for (size_t i = 1; i < r->n; i++)
		xl_buf_printf(&r->cmd, "%s%s", i == 1 ? "" : " ", r->words[i].s);
	r->at = r->n > 1 ? 2 : 1;
	name = xl_strdup(r->t->arena, r->cmd.len ? r->cmd.s : "");
	value = strchr(name, '=');
	if (value) {
		*value++ = '\0';
		name[strcspn(name, " ")] = '\0';
	}
	to_path(name);
	if (!value || !can_be_sysctl(name)) {
		reader_bad(r, "a sysctl is like net.ipv4.conf.eth0.rp_filter=1, and of net.ipv4, "
			      "net.ipv6, net.netfilter or net.bridge");
		return;
	}
	s.path = name + strlen("net/");
	s.value = value + strspn(value, " ");
	xl_push(r->t->arena, r->t->given->sysctls, r->t->given->n_sysctls, r->t->given->sysctls_cap,
		s);
}

static void read_line(struct reader *r, const char *line)
{
	static const struct {
		const char *word;
		void (*read)(struct reader *r);
	} kinds[] = {
		{ "dev", read_dev },
		{ "route", read_route },
		{ "rule", read_rule },
		{ "sysctl", read_sysctl },
	};

	if (!reader_start(r, line))
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strcmp(kinds[i].word, r->words[0].s)) {
			kinds[i].read(r);
			return;
		}
	}
	reader_bad(r, "\"%s\" is none of dev, route, rule and sysctl",
		   xl_printable(r->t->arena, r->words[0].s));
}

/* The first device is the one by which packets leave that no route is for; lo cannot be that. */
static void lo_last(struct vf_topology *t)
{
	struct vf_device d;

	if (t->n && strcmp(t->devices[0].name, "lo") != 0)
		return;
	if (t->n < 2)
		vf_device_add(t, "vf0");
	if (strcmp(t->devices[0].name, "lo") != 0)
		return;
	d = t->devices[0];
	t->devices[0] = t->devices[t->n - 1];
	t->devices[t->n - 1] = d;
}

void vf_topology_read(struct vf_topology *t, struct xl_arena *a, struct xl_diags *diags,
		      const char *file, const char *text)
{
	struct reader r = { .t = t, .diags = diags, .loc = { .file = file } };

	*t = (struct vf_topology){ .arena = a, .given = xl_new(a, struct vf_given) };
	t->given->file = file;
	while (*text) {
		size_t n = strcspn(text, "\n");

		r.loc.line++;
		read_line(&r, xl_strndup(a, text, n));
		text += n + (text[n] == '\n');
	}
	xl_buf_free(&r.cmd);
	lo_last(t);
}
