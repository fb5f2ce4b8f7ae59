// SPDX-License-Identifier: GPL-2.0-or-later
/* What network a ruleset is written for. */
#include "verify/model.h"
#include "verify/topology.h"
#include "verify/topology_votes.h"
#include "xt/addr.h"

#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/xt_TEE.h>
#include <linux/netfilter/xt_TPROXY.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <string.h>

enum { MAX_VISITS = 4, MAX_DEPTH = 32, MAX_NETS = 20000, HOOKS = NF_INET_NUMHOOKS };

/* What the rules on the way to a chain have asked for; devices: -1: any. */
struct way {
	int hook, in, out, depth;
	bool local; /* they have asked for an own address as destination */
};

struct scan {
	struct vf_topology *t;
	const struct xt_table *table;
	uint8_t *visits; /* of each chain at each hook */
	size_t nets;
	struct vf_votes *votes;
	bool voting;
};

/* Whether it is not a wildcard: the mask has the NUL, too. */
static bool is_named(const char *name, const char *mask)
{
	return mask[strnlen(name, IFNAMSIZ - 1)];
}

/* "eth+" is eth0. */
static int device(struct vf_topology *t, const char *name, const char *mask)
{
	char s[IFNAMSIZ + 1] = { 0 };
	size_t n;
	int dev;

	if (!mask[0])
		return -1;
	memcpy(s, name, IFNAMSIZ);
	for (size_t i = 0; i < t->n; i++)
		if (vf_iface_is(t->devices[i].name, name, mask)) {
			t->devices[i].named |= is_named(name, mask);
			return i;
		}
	/* The mask covers the NUL unless it is a wildcard, and then not the "+". */
	n = strlen(s);
	if (n && !mask[n - 1])
		s[n - 1] = '0';
	else if (n < IFNAMSIZ - 1 && !mask[n])
		s[n] = '0';
	dev = vf_device_add(t, s);
	if (dev >= 0)
		t->devices[dev].named = is_named(name, mask);
	return dev;
}

/* A device that a wildcard means and no rule names in full. */
static void another(struct vf_topology *t, const char *name, const char *mask)
{
	char s[IFNAMSIZ + 1] = { 0 };
	size_t n = strnlen(mask, IFNAMSIZ);

	if (!n || n > IFNAMSIZ - 2 || is_named(name, mask))
		return;
	for (size_t i = 0; i < t->n; i++)
		if (!t->devices[i].named && vf_iface_is(t->devices[i].name, name, mask))
			return;
	memcpy(s, name, n);
	for (char digit = '0'; digit <= '9'; digit++) {
		s[n] = digit;
		if (vf_device_find(t, s) < 0) {
			vf_device_add(t, s);
			return;
		}
	}
}

static unsigned int prefix_of(uint8_t family, const uint8_t *mask)
{
	unsigned int bits = xt_addr_bits(family), n = 0;

	while (n < bits && mask[n / 8] & 0x80 >> n % 8)
		n++;
	for (unsigned int i = n; i < bits; i++)
		if (mask[i / 8] & 0x80 >> i % 8)
			return 0;
	return n;
}

static bool zero(const uint8_t *p, size_t n)
{
	while (n && !*p)
		p++, n--;
	return !n;
}

/* Another device than @dev has the network. */
static bool taken(const struct vf_topology *t, int dev, const struct vf_net *net)
{
	for (size_t i = 0; i < t->n && t->n <= 64; i++)
		for (size_t j = 0; (int)i != dev && j < t->devices[i].n_behind && j < 64; j++)
			if (t->devices[i].behind[j].len == net->len &&
			    !memcmp(&t->devices[i].behind[j], net, sizeof(*net)))
				return true;
	return false;
}

/* A part of it that is this device's alone: a host by the device's place. */
static void narrow(struct vf_net *net, int dev)
{
	unsigned int bits = xt_addr_bits(net->family);
	struct xt_addr a = xt_addr_from_bytes(net->family, net->addr);

	if (bits - net->len < 10)
		return;
	a.lo += 0x100 + dev;
	net->len = bits;
	xt_addr_to_bytes(net->family, a, net->addr);
}

