// SPDX-License-Identifier: GPL-2.0-or-later
/* tcp, udp, udplite, multiport, icmp, icmp6, tcpmss, esp, ah, sctp and dccp by their ports. */
#include "verify/model.h"

#include <linux/netfilter/xt_dccp.h>
#include <linux/netfilter/xt_esp.h>
#include <linux/netfilter/xt_multiport.h>
#include <linux/netfilter/xt_sctp.h>
#include <linux/netfilter/xt_tcpmss.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <netinet/in.h>
#include <string.h>

static struct vf_range ports(const uint16_t pts[2], bool inv)
{
	return (struct vf_range){ pts[0], pts[1], 0xffff, inv };
}

static bool whole(struct vf_range r)
{
	return r.lo == 0 && r.hi == r.max && !r.inv;
}

/* Source and destination ports of the simple kinds. */
struct pair {
	struct vf_range src, dst;
};

static bool pair_test(const struct pair *i, const struct vf_packet *k, uint8_t proto)
{
	return k->p.proto == proto && vf_first_fragment(k) && !(k->p.flags & VF_SHORT) &&
	       vf_in(i->src, k->p.sport) && vf_in(i->dst, k->p.dport);
}

static void pair_make(const struct pair *i, struct vf_packet *k, uint8_t proto, struct vf_rng *r)
{
	vf_set_proto(&k->p, proto);
	k->p.flags &= ~(VF_FRAGMENT | VF_SHORT);
	if (!whole(i->src))
		k->p.sport = vf_pick(i->src, r);
	if (!whole(i->dst))
		k->p.dport = vf_pick(i->dst, r);
}

static unsigned int pair_edges(const struct pair *i)
{
	return vf_bounds(i->src) + vf_bounds(i->dst);
}

static bool pair_edge(const struct pair *i, struct vf_packet *k, unsigned int n)
{
	bool dst = n < vf_bounds(i->dst);
	uint32_t v;

	if (!vf_bound(dst ? i->dst : i->src, dst ? n : n - vf_bounds(i->dst), &v))
		return false;
	*(dst ? &k->p.dport : &k->p.sport) = v;
	return true;
}

static struct pair tcp_pair(const struct vf_cond *c)
{
	const struct xt_tcp *t = c->data;

	return (struct pair){ ports(t->spts, t->invflags & XT_TCP_INV_SRCPT),
			      ports(t->dpts, t->invflags & XT_TCP_INV_DSTPT) };
}

static enum vf_test tcp_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_tcp *t = c->data;
	struct pair i = tcp_pair(c);
	bool option = k->p.flags & VF_TCP_OPTION && k->p.tcp_option == t->option;

	if (!pair_test(&i, k, IPPROTO_TCP))
		return VF_NO;
	if (((k->p.tcp_flags & t->flg_mask) == t->flg_cmp) == !!(t->invflags & XT_TCP_INV_FLAGS))
		return VF_NO;
	if (t->option && option == !!(t->invflags & XT_TCP_INV_OPTION))
		return VF_NO;
	return VF_YES;
}

static void tcp_flags(const struct xt_tcp *t, struct vf_packet *k, struct vf_rng *r)
{
	bool inv = t->invflags & XT_TCP_INV_FLAGS;
	uint8_t f = k->p.tcp_flags;

	if (!t->flg_mask || ((f & t->flg_mask) == t->flg_cmp) != inv)
		return;
	f = (f & ~t->flg_mask) | t->flg_cmp;
	if (inv) /* as a packet of a connection has them, if that will do */
		f = (0x10 & t->flg_mask) != t->flg_cmp ? 0x10 : f ^ (t->flg_mask & -t->flg_mask);
	else if (vf_one_in(r, 4) && !(t->flg_mask & 0x08))
		f |= 0x08;
	k->p.tcp_flags = f;
}

static void tcp_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct xt_tcp *t = c->data;
	struct pair i = tcp_pair(c);

	pair_make(&i, k, IPPROTO_TCP, r);
	tcp_flags(t, k, r);
	if (!t->option)
		return;
	if (t->invflags & XT_TCP_INV_OPTION) {
		k->p.flags &= ~VF_TCP_OPTION;
		return;
	}
	k->p.flags |= VF_TCP_OPTION;
	k->p.tcp_option = t->option;
	k->p.tcp_option_value = 1460;
}

