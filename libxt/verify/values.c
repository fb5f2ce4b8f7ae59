// SPDX-License-Identifier: GPL-2.0-or-later
/* Values of another ruleset's text: where it tests for one that the original has not, a packet with
 * that one tells. */
#include "verify/aims.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

struct token {
	uint8_t family; /* of an address; 0: a number */
	bool hex;
	uint32_t number;
	uint8_t addr[16];
};

/* The next number or address in the text; NULL at its end. */
static const char *next_token(const char *s, struct token *t)
{
	static const char letters[] = "0123456789abcdefABCDEFxX.:";
	char word[64], *end;
	size_t n;

	for (; *s; s += n ? n : 1) {
		n = strspn(s, letters);
		if (!n || n >= sizeof(word))
			continue;
		memcpy(word, s, n);
		word[n] = '\0';
		memset(t, 0, sizeof(*t));
		if (inet_pton(AF_INET, word, t->addr) == 1)
			t->family = NFPROTO_IPV4;
		else if (inet_pton(AF_INET6, word, t->addr) == 1)
			t->family = NFPROTO_IPV6;
		else
			t->number = (uint32_t)strtoul(word, &end, 0);
		t->hex = !t->family && word[1] == 'x';
		if (t->family || (end != word && (!*end || *end == ':')))
			return s + (t->family ? n : (size_t)(end - word));
	}
	return NULL;
}

static bool same(const struct token *a, const struct token *b)
{
	return a->family == b->family && a->number == b->number && !memcmp(a->addr, b->addr, 16);
}

static bool has(const char *text, const struct token *t)
{
	struct token other;

	while ((text = next_token(text, &other)))
		if (same(&other, t))
			return true;
	return false;
}

enum { MOST = 16 };

static bool has_number(const uint32_t *v, size_t n, uint32_t x)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] == x)
			return true;
	return false;
}

static void add_number(uint32_t *v, size_t *n, uint32_t x)
{
	if (*n < MOST && !has_number(v, *n, x))
		v[(*n)++] = x;
}

static void add(struct vf_values *v, const struct token *t)
{
	if (t->hex)
		add_number(v->marks, &v->n_marks, t->number);
	else if (!t->family)
		add_number(v->numbers, &v->n_numbers, t->number);
	if (!t->family || v->n_addrs == MOST)
		return;
	for (size_t i = 0; i < v->n_addrs; i++)
		if (v->families[i] == t->family && !memcmp(v->addrs[i], t->addr, 16))
			return;
	v->families[v->n_addrs] = t->family;
	memcpy(v->addrs[v->n_addrs++], t->addr, 16);
}

void vf_values_find(struct vf_values *v, const char *text, const char *const *others, size_t n)
{
	struct token t;

	memset(v, 0, sizeof(*v));
	while ((v->n_numbers < MOST || v->n_marks < MOST || v->n_addrs < MOST) &&
	       (text = next_token(text, &t))) {
		bool old = false;

		for (size_t i = 0; i < n && !old; i++)
			old = has(others[i], &t);
		if (!old)
			add(v, &t);
	}
}

static bool tests(const struct vf_rule *r, const char *const *names)
{
	for (; *names; names++)
		for (size_t i = 0; i < r->n; i++)
			if (!strcmp(*names, r->conds[i].m->u.user.name))
				return true;
	return false;
}

static bool number_edge(const struct vf_values *v, const struct vf_rule *r, struct vf_packet *k,
			unsigned int n)
{
	static const char *const ports[] = {
		"tcp", "udp", "multiport", "sctp", "dccp", "set", NULL
	};

	if (v->numbers[n / 2] > 65535 || !tests(r, ports))
		return false;
	*(n % 2 ? &k->p.sport : &k->p.dport) = (uint16_t)v->numbers[n / 2];
	return true;
}

static bool mark_edge(const struct vf_values *v, const struct vf_rule *r, struct vf_packet *k,
		      unsigned int n)
{
	static const char *const names[] = { "mark", "connmark", NULL };

	*(n % 2 ? &k->p.ct_mark : &k->p.mark) = v->marks[n / 2];
	return tests(r, names);
}

static bool addr_edge(const struct vf_values *v, const struct vf_rule *r, struct vf_packet *k,
		      unsigned int n)
{
	static const char *const names[] = { "set", "iprange", "conntrack", NULL };
	static const uint8_t none[16];
	bool src = n % 2;

	if (v->families[n / 2] != k->p.family ||
	    (!memcmp(src ? r->head.src_mask : r->head.dst_mask, none, 16) && !tests(r, names)))
		return false;
	memcpy(src ? k->p.saddr : k->p.daddr, v->addrs[n / 2], 16);
	return true;
}

unsigned int vf_value_edges(const struct vf_values *v)
{
	return 2 * (unsigned int)(v->n_numbers + v->n_marks + v->n_addrs);
}

bool vf_value_edge(const struct vf_values *v, const struct vf_rule *r, struct vf_packet *k,
		   unsigned int n)
{
	unsigned int numbers = 2 * (unsigned int)v->n_numbers, marks = 2 * (unsigned int)v->n_marks;

	if (n < numbers)
		return number_edge(v, r, k, n);
	if (n < numbers + marks)
		return mark_edge(v, r, k, n - numbers);
	return addr_edge(v, r, k, n - numbers - marks);
}
