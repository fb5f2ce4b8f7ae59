// SPDX-License-Identifier: GPL-2.0-or-later
/* Probes as words, for reports and for the command line. */
#include "verify/probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	uint8_t proto;
} protos[] = {
	{ "icmp", IPPROTO_ICMP },	{ "tcp", IPPROTO_TCP },	  { "udp", IPPROTO_UDP },
	{ "icmp6", IPPROTO_ICMPV6 },	{ "sctp", IPPROTO_SCTP }, { "dccp", IPPROTO_DCCP },
	{ "udplite", IPPROTO_UDPLITE }, { "esp", IPPROTO_ESP },	  { "ah", IPPROTO_AH },
};

static const char *const ct_names[] = {
	[VF_CT_NONE] = "none",	     [VF_CT_ESTABLISHED] = "established",
	[VF_CT_REPLY] = "reply",     [VF_CT_RELATED] = "related",
	[VF_CT_INVALID] = "invalid", [VF_CT_UNANSWERED] = "unanswered",
};

/* Bit 0 first. */
static const char *const flag_names[] = { "fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr" };

static const struct {
	const char *name;
	unsigned int flag;
} marks[] = {
	{ "hbh", VF_HBH },
	{ "dstopts", VF_DSTOPTS },
	{ "routing", VF_ROUTING },
	{ "ah-header", VF_AH },
	{ "bad-checksum", VF_BAD_SUM },
	{ "cut-ext", VF_CUT_EXT },
	{ "step", VF_STEP },
	{ "socket", VF_SOCKET },
	{ "wildcard", VF_WILDCARD },
	{ "transparent", VF_TRANSPARENT },
};

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

/*
 * Numbers: written when they are not @usual, or when the flag is set. @ports: only for protocols
 * that have them, then always.
 */
static const struct field {
	const char *name;
	size_t at, size;
	unsigned int flag;
	uint32_t usual;
	enum { ALWAYS, PORTS, ICMP, OWN_FLAG, UNUSUAL } when;
	bool hex;
} fields[] = {
#define F(name, member, flag, usual, when, hex)                                                  \
	{                                                                                        \
		name, offsetof(struct vf_probe, member), sizeof(((struct vf_probe *)0)->member), \
			flag, usual, when, hex                                                   \
	}
	F("sport", sport, 0, 0, PORTS, false),
	F("dport", dport, 0, 0, PORTS, false),
	F("type", type, 0, 0, ICMP, false),
	F("code", code, 0, 0, ICMP, false),
	F("spi", spi, 0, 0, UNUSUAL, false),
	F("option", tcp_option, VF_TCP_OPTION, 0, OWN_FLAG, false),
	F("option-value", tcp_option_value, VF_TCP_OPTION, 0, OWN_FLAG, false),
	F("ttl", ttl, 0, 64, UNUSUAL, false),
	F("tos", tos, 0, 0, UNUSUAL, true),
	F("id", ip_id, 0, 0, UNUSUAL, false),
	F("mark", mark, 0, 0, UNUSUAL, true),
	F("socket-mark", socket_mark, 0, 0, UNUSUAL, true),
	F("ctmark", ct_mark, 0, 0, UNUSUAL, true),
	F("uid", uid, VF_UID, 0, OWN_FLAG, false),
	F("gid", gid, VF_GID, 0, OWN_FLAG, false),
	F("len", payload, 0, 16, UNUSUAL, false),
	F("cut", cut, VF_SHORT, 0, OWN_FLAG, false),
	F("doff", doff, 0, 0, UNUSUAL, false),
	F("repeat", repeat, 0, 1, UNUSUAL, false),
#undef F
};

static uint32_t get(const struct vf_probe *p, const struct field *f)
{
	const char *at = (const char *)p + f->at;
	uint16_t two;
	uint32_t four;

	if (f->size == 1)
		return *(const uint8_t *)at;
	if (f->size == 2) {
		memcpy(&two, at, 2);
		return two;
	}
	memcpy(&four, at, 4);
	return four;
}

static void set(struct vf_probe *p, const struct field *f, uint32_t v)
{
	char *at = (char *)p + f->at;
	uint8_t one = v;
	uint16_t two = v;

	memcpy(at, f->size == 1 ? (void *)&one : f->size == 2 ? (void *)&two : (void *)&v, f->size);
	p->flags |= f->flag;
}

static bool has_ports(uint8_t proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE ||
	       proto == IPPROTO_SCTP || proto == IPPROTO_DCCP;
}

