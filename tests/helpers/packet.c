// SPDX-License-Identifier: GPL-2.0-or-later
#include "packet.h"
#include "util.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const uint8_t mac_of_device[2][6] = { { 2, 0, 0, 0, 1, 1 }, { 2, 0, 0, 0, 2, 1 } };
const uint8_t mac_of_host[2][6] = { { 2, 0, 0, 0, 1, 2 }, { 2, 0, 0, 0, 2, 2 } };

enum kind {
	K_MAYBE,
	K_NUM,
	K_ADDR,
	K_MAC,
	K_HEX,
	K_FLAGS,
	K_ANY,
	K_IN,
	K_TO,
	K_FRAG,
	K_EXT,
	K_SET
};

struct key {
	const char *name;
	enum kind kind;
	size_t offset;
	size_t has; /* offset of the bool that says that it is there; 0: none */
};

#define AT(member) offsetof(struct packet, member)
#define MAYBE(name)                         \
	{                                   \
#name, K_MAYBE, AT(name), 0 \
	}
#define NUM(name)                         \
	{                                 \
#name, K_NUM, AT(name), 0 \
	}
#define GIVEN(name, kind)                             \
	{                                             \
#name, kind, AT(name), AT(has_##name) \
	}
#define HEX(name)                         \
	{                                 \
#name, K_HEX, AT(name), 0 \
	}

static const struct key keys[] = {
	MAYBE(sport),
	MAYBE(dport),
	MAYBE(type),
	MAYBE(code),
	MAYBE(id),
	{ "echo-id", K_MAYBE, AT(echo_id), 0 },
	{ "echo-seq", K_MAYBE, AT(echo_seq), 0 },
	MAYBE(seq),
	MAYBE(ack),
	MAYBE(mark),
	MAYBE(ctmark),
	MAYBE(uid),
	MAYBE(gid),
	MAYBE(len),
	MAYBE(cut),
	MAYBE(priority),
	NUM(ttl),
	NUM(tos),
	NUM(win),
	NUM(spi),
	NUM(vtag),
	NUM(flow),
	NUM(split),
	NUM(next),
	NUM(cscov),
	GIVEN(saddr, K_ADDR),
	GIVEN(daddr, K_ADDR),
	GIVEN(smac, K_MAC),
	GIVEN(dmac, K_MAC),
	GIVEN(data, K_HEX),
	HEX(opts),
	HEX(ipopts),
	GIVEN(flags, K_FLAGS),
	{ "any", K_ANY, AT(any), 0 },
	{ "in", K_IN, 0, 0 },
	{ "to", K_TO, 0, 0 },
	{ "frag", K_FRAG, 0, 0 },
	{ "ext", K_EXT, 0, 0 },
	{ "reply", K_SET, AT(reply), 0 },
	{ "quote", K_SET, AT(quote), 0 },
	{ "df", K_SET, AT(df), 0 },
	{ "badsum", K_SET, AT(bad_sum), 0 },
};

struct name {
	const char *name;
	int value;
};

static const struct name protos[] = {
	{ "tcp", 6 },	 { "udp", 17 },	 { "udplite", 136 }, { "icmp", 1 }, { "icmp6", 58 },
	{ "sctp", 132 }, { "dccp", 33 }, { "esp", 50 },	     { "ah", 51 },  { NULL, 0 },
};
static const struct name tcp_flags[] = {
	{ "fin", 1 },  { "syn", 2 },  { "rst", 4 },   { "psh", 8 },  { "ack", 16 },
	{ "urg", 32 }, { "ece", 64 }, { "cwr", 128 }, { "none", 0 }, { NULL, 0 },
};
static const struct name any_names[] = {
	{ "saddr", ANY_SADDR },
	{ "daddr", ANY_DADDR },
	{ "sport", ANY_SPORT },
	{ "dport", ANY_DPORT },
	{ NULL, 0 },
};
static const struct name ext_names[] = {
	{ "hbh", 0 }, { "dst", 60 }, { "rt", 43 }, { "ah", 51 }, { "mh", 135 }, { NULL, 0 },
};
static const struct name destinations[] = {
	{ "forward", TO_FORWARD },
	{ "local", TO_LOCAL },
	{ "out", TO_OUT },
	{ NULL, 0 },
};

static bool look_up(const struct name *names, const char *s, size_t n, int *value)
{
	for (; names->name; names++)
		if (strlen(names->name) == n && !strncmp(names->name, s, n)) {
			*value = names->value;
			return true;
		}
	return false;
}

static bool number(const char *s, uint32_t *v)
{
	char *end;
	unsigned long n = strtoul(s, &end, 0);

	*v = (uint32_t)n;
	return *s && !*end && n <= UINT32_MAX;
}

static bool hex(struct bytes *b, const char *s, size_t n)
{
	b->n = 0;
	for (size_t i = 0; i < n; i += 2) {
		int v = i + 1 < n ? hex_byte(s + i) : -1;

		if (v < 0 || b->n == sizeof(b->b))
			return false;
		b->b[b->n++] = (uint8_t)v;
	}
	return true;
}

static bool mac(uint8_t out[6], const char *s)
{
	for (int i = 0; i < 6; i++, s += 3) {
		int v = strlen(s) >= 2 ? hex_byte(s) : -1;

		if (v < 0 || s[2] != (i < 5 ? ':' : '\0'))
			return false;
		out[i] = (uint8_t)v;
	}
	return true;
}

