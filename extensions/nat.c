// SPDX-License-Identifier: GPL-2.0-or-later
/* What libxtables calls, for all NAT targets. */
#include "nat.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* What the options have: kept until all of the rule is known, for -p may stand behind them. */
struct scratch {
	const void *entry;
};

static size_t layout_size(enum nat_layout layout)
{
	static const size_t sizes[] = {
		[NAT_IPV4_COMPAT] = XT_ALIGN(sizeof(struct nf_nat_ipv4_multi_range_compat)),
		[NAT_RANGE] = XT_ALIGN(sizeof(struct nf_nat_range)),
		[NAT_RANGE2] = XT_ALIGN(sizeof(struct nf_nat_range2)),
	};

	return sizes[layout];
}

static enum nat_layout layout_of(const struct xt_entry_target *t)
{
	enum nat_layout layout = NAT_IPV4_COMPAT;

	while (layout < NAT_RANGE2 && layout_size(layout) != t->u.target_size - sizeof(*t))
		layout++;
	return layout;
}

static void load(const struct xt_entry_target *t, struct nf_nat_range2 *r)
{
	struct nf_nat_ipv4_multi_range_compat v4;

	memset(r, 0, sizeof(*r));
	switch (layout_of(t)) {
	case NAT_IPV4_COMPAT:
		memcpy(&v4, t->data, sizeof(v4));
		r->flags = v4.range[0].flags;
		r->min_addr.ip = v4.range[0].min_ip;
		r->max_addr.ip = v4.range[0].max_ip;
		r->min_proto = v4.range[0].min;
		r->max_proto = v4.range[0].max;
		break;
	case NAT_RANGE:
		memcpy(r, t->data, sizeof(struct nf_nat_range));
		break;
	default:
		memcpy(r, t->data, sizeof(*r));
	}
}

static void store(struct xt_entry_target *t, const struct nf_nat_range2 *r)
{
	struct nf_nat_ipv4_multi_range_compat v4 = {
		.rangesize = 1,
		.range = { { r->flags, r->min_addr.ip, r->max_addr.ip, r->min_proto,
			     r->max_proto } },
	};

	switch (layout_of(t)) {
	case NAT_IPV4_COMPAT:
		memcpy(t->data, &v4, sizeof(v4));
		break;
	case NAT_RANGE:
		memcpy(t->data, r, sizeof(struct nf_nat_range));
		break;
	default:
		memcpy(t->data, r, sizeof(*r));
	}
}

static void start(struct xt_entry_target *t)
{
	static const struct nf_nat_range2 none;

	store(t, &none);
}

static void parse(struct xt_option_call *cb)
{
	static const unsigned int flags[] = {
		[NAT_RANDOM] = NF_NAT_RANGE_PROTO_RANDOM,
		[NAT_RANDOM_FULLY] = NF_NAT_RANGE_PROTO_RANDOM_FULLY,
		[NAT_PERSISTENT] = NF_NAT_RANGE_PERSISTENT,
	};
	struct scratch *s = cb->udata;
	struct nf_nat_range2 r;

	s->entry = cb->xt_entry;
	load(*cb->target, &r);
	if (cb->entry->id == NAT_TO && nat_target.parse) {
		nat_target.parse(cb, &r);
	} else {
		xtables_option_parse(cb);
		if (cb->entry->id == NAT_TO)
			nat_parse(cb->arg, layout_of(*cb->target) == NAT_RANGE2, &r);
		else
			r.flags |= flags[cb->entry->id];
	}
	store(*cb->target, &r);
}

/* The kernel takes a port with any protocol and ignores it where there are none. */
static bool has_ports(uint8_t proto)
{
	static const uint8_t protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP, IPPROTO_DCCP,
					  IPPROTO_ICMP };

	return memchr(protos, proto, sizeof(protos));
}

static void check(struct xt_fcheck_call *cb)
{
	const struct scratch *s = cb->udata;
	struct nf_nat_range2 r;
	bool inverted;

	load(plugin_target(cb->data), &r);
	if (cb->xflags & 1 << NAT_TO && r.flags & NF_NAT_RANGE_PROTO_SPECIFIED &&
	    !has_ports(plugin_proto(s->entry, &inverted)))
		xtables_error(PARAMETER_PROBLEM,
			      "%s: a port in --%s needs -p tcp, udp, sctp or dccp in the same rule",
			      nat_target.name, nat_target.to);
	plugin_check_place(nat_target.name, &nat_target.place);
}

