// SPDX-License-Identifier: GPL-2.0-or-later
/* From a struct packet to bytes. */
#include "packet.h"

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

static void pad(struct out *o, size_t from, size_t to_multiple)
{
	while ((o->n - from) % to_multiple)
		put_int(o, 1, 0);
}

uint32_t sum_add(uint32_t sum, const void *data, size_t n)
{
	const uint8_t *b = data;

	for (size_t i = 0; i < n; i++) {
		sum += i & 1 ? b[i] : (uint32_t)b[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return sum;
}

uint16_t sum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

uint32_t crc32c(const void *data, size_t n)
{
	const uint8_t *b = data;
	uint32_t crc = 0xffffffff;

	while (n--) {
		crc ^= *b++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

static uint32_t or_else(struct maybe m, uint32_t otherwise)
{
	return m.set ? m.v : otherwise;
}

static void payload(const struct packet *p, struct out *o, uint32_t length)
{
	if (p->has_data) {
		put(o, p->data.b, p->data.n);
		return;
	}
	length = or_else(p->len, length);
	for (uint32_t i = 0; i < length; i++)
		put_int(o, 1, 'a' + i % 26);
}

/* How many bytes of a pseudo header's packet the checksum covers, what it starts from. */
static uint32_t pseudo_sum(const struct packet *p, size_t n)
{
	size_t size = p->family == 4 ? 4 : 16;
	uint32_t sum = sum_add(0, p->saddr, size);

	return sum_add(sum, p->daddr, size) + p->proto + (uint32_t)n;
}

static void fill_sum(const struct packet *p, struct out *o, size_t at, uint32_t sum)
{
	uint16_t v = sum_fold(sum_add(sum, o->b, o->n));

	set16(o->b + at, p->bad_sum ? (uint16_t)(v + 1) : v ? v : 0xffff);
}

static void build_tcp(const struct packet *p, struct out *o)
{
	size_t header = 20 + (p->opts.n + 3) / 4 * 4;

	put_int(o, 2, p->sport.v);
	put_int(o, 2, p->dport.v);
	put_int(o, 4, or_else(p->seq, 1000));
	put_int(o, 4, or_else(p->ack, p->flags & 16 ? 1 : 0));
	put_int(o, 1, header / 4 << 4);
	put_int(o, 1, p->flags);
	put_int(o, 2, p->win);
	put_int(o, 4, 0);
	put(o, p->opts.b, p->opts.n);
	pad(o, 0, 4);
	payload(p, o, 0);
	fill_sum(p, o, 16, pseudo_sum(p, o->n));
}

/* udp and udplite, whose length field is how much the checksum covers (RFC 3828). */
static void build_udp(const struct packet *p, struct out *o)
{
	put_int(o, 2, p->sport.v);
	put_int(o, 2, p->dport.v);
	put_int(o, 4, 0);
	payload(p, o, 16);
	if (p->proto == 17 || p->cscov)
		set16(o->b + 4, (uint16_t)(p->cscov ? p->cscov : o->n));
	fill_sum(p, o, 6, pseudo_sum(p, o->n));
}

static void build_icmp(const struct packet *p, struct out *o)
{
	put_int(o, 1, or_else(p->type, p->proto == 1 ? 8 : 128));
	put_int(o, 1, or_else(p->code, 0));
	put_int(o, 2, 0);
	put_int(o, 2, or_else(p->echo_id, p->quote ? 0 : 1));
	put_int(o, 2, or_else(p->echo_seq, p->quote ? 0 : 1));
	payload(p, o, 16);
	fill_sum(p, o, 2, p->proto == 1 ? 0 : pseudo_sum(p, o->n));
}

/* One DATA chunk, or the chunks of data=. */
static void build_sctp(const struct packet *p, struct out *o)
{
	uint32_t crc;

	put_int(o, 2, p->sport.v);
	put_int(o, 2, p->dport.v);
	put_int(o, 4, p->vtag);
	put_int(o, 4, 0);
	if (!p->has_data) {
		put_int(o, 2, 0x0003);
		put_int(o, 2, 16 + or_else(p->len, 16));
		put_int(o, 8, 1ull << 32);
		put_int(o, 4, 0);
	}
	payload(p, o, 16);
	pad(o, 0, 4);
	crc = crc32c(o->b, o->n);
	for (int i = 0; i < 4; i++)
		o->b[8 + i] = (uint8_t)(crc >> 8 * i);
}

/* The short header; opts= are its options. */
static void build_dccp(const struct packet *p, struct out *o)
{
	uint32_t type = or_else(p->type, 0);
	static const uint8_t more[16] = { 4, 8, 4, 4, 8, 8, 8, 12, 8, 8 }; /* RFC 4340, 5.1 */
	size_t extra = type < 2 ? 4 : type == 2 ? 0 : more[type & 15] ? 8 : 0;
	size_t words = (16 + extra + p->opts.n + 3) / 4;

	put_int(o, 2, p->sport.v);
	put_int(o, 2, p->dport.v);
	put_int(o, 1, words);
	put_int(o, 1, 0);
	put_int(o, 2, 0);
	put_int(o, 2, type << 9 | 1 << 8);
	put_int(o, 6, 1);
	for (size_t i = 0; i < extra; i++)
		put_int(o, 1, 0);
	put(o, p->opts.b, p->opts.n);
	pad(o, 0, 4);
	payload(p, o, 8);
	fill_sum(p, o, 6, pseudo_sum(p, o->n));
}

static void build_esp(const struct packet *p, struct out *o)
{
	put_int(o, 4, p->spi);
	put_int(o, 4, or_else(p->seq, 1));
	payload(p, o, 24);
}

static void put_ah(const struct packet *p, struct out *o, uint8_t next)
{
	put_int(o, 1, next);
	put_int(o, 1, 4);
	put_int(o, 2, 0);
	put_int(o, 4, p->spi);
	put_int(o, 4, or_else(p->seq, 1));
	put_int(o, 8, 0);
	put_int(o, 4, 0);
}

static void build_ah(const struct packet *p, struct out *o)
{
	put_ah(p, o, (uint8_t)p->next);
	payload(p, o, 16);
}

static void build_raw(const struct packet *p, struct out *o)
{
	payload(p, o, 16);
}

static const struct {
	uint8_t proto;
	void (*build)(const struct packet *p, struct out *o);
} builders[] = {
	{ 6, build_tcp },   { 17, build_udp },	 { 136, build_udp }, { 1, build_icmp },
	{ 58, build_icmp }, { 132, build_sctp }, { 33, build_dccp }, { 50, build_esp },
	{ 51, build_ah },   { 0, build_raw },
};

static size_t transport(const struct packet *p, uint8_t *b)
{
	struct out o = { b, 0 };
	size_t i = 0;

	while (builders[i].proto && builders[i].proto != p->proto)
		i++;
	builders[i].build(p, &o);
	return p->cut.set && p->cut.v < o.n ? p->cut.v : o.n;
}

static size_t ip4(const struct packet *p, uint8_t *b)
{
	struct out o = { b, 0 };
	size_t header = 20 + (p->ipopts.n + 3) / 4 * 4, n;

	n = header + transport(p, b + header);
	put_int(&o, 1, 0x40 | header / 4);
	put_int(&o, 1, p->tos);
	put_int(&o, 2, n);
	put_int(&o, 2, or_else(p->id, 0x1234));
	put_int(&o, 2, or_else(p->frag, 0) / 8 | p->more << 13 | p->df << 14);
	put_int(&o, 1, p->ttl);
	put_int(&o, 1, p->proto);
	put_int(&o, 2, 0);
	put(&o, p->saddr, 4);
	put(&o, p->daddr, 4);
	put(&o, p->ipopts.b, p->ipopts.n);
	pad(&o, 0, 4);
	set16(b + 10, sum_fold(sum_add(0, b, header)));
	return n;
}

static void put_ext(const struct packet *p, struct out *o, const struct ext_header *e, uint8_t next)
{
	static const uint8_t pad_n[] = { 1, 4, 0, 0, 0, 0 }, empty_route[6];
	size_t at = o->n;

	if (e->proto == 51 && !e->has_body) {
		put_ah(p, o, next);
		return;
	}
	put_int(o, 1, next);
	put_int(o, 1, 0);
	if (e->has_body)
		put(o, e->body.b, e->body.n);
	else
		put(o, e->proto == 43 ? empty_route : pad_n, 6);
	if (e->proto == 51) {
		pad(o, at, 4);
		o->b[at + 1] = (uint8_t)((o->n - at) / 4 - 2);
	} else {
		pad(o, at, 8);
		o->b[at + 1] = (uint8_t)((o->n - at) / 8 - 1);
	}
}

/* The fragment header is the last one, as a sender would have it. */
static size_t ip6(const struct packet *p, uint8_t *b)
{
	struct out o = { b, 0 };
	uint8_t last = p->frag.set ? 44 : p->proto;

	put_int(&o, 4, 6u << 28 | (p->tos & 0xff) << 20 | (p->flow & 0xfffff));
	put_int(&o, 2, 0);
	put_int(&o, 1, p->n_exts ? p->exts[0].proto : last);
	put_int(&o, 1, p->ttl);
	put(&o, p->saddr, 16);
	put(&o, p->daddr, 16);
	for (size_t i = 0; i < p->n_exts; i++)
		put_ext(p, &o, &p->exts[i], i + 1 < p->n_exts ? p->exts[i + 1].proto : last);
	if (p->frag.set) {
		put_int(&o, 1, p->proto);
		put_int(&o, 1, 0);
		put_int(&o, 2, (p->frag.v & ~7u) | p->more);
		put_int(&o, 4, or_else(p->id, 0x1234));
	}
	o.n += transport(p, b + o.n);
	set16(b + 4, (uint16_t)(o.n - 40));
	return o.n;
}

size_t packet_ip(const struct packet *p, uint8_t *out)
{
	return p->family == 4 ? ip4(p, out) : ip6(p, out);
}

static size_t fragment4(const struct packet *p, const uint8_t *ip, size_t n, size_t at,
			uint8_t *out)
{
	size_t header = (ip[0] & 15) * 4u, size = n - header - at;
	bool more = size > p->split;

	if (more)
		size = p->split;
	memcpy(out, ip, header);
	memcpy(out + header, ip + header + at, size);
	set16(out + 2, (uint16_t)(header + size));
	set16(out + 6, (uint16_t)(at / 8 | more << 13));
	set16(out + 10, 0);
	set16(out + 10, sum_fold(sum_add(0, out, header)));
	return header + size;
}

static size_t fragment6(const struct packet *p, const uint8_t *ip, size_t n, size_t at,
			uint8_t *out)
{
	struct out o = { out, 0 };
	size_t size = n - 40 - at;
	bool more = size > p->split;

	if (more)
		size = p->split;
	put(&o, ip, 40);
	put_int(&o, 2, (uint64_t)ip[6] << 8);
	put_int(&o, 2, at | more);
	put_int(&o, 4, or_else(p->id, 0x1234));
	put(&o, ip + 40 + at, size);
	out[6] = 44;
	set16(out + 4, (uint16_t)(8 + size));
	return o.n;
}

size_t packet_fragment(const struct packet *p, const uint8_t *ip, size_t n, size_t i, uint8_t *out)
{
	size_t at = i * p->split, header = p->family == 4 ? (ip[0] & 15) * 4u : 40;

	if (header + at >= n)
		return 0;
	return (p->family == 4 ? fragment4 : fragment6)(p, ip, n, at, out);
}
