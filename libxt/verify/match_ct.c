// SPDX-License-Identifier: GPL-2.0-or-later
/* state, conntrack, mark, connmark, helper, connbytes, connlimit: as far as a single packet shows.
 */
#include "verify/model.h"

#include <arpa/inet.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/xt_connbytes.h>
#include <linux/netfilter/xt_connlimit.h>
#include <linux/netfilter/xt_connmark.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_mark.h>
#include <linux/netfilter/xt_state.h>
#include <netinet/in.h>
#include <string.h>

enum {
	NEW = XT_CONNTRACK_STATE_BIT(IP_CT_NEW),
	ESTABLISHED = XT_CONNTRACK_STATE_BIT(IP_CT_ESTABLISHED),
	RELATED = XT_CONNTRACK_STATE_BIT(IP_CT_RELATED),
	INVALID = XT_CONNTRACK_STATE_INVALID,
	UNTRACKED = XT_CONNTRACK_STATE_UNTRACKED,
	TRACKED = NEW | ESTABLISHED | RELATED,
};

/* What tcp_new(), net/netfilter/nf_conntrack_proto_tcp.c, takes as the first of a connection. */
static bool tcp_begins(uint8_t flags)
{
	switch (flags & 0x17) {
	case 0x02: /* SYN */
	case 0x10: /* ACK: picked up on its way */
		return true;
	default:
		return false;
	}
}

static unsigned int icmp_state(const struct vf_probe *p)
{
	static const uint8_t four[] = { 8, 13, 15, 17 }, six[] = { 128, 139 };
	/* Never tracked: neighbour discovery and multicast listeners; nf_conntrack_icmpv6_error().
	 */
	static const uint8_t no[] = { 130, 131, 132, 133, 134, 135, 136, 143 };

	if (p->family == NFPROTO_IPV4)
		return memchr(four, p->type, sizeof(four)) ? NEW : INVALID;
	if (memchr(no, p->type, sizeof(no)))
		return UNTRACKED;
	return memchr(six, p->type, sizeof(six)) ? NEW : INVALID;
}