static bool shown(const struct vf_probe *p, const struct field *f)
{
	switch (f->when) {
	case PORTS:
		return has_ports(p->proto);
	case ICMP:
		return p->proto == IPPROTO_ICMP || p->proto == IPPROTO_ICMPV6;
	case OWN_FLAG:
		return p->flags & f->flag;
	case UNUSUAL:
		return get(p, f) != f->usual;
	default:
		return true;
	}
}

static void put_addr(struct xl_buf *b, const char *name, const struct vf_probe *p,
		     const uint8_t *addr)
{
	char s[INET6_ADDRSTRLEN];

	inet_ntop(p->family == NFPROTO_IPV4 ? AF_INET : AF_INET6, addr, s, sizeof(s));
	xl_buf_printf(b, " %s=%s", name, s);
}

static void put_proto(struct xl_buf *b, uint8_t proto)
{
	for (size_t i = 0; i < COUNT(protos); i++)
		if (protos[i].proto == proto) {
			xl_buf_printf(b, " %s", protos[i].name);
			return;
		}
	xl_buf_printf(b, " proto=%u", proto);
}

static void put_flags(struct xl_buf *b, uint8_t flags)
{
	const char *sep = " flags=";

	if (!flags)
		xl_buf_puts(b, " flags=none");
	for (size_t i = 0; i < COUNT(flag_names); i++)
		if (flags & 1 << i) {
			xl_buf_printf(b, "%s%s", sep, flag_names[i]);
			sep = ",";
		}
}

static void put_rest(struct xl_buf *b, const struct vf_probe *p)
{
	static const uint8_t none[6];

	if (p->flags & VF_FRAGMENT)
		xl_buf_printf(b, " frag=%u%s", p->frag_off * 8, p->frag_more ? "+" : "");
	for (size_t i = 0; i < COUNT(marks); i++)
		if (p->flags & marks[i].flag)
			xl_buf_printf(b, " %s", marks[i].name);
	if (p->ct != VF_CT_NONE)
		xl_buf_printf(b, " ct=%s", ct_names[p->ct]);
	if (p->n_data)
		xl_buf_puts(b, " data=");
	for (unsigned int i = 0; i < p->n_data; i++)
		xl_buf_printf(b, "%02x", p->data[i]);
	if (memcmp(p->smac, none, 6))
		xl_buf_printf(b, " smac=%02x:%02x:%02x:%02x:%02x:%02x", p->smac[0], p->smac[1],
			      p->smac[2], p->smac[3], p->smac[4], p->smac[5]);
}

void vf_probe_text(struct xl_buf *b, const struct vf_topology *t, const struct vf_probe *p)
{
	if (p->in == VF_OUT)
		xl_buf_puts(b, "out");
	else
		xl_buf_printf(b, "in=%s", t->devices[p->in].name);
	put_addr(b, "saddr", p, p->saddr);
	put_addr(b, "daddr", p, p->daddr);
	put_proto(b, p->proto);
	if (p->proto == IPPROTO_TCP)
		put_flags(b, p->tcp_flags);
	for (size_t i = 0; i < COUNT(fields); i++)
		if (shown(p, &fields[i]))
			xl_buf_printf(b, fields[i].hex ? " %s=%#x" : " %s=%u", fields[i].name,
				      get(p, &fields[i]));
	put_rest(b, p);
}

/* What is being read. */
struct reading {
	struct vf_probe *p;
	const struct vf_topology *t;
	const char *why;
	bool flags;
};

static bool wrong(struct reading *r, const char *what, const char *word)
{
	r->why = xl_printf(r->t->arena, "%s: \"%s\"", what, xl_printable(r->t->arena, word));
	return false;
}

static bool read_number(struct reading *r, const struct field *f, const char *value,
			const char *word)
{
	uint64_t most = f->size == 4 ? UINT32_MAX : (1u << 8 * f->size) - 1;
	char *end;
	unsigned long v = strtoul(value, &end, 0);

	if (!*value || *end || *value == '-' || v > most)
		return wrong(r, "not a number that fits", word);
	set(r->p, f, v);
	return true;
}

static bool read_addr(struct reading *r, uint8_t *addr, const char *value, const char *word)
{
	int family = r->p->family == NFPROTO_IPV4 ? AF_INET : AF_INET6;

	memset(addr, 0, 16);
	return inet_pton(family, value, addr) == 1 || wrong(r, "not an address", word);
}

static bool read_flags(struct reading *r, char *value, const char *word)
{
	char *save, *s;

	r->flags = true;
	r->p->tcp_flags = 0;
	for (s = strtok_r(value, ",", &save); s; s = strtok_r(NULL, ",", &save)) {
		size_t i = 0;

		if (!strcmp(s, "none"))
			continue;
		while (i < COUNT(flag_names) && strcmp(flag_names[i], s))
			i++;
		if (i == COUNT(flag_names))
			return wrong(r, "not TCP flags", word);
		r->p->tcp_flags |= 1 << i;
	}
	return true;
}

