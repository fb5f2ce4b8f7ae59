// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers to packets: "reply" and "quote". */
#include "packet.h"

#include <string.h>

enum { TCP_SYN = 2, TCP_ACK = 16, QUOTED = 64 };

static uint32_t get(const uint8_t *b, int bytes)
{
	uint32_t v = 0;

	while (bytes--)
		v = v << 8 | *b++;
	return v;
}

static void suggest(struct maybe *m, uint32_t v)
{
	if (!m->set)
		*m = (struct maybe){ true, v };
}

static void answer_tcp(struct packet *p, const uint8_t *l4, size_t n)
{
	uint8_t flags = l4[13];
	uint32_t data = (uint32_t)n - (l4[12] >> 4) * 4u;

	suggest(&p->sport, get(l4 + 2, 2));
	suggest(&p->dport, get(l4, 2));
	suggest(&p->seq, flags & TCP_ACK ? get(l4 + 8, 4) : 5000);
	suggest(&p->ack, get(l4 + 4, 4) + data + !!(flags & 3));
	if (!p->has_flags)
		p->flags = flags & TCP_SYN && !(flags & TCP_ACK) ? TCP_SYN | TCP_ACK : TCP_ACK;
	p->has_flags = true;
}

static void answer_ports(struct packet *p, const uint8_t *l4, size_t n)
{
	(void)n;
	suggest(&p->sport, get(l4 + 2, 2));
	suggest(&p->dport, get(l4, 2));
}

static void answer_echo(struct packet *p, const uint8_t *l4, size_t n)
{
	(void)n;
	suggest(&p->type, p->proto == 1 ? 0 : 129);
	suggest(&p->echo_id, get(l4 + 4, 2));
	suggest(&p->echo_seq, get(l4 + 6, 2));
}

static const struct {
	uint8_t proto;
	size_t least;
	void (*answer)(struct packet *p, const uint8_t *l4, size_t n);
} answers[] = {
	{ 6, 20, answer_tcp },	   { 17, 8, answer_ports },  { 136, 8, answer_ports },
	{ 132, 12, answer_ports }, { 33, 12, answer_ports }, { 1, 8, answer_echo },
	{ 58, 8, answer_echo },
};

static void quote(struct packet *p, const uint8_t *ip, size_t n)
{
	p->data.n = n < QUOTED ? n : QUOTED;
	memcpy(p->data.b, ip, p->data.n);
	p->has_data = true;
}

void packet_answer(struct packet *p, const uint8_t *ip, size_t n)
{
	size_t header = p->family == 4 ? (ip[0] & 15) * 4u : 40, size = p->family == 4 ? 4 : 16;
	const uint8_t *src = ip + (p->family == 4 ? 12 : 8), *dst = src + size;

	if (!p->has_saddr)
		memcpy(p->saddr, dst, size);
	if (!p->has_daddr)
		memcpy(p->daddr, src, size);
	p->has_saddr = p->has_daddr = true;
	if (p->quote) {
		quote(p, ip, n);
		return;
	}
	if (!p->proto)
		p->proto = ip[p->family == 4 ? 9 : 6];
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (answers[i].proto == p->proto && n >= header + answers[i].least)
			answers[i].answer(p, ip + header, n - header);
}