static bool is_icmp(const struct vf_probe *p)
{
	return p->proto == (p->family == NFPROTO_IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
}

static bool is_icmp_error(const struct vf_probe *p)
{
	static const uint8_t errors[] = { 3, 4, 5, 11, 12 };

	return p->family == NFPROTO_IPV4 ? !!memchr(errors, p->type, sizeof(errors))
					 : p->type < 128;
}

static unsigned int state_of(const struct vf_packet *k)
{
	static const unsigned int of[] = { [VF_CT_ESTABLISHED] = ESTABLISHED,
					   [VF_CT_REPLY] = ESTABLISHED,
					   [VF_CT_RELATED] = RELATED,
					   [VF_CT_INVALID] = INVALID };

	if (k->untracked)
		return UNTRACKED;
	if (k->p.ct == VF_CT_RELATED && is_icmp(&k->p) && !is_icmp_error(&k->p))
		return icmp_state(&k->p);
	if (k->p.ct != VF_CT_NONE && k->p.ct != VF_CT_UNANSWERED)
		return of[k->p.ct];
	if (k->p.proto == IPPROTO_TCP && vf_first_fragment(k))
		return tcp_begins(k->p.tcp_flags) ? NEW : INVALID;
	if (k->p.proto == IPPROTO_ICMP || k->p.proto == IPPROTO_ICMPV6)
		return icmp_state(&k->p);
	return NEW;
}

/* nf_nat_inet_fn(): one that was expected gets its NAT like a new one. */
bool vf_begins(const struct vf_packet *k)
{
	return state_of(k) == NEW || (state_of(k) == RELATED && !is_icmp(&k->p));
}

/* Only a connection that is there already has a mark that no rule gave it. */
static void be_new(struct vf_packet *k)
{
	k->p.ct = k->p.ct_mark ? VF_CT_UNANSWERED : VF_CT_NONE;
	if (k->p.proto == IPPROTO_TCP && !tcp_begins(k->p.tcp_flags))
		k->p.tcp_flags = 0x02;
	else if (k->p.proto == IPPROTO_ICMP || k->p.proto == IPPROTO_ICMPV6)
		k->p.type = k->p.proto == IPPROTO_ICMP ? 8 : 128;
}

static void be_established(struct vf_packet *k, bool reply)
{
	bool icmp = k->p.proto == IPPROTO_ICMP;

	k->p.ct = reply ? VF_CT_REPLY : VF_CT_ESTABLISHED;
	if (k->p.proto == IPPROTO_TCP && k->p.tcp_flags == 0x02)
		k->p.tcp_flags = 0x10;
	else if (icmp || k->p.proto == IPPROTO_ICMPV6)
		k->p.type = (icmp ? 8 : 128) + (icmp ? -8 : 1) * reply;
}

/* An error about a connection, or one that a helper @expected. */
static void be_related(struct vf_packet *k, bool expected)
{
	bool v4 = k->p.family == NFPROTO_IPV4;

	k->p.ct = VF_CT_RELATED;
	if (expected && vf_has_ports(k)) {
		if (k->p.proto == IPPROTO_TCP && k->p.tcp_flags == 0x02)
			k->p.tcp_flags = 0x10;
		return;
	}
	vf_set_proto(&k->p, v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
	k->p.type = v4 ? 3 : 1;
	k->p.code = v4 ? 3 : 4;
}

static void be_invalid(struct vf_packet *k)
{
	k->p.ct = VF_CT_INVALID;
	if (k->p.proto == IPPROTO_ICMP || k->p.proto == IPPROTO_ICMPV6) {
		k->p.type = k->p.proto == IPPROTO_ICMP ? 0 : 129;
		return;
	}
	vf_set_proto(&k->p, IPPROTO_TCP);
	if (tcp_begins(k->p.tcp_flags))
		k->p.tcp_flags = 0x04;
}

static void become(struct vf_packet *k, unsigned int state, struct vf_rng *r)
{
	if (state == NEW)
		be_new(k);
	else if (state == ESTABLISHED)
		be_established(k, vf_one_in(r, 2));
	else if (state == RELATED)
		be_related(k, vf_one_in(r, 2));
	else if (state == INVALID)
		be_invalid(k);
}

static const unsigned int states[] = { NEW, ESTABLISHED, RELATED, INVALID };

static void make_state(struct vf_packet *k, unsigned int mask, bool inv, struct vf_rng *r)
{
	unsigned int from = vf_below(r, 4);

	if (inv)
		mask = ~mask;
	if (state_of(k) & mask)
		return;
	/* An error about a connection takes the protocol away: only where nothing else will do. */
	if (mask & (NEW | ESTABLISHED | INVALID) && (!vf_has_ports(k) || !vf_one_in(r, 4)))
		mask &= ~RELATED;
	for (unsigned int i = 0; i < 4; i++) {
		unsigned int s = states[(from + i) % 4];

		if (mask & s) {
			become(k, s, r);
			return;
		}
	}
}

static bool edge_state(struct vf_packet *k, unsigned int n)
{
	struct vf_rng r = { n };

	if (n > 4)
		return false;
	if (n == 4)
		be_established(k, k->p.ct != VF_CT_REPLY);
	else
		become(k, states[n], &r);
	return true;
}

static enum vf_test state_test(const struct vf_cond *c, const struct vf_packet *k)
{
	return vf_state_mask(c) & state_of(k) ? VF_YES : VF_NO;
}

static void state_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	make_state(k, vf_state_mask(c), false, r);
}

static bool state_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	(void)c;
	return edge_state(k, n);
}

/* conntrack as revision 3: revisions 1 and 2 are like it, with narrower masks and single ports. */
static struct xt_conntrack_mtinfo3 conntrack(const struct vf_cond *c)
{
	const struct xt_conntrack_mtinfo1 *one = c->data;
	struct xt_conntrack_mtinfo3 i = { 0 };

