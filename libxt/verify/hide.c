// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/hide.h"

#include <linux/netfilter/nf_nat.h>
#include <string.h>

static void set_bit(uint8_t *bits, uint16_t at)
{
	bits[at / 8] |= (uint8_t)(1 << at % 8);
}

/* A range of one port is no choice, but a port that packets can have. */
static void add_range(struct vf_ranges *r, struct xl_arena *a, const struct vf_nat *nat)
{
	struct vf_range x = { nat->lo, nat->hi };

	if (x.lo < x.hi && nat->to)
		xl_push(a, r->v, r->n, r->cap, x);
	if (!x.lo || x.lo != x.hi)
		return;
	set_bit(r->ports, x.lo);
	if (!nat->to)
		set_bit(r->sources, x.lo);
}

bool vf_nat_of(uint8_t family, const struct xt_rule *rule, struct vf_nat *nat)
{
	static const char *const names[] = { "DNAT", "REDIRECT", "SNAT", "MASQUERADE" };
	const struct xt_entry_target *t = xt_target(family, rule->entry);
	const struct nf_nat_ipv4_multi_range_compat *old = (const void *)t->data;
	const struct nf_nat_range *range = (const void *)t->data;
	bool four = family == NFPROTO_IPV4 && t->u.user.revision == 0;
	size_t i = 0;

	while (i < 4 && strcmp(t->u.user.name, names[i]) != 0)
		i++;
	if (i == 4)
		return false;
	*nat = (struct vf_nat){ .to = i < 2 };
	if (!((four ? old->range[0].flags : range->flags) & NF_NAT_RANGE_PROTO_SPECIFIED))
		return true;
	nat->lo = ntohs(four ? old->range[0].min.all : range->min_proto.all);
	nat->hi = ntohs(four ? old->range[0].max.all : range->max_proto.all);
	return true;
}

static void from_rule(struct vf_ranges *r, struct xl_arena *a, uint8_t family,
		      const struct xt_rule *rule)
{
	struct vf_nat nat;

	r->mss |= !strcmp(xt_target(family, rule->entry)->u.user.name, "TCPMSS");
	if (vf_nat_of(family, rule, &nat))
		add_range(r, a, &nat);
}

void vf_ranges_find(struct vf_ranges *r, struct xl_arena *a, const struct xt_ruleset *rs)
{
	memset(r, 0, sizeof(*r));
	for (const struct xt_table *t = rs->tables; t; t = t->next)
		for (const struct xt_chain *c = t->chains; c; c = c->next)
			for (const struct xt_rule *rule = c->rules; rule; rule = rule->next)
				if (rule->entry && rule->action == XT_ACT_TARGET)
					from_rule(r, a, t->family, rule);
}

/* A packet being looked at. */
struct packet {
	uint8_t *ip, *l4;
	size_t n; /* from @l4 on */
	uint8_t proto;
	bool v4;
};

static uint16_t get16(const uint8_t *b)
{
	return (uint16_t)(b[0] << 8 | b[1]);
}

static void set16(uint8_t *b, uint16_t v)
{
	b[0] = (uint8_t)(v >> 8);
	b[1] = (uint8_t)v;
}

/* Past IPv6 extension headers; false in a later fragment. */
static bool skip_extensions(struct packet *k)
{
	size_t size;

	while (k->n >= 8) {
		if (k->proto == IPPROTO_FRAGMENT && get16(k->l4 + 2) & 0xfff8)
			return false;
		if (k->proto == IPPROTO_FRAGMENT)
			size = 8;
		else if (k->proto == IPPROTO_AH)
			size = (k->l4[1] + 2) * 4u;
		else if (k->proto == IPPROTO_HOPOPTS || k->proto == IPPROTO_DSTOPTS ||
			 k->proto == IPPROTO_ROUTING)
			size = (k->l4[1] + 1) * 8u;
		else
			break;
		if (size > k->n)
			return false;
		k->proto = k->l4[0];
		k->l4 += size;
		k->n -= size;
	}
	return true;
}

