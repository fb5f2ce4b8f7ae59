// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/wire.h"

#include <string.h>

struct out {
	uint8_t *b;
	size_t n;
};

static void put(struct out *o, const void *b, size_t n)
{
	memcpy(o->b + o->n, b, n);
	o->n += n;
}

static void put_int(struct out *o, unsigned int bytes, uint64_t v)
{
	while (bytes--)
		o->b[o->n++] = (uint8_t)(v >> 8 * bytes);
}

static void set16(uint8_t *at, uint16_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

uint32_t vf_sum(uint32_t sum, const void *data, size_t n)
{
	const uint8_t *b = data;
	uint64_t wide = sum;

	for (; n > 1; n -= 2, b += 2)
		wide += (uint32_t)b[0] << 8 | b[1];
	if (n)
		wide += (uint32_t)b[0] << 8;
	while (wide >> 32)
		wide = (wide & 0xffffffff) + (wide >> 32);
	return (uint32_t)wide;
}

uint16_t vf_sum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* The number, then letters. */
static void payload(const struct vf_probe *p, struct out *o)
{
	for (unsigned int i = 0; i < p->payload; i++)
		put_int(o, 1,
			i < p->n_data ? p->data[i]
			: i < 4	      ? p->number >> 8 * (3 - i)
				      : 'a' + i % 26);
}

static void fill_sum(const struct vf_probe *p, struct out *o, size_t at, bool pseudo)
{
	size_t size = p->family == NFPROTO_IPV4 ? 4 : 16;
	uint32_t sum = 0;
	uint16_t v;

	if (pseudo) {
		sum = vf_sum(0, p->saddr, size);
		sum = vf_sum(sum, p->daddr, size) + p->proto + (uint32_t)o->n;
	}
	v = vf_sum_fold(vf_sum(sum, o->b, o->n));
	set16(o->b + at, p->flags & VF_BAD_SUM ? (uint16_t)(v + 1) : v ? v : 0xffff);
}

static size_t tcp_options(const struct vf_probe *p, uint8_t *b)
{
	struct out o = { b, 0 };

	if (!(p->flags & VF_TCP_OPTION))
		return 0;
	put_int(&o, 1, p->tcp_option);
	if (p->tcp_option > 1) {
		put_int(&o, 1, 4);
		put_int(&o, 2, p->tcp_option_value);
	}
	while (o.n % 4)
		put_int(&o, 1, 0);
	return o.n;
}

static void build_tcp(const struct vf_probe *p, struct out *o)
{
	uint8_t options[8];
	size_t n = tcp_options(p, options);

	put_int(o, 2, p->sport);
	put_int(o, 2, p->dport);
	put_int(o, 4, 1000);
	put_int(o, 4, p->tcp_flags & 0x10 ? 1 : 0);
	put_int(o, 1, (p->doff ? p->doff & 15U : (20 + n) / 4) << 4);
	put_int(o, 1, p->tcp_flags);
	put_int(o, 2, 8192);
	put_int(o, 4, 0);
	put(o, options, n);
	payload(p, o);
	fill_sum(p, o, 16, true);
}

static void build_udp(const struct vf_probe *p, struct out *o)
{
	put_int(o, 2, p->sport);
	put_int(o, 2, p->dport);
	put_int(o, 2, 8u + p->payload);
	put_int(o, 2, 0);
	payload(p, o);
	fill_sum(p, o, 6, true);
}

/* An error quotes a UDP datagram of the other direction, from @sport to @dport. */
static void quote(const struct vf_probe *p, struct out *o)
{
	size_t size = p->family == NFPROTO_IPV4 ? 4 : 16, at = o->n;

	if (size == 4) {
		put_int(o, 4, 0x45000000 | 28);
		put_int(o, 4, 0x12340000);
		put_int(o, 4, 64 << 24 | 17 << 16);
	} else {
		put_int(o, 4, 6u << 28);
		put_int(o, 4, 8 << 16 | 17 << 8 | 64);
	}
	put(o, p->daddr, size);
	put(o, p->saddr, size);
	if (size == 4)
		set16(o->b + at + 10, vf_sum_fold(vf_sum(0, o->b + at, 20)));
	put_int(o, 2, p->sport);
	put_int(o, 2, p->dport);
	put_int(o, 4, 8 << 16);
}

static bool is_icmp_error(const struct vf_probe *p)
{
	if (p->proto == IPPROTO_ICMPV6)
		return p->type < 128;
	return p->type == 3 || p->type == 4 || p->type == 5 || p->type == 11 || p->type == 12;
}

static void build_icmp(const struct vf_probe *p, struct out *o)
{
	put_int(o, 1, p->type);
	put_int(o, 1, p->code);
	put_int(o, 2, 0);
	if (is_icmp_error(p)) {
		put_int(o, 4, 0);
		quote(p, o);
	} else {
		put_int(o, 2, p->sport);
		put_int(o, 2, 1);
	}
	payload(p, o);
	fill_sum(p, o, 2, p->proto == IPPROTO_ICMPV6);
}

/* Ports, a verification tag and a DATA chunk; the checksum is conntrack's only where it looks. */
static void build_sctp(const struct vf_probe *p, struct out *o)
{
	put_int(o, 2, p->sport);
	put_int(o, 2, p->dport);
	put_int(o, 8, 1ULL << 32);
	put_int(o, 2, 0x0003);
	put_int(o, 2, 16u + p->payload);
	put_int(o, 8, 1ULL << 32);
	put_int(o, 4, 0);
	payload(p, o);
}

static void build_dccp(const struct vf_probe *p, struct out *o)
{
	put_int(o, 2, p->sport);
	put_int(o, 2, p->dport);
	put_int(o, 1, 5);
	put_int(o, 1, 0);
	put_int(o, 2, 0);
	put_int(o, 2, 1 << 8); /* a REQUEST */
	put_int(o, 6, 1);
	put_int(o, 4, 0);
	payload(p, o);
	fill_sum(p, o, 6, true);
}

static void build_spi(const struct vf_probe *p, struct out *o)
{
	if (p->proto == IPPROTO_AH)
		put_int(o, 4, IPPROTO_UDP << 24 | 4 << 16);
	put_int(o, 4, p->spi);
	put_int(o, 4, 1);
	if (p->proto == IPPROTO_AH)
		put_int(o, 8, 0), put_int(o, 4, 0);
	payload(p, o);
}

static void build_raw(const struct vf_probe *p, struct out *o)
{
	payload(p, o);
}

static const struct {
	uint8_t proto;
	void (*build)(const struct vf_probe *p, struct out *o);
} builders[] = {
	{ IPPROTO_TCP, build_tcp },	{ IPPROTO_UDP, build_udp },
	{ IPPROTO_UDPLITE, build_udp }, { IPPROTO_ICMP, build_icmp },
	{ IPPROTO_ICMPV6, build_icmp }, { IPPROTO_SCTP, build_sctp },
	{ IPPROTO_DCCP, build_dccp },	{ IPPROTO_ESP, build_spi },
	{ IPPROTO_AH, build_spi },	{ 0, build_raw },
};

static size_t transport(const struct vf_probe *p, uint8_t *b)
{
	struct out o = { b, 0 };
	size_t i = 0;

	while (builders[i].proto && builders[i].proto != p->proto)
		i++;
	builders[i].build(p, &o);
	return p->flags & VF_SHORT && p->cut < o.n ? p->cut : o.n;
}

static size_t wire4(const struct vf_probe *p, uint8_t *b)
{
	struct out o = { b, 0 };
	size_t n = 20 + transport(p, b + 20);

	put_int(&o, 1, 0x45);
	put_int(&o, 1, p->tos);
	put_int(&o, 2, n);
	put_int(&o, 2, p->ip_id);
	put_int(&o, 2, p->flags & VF_FRAGMENT ? p->frag_off | (unsigned int)p->frag_more << 13 : 0);
	put_int(&o, 1, p->ttl);
	put_int(&o, 1, p->proto);
	put_int(&o, 2, 0);
	put(&o, p->saddr, 4);
	put(&o, p->daddr, 4);
	set16(b + 10, vf_sum_fold(vf_sum(0, b, 20)));
	return n;
}

/* Extension headers in the order of RFC 8200, each of the least size. */
static const struct {
	unsigned int flag;
	uint8_t proto;
} exts[] = {
	{ VF_HBH, IPPROTO_HOPOPTS },	 { VF_DSTOPTS, IPPROTO_DSTOPTS },
	{ VF_ROUTING, IPPROTO_ROUTING }, { VF_FRAGMENT, IPPROTO_FRAGMENT },
	{ VF_AH, IPPROTO_AH },
};

static void put_ext(const struct vf_probe *p, struct out *o, uint8_t proto, uint8_t next)
{
	put_int(o, 1, next);
	switch (proto) {
	case IPPROTO_FRAGMENT:
		put_int(o, 1, 0);
		put_int(o, 2, (unsigned int)p->frag_off << 3 | p->frag_more);
		put_int(o, 4, p->ip_id);
		break;
	case IPPROTO_AH:
		put_int(o, 1, 4);
		put_int(o, 2, 0);
		put_int(o, 4, p->spi);
		put_int(o, 8, 1ULL << 32);
		put_int(o, 8, 0);
		break;
	case IPPROTO_ROUTING:
		put_int(o, 7, 0);
		break;
	default:
		put_int(o, 7, 0x00010400000000ULL); /* PadN */
		break;
	}
}

static size_t wire6(const struct vf_probe *p, uint8_t *b)
{
	struct out o = { b, 0 };
	uint8_t order[8];
	bool cut = false;
	size_t n = 0;

	for (size_t i = 0; i < sizeof(exts) / sizeof(exts[0]); i++)
		if (p->flags & exts[i].flag)
			order[n++] = exts[i].proto;
	order[n] = p->proto;
	put_int(&o, 4, 6u << 28 | (uint32_t)p->tos << 20);
	put_int(&o, 2, 0);
	put_int(&o, 1, order[0]);
	put_int(&o, 1, p->ttl);
	put(&o, p->saddr, 16);
	put(&o, p->daddr, 16);
	if (p->flags & VF_CUT_EXT && n)
		cut = true, n--;
	for (size_t i = 0; i < n; i++)
		put_ext(p, &o, order[i], order[i + 1]);
	if (!cut)
		o.n += transport(p, b + o.n);
	set16(b + 4, (uint16_t)(o.n - 40));
	return o.n;
}

size_t vf_wire(const struct vf_probe *p, uint8_t *out)
{
	return p->family == NFPROTO_IPV4 ? wire4(p, out) : wire6(p, out);
}