	memcpy(&i, c->data,
	       c->rev == 3   ? sizeof(i)
	       : c->rev == 2 ? sizeof(struct xt_conntrack_mtinfo2)
			     : sizeof(*one));
	if (c->rev == 1) {
		i.state_mask = one->state_mask;
		i.status_mask = one->status_mask;
	}
	if (c->rev != 3) {
		i.origsrc_port = i.origsrc_port_high = ntohs(one->origsrc_port);
		i.origdst_port = i.origdst_port_high = ntohs(one->origdst_port);
		i.replsrc_port = i.replsrc_port_high = ntohs(one->replsrc_port);
		i.repldst_port = i.repldst_port_high = ntohs(one->repldst_port);
	}
	return i;
}

/* A part of a connection's two tuples, as a field of the packet. */
struct side {
	uint16_t flag;
	bool original, source;
};

static const struct side addrs[] = {
	{ XT_CONNTRACK_ORIGSRC, true, true },
	{ XT_CONNTRACK_ORIGDST, true, false },
	{ XT_CONNTRACK_REPLSRC, false, true },
	{ XT_CONNTRACK_REPLDST, false, false },
};

static const struct side ports[] = {
	{ XT_CONNTRACK_ORIGSRC_PORT, true, true },
	{ XT_CONNTRACK_ORIGDST_PORT, true, false },
	{ XT_CONNTRACK_REPLSRC_PORT, false, true },
	{ XT_CONNTRACK_REPLDST_PORT, false, false },
};

static bool is_source(const struct vf_packet *k, const struct side *s)
{
	return (s->original == (k->p.ct != VF_CT_REPLY)) == s->source;
}

static const uint8_t *nth_addr(const struct xt_conntrack_mtinfo3 *i, unsigned int n)
{
	/* The address and its mask stand together. */
	return (const uint8_t *)&i->origsrc_addr + n * 2 * sizeof(union nf_inet_addr);
}

static struct vf_range nth_ports(const struct xt_conntrack_mtinfo3 *i, unsigned int n)
{
	const uint16_t lo[] = { i->origsrc_port, i->origdst_port, i->replsrc_port,
				i->repldst_port };
	const uint16_t hi[] = { i->origsrc_port_high, i->origdst_port_high, i->replsrc_port_high,
				i->repldst_port_high };

	return (struct vf_range){ lo[n], hi[n], 0xffff, i->invert_flags & ports[n].flag };
}

static bool tuples_ok(const struct xt_conntrack_mtinfo3 *i, const struct vf_packet *k)
{
	for (unsigned int n = 0; n < 4; n++) {
		const uint8_t *want = nth_addr(i, n);
		const uint8_t *addr = is_source(k, &addrs[n]) ? k->p.saddr : k->p.daddr;

		if (i->match_flags & addrs[n].flag &&
		    vf_addr_like(k->p.family, addr, want, want + 16) ==
			    !!(i->invert_flags & addrs[n].flag))
			return false;
		if (i->match_flags & ports[n].flag &&
		    !vf_in(nth_ports(i, n), is_source(k, &ports[n]) ? k->p.sport : k->p.dport))
			return false;
	}
	return true;
}

/* For the states that a table may see: conntrack_mt(), net/netfilter/xt_conntrack.c. */
static bool ct_state_ok(const struct xt_conntrack_mtinfo3 *i, const struct vf_packet *k)
{
	unsigned int s = state_of(k);

	if (s & TRACKED && k->dnat)
		s |= XT_CONNTRACK_STATE_DNAT;
	if (s & TRACKED && k->snat)
		s |= XT_CONNTRACK_STATE_SNAT;
	return !!(s & i->state_mask) != !!(i->invert_flags & XT_CONNTRACK_STATE);
}