static bool tcp_option_edge(const struct xt_tcp *t, struct vf_packet *k, unsigned int n)
{
	if (!t->option || n > 1)
		return false;
	k->p.flags ^= VF_TCP_OPTION;
	k->p.tcp_option = t->option;
	if (n) {
		k->p.flags |= VF_TCP_OPTION;
		k->p.tcp_option = t->option == 8 ? 4 : 8;
	}
	return true;
}

/* Ports, then each flag bit turned, in the mask or not, then the option. */
static bool tcp_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	const struct xt_tcp *t = c->data;
	struct pair i = tcp_pair(c);

	if (n < pair_edges(&i))
		return pair_edge(&i, k, n);
	n -= pair_edges(&i);
	if (!t->flg_mask)
		return tcp_option_edge(t, k, n);
	if (n >= 8)
		return tcp_option_edge(t, k, n - 8);
	k->p.tcp_flags ^= 1 << n;
	return true;
}

static struct pair udp_pair(const struct vf_cond *c)
{
	const struct xt_udp *t = c->data;

	return (struct pair){ ports(t->spts, t->invflags & XT_UDP_INV_SRCPT),
			      ports(t->dpts, t->invflags & XT_UDP_INV_DSTPT) };
}

static uint8_t udp_proto(const struct vf_cond *c)
{
	return strcmp(c->m->u.user.name, "udplite") ? IPPROTO_UDP : IPPROTO_UDPLITE;
}

static enum vf_test udp_test(const struct vf_cond *c, const struct vf_packet *k)
{
	struct pair i = udp_pair(c);

	return pair_test(&i, k, udp_proto(c)) ? VF_YES : VF_NO;
}

static void udp_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	struct pair i = udp_pair(c);

	pair_make(&i, k, udp_proto(c), r);
}

static bool udp_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	struct pair i = udp_pair(c);

	return pair_edge(&i, k, n);
}

/* Which of the tests are there say flags of their own. */
static struct pair sctp_pair(const struct vf_cond *c)
{
	static const uint16_t all[2] = { 0, 0xffff };
	const struct xt_sctp_info *s = c->data;

	return (struct pair){ s->flags & XT_SCTP_SRC_PORTS
				      ? ports(s->spts, s->invflags & XT_SCTP_SRC_PORTS)
				      : ports(all, false),
			      s->flags & XT_SCTP_DEST_PORTS
				      ? ports(s->dpts, s->invflags & XT_SCTP_DEST_PORTS)
				      : ports(all, false) };
}

static enum vf_test sctp_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_sctp_info *s = c->data;
	struct pair i = sctp_pair(c);

	if (!pair_test(&i, k, IPPROTO_SCTP))
		return VF_NO;
	return s->flags & XT_SCTP_CHUNK_TYPES ? VF_UNKNOWN : VF_YES;
}

static void sctp_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	struct pair i = sctp_pair(c);

	pair_make(&i, k, IPPROTO_SCTP, r);
}

static bool sctp_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	struct pair i = sctp_pair(c);

	return pair_edge(&i, k, n);
}

static struct pair dccp_pair(const struct vf_cond *c)
{
	static const uint16_t all[2] = { 0, 0xffff };
	const struct xt_dccp_info *s = c->data;

	return (struct pair){ s->flags & XT_DCCP_SRC_PORTS
				      ? ports(s->spts, s->invflags & XT_DCCP_SRC_PORTS)
				      : ports(all, false),
			      s->flags & XT_DCCP_DEST_PORTS
				      ? ports(s->dpts, s->invflags & XT_DCCP_DEST_PORTS)
				      : ports(all, false) };
}

static enum vf_test dccp_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_dccp_info *s = c->data;
	struct pair i = dccp_pair(c);

	if (!pair_test(&i, k, IPPROTO_DCCP))
		return VF_NO;
	return s->flags & (XT_DCCP_TYPE | XT_DCCP_OPTION) ? VF_UNKNOWN : VF_YES;
}