/* Bits named in a list with commas. */
static bool flag_list(uint8_t *out, const struct name *names, const char *s)
{
	for (size_t n; *s; s += n + (s[n] == ',')) {
		int bit;

		n = strcspn(s, ",");
		if (!look_up(names, s, n, &bit))
			return false;
		*out |= (uint8_t)bit;
	}
	return true;
}

static bool fragment(struct packet *p, const char *s)
{
	char *end;

	p->frag.v = (uint32_t)strtoul(s, &end, 0);
	p->frag.set = true;
	p->more = *end == '+';
	return end > s && !end[p->more] && !(p->frag.v % 8);
}

/* hbh,rt:00010000… */
static bool ext_list(struct packet *p, const char *s)
{
	for (size_t n; *s; s += n + (s[n] == ',')) {
		struct ext_header *e = &p->exts[p->n_exts];
		size_t name = strcspn(s, ":,");
		int proto;

		n = strcspn(s, ",");
		if (p->n_exts++ == MAX_EXTS || !look_up(ext_names, s, name, &proto))
			return false;
		e->proto = (uint8_t)proto;
		e->has_body = name < n;
		if (e->has_body && !hex(&e->body, s + name + 1, n - name - 1))
			return false;
	}
	return true;
}

static bool set_value(struct packet *p, const struct key *k, const char *v)
{
	void *at = (char *)p + k->offset;
	int n;

	if (k->has)
		*(bool *)((char *)p + k->has) = true;
	switch (k->kind) {
	case K_MAYBE:
		((struct maybe *)at)->set = true;
		return number(v, &((struct maybe *)at)->v);
	case K_NUM:
		return number(v, at);
	case K_ADDR:
		return inet_pton(p->family == 4 ? AF_INET : AF_INET6, v, at) == 1;
	case K_MAC:
		return mac(at, v);
	case K_HEX:
		return hex(at, v, strlen(v));
	case K_FLAGS:
		return flag_list(at, tcp_flags, v);
	case K_ANY:
		return flag_list(at, any_names, v);
	case K_IN:
		p->in = *v;
		return (*v == 'a' || *v == 'b') && !v[1];
	case K_TO:
		if (!look_up(destinations, v, strlen(v), &n))
			return false;
		p->to = (enum packet_to)n;
		return true;
	case K_FRAG:
		return fragment(p, v);
	case K_EXT:
		return ext_list(p, v);
	case K_SET:
		*(bool *)at = true;
		return !*v;
	}
	return false;
}

static bool word(struct packet *p, const char *w, bool first, const char **why)
{
	size_t n = strcspn(w, "=");
	int proto;
	uint32_t num;

	if (first && look_up(protos, w, strlen(w), &proto)) {
		p->proto = (uint8_t)proto;
		return true;
	}
	if (first && !strncmp(w, "proto=", 6)) {
		p->proto = number(w + 6, &num) ? (uint8_t)num : 0;
		return true;
	}
	*why = "bad value";
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(keys[i].name) == n && !strncmp(keys[i].name, w, n))
			return set_value(p, &keys[i], w[n] ? w + n + 1 : w + n);
	*why = "unknown word";
	return false;
}

bool packet_parse(struct packet *p, unsigned int family, const char *spec, const char **why)
{
	static char complaint[256];
	char *copy = copy_n(spec, strlen(spec)), *save, *w;
	bool ok = true;

	*p = (struct packet){ .family = family, .in = 'a', .ttl = 64, .win = 8192, .next = 59 };
	w = strtok_r(copy, " \t", &save);
	for (bool first = true; ok && w; first = false) {
		ok = word(p, w, first, why);
		if (!ok) {
			strcpy(complaint, *why);
			strcat(complaint, " ");
			strncat(complaint, w, 200);
			*why = complaint;
		}
		w = strtok_r(NULL, " \t", &save);
	}
	free(copy);
	return ok;
}

static void address(const struct packet *p, uint8_t *out, int net, int host)
{
	memset(out, 0, 16);
	if (p->family == 4) {
		memcpy(out, (uint8_t[4]){ 10, 0, (uint8_t)net, (uint8_t)host }, 4);
		return;
	}
	out[0] = 0xfd;
	out[1] = (uint8_t)net;
	out[15] = (uint8_t)host;
}

void packet_finish(struct packet *p)
{
	int in = p->in - 'a' + 1, other = 3 - in;

	if (!p->has_saddr && p->to == TO_OUT)
		address(p, p->saddr, 2, 1);
	else if (!p->has_saddr)
		address(p, p->saddr, in, 2);
	if (!p->has_daddr && p->to == TO_OUT)
		address(p, p->daddr, 2, 2);
	else if (!p->has_daddr && p->to == TO_LOCAL)
		address(p, p->daddr, in, 1);
	else if (!p->has_daddr)
		address(p, p->daddr, other, 2);
	if (!p->has_smac)
		memcpy(p->smac, mac_of_host[in - 1], 6);
	if (!p->has_dmac)
		memcpy(p->dmac, mac_of_device[in - 1], 6);
	if (!p->sport.set)
		p->sport.v = 40000;
	if (!p->dport.set)
		p->dport.v = 4000;
	if (!p->has_flags)
		p->flags = 2;
}

unsigned int any_turned(unsigned int any)
{
	return (any & ANY_SADDR ? ANY_DADDR : 0) | (any & ANY_DADDR ? ANY_SADDR : 0) |
	       (any & ANY_SPORT ? ANY_DPORT : 0) | (any & ANY_DPORT ? ANY_SPORT : 0);
}