bool vf_cond_asks_dnat(const struct vf_cond *c)
{
	struct xt_conntrack_mtinfo3 i;

	if (!c->kind || strcmp(c->kind->name, "conntrack") != 0)
		return false;
	i = conntrack(c);
	return (i.match_flags & ~i.invert_flags & XT_CONNTRACK_STATE &&
		i.state_mask == XT_CONNTRACK_STATE_DNAT) ||
	       (i.match_flags & ~i.invert_flags & XT_CONNTRACK_STATUS &&
		i.status_mask == IPS_DST_NAT);
}

static enum vf_test conntrack_test(const struct vf_cond *c, const struct vf_packet *k)
{
	struct xt_conntrack_mtinfo3 i = conntrack(c);
	bool reply = k->p.ct == VF_CT_REPLY;

	if (i.match_flags & XT_CONNTRACK_STATE && !ct_state_ok(&i, k))
		return VF_NO;
	if (!(i.match_flags & ~XT_CONNTRACK_STATE))
		return VF_YES;
	if (!(state_of(k) & TRACKED))
		return i.match_flags & XT_CONNTRACK_STATE ? VF_YES : VF_NO;
	if (i.match_flags & XT_CONNTRACK_DIRECTION &&
	    reply != !!(i.invert_flags & XT_CONNTRACK_DIRECTION))
		return VF_NO;
	if (i.match_flags & XT_CONNTRACK_PROTO &&
	    (k->p.proto == i.l4proto) == !!(i.invert_flags & XT_CONNTRACK_PROTO))
		return VF_NO;
	if (!tuples_ok(&i, k) || (vf_cond_asks_dnat(c) && !k->dnat))
		return VF_NO;
	return i.match_flags & (XT_CONNTRACK_STATUS | XT_CONNTRACK_EXPIRES) ? VF_UNKNOWN : VF_YES;
}

bool vf_only_states(const struct vf_cond *c, unsigned int *states_asked)
{
	struct xt_conntrack_mtinfo3 i;

	if (!strcmp(c->kind->name, "state")) {
		*states_asked = vf_state_mask(c);
		return true;
	}
	if (strcmp(c->kind->name, "conntrack") != 0)
		return false;
	i = conntrack(c);
	*states_asked = i.state_mask;
	return (i.match_flags & ~XT_CONNTRACK_STATE_ALIAS) == XT_CONNTRACK_STATE &&
	       !(i.invert_flags & XT_CONNTRACK_STATE);
}

static void make_tuples(const struct xt_conntrack_mtinfo3 *i, struct vf_packet *k, struct vf_rng *r)
{
	for (unsigned int n = 0; n < 4; n++) {
		const uint8_t *want = nth_addr(i, n);
		uint8_t *addr = is_source(k, &addrs[n]) ? k->p.saddr : k->p.daddr;

		if (i->match_flags & addrs[n].flag) {
			if (i->invert_flags & addrs[n].flag)
				vf_addr_bound(k->p.family, addr, want, want + 16, 0);
			else
				vf_addr_fill(k->p.family, addr, want, want + 16, r);
		}
		if (i->match_flags & ports[n].flag)
			*(is_source(k, &ports[n]) ? &k->p.sport : &k->p.dport) =
				vf_pick(nth_ports(i, n), r);
	}
}

static void make_status(const struct xt_conntrack_mtinfo3 *i, struct vf_packet *k)
{
	bool replied = i->status_mask & (IPS_SEEN_REPLY | IPS_ASSURED | IPS_CONFIRMED);

	if (replied != !!(i->invert_flags & XT_CONNTRACK_STATUS) && k->p.ct == VF_CT_NONE)
		be_established(k, false);
}