static void dccp_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	struct pair i = dccp_pair(c);

	pair_make(&i, k, IPPROTO_DCCP, r);
}

static bool dccp_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	struct pair i = dccp_pair(c);

	return pair_edge(&i, k, n);
}

/* multiport as revision 1, which begins as revision 0 does. */
static struct xt_multiport_v1 multiport(const struct vf_cond *c)
{
	struct xt_multiport_v1 v1 = { 0 };

	memcpy(&v1, c->data, c->rev ? sizeof(v1) : sizeof(struct xt_multiport));
	if (v1.count > XT_MULTI_PORTS)
		v1.count = XT_MULTI_PORTS;
	return v1;
}

static bool listed(const struct xt_multiport_v1 *v, uint16_t port)
{
	for (unsigned int i = 0; i < v->count; i++) {
		uint16_t lo = v->ports[i], hi = lo;

		if (v->pflags[i] && i + 1 < v->count)
			hi = v->ports[++i];
		if (port >= lo && port <= hi)
			return true;
	}
	return false;
}

static enum vf_test multiport_test(const struct vf_cond *c, const struct vf_packet *k)
{
	struct xt_multiport_v1 v = multiport(c);
	bool found = false;

	if (!vf_has_ports(k))
		return VF_NO;
	if (v.flags != XT_MULTIPORT_DESTINATION)
		found = listed(&v, k->p.sport);
	if (v.flags != XT_MULTIPORT_SOURCE)
		found = found || listed(&v, k->p.dport);
	return found != v.invert ? VF_YES : VF_NO;
}

static void multiport_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	struct xt_multiport_v1 v = multiport(c);
	uint16_t *port = v.flags == XT_MULTIPORT_SOURCE ? &k->p.sport : &k->p.dport;
	unsigned int i;

	if (!vf_has_ports(k))
		vf_set_proto(&k->p, IPPROTO_TCP);
	if (multiport_test(c, k) == VF_YES && v.invert)
		return;
	for (int tries = 0; v.invert && tries < 16 && multiport_test(c, k) != VF_YES; tries++) {
		k->p.sport = 1024 + vf_below(r, 60000);
		k->p.dport = 1 + vf_below(r, 65535);
	}
	if (v.invert || !v.count)
		return;
	if (v.flags == XT_MULTIPORT_EITHER && vf_one_in(r, 2))
		port = &k->p.sport;
	i = vf_below(r, v.count);
	*port = v.ports[i];
	if (v.pflags[i] && i + 1 < v.count)
		*port = vf_pick((struct vf_range){ v.ports[i], v.ports[i + 1], 0xffff, false }, r);
}

static bool multiport_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	struct xt_multiport_v1 v = multiport(c);
	uint16_t *port = v.flags == XT_MULTIPORT_SOURCE ? &k->p.sport : &k->p.dport;

	/* Of each port: below, above, itself, once more for the source when either will do. */
	if (n >= v.count * 3u) {
		if (v.flags != XT_MULTIPORT_EITHER)
			return false;
		n -= v.count * 3u;
		port = &k->p.sport;
		k->p.dport = 61234;
		if (n >= v.count * 3u)
			return false;
	}
	*port = v.ports[n / 3] + (n % 3 == 0 ? -1 : n % 3 == 1 ? 1 : 0);
	return true;
}

static bool simple(const struct vf_cond *c, struct pair *i)
{
	if (!strcmp(c->kind->name, "tcp"))
		*i = tcp_pair(c);
	else if (!strncmp(c->kind->name, "udp", 3))
		*i = udp_pair(c);
	else
		return false;
	return true;
}

static bool range_covers(struct vf_range wide, struct vf_range narrow)
{
	return !wide.inv && !narrow.inv && wide.lo <= narrow.lo && wide.hi >= narrow.hi;
}

/* Destination ports only, which are by far the most common. */
static bool multiport_covers(const struct vf_cond *c, struct vf_range r)
{
	struct xt_multiport_v1 v = multiport(c);

	if (v.flags != XT_MULTIPORT_DESTINATION || v.invert || r.inv)
		return false;
	for (uint32_t port = r.lo; port <= r.hi; port++)
		if (!listed(&v, port))
			return false;
	return true;
}