static void behind(struct scan *s, int dev, uint8_t family, const uint8_t *addr,
		   const uint8_t *mask)
{
	struct vf_net net = { .family = family, .len = prefix_of(family, mask) };
	struct vf_device *d;

	if (dev < 0 || !net.len || s->nets >= MAX_NETS || vf_is_multicast(family, addr) ||
	    !strcmp(s->t->devices[dev].name, "lo") || (net.len <= 32 && addr[0] == 127))
		return;
	d = &s->t->devices[dev];
	memcpy(net.addr, addr, 16);
	if (taken(s->t, dev, &net))
		narrow(&net, dev);
	for (size_t i = 0; i < d->n_behind && i < 256; i++)
		if (!memcmp(&d->behind[i], &net, sizeof(net)))
			return;
	xl_push(s->t->arena, d->behind, d->n_behind, d->behind_cap, net);
	s->nets++;
}

/* How many addresses of a network to try, for its number of bits. */
static unsigned int hosts_of(unsigned int bits)
{
	return bits > 4 ? 14 : bits > 1 ? (1U << bits) - 2 : 0;
}

/* Of multicast groups the one in which each host is. Groups of scope 0 or 1 do not come by a device
 * (ipv6_rcv()). */
static void all_nodes(uint8_t family, const uint8_t *addr, unsigned int len, uint8_t *own)
{
	static const uint8_t all[16] = { 0xff, 2, [15] = 1 };

	if (family == NFPROTO_IPV6 && addr[0] == 0xff && (len == 8 || (len == 16 && addr[1] == 2)))
		memcpy(own, all, 16);
}

static void own(struct scan *s, int dev, uint8_t family, const uint8_t *addr, const uint8_t *mask)
{
	struct vf_net net = { .family = family, .len = xt_addr_bits(family) };
	unsigned int len = prefix_of(family, mask);
	struct vf_device *d = &s->t->devices[dev < 0 ? 0 : dev];
	struct xt_addr a;

	if (!len || s->nets >= MAX_NETS || zero(addr, net.len / 8) ||
	    vf_is_own(s->t, family, addr) || (net.len == 32 && addr[0] == 127) ||
	    !strcmp(d->name, "lo"))
		return;
	a = xt_addr_from_bytes(family, addr);
	xt_addr_to_bytes(family, a, net.addr);
	/* One of the network that is not to be another's. */
	for (unsigned int left = hosts_of(net.len - len); left; left--) {
		a = xt_addr_next(a);
		xt_addr_to_bytes(family, a, net.addr);
		if (vf_votes_own(s->votes, family, net.addr, VF_VOTE_LOCAL))
			break;
	}
	all_nodes(family, addr, len, net.addr);
	for (size_t i = 0; i < d->n_own && i < 256; i++)
		if (!memcmp(&d->own[i], &net, sizeof(net)))
			return;
	xl_push(s->t->arena, d->own, d->n_own, d->own_cap, net);
	s->nets++;
}

/* Each device has link-local addresses of its own. */
static bool is_link_local(const struct vf_head *h)
{
	return h->family == NFPROTO_IPV6 && h->dst[0] == 0xfe && (h->dst[1] & 0xc0) == 0x80;
}

static enum vf_vote vote_of(const struct vf_head *h, const struct way *w)
{
	if (w->hook == NF_INET_LOCAL_IN)
		return VF_VOTE_IN;
	if (w->local && !is_link_local(h))
		return VF_VOTE_LOCAL;
	return w->hook == NF_INET_FORWARD ? VF_VOTE_FORWARD : VF_VOTE_ELSEWHERE;
}

static bool is_host(const struct vf_head *h)
{
	return prefix_of(h->family, h->dst_mask) == xt_addr_bits(h->family);
}

static void rule_nets(struct scan *s, const struct vf_head *h, const struct way *w)
{
	enum vf_vote vote = vote_of(h, w);

	if (s->voting) {
		if (!(h->inv & IPT_INV_DSTIP) && is_host(h))
			vf_vote(s->votes, h->family, h->dst, vote);
		return;
	}
	if (!(h->inv & IPT_INV_DSTIP)) {
		if (vote <= VF_VOTE_LOCAL &&
		    (!is_host(h) || vf_votes_own(s->votes, h->family, h->dst, vote)))
			own(s, w->in, h->family, h->dst, h->dst_mask);
		else
			behind(s, w->out, h->family, h->dst, h->dst_mask);
	}
	if (!(h->inv & IPT_INV_SRCIP))
		behind(s, w->in, h->family, h->src, h->src_mask);
}