static void conntrack_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	struct xt_conntrack_mtinfo3 i = conntrack(c);
	bool reply = i.invert_flags & XT_CONNTRACK_DIRECTION;

	if (i.match_flags & XT_CONNTRACK_PROTO && !(i.invert_flags & XT_CONNTRACK_PROTO))
		vf_set_proto(&k->p, i.l4proto);
	if (i.match_flags & XT_CONNTRACK_STATE)
		make_state(k, i.state_mask, i.invert_flags & XT_CONNTRACK_STATE, r);
	if (i.match_flags & XT_CONNTRACK_STATUS)
		make_status(&i, k);
	k->dnat |= vf_cond_asks_dnat(c); /* a rule has to see to it */
	if (i.match_flags & XT_CONNTRACK_DIRECTION && (k->p.ct == VF_CT_REPLY) != reply)
		be_established(k, reply);
	make_tuples(&i, k, r);
}

static bool edge_tuples(const struct xt_conntrack_mtinfo3 *i, struct vf_packet *k, unsigned int n)
{
	enum { EACH = 4 };
	unsigned int which = n / EACH % 4;
	const uint8_t *want = nth_addr(i, which);
	uint32_t v;

	if (n < 4 * EACH) {
		if (i->match_flags & addrs[which].flag)
			vf_addr_bound(k->p.family,
				      is_source(k, &addrs[which]) ? k->p.saddr : k->p.daddr, want,
				      want + 16, n % EACH);
		return true;
	}
	if (n >= 8 * EACH)
		return false;
	if (i->match_flags & ports[which].flag && vf_bound(nth_ports(i, which), n % EACH, &v))
		*(is_source(k, &ports[which]) ? &k->p.sport : &k->p.dport) = v;
	return true;
}

static bool conntrack_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	struct xt_conntrack_mtinfo3 i = conntrack(c);

	if (n < 5)
		return edge_state(k, n);
	if (!(i.match_flags & ~(XT_CONNTRACK_STATE | XT_CONNTRACK_STATUS | XT_CONNTRACK_EXPIRES |
				XT_CONNTRACK_DIRECTION | XT_CONNTRACK_STATE_ALIAS)))
		return false;
	return edge_tuples(&i, k, n - 5);
}

static const char *conntrack_why(const struct vf_cond *c)
{
	struct xt_conntrack_mtinfo3 i = conntrack(c);

	if (i.match_flags & XT_CONNTRACK_EXPIRES)
		return "-m conntrack --ctexpire: how long a connection has left";
	if (i.match_flags & XT_CONNTRACK_STATUS && i.status_mask & IPS_EXPECTED)
		return "-m conntrack --ctstatus EXPECTED: a connection that a helper expects";
	return NULL;
}

/* mark and connmark are alike. */
static bool mark_like(const struct vf_cond *c, uint32_t mark)
{
	const struct xt_mark_mtinfo1 *m = c->data;

	return ((mark & m->mask) == m->mark) != !!m->invert;
}

static uint32_t *mark_field(const struct vf_cond *c, struct vf_packet *k)
{
	return c->m->u.user.name[0] == 'm' ? &k->p.mark : &k->p.ct_mark;
}

static enum vf_test mark_test(const struct vf_cond *c, const struct vf_packet *k)
{
	if (k->any_mark)
		return VF_UNKNOWN;
	return mark_like(c, k->p.mark) ? VF_YES : VF_NO;
}

/* connmark_mt(): a packet without a connection never matches. */
static enum vf_test connmark_test(const struct vf_cond *c, const struct vf_packet *k)
{
	if (!(state_of(k) & TRACKED))
		return VF_NO;
	return mark_like(c, k->p.ct_mark) ? VF_YES : VF_NO;
}

static void mark_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct xt_mark_mtinfo1 *m = c->data;
	uint32_t *mark = mark_field(c, k);

	(void)r;
	if (mark_like(c, *mark))
		return;
	*mark = (*mark & ~m->mask) | m->mark;
	if (m->invert)
		*mark ^= m->mask & -m->mask;
}