bool vf_ports_cover(const struct vf_cond *wide, const struct vf_cond *narrow)
{
	const struct xt_tcp *t = wide->data;
	struct pair w, n;

	if (!simple(narrow, &n))
		return false;
	if (!strcmp(wide->kind->name, "multiport"))
		return multiport_covers(wide, n.dst);
	if (wide->kind != narrow->kind || !simple(wide, &w))
		return false;
	if (!strcmp(wide->kind->name, "tcp") && (t->flg_mask || t->option))
		return false;
	return range_covers(w.src, n.src) && range_covers(w.dst, n.dst);
}

static bool apart(struct vf_range a, struct vf_range b)
{
	return !a.inv && !b.inv && (a.lo > b.hi || b.lo > a.hi);
}

/* Destination ports again. */
static bool multiport_clash(const struct vf_cond *c, struct vf_range r)
{
	struct xt_multiport_v1 v = multiport(c);

	if (v.flags != XT_MULTIPORT_DESTINATION || v.invert || r.inv)
		return false;
	for (uint32_t port = r.lo; port <= r.hi; port++)
		if (listed(&v, port))
			return false;
	return true;
}

static bool icmp_clash(const struct ipt_icmp *a, const struct ipt_icmp *b)
{
	if ((a->invflags | b->invflags) & IPT_ICMP_INV || a->type == 0xff || b->type == 0xff)
		return false;
	return a->type != b->type || a->code[0] > b->code[1] || b->code[0] > a->code[1];
}

bool vf_ports_clash(const struct vf_cond *a, const struct vf_cond *b)
{
	struct pair x, y;

	if (!a->kind || !b->kind)
		return false;
	if (a->kind == b->kind && !strncmp(a->kind->name, "icmp", 4))
		return icmp_clash(a->data, b->data);
	if (!strcmp(a->kind->name, "multiport"))
		return simple(b, &y) && multiport_clash(a, y.dst);
	if (!simple(a, &x))
		return false;
	if (!strcmp(b->kind->name, "multiport"))
		return multiport_clash(b, x.dst);
	return a->kind == b->kind && simple(b, &y) && (apart(x.src, y.src) || apart(x.dst, y.dst));
}

static uint8_t icmp_proto(const struct vf_packet *k)
{
	return k->p.family == NFPROTO_IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
}

/* icmp_type_code_match(), net/ipv4/netfilter/ip_tables.c: type 255 is any. */
static enum vf_test icmp_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct ipt_icmp *i = c->data; /* struct ip6t_icmp is the same */
	bool any = k->p.family == NFPROTO_IPV4 && i->type == 0xff;
	bool like =
		any || (i->type == k->p.type && k->p.code >= i->code[0] && k->p.code <= i->code[1]);

	if (k->p.proto != icmp_proto(k) || !vf_first_fragment(k))
		return VF_NO;
	return like != !!(i->invflags & IPT_ICMP_INV) ? VF_YES : VF_NO;
}

static void icmp_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct ipt_icmp *i = c->data;
	bool inv = i->invflags & IPT_ICMP_INV;

	vf_set_proto(&k->p, icmp_proto(k));
	if (icmp_test(c, k) == VF_YES && (inv || i->type == 0xff))
		return;
	if (inv) {
		k->p.type = i->type + 1;
		return;
	}
	k->p.type = i->type;
	k->p.code = i->code[0] == 0 && i->code[1] == 0xff
			    ? vf_below(r, i->type == 3 ? 4 : 2)
			    : vf_pick((struct vf_range){ i->code[0], i->code[1], 0xff, false }, r);
}

static bool icmp_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	const struct ipt_icmp *i = c->data;
	uint32_t v;

	if (n < 3) {
		k->p.type = i->type + (n == 0 ? -1 : n == 1 ? 1 : 0);
		return true;
	}
	if (!vf_bound((struct vf_range){ i->code[0], i->code[1], 0xff, false }, n - 3, &v))
		return false;
	k->p.type = i->type;
	k->p.code = v;
	return true;
}

