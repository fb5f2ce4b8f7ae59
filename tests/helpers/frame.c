// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame.h"

#include <string.h>

enum { TCP = 6, UDP = 17, ICMP = 1, ICMP6 = 58, FRAGMENT = 44 };

struct frame {
	uint8_t ip[PACKET_MAX];
	size_t n, l4; /* l4: where the transport header begins */
	uint8_t proto;
	bool v4, later_fragment, fragment;
};

static uint16_t get16(const uint8_t *b)
{
	return (uint16_t)(b[0] << 8 | b[1]);
}

/* The kernel chooses ids for its own packets, and for fragments that it makes anew. */
static void hide_id(uint8_t *id, size_t size, const struct packet *sent)
{
	uint32_t ours = sent->id.set ? sent->id.v : 0x1234, v = 0;

	for (size_t i = 0; i < size; i++)
		v = v << 8 | id[i];
	if (v != ours)
		memset(id, 0, size);
}

static void read_ip4(struct frame *f, const struct packet *sent, struct text *t)
{
	uint16_t offset = get16(f->ip + 6);

	f->l4 = (f->ip[0] & 15) * 4u;
	f->proto = f->ip[9];
	f->later_fragment = offset & 0x1fff;
	f->fragment = offset & 0x3fff;
	text_f(t, " %s", sum_fold(sum_add(0, f->ip, f->l4)) ? "BAD IP CHECKSUM" : "ok");
	f->ip[10] = f->ip[11] = 0;
	hide_id(f->ip + 4, 2, sent);
}

static void read_ip6(struct frame *f, const struct packet *sent)
{
	uint8_t next = f->ip[6];

	f->l4 = 40;
	while ((next == 0 || next == 43 || next == 60 || next == FRAGMENT) && f->l4 + 8 <= f->n) {
		uint8_t *h = f->ip + f->l4;

		if (next == FRAGMENT) {
			f->fragment = true;
			f->later_fragment = get16(h + 2) & 0xfff8;
			hide_id(h + 4, 4, sent);
		}
		f->l4 += next == FRAGMENT ? 8 : (h[1] + 1u) * 8;
		next = h[0];
	}
	f->proto = next;
}

static size_t sum_offset(uint8_t proto)
{
	static const struct {
		uint8_t proto, offset;
	} sums[] = { { TCP, 16 }, { UDP, 6 }, { ICMP, 2 }, { ICMP6, 2 } };

	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		if (sums[i].proto == proto)
			return sums[i].offset;
	return 0;
}

static void check_l4_sum(struct frame *f, struct text *t)
{
	size_t at = sum_offset(f->proto), n = f->n - f->l4;
	uint32_t sum = 0;

	if (!at || n < at + 2 || f->fragment)
		return;
	if (f->proto == UDP && !get16(f->ip + f->l4 + at))
		return;
	if (f->proto != ICMP)
		sum = sum_add(0, f->ip + (f->v4 ? 12 : 8), f->v4 ? 8 : 32) + f->proto + (uint32_t)n;
	if (sum_fold(sum_add(sum, f->ip + f->l4, n)))
		text_f(t, " BAD CHECKSUM");
	f->ip[f->l4 + at] = f->ip[f->l4 + at + 1] = 0;
}

/* A listener draws the sequence number of its answer, and what answers that repeats it. */
static void hide_sequence(struct frame *f, const struct packet *sent)
{
	uint8_t *tcp = f->ip + f->l4;

	if (f->proto != TCP || f->n < f->l4 + 20)
		return;
	if (sent->reply)
		memset(tcp + 4, 0, 8);
	else if ((tcp[13] & 0x12) == 0x12)
		memset(tcp + 4, 0, 4);
}

static void hide_any(struct frame *f, const struct packet *sent)
{
	size_t size = f->v4 ? 4 : 16, src = f->v4 ? 12 : 8;

	if (sent->any & ANY_SADDR)
		memset(f->ip + src, 0, size);
	if (sent->any & ANY_DADDR)
		memset(f->ip + src + size, 0, size);
	if (f->later_fragment || f->n < f->l4 + 4)
		return;
	if (sent->any & ANY_SPORT)
		memset(f->ip + f->l4, 0, 2);
	if (sent->any & ANY_DPORT)
		memset(f->ip + f->l4 + 2, 0, 2);
}

void frame_describe(struct text *t, const struct packet *sent, const uint8_t *ip, size_t n)
{
	static struct frame f;

	f = (struct frame){ .n = n, .v4 = n && ip[0] >> 4 == 4 };
	memcpy(f.ip, ip, n);
	if (n >= 40 || (f.v4 && n >= 20)) {
		if (f.v4)
			read_ip4(&f, sent, t);
		else
			read_ip6(&f, sent);
		if (!f.later_fragment) {
			check_l4_sum(&f, t);
			hide_sequence(&f, sent);
		}
		hide_any(&f, sent);
	}
	text_f(t, " ");
	for (size_t i = 0; i < n; i++)
		text_f(t, "%02x", f.ip[i]);
}