static bool read_in(struct reading *r, const char *value, const char *word)
{
	r->p->in = vf_device_find(r->t, value);
	return r->p->in >= 0 || wrong(r, "no such device here", word);
}

static bool read_frag(struct reading *r, const char *value, const char *word)
{
	char *end;
	unsigned long v = strtoul(value, &end, 0);

	r->p->frag_more = *end == '+';
	if (!*value || (*end && strcmp(end, "+")) || v % 8 || v > 65528)
		return wrong(r, "not a multiple of 8", word);
	r->p->frag_off = v / 8;
	r->p->flags |= VF_FRAGMENT;
	return true;
}

static bool read_ct(struct reading *r, const char *value, const char *word)
{
	for (size_t i = 0; i < COUNT(ct_names); i++)
		if (!strcmp(ct_names[i], value)) {
			r->p->ct = i;
			return true;
		}
	return wrong(r, "not none, established, reply, related, invalid or unanswered", word);
}

static bool read_mac(struct reading *r, const char *value, const char *word)
{
	uint8_t *m = r->p->smac;
	char rest;

	return sscanf(value, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx%c", &m[0], &m[1], &m[2], &m[3], &m[4],
		      &m[5], &rest) == 6 ||
	       wrong(r, "not a MAC address", word);
}

static bool read_data(struct reading *r, const char *value, const char *word)
{
	size_t n = 0;

	for (; n < VF_DATA && sscanf(value + 2 * n, "%2hhx", &r->p->data[n]) == 1; n++)
		;
	r->p->n_data = (uint8_t)n;
	if (r->p->payload < n)
		r->p->payload = (uint16_t)n;
	return (n && strlen(value) == 2 * n) || wrong(r, "not bytes in hex", word);
}

static bool read_proto(struct reading *r, const char *value, const char *word)
{
	char *end;
	unsigned long v = strtoul(value, &end, 0);

	if (!*value || *end || v > 255)
		return wrong(r, "not a protocol number", word);
	r->p->proto = v;
	return true;
}

static bool read_pair(struct reading *r, const char *word, char *name, char *value)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (!strcmp(fields[i].name, name))
			return read_number(r, &fields[i], value, word);
	if (!strcmp(name, "in") || !strcmp(name, "iif"))
		return read_in(r, value, word);
	if (!strcmp(name, "saddr"))
		return read_addr(r, r->p->saddr, value, word);
	if (!strcmp(name, "daddr"))
		return read_addr(r, r->p->daddr, value, word);
	if (!strcmp(name, "flags"))
		return read_flags(r, value, word);
	if (!strcmp(name, "frag"))
		return read_frag(r, value, word);
	if (!strcmp(name, "ct"))
		return read_ct(r, value, word);
	if (!strcmp(name, "data"))
		return read_data(r, value, word);
	if (!strcmp(name, "smac"))
		return read_mac(r, value, word);
	if (!strcmp(name, "proto"))
		return read_proto(r, value, word);
	return wrong(r, "nothing that a packet has", word);
}

static bool read_word(struct reading *r, char *word)
{
	const char *whole = xl_strdup(r->t->arena, word);
	char *eq = strchr(word, '=');

	if (eq) {
		*eq = '\0';
		return read_pair(r, whole, word, eq + 1);
	}
	if (!strcmp(word, "out")) {
		r->p->in = VF_OUT;
		return true;
	}
	for (size_t i = 0; i < COUNT(protos); i++)
		if (!strcmp(protos[i].name, word)) {
			r->p->proto = protos[i].proto;
			return true;
		}
	for (size_t i = 0; i < COUNT(marks); i++)
		if (!strcmp(marks[i].name, word)) {
			r->p->flags |= marks[i].flag;
			return true;
		}
	return wrong(r, "neither a protocol nor NAME=VALUE", whole);
}

bool vf_probe_parse(struct vf_probe *p, const struct vf_topology *t, uint8_t family,
		    const char *text, const char **why)
{
	struct reading r = { .p = p, .t = t };
	char *copy = xl_strdup(t->arena, text), *save, *word;

	*p = (struct vf_probe){ .family = family, .ttl = 64, .repeat = 1, .payload = 16 };
	p->proto = IPPROTO_TCP;
	for (word = strtok_r(copy, " \t", &save); word; word = strtok_r(NULL, " \t", &save))
		if (!read_word(&r, word)) {
			*why = r.why;
			return false;
		}
	if (p->proto == IPPROTO_TCP && !r.flags)
		p->tcp_flags = p->ct == VF_CT_NONE ? 0x02 : 0x10;
	return true;
}