static bool asks_for_own(uint8_t family, const void *entry)
{
	const struct xt_entry_match *m = xt_first_match(family, entry);

	for (; m; m = xt_next_match(family, entry, m)) {
		const struct xt_addrtype_info_v1 *i = (const void *)m->data;

		if (!strcmp(m->u.user.name, "addrtype") && m->u.user.revision == 1 &&
		    i->dest == XT_ADDRTYPE_LOCAL && !(i->flags & XT_ADDRTYPE_INVERT_DEST))
			return true;
	}
	return false;
}

static void visit(struct scan *s, const struct xt_chain *c, struct way w)
{
	uint8_t *visits = &s->visits[c->index * HOOKS + w.hook];
	struct vf_head h;

	if (*visits >= MAX_VISITS || w.depth > MAX_DEPTH)
		return;
	++*visits;
	for (const struct xt_rule *r = c->rules; r; r = r->next) {
		struct way next = w;

		if (!r->entry)
			continue;
		vf_head_parse(&h, s->table->family, r->entry);
		if (h.in_mask[0] && !(h.inv & IPT_INV_VIA_IN))
			next.in = device(s->t, h.in, h.in_mask);
		if (h.out_mask[0] && !(h.inv & IPT_INV_VIA_OUT))
			next.out = device(s->t, h.out, h.out_mask);
		next.local |= asks_for_own(s->table->family, r->entry);
		rule_nets(s, &h, &next);
		next.depth++;
		if (r->jump && (r->action == XT_ACT_JUMP || r->action == XT_ACT_GOTO))
			visit(s, r->jump, next);
	}
}

static void listen_on(struct vf_topology *t, uint16_t port)
{
	if (!port)
		return;
	for (size_t i = 0; i < t->n_listen; i++)
		if (t->listen[i] == port)
			return;
	xl_push(t->arena, t->listen, t->n_listen, t->listen_cap, port);
}

static void redirect(struct vf_topology *t, uint8_t family, const struct xt_entry_target *tg)
{
	const struct nf_nat_ipv4_multi_range_compat *four = (const void *)tg->data;
	const struct nf_nat_range *six = (const void *)tg->data;

	if (family == NFPROTO_IPV4)
		listen_on(t, ntohs(four->range[0].min.all));
	else
		listen_on(t, ntohs(six->min_proto.all));
}

/* Both revisions begin alike. */
static void tproxy(struct vf_topology *t, const struct xt_entry_target *tg)
{
	const struct xt_tproxy_target_info *i = (const void *)tg->data;
	const struct xt_tproxy_target_info_v1 *i1 = (const void *)tg->data;

	listen_on(t, ntohs(tg->u.user.revision ? i1->lport : i->lport));
	if (t->tproxy_marks || !(i->mark_value & i->mark_mask))
		return;
	t->tproxy_marks = true;
	t->mark = i->mark_value;
	t->mask = i->mark_mask;
}

static void tee(struct vf_topology *t, uint8_t family, const struct xt_entry_target *tg)
{
	const struct xt_tee_tginfo *i = (const void *)tg->data;
	struct vf_gateway g = { .net = { .family = family, .len = xt_addr_bits(family) } };

	memcpy(g.net.addr, &i->gw, xt_addr_bits(family) / 8);
	g.dev = i->oif[0] ? vf_device_add(t, i->oif) : -1;
	for (size_t k = 0; k < t->n_gateways; k++)
		if (!memcmp(&t->gateways[k].net, &g.net, sizeof(g.net)) &&
		    t->gateways[k].dev == g.dev)
			return;
	if (t->n_gateways < VF_GATEWAYS)
		xl_push(t->arena, t->gateways, t->n_gateways, t->gateways_cap, g);
}

static void rule_devices(struct vf_topology *t, uint8_t family, const struct xt_rule *r)
{
	const struct xt_entry_target *tg = xt_target(family, r->entry);
	struct vf_head h;

	vf_head_parse(&h, family, r->entry);
	device(t, h.in, h.in_mask);
	device(t, h.out, h.out_mask);
	if (r->action != XT_ACT_TARGET)
		return;
	if (!strcmp(tg->u.user.name, "REDIRECT"))
		redirect(t, family, tg);
	else if (!strcmp(tg->u.user.name, "TPROXY"))
		tproxy(t, tg);
	else if (!strcmp(tg->u.user.name, "TEE"))
		tee(t, family, tg);
}

