// SPDX-License-Identifier: GPL-2.0-or-later
#include "nft/json.h"

#include <string.h>

/* JSON has no "typeof" before nft 1.1.4: the types of the keys that sets are declared by. */
static const struct {
	const char *key, *type;
} types[] = {
	{ "ip saddr", "ipv4_addr" },	   { "ip daddr", "ipv4_addr" },
	{ "ip6 saddr", "ipv6_addr" },	   { "ip6 daddr", "ipv6_addr" },
	{ "ether saddr", "ether_addr" },   { "iifname", "ifname" },
	{ "th sport", "inet_service" },	   { "th dport", "inet_service" },
	{ "meta l4proto", "inet_proto" },  { "meta mark", "mark" },
	{ "meta protocol", "ether_type" }, { "icmp type", "icmp_type" },
	{ "icmpv6 type", "icmpv6_type" },
};

static json_t *one_type(struct nft_json *j, const char *word, size_t n, bool by_key)
{
	if (!by_key)
		return json_stringn(word, n);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strlen(types[i].key) == n && !strncmp(types[i].key, word, n))
			return json_string(types[i].type);
	return nft_json_cannot(j, "nft's JSON has no name for the type of its set");
}

/* "type ipv4_addr . inet_service" or "typeof ip saddr . th dport" */
static json_t *type(struct nft_json *j, const char *text)
{
	bool by_key = !strncmp(text, "typeof ", 7);
	json_t *list = json_array(), *v;
	size_t n;

	for (text += by_key ? 7 : 5; text; text = *text ? text + 3 : NULL) {
		const char *end = strstr(text, " . ");

		n = end ? (size_t)(end - text) : strlen(text);
		v = one_type(j, text, n, by_key);
		if (!v) {
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, v);
		text += n;
	}
	if (json_array_size(list) != 1)
		return list;
	v = json_incref(json_array_get(list, 0));
	json_decref(list);
	return v;
}

/* The set says whether elements have counters, which begin at 0. */
static bool has_rest(const struct nft_elem *e)
{
	return e->packets || e->bytes || e->timeout_ms || e->comment;
}

static json_t *elem(struct nft_json *j, const struct nft_elem *e)
{
	json_t *v = nft_json_expr(j, e->key);

	if (!has_rest(e))
		return v;
	if (e->timeout_ms % 1000 || e->expires_ms % 1000 || e->packets || e->bytes) {
		json_decref(v);
		return nft_json_cannot(j, "nft's JSON has no counts of the elements of a set, and "
					  "no timeouts of milliseconds");
	}
	v = nft_json_wrap("val", v);
	if (e->timeout_ms)
		v = nft_json_put(v, "timeout", json_integer((json_int_t)(e->timeout_ms / 1000)));
	if (e->expires_ms)
		v = nft_json_put(v, "expires", json_integer((json_int_t)(e->expires_ms / 1000)));
	if (e->comment)
		v = nft_json_put(v, "comment", nft_json_string(j, e->comment));
	return nft_json_wrap("elem", v);
}

/* nft 1.0.6 reads no "dynamic", and gives that flag itself to a set that a rule changes. */
static json_t *flags(unsigned int bits)
{
	static const char *const words[] = { "constant", "interval", "timeout" };
	json_t *list = json_array();

	for (unsigned int i = 0; i < 3; i++)
		if (bits & 1U << i)
			json_array_append_new(list, json_string(words[i]));
	return list;
}

static json_t *elems(struct nft_json *j, const struct nft_set *s)
{
	json_t *list = json_array(), *v;

	for (size_t i = 0; i < s->n; i++) {
		v = elem(j, &s->elems[i]);
		if (!v) {
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, v);
	}
	return list;
}

json_t *nft_json_set(struct nft_json *j, const struct nft_set *s)
{
	json_t *v;

	if (s->timeout_ms % 1000)
		return nft_json_cannot(j, "nft's JSON has no timeouts of milliseconds");
	v = json_pack("{s:s}", "name", s->name);
	v = nft_json_put(v, "type", type(j, s->type));
	if (s->flags & (NFT_SET_CONSTANT | NFT_SET_INTERVAL | NFT_SET_TIMEOUT))
		v = nft_json_put(v, "flags", flags(s->flags));
	if (s->size)
		v = nft_json_put(v, "size", json_integer((json_int_t)s->size));
	if (s->timeout_ms)
		v = nft_json_put(v, "timeout", json_integer((json_int_t)(s->timeout_ms / 1000)));
	if (s->counter)
		v = nft_json_put(v, "stmt", json_pack("[{s:n}]", "counter"));
	if (s->n)
		v = nft_json_put(v, "elem", elems(j, s));
	return v;
}
