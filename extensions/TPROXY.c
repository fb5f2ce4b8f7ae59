// SPDX-License-Identifier: GPL-2.0-or-later
/* -j TPROXY: net/netfilter/xt_TPROXY.c. Revision 0 is for IPv4, 1 for both. */
#include "plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter/xt_TPROXY.h>

extern const struct xl_ext xl_target_TPROXY[];

enum { ON_PORT, ON_IP, MARK };

static const struct xt_option_entry options[] = {
	{ .name = "on-port", .id = ON_PORT, .type = XTTYPE_PORT, .flags = XTOPT_MAND },
	{ .name = "on-ip", .id = ON_IP, .type = XTTYPE_HOST },
	{ .name = "tproxy-mark", .id = MARK, .type = XTTYPE_MARKMASK32 },
	XTOPT_TABLEEND,
};

static const struct plugin_place place = { "mangle", 1 << NF_INET_PRE_ROUTING, "chain PREROUTING" };

/* What the options have: kept until all of the rule is known, for -p may stand behind them. */
struct scratch {
	const void *entry;
};

static void help(void)
{
	puts("TPROXY target options:\n"
	     "  --on-port port              give the packet to the proxy's socket on this port;\n"
	     "                              0: on the packet's own destination port\n"
	     "  --on-ip address             the address of that socket\n"
	     "                              (default: of the interface that the packet came by)\n"
	     "  --tproxy-mark value[/mask]  mark the packet, so that it can be routed to this "
	     "host\n");
}

static void load(const struct xt_entry_target *t, struct xt_tproxy_target_info_v1 *v)
{
	struct xt_tproxy_target_info old;

	if (t->u.user.revision) {
		memcpy(v, t->data, sizeof(*v));
		return;
	}
	memcpy(&old, t->data, sizeof(old));
	*v = (struct xt_tproxy_target_info_v1){
		.mark_mask = old.mark_mask,
		.mark_value = old.mark_value,
		.laddr.ip = old.laddr,
		.lport = old.lport,
	};
}

static void store(struct xt_entry_target *t, const struct xt_tproxy_target_info_v1 *v)
{
	struct xt_tproxy_target_info old = { v->mark_mask, v->mark_value, v->laddr.ip, v->lport };

	if (t->u.user.revision)
		memcpy(t->data, v, sizeof(*v));
	else
		memcpy(t->data, &old, sizeof(old));
}

/* libxtables takes a port from getaddrinfo(3), which makes 0 of 65536. */
static void check_port(const char *arg)
{
	bool number = *arg && !arg[strspn(arg, "0123456789")];

	if (number ? strtoul(arg, NULL, 10) <= UINT16_MAX : xtables_service_to_port(arg, NULL) >= 0)
		return;
	xtables_error(PARAMETER_PROBLEM,
		      "TPROXY: --on-port \"%s\": a port is a number from 0 to 65535 or a service's "
		      "name",
		      arg);
}

static void parse(struct xt_option_call *cb)
{
	struct xt_tproxy_target_info_v1 v;
	struct scratch *s = cb->udata;

	s->entry = cb->xt_entry;
	if (cb->entry->id == ON_PORT)
		check_port(cb->arg);
	if (cb->entry->id == ON_IP)
		plugin_check_host("TPROXY", "on-ip", cb->arg, false);
	xtables_option_parse(cb);
	load(*cb->target, &v);
	switch (cb->entry->id) {
	case ON_PORT:
		v.lport = htons(cb->val.port);
		break;
	case ON_IP:
		v.laddr = cb->val.haddr;
		break;
	case MARK:
		v.mark_value = cb->val.mark;
		v.mark_mask = cb->val.mask;
		break;
	}
	store(*cb->target, &v);
}

/* tproxy_tg4_check(), tproxy_tg6_check(): -p tcp or -p udp, and not inverted. */
static void check(struct xt_fcheck_call *cb)
{
	const struct scratch *s = cb->udata;
	bool inverted = false;
	uint8_t proto;

	/* Without --on-port nothing was parsed, and libxtables says so. */
	if (!(cb->xflags & 1 << ON_PORT))
		return;
	proto = plugin_proto(s->entry, &inverted);
	if (inverted || (proto != IPPROTO_TCP && proto != IPPROTO_UDP))
		xtables_error(PARAMETER_PROBLEM, "TPROXY needs -p tcp or -p udp in the same rule%s",
			      inverted ? ", without \"!\"" : "");
	plugin_check_place("TPROXY", &place);
}

static const char *address(const struct xt_tproxy_target_info_v1 *v)
{
	return plugin_family == NFPROTO_IPV4 ? xtables_ipaddr_to_numeric(&v->laddr.in)
					     : xtables_ip6addr_to_numeric(&v->laddr.in6);
}

static void print(const struct xt_entry_target *t)
{
	struct xt_tproxy_target_info_v1 v;

	load(t, &v);
	printf(" TPROXY redirect %s:%u mark 0x%x/0x%x", address(&v), ntohs(v.lport), v.mark_value,
	       v.mark_mask);
}

static void save(const struct xt_entry_target *t)
{
	struct xt_tproxy_target_info_v1 v;

	load(t, &v);
	printf(" --on-port %u --on-ip %s --tproxy-mark 0x%x/0x%x", ntohs(v.lport), address(&v),
	       v.mark_value, v.mark_mask);
}

static int xlate(struct xt_xlate *xl, const struct xt_xlate_tg_params *p)
{
	return plugin_xlate(xl, p, xl_target_TPROXY);
}

PLUGIN_CALLBACKS(4, NFPROTO_IPV4)
PLUGIN_CALLBACKS(6, NFPROTO_IPV6)

#define TPROXY(n, fam, rev, type)                                                                 \
	{                                                                                         \
		.version = XTABLES_VERSION, .name = "TPROXY", .family = (fam), .revision = (rev), \
		.size = XT_ALIGN(sizeof(type)), .userspacesize = XT_ALIGN(sizeof(type)),          \
		.help = help, .x6_parse = parse##n, .x6_fcheck = check##n, .x6_options = options, \
		.print = print##n, .save = save##n, .xlate = xlate##n,                            \
		.udata_size = sizeof(struct scratch)                                              \
	}

static struct xtables_target targets[] = {
	TPROXY(4, NFPROTO_IPV4, 0, struct xt_tproxy_target_info),
	TPROXY(4, NFPROTO_IPV4, 1, struct xt_tproxy_target_info_v1),
	TPROXY(6, NFPROTO_IPV6, 1, struct xt_tproxy_target_info_v1),
};

static __attribute__((constructor)) void init(void)
{
	xtables_register_targets(targets, sizeof(targets) / sizeof(*targets));
}