static void scan_table(struct scan *s, const struct xt_table *table)
{
	static const int order[] = { NF_INET_LOCAL_IN, NF_INET_FORWARD, NF_INET_LOCAL_OUT,
				     NF_INET_POST_ROUTING, NF_INET_PRE_ROUTING };
	unsigned int most = 0;

	s->table = table;
	for (const struct xt_chain *c = table->chains; c; c = c->next)
		most = c->index > most ? c->index : most;
	s->visits = xl_alloc(s->t->arena, (size_t)(most + 1) * HOOKS);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		for (const struct xt_chain *c = table->chains; c; c = c->next)
			if (c->hook == order[i])
				visit(s, c, (struct way){ order[i], -1, -1, 0, false });
}

static bool goes_somewhere(const struct vf_topology *t, uint8_t family, const uint8_t *addr)
{
	for (size_t i = 0; i < t->n; i++)
		for (size_t j = 0; j < t->devices[i].n_behind; j++) {
			const struct vf_net *net = &t->devices[i].behind[j];
			uint8_t mask[16] = { 0 };

			for (unsigned int n = 0; n < net->len; n++)
				mask[n / 8] |= 0x80 >> n % 8;
			if (net->family == family && vf_addr_like(family, addr, net->addr, mask))
				return true;
		}
	return vf_is_own(t, family, addr);
}

static bool asks_dnat(uint8_t family, const void *entry)
{
	const struct xt_entry_match *m = xt_first_match(family, entry);
	struct vf_cond c;

	for (; m; m = xt_next_match(family, entry, m)) {
		vf_cond_init(&c, m);
		if (vf_cond_asks_dnat(&c))
			return true;
	}
	return false;
}

/* By which device packets leave that DNAT has sent on after they came by @in: as a rule says that
 * asks for them, or else by any that a rule names. -1: none. */
static int beyond(struct vf_topology *t, const struct xt_ruleset *rs, uint8_t family, int in)
{
	int any = -1;

	for (const struct xt_table *table = rs->tables; table; table = table->next)
		for (const struct xt_chain *c = table->chains; c; c = c->next)
			for (const struct xt_rule *r = c->rules; r; r = r->next) {
				struct vf_head h;
				int out;

				if (!r->entry || table->family != family)
					continue;
				vf_head_parse(&h, family, r->entry);
				out = h.inv & IPT_INV_VIA_OUT ? -1 : device(t, h.out, h.out_mask);
				if (out < 0 || out == in || !strcmp(t->devices[out].name, "lo"))
					continue;
				if (asks_dnat(family, r->entry))
					return out;
				any = any < 0 ? out : any;
			}
	return any;
}

/* What DNAT names and no other rule does: a network of the usual size, for ranges' sake. */
static bool dnat_net(struct vf_topology *t, const struct xt_ruleset *rs, uint8_t family,
		     const struct xt_rule *r)
{
	const struct xt_entry_target *tg = xt_target(family, r->entry);
	const struct nf_nat_ipv4_multi_range_compat *four = (const void *)tg->data;
	const struct nf_nat_range *six = (const void *)tg->data;
	bool old = family == NFPROTO_IPV4 && tg->u.user.revision < 2;
	struct vf_net net = { .family = family, .len = family == NFPROTO_IPV4 ? 24 : 64 };
	struct vf_head h;
	int dev;

	if (r->action != XT_ACT_TARGET || strcmp(tg->u.user.name, "DNAT") != 0 ||
	    !((old ? four->range[0].flags : six->flags) & NF_NAT_RANGE_MAP_IPS))
		return false;
	memcpy(net.addr, old ? (const void *)&four->range[0].min_ip : &six->min_addr,
	       family == NFPROTO_IPV4 ? 4 : 16);
	vf_head_parse(&h, family, r->entry);
	if (net.addr[0] == 127 || goes_somewhere(t, family, net.addr))
		return true;
	dev = beyond(t, rs, family, h.inv & IPT_INV_VIA_IN ? -1 : device(t, h.in, h.in_mask));
	memset(net.addr + net.len / 8, 0, sizeof(net.addr) - net.len / 8);
	if (dev >= 0)
		xl_push(t->arena, t->devices[dev].behind, t->devices[dev].n_behind,
			t->devices[dev].behind_cap, net);
	return true;
}