static bool find_l4(struct packet *k, uint8_t *ip, size_t n)
{
	size_t head;

	*k = (struct packet){ .ip = ip, .v4 = n && ip[0] >> 4 == 4 };
	head = k->v4 ? (ip[0] & 15) * 4u : 40;
	if (n < head || (k->v4 && n < 20))
		return false;
	k->proto = k->v4 ? ip[9] : ip[6];
	k->l4 = ip + head;
	k->n = n - head;
	return k->v4 ? !(get16(ip + 6) & 0x1fff) : skip_extensions(k);
}

static bool is_icmp(const struct packet *k)
{
	return k->proto == IPPROTO_ICMP || k->proto == IPPROTO_ICMPV6;
}

/* Of what the kernel answers by itself: sequence numbers, and in IPv6 the flow label. */
static void hide_answer(struct packet *k)
{
	bool tcp = k->proto == IPPROTO_TCP && k->n >= 20;
	bool syn_ack = tcp && (k->l4[13] & 0x12) == 0x12, rst = tcp && k->l4[13] & 4;

	if (syn_ack)
		memset(k->l4 + 4, 0, 4);
	if (tcp && k->l4[13] & 0x10) /* and what answers that repeats it */
		memset(k->l4 + 8, 0, 4);
	if (rst)
		memset(k->l4 + 4, 0, 4);
	if (syn_ack || rst)
		set16(k->l4 + 16, 0);
	if (!k->v4 && (syn_ack || rst || k->proto == IPPROTO_ICMPV6)) {
		k->ip[1] &= 0xf0;
		k->ip[2] = k->ip[3] = 0;
	}
}

static bool in_ranges(const struct vf_ranges *r, uint8_t *port)
{
	uint16_t v = get16(port);

	for (size_t i = 0; i < r->n; i++) {
		if (v < r->v[i].lo || v > r->v[i].hi)
			continue;
		set16(port, r->v[i].lo);
		return true;
	}
	return false;
}

static bool is_set(const uint8_t *bits, uint16_t at)
{
	return bits[at / 8] & 1 << at % 8;
}

static size_t checksum_at(uint8_t proto)
{
	return proto == IPPROTO_TCP ? 16 : proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE ? 6 : 2;
}

/* On the way of the probe, the source port is drawn, unless it is the probe's or a rule for sources
 * names it. With another source address even the probe's own may be drawn, where a port that was
 * drawn before is the same. A port that only rules for destinations name is drawn as others are. */
static bool hide_onward(const struct vf_ranges *r, const struct vf_probe *p, uint8_t *ports,
			bool snat)
{
	uint16_t sport = get16(ports), dport = get16(ports + 2);
	bool drawn = (snat || sport != p->sport) && !is_set(r->sources, sport);
	bool to = in_ranges(r, ports + 2);

	if (drawn)
		set16(ports, 0);
	if (drawn && r->drawn && !r->drawn[0])
		r->drawn[0] = sport;
	if (to && r->drawn && !r->drawn[1])
		r->drawn[1] = dport;
	return to || drawn;
}

/* Where addresses do not tell the direction, ports do: a server's is a rule's or the probe's. In an
 * answer the destination's is drawn. */
static bool hide_either(const struct vf_ranges *r, const struct vf_probe *p, uint8_t *ports,
			bool snat)
{
	uint16_t sport = get16(ports), dport = get16(ports + 2);
	bool from = in_ranges(r, ports), to = in_ranges(r, ports + 2);
	bool server = from || is_set(r->ports, sport) || sport == p->dport;
	bool asked = to || is_set(r->ports, dport) || dport == p->dport;

	if (!server && (snat || sport != p->sport) && dport != p->sport)
		set16(ports, 0);
	else if (server && !asked && dport != p->sport)
		set16(ports + 2, 0);
	else
		return from || to;
	return true;
}

static bool is_servers(const struct vf_ranges *r, const struct vf_probe *p, const uint8_t *port)
{
	uint8_t copy[2] = { port[0], port[1] };

	return get16(port) == p->dport || is_set(r->ports, get16(port)) || in_ranges(r, copy);
}

/* What does not go back to the sender is on the probe's way when it still comes from there, or goes
 * to a server; else it may be an answer that NAT did not take back. */