/* The mark is that of a connection that is there already. */
static void connmark_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	mark_make(c, k, r);
	if (k->p.ct_mark && k->p.ct == VF_CT_NONE)
		k->p.ct = VF_CT_ESTABLISHED;
}

/* Each bit of the mask, then one beside it. */
static bool mark_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	enum { MOST = 10 };
	const struct xt_mark_mtinfo1 *m = c->data;
	unsigned int count = __builtin_popcount(m->mask);
	uint32_t bits = m->mask, *mark = mark_field(c, k);

	if (count > MOST)
		count = MOST;
	if (n > count || (n == count && !~m->mask))
		return false;
	if (n == count)
		bits = ~m->mask;
	else
		while (n--)
			bits &= bits - 1;
	*mark ^= bits & -bits;
	if (k->p.ct_mark && k->p.ct == VF_CT_NONE)
		k->p.ct = VF_CT_ESTABLISHED;
	return true;
}

static enum vf_test unknown_test(const struct vf_cond *c, const struct vf_packet *k)
{
	(void)c;
	(void)k;
	return VF_UNKNOWN;
}

/* Sends more packets than the least number asked for. */
static void connbytes_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct xt_connbytes_info *i = c->data;

	(void)r;
	if (k->p.ct == VF_CT_NONE)
		be_established(k, i->direction == XT_CONNBYTES_DIR_REPLY);
	if (i->what == XT_CONNBYTES_PKTS && i->count.from < 200)
		k->p.repeat = i->count.from + 1;
	else
		k->p.payload = 1200;
}

static const char *connbytes_why(const struct vf_cond *c)
{
	(void)c;
	return "-m connbytes: how much a connection has carried";
}

static const char *helper_why(const struct vf_cond *c)
{
	(void)c;
	return "-m helper: a connection that a helper follows";
}

/* Few connections: it matches "at most", "above" perhaps later. */
static enum vf_test connlimit_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_connlimit_info *i = c->data;
	bool below = i->flags & XT_CONNLIMIT_INVERT;

	(void)k;
	if (i->limit == 0)
		return below ? VF_NO : VF_YES;
	return below ? VF_YES : VF_UNKNOWN;
}

/* A reset would end the connection: already_closed(), net/netfilter/nf_conncount.c. */
static void connlimit_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	enum { MOST = 300 };
	const struct xt_connlimit_info *i = c->data;

	(void)r;
	if (i->limit >= MOST || k->p.ct != VF_CT_NONE)
		return;
	if (k->p.repeat < i->limit + 2)
		k->p.repeat = i->limit + 2;
	if (k->own)
		k->p.flags |= VF_SOCKET;
}

static const char *connlimit_why(const struct vf_cond *c)
{
	const struct xt_connlimit_info *i = c->data;

	return i->flags & XT_CONNLIMIT_INVERT ? NULL
					      : "-m connlimit: many connections at the same time";
}

const struct vf_kind vf_kinds_ct[] = {
	{ .name = "state", .test = state_test, .make = state_make, .edge = state_edge },
	{ .name = "conntrack",
	  .rev_min = 1,
	  .rev_max = 3,
	  .test = conntrack_test,
	  .make = conntrack_make,
	  .edge = conntrack_edge,
	  .why = conntrack_why },
	{ .name = "mark",
	  .rev_min = 1,
	  .rev_max = 1,
	  .test = mark_test,
	  .make = mark_make,
	  .edge = mark_edge },
	{ .name = "connmark",
	  .rev_min = 1,
	  .rev_max = 1,
	  .test = connmark_test,
	  .make = connmark_make,
	  .edge = mark_edge },
	{ .name = "helper", .test = unknown_test, .why = helper_why, .absent = true },
	{ .name = "connbytes", .test = unknown_test, .make = connbytes_make, .why = connbytes_why },
	{ .name = "connlimit",
	  .rev_max = 1,
	  .test = connlimit_test,
	  .make = connlimit_make,
	  .why = connlimit_why },
	{ 0 },
};