static void dnat_nets(struct vf_topology *t, const struct xt_ruleset *rs)
{
	enum { MOST = 64 };
	unsigned int n = 0;

	for (const struct xt_table *table = rs->tables; table; table = table->next)
		for (const struct xt_chain *c = table->chains; c; c = c->next)
			for (const struct xt_rule *r = c->rules; r && n < MOST; r = r->next)
				n += r->entry && dnat_net(t, rs, table->family, r);
}

/* A device's first address is where REDIRECT sends packets, and what MASQUERADE gives them: better
 * one that rules name than the one that it has anyway. The kernel sees to that with IPv6, where
 * the first is the last that was given (ipv6_link_dev_addr()). */
static void named_first(struct vf_device *d)
{
	struct vf_net number;

	if (!d->n_own || d->own[0].family != NFPROTO_IPV4)
		return;
	number = d->own[0];
	memmove(d->own, d->own + 1, (d->n_own - 1) * sizeof(*d->own));
	d->own[d->n_own - 1] = number;
}

/* Networks that are nobody's in particular, far from those that firewalls know as private or as
 * reserved. */
static void abroad(struct vf_topology *t)
{
	for (size_t k = 0; k < t->n; k++) {
		struct vf_device *d = &t->devices[k];
		struct vf_net four = { NFPROTO_IPV4, { 57, k / 256, k % 256 }, 24 };
		struct vf_net six = { NFPROTO_IPV6, { 0x2a, 0x10, k / 256, k % 256 }, 64 };

		if (!strcmp(d->name, "lo"))
			continue;
		xl_push(t->arena, d->behind, d->n_behind, d->behind_cap, four);
		xl_push(t->arena, d->behind, d->n_behind, d->behind_cap, six);
	}
}

/* A device that the wildcard just does not mean, and a second one that it does. */
static void around(struct vf_topology *t, const char *name, const char *mask)
{
	enum { MOST = 16 };
	char near[IFNAMSIZ], s[IFNAMSIZ + 1] = { 0 };
	size_t n = strnlen(mask, IFNAMSIZ), meant = 0;

	if (t->n >= MOST || !vf_iface_near(near, name, mask))
		return;
	vf_device_add(t, near);
	for (size_t i = 0; i < t->n; i++)
		meant += vf_iface_is(t->devices[i].name, name, mask);
	memcpy(s, name, n);
	s[n] = '1';
	if (meant < 2 && n <= IFNAMSIZ - 2)
		vf_device_add(t, s);
}

/* "eth+" is also a device that no rule names in full, and less than any that begins alike. */
static void more_devices(struct vf_topology *t, const struct xt_ruleset *rs)
{
	struct vf_head h;

	for (const struct xt_table *table = rs->tables; table; table = table->next)
		for (const struct xt_chain *c = table->chains; c; c = c->next)
			for (const struct xt_rule *r = c->rules; r; r = r->next) {
				if (!r->entry)
					continue;
				vf_head_parse(&h, table->family, r->entry);
				another(t, h.in, h.in_mask);
				another(t, h.out, h.out_mask);
				around(t, h.in, h.in_mask);
				around(t, h.out, h.out_mask);
			}
}

/* First which hosts are to be this one, then all addresses. */
static void all_nets(struct vf_topology *t, const struct xt_ruleset *rs)
{
	struct scan s = { .t = t, .votes = vf_votes_new(t->arena), .voting = true };

	for (int pass = 0; pass < 2; pass++, s.voting = false)
		for (const struct xt_table *table = rs->tables; table; table = table->next)
			scan_table(&s, table);
}

void vf_topology_complete(struct vf_topology *t, const struct xt_ruleset *rs)
{
	for (const struct xt_table *table = rs->tables; table; table = table->next)
		for (const struct xt_chain *c = table->chains; c; c = c->next)
			for (const struct xt_rule *r = c->rules; r; r = r->next)
				if (r->entry)
					rule_devices(t, table->family, r);
	/* So that what is own anyway is known. */
	vf_topology_index(t);
	if (t->given)
		return;
	more_devices(t, rs);
	all_nets(t, rs);
	dnat_nets(t, rs);
	for (size_t i = 0; i < t->n; i++)
		named_first(&t->devices[i]);
	abroad(t);
	vf_topology_index(t);
}

void vf_topology_from_rules(struct vf_topology *t, struct xl_arena *a, const struct xt_ruleset *rs)
{
	*t = (struct vf_topology){ .arena = a };
	vf_device_add(t, "vf0");
	vf_device_add(t, "vf1");
	vf_topology_complete(t, rs);
}