static bool hide_drawn(const struct vf_ranges *r, const struct vf_probe *p, const struct packet *k)
{
	const uint8_t *from = k->ip + (k->v4 ? 12 : 8), *to = k->ip + (k->v4 ? 16 : 24);
	size_t n = k->v4 ? 4 : 16;
	bool snat = memcmp(from, p->saddr, n) != 0;

	if (memcmp(to, p->saddr, n) != 0 && (!snat || is_servers(r, p, k->l4 + 2)))
		return hide_onward(r, p, k->l4, snat);
	return hide_either(r, p, k->l4, snat);
}

static bool hide_ports(const struct vf_ranges *r, const struct vf_probe *p, struct packet *k)
{
	bool hidden = false;

	if (is_icmp(k) && k->n >= 8) {
		hidden = p->proto == k->proto && get16(k->l4 + 4) != p->sport &&
			 get16(k->l4 + 6) == 1;
		if (hidden)
			set16(k->l4 + 4, 0);
	} else if ((k->proto == IPPROTO_TCP || k->proto == IPPROTO_UDP ||
		    k->proto == IPPROTO_UDPLITE) &&
		   k->n >= 8) {
		hidden = hide_drawn(r, p, k);
	}
	if (hidden && k->n >= checksum_at(k->proto) + 2u)
		set16(k->l4 + checksum_at(k->proto), 0);
	return hidden;
}

static bool is_error(const struct packet *k)
{
	if (!is_icmp(k) || k->n < 8)
		return false;
	if (!k->v4)
		return k->l4[0] < 128;
	return k->l4[0] == 3 || k->l4[0] == 4 || k->l4[0] == 5 || k->l4[0] == 11 || k->l4[0] == 12;
}

/* What a local socket's packet has by the kernel: its id, in IPv6 its flow label. */
static bool hide_drawn_header(const struct vf_probe *p, uint8_t *ip)
{
	bool v4 = ip[0] >> 4 == 4;

	if (v4 && get16(ip + 4) != p->ip_id) {
		set16(ip + 4, 0);
		set16(ip + 10, 0);
		return true;
	}
	if (!v4 && p->in == VF_OUT && (ip[1] & 0x0f || ip[2] || ip[3])) {
		ip[1] &= 0xf0;
		ip[2] = ip[3] = 0;
		return true;
	}
	return false;
}

/* What an ICMP error quotes. */
static void hide_quoted(const struct vf_ranges *r, const struct vf_probe *p, struct packet *k)
{
	struct packet quoted;
	bool found, hidden;

	if (!is_error(k) || k->n < 8 + 20)
		return;
	found = find_l4(&quoted, k->l4 + 8, k->n - 8);
	hidden = hide_drawn_header(p, k->l4 + 8);
	if (found)
		hidden |= hide_ports(r, p, &quoted);
	if (hidden)
		set16(k->l4 + 2, 0);
}

/* tcpmss_mangle_packet(), net/netfilter/xt_TCPMSS.c: the first option, of 536 at most. */
static size_t drop_mss(struct packet *k, size_t n)
{
	uint8_t *option = k->l4 + 20;
	size_t head = k->n >= 24 ? k->l4[12] / 16 * 4u : 0;

	if (k->proto != IPPROTO_TCP || head < 24 || head != k->n || !(k->l4[13] & 2) ||
	    option[0] != 2 || option[1] != 4 || get16(option + 2) > 536)
		return n;
	memmove(option, option + 4, k->n - 24);
	k->n -= 4;
	k->l4[12] -= 1 << 4;
	set16(k->l4 + 16, 0);
	set16(k->ip + (k->v4 ? 2 : 4), get16(k->ip + (k->v4 ? 2 : 4)) - 4);
	return n - 4;
}

size_t vf_hide(const struct vf_ranges *ranges, const struct vf_probe *p, uint8_t *ip, size_t n)
{
	struct packet k;
	bool l4 = find_l4(&k, ip, n);

	if (k.v4 && n >= 20) {
		if (get16(ip + 4) != p->ip_id)
			set16(ip + 4, 0);
		set16(ip + 10, 0);
	}
	if (!l4)
		return n;
	if (ranges->mss && !(p->flags & VF_TCP_OPTION))
		n = drop_mss(&k, n);
	hide_answer(&k);
	hide_ports(ranges, p, &k);
	hide_quoted(ranges, p, &k);
	return n;
}