static void print_address(const union nf_inet_addr *a)
{
	printf("%s", plugin_family == NFPROTO_IPV4 ? xtables_ipaddr_to_numeric(&a->in)
						   : xtables_ip6addr_to_numeric(&a->in6));
}

static void print_addresses(const struct nf_nat_range2 *r)
{
	bool v6 = plugin_family == NFPROTO_IPV6;
	bool brackets = v6 && r->flags & NF_NAT_RANGE_PROTO_SPECIFIED;

	if (!(r->flags & NF_NAT_RANGE_MAP_IPS))
		return;
	if (brackets)
		putchar('[');
	print_address(&r->min_addr);
	if (memcmp(&r->min_addr, &r->max_addr, v6 ? 16 : 4) != 0) {
		putchar('-');
		print_address(&r->max_addr);
	}
	if (brackets)
		putchar(']');
}

static void print_ports(const struct nf_nat_range2 *r)
{
	if (!(r->flags & NF_NAT_RANGE_PROTO_SPECIFIED))
		return;
	printf("%s%u", nat_target.addresses ? ":" : "", ntohs(r->min_proto.all));
	if (r->min_proto.all != r->max_proto.all)
		printf("-%u", ntohs(r->max_proto.all));
	if (r->flags & NF_NAT_RANGE_PROTO_OFFSET)
		printf("/%u", ntohs(r->base_proto.all));
}

static void print_value(const struct nf_nat_range2 *r)
{
	if (nat_target.print) {
		nat_target.print(r);
		return;
	}
	print_addresses(r);
	print_ports(r);
}

static void print_flags(const struct nf_nat_range2 *r, const char *dashes)
{
	static const struct {
		unsigned int bit;
		const char *name;
	} flags[] = {
		{ NF_NAT_RANGE_PROTO_RANDOM, "random" },
		{ NF_NAT_RANGE_PROTO_RANDOM_FULLY, "random-fully" },
		{ NF_NAT_RANGE_PERSISTENT, "persistent" },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (r->flags & flags[i].bit)
			printf(" %s%s", dashes, flags[i].name);
}

static bool has_value(const struct nf_nat_range2 *r)
{
	return r->flags & (NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED);
}

static void print(const struct xt_entry_target *t)
{
	struct nf_nat_range2 r;

	load(t, &r);
	if (has_value(&r)) {
		printf(" %s", nat_target.label);
		print_value(&r);
	}
	print_flags(&r, "");
}

static void save(const struct xt_entry_target *t)
{
	struct nf_nat_range2 r;

	load(t, &r);
	if (has_value(&r)) {
		printf(" --%s ", nat_target.to);
		print_value(&r);
	}
	print_flags(&r, "--");
}

static int xlate(struct xt_xlate *xl, const struct xt_xlate_tg_params *p)
{
	return plugin_xlate(xl, p, nat_target.translator);
}

PLUGIN_CALLBACKS(4, NFPROTO_IPV4)
PLUGIN_CALLBACKS(6, NFPROTO_IPV6)

static void add(struct xtables_target *t, const struct nat_revision *rev)
{
	bool v4 = rev->family == NFPROTO_IPV4;

	*t = (struct xtables_target){
		.version = XTABLES_VERSION,
		.name = nat_target.name,
		.family = rev->family,
		.revision = rev->revision,
		.size = layout_size(rev->layout),
		.userspacesize = layout_size(rev->layout),
		.help = nat_target.help,
		.init = start,
		.x6_parse = v4 ? parse4 : parse6,
		.x6_fcheck = v4 ? check4 : check6,
		.x6_options = nat_target.options,
		.print = v4 ? print4 : print6,
		.save = v4 ? save4 : save6,
		.xlate = v4 ? xlate4 : xlate6,
		.udata_size = sizeof(struct scratch),
	};
}

static __attribute__((constructor)) void init(void)
{
	static struct xtables_target
		targets[sizeof(nat_target.revisions) / sizeof(*nat_target.revisions)];
	unsigned int n = 0;

	for (; nat_target.revisions[n].layout; n++)
		add(&targets[n], &nat_target.revisions[n]);
	xtables_register_targets(targets, n);
}