static struct vf_range mss_range(const struct vf_cond *c)
{
	const struct xt_tcpmss_match_info *i = c->data;

	return (struct vf_range){ i->mss_min, i->mss_max, 0xffff, i->invert };
}

/* tcpmss_mt(): without the option it does not match, inverted it does. */
static enum vf_test mss_test(const struct vf_cond *c, const struct vf_packet *k)
{
	struct vf_range r = mss_range(c);

	if (k->p.proto != IPPROTO_TCP || !vf_first_fragment(k))
		return VF_NO;
	if (!(k->p.flags & VF_TCP_OPTION) || k->p.tcp_option != 2)
		return r.inv ? VF_YES : VF_NO;
	return vf_in(r, k->p.tcp_option_value) ? VF_YES : VF_NO;
}

static void set_mss(struct vf_packet *k, uint32_t v)
{
	k->p.flags |= VF_TCP_OPTION;
	k->p.tcp_option = 2;
	k->p.tcp_option_value = v;
}

static void mss_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	vf_set_proto(&k->p, IPPROTO_TCP);
	set_mss(k, vf_pick(mss_range(c), r));
}

static bool mss_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	uint32_t v;

	if (!n) {
		k->p.flags &= ~VF_TCP_OPTION;
		return true;
	}
	if (!vf_bound(mss_range(c), n - 1, &v))
		return false;
	set_mss(k, v);
	return true;
}

static struct vf_range spi_range(const struct vf_cond *c)
{
	const struct xt_esp *e = c->data; /* struct ipt_ah and ip6t_ah begin alike */

	return (struct vf_range){ e->spis[0], e->spis[1], 0xffffffff,
				  !strcmp(c->m->u.user.name, "esp") && e->invflags };
}

static enum vf_test esp_test(const struct vf_cond *c, const struct vf_packet *k)
{
	return k->p.proto == IPPROTO_ESP && vf_first_fragment(k) && vf_in(spi_range(c), k->p.spi)
		       ? VF_YES
		       : VF_NO;
}

static void esp_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	vf_set_proto(&k->p, IPPROTO_ESP);
	k->p.spi = vf_pick(spi_range(c), r);
}

static bool spi_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	return vf_bound(spi_range(c), n, &k->p.spi);
}

static enum vf_test ah_test(const struct vf_cond *c, const struct vf_packet *k)
{
	bool has = k->p.family == NFPROTO_IPV4 ? k->p.proto == IPPROTO_AH : k->p.flags & VF_AH;

	return has && vf_in(spi_range(c), k->p.spi) ? VF_YES : VF_NO;
}

static void ah_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	if (k->p.family == NFPROTO_IPV4)
		vf_set_proto(&k->p, IPPROTO_AH);
	else
		k->p.flags |= VF_AH;
	k->p.spi = vf_pick(spi_range(c), r);
}

const struct vf_kind vf_kinds_port[] = {
	{ .name = "tcp", .test = tcp_test, .make = tcp_make, .edge = tcp_edge },
	{ .name = "udp", .test = udp_test, .make = udp_make, .edge = udp_edge },
	{ .name = "udplite", .test = udp_test, .make = udp_make, .edge = udp_edge },
	{ .name = "sctp", .test = sctp_test, .make = sctp_make, .edge = sctp_edge },
	{ .name = "dccp", .test = dccp_test, .make = dccp_make, .edge = dccp_edge },
	{ .name = "multiport",
	  .rev_max = 1,
	  .test = multiport_test,
	  .make = multiport_make,
	  .edge = multiport_edge },
	{ .name = "icmp", .test = icmp_test, .make = icmp_make, .edge = icmp_edge },
	{ .name = "icmp6", .test = icmp_test, .make = icmp_make, .edge = icmp_edge },
	{ .name = "tcpmss", .test = mss_test, .make = mss_make, .edge = mss_edge },
	{ .name = "esp", .test = esp_test, .make = esp_make, .edge = spi_edge },
	{ .name = "ah", .test = ah_test, .make = ah_make, .edge = spi_edge },
	{ 0 },
};
