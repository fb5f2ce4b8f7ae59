// SPDX-License-Identifier: GPL-2.0-or-later
#include "nft/json.h"
#include "nft/value.h"

#include <stdlib.h>
#include <string.h>

json_t *nft_json_cannot(struct nft_json *j, const char *why)
{
	if (!j->why)
		j->why = why;
	return NULL;
}

json_t *nft_json_string(struct nft_json *j, const char *s)
{
	json_t *v = json_string(s);

	return v ? v : nft_json_cannot(j, "JSON holds text in UTF-8 only, and this rule has other");
}

json_t *nft_json_put(json_t *object, const char *key, json_t *value)
{
	if (object && value && !json_object_set_new(object, key, value))
		return object;
	json_decref(object);
	return NULL;
}

json_t *nft_json_wrap(const char *key, json_t *value)
{
	return nft_json_put(json_object(), key, value);
}

static json_t *add(json_t *array, json_t *value)
{
	if (array && value && !json_array_append_new(array, value))
		return array;
	json_decref(array);
	return NULL;
}

static json_t *pair(json_t *a, json_t *b)
{
	json_t *array = add(json_array(), a);

	if (array)
		return add(array, b);
	json_decref(b);
	return NULL;
}

static json_t *word_or_number(const char *s, size_t n, uint64_t value)
{
	bool number = *s >= '0' && *s <= '9';

	return number ? json_integer((json_int_t)value) : json_stringn(s, n);
}

json_t *nft_json_num(struct nft_json *j, const struct nft_expr *e)
{
	struct xl_buf b = { .s = NULL };
	json_t *v = NULL;

	if (e->num > INT64_MAX)
		return nft_json_cannot(j, "nft's JSON has no numbers as big as this");
	nft_write_num(&b, e->type, e->num, ",");
	if (!b.s)
		return NULL;
	if (e->type == NFT_T_CLASSID) {
		v = json_string(b.s);
	} else if (!strchr(b.s, ',')) {
		v = word_or_number(b.s, b.len, e->num);
	} else {
		v = json_array();
		for (const char *s = b.s; *s;
		     s += s[strcspn(s, ",")] ? strcspn(s, ",") + 1 : strlen(s))
			v = add(v, json_stringn(s, strcspn(s, ",")));
	}
	xl_buf_free(&b);
	return v;
}

static json_t *addr(const struct nft_expr *e)
{
	struct xl_buf b = { .s = NULL };
	json_t *v;

	nft_write_addr(&b, e->type, e->addr);
	v = b.s ? json_string(b.s) : NULL;
	xl_buf_free(&b);
	return v;
}

/* The words of a key's text; a %u is its number. */
struct words {
	const char *v[8];
	unsigned int n;
};

static struct words split(struct nft_json *j, const struct nft_expr *e)
{
	const char *text = nft_keys[e->key].text, *mark = strstr(text, "%u");
	struct words w = { .n = 0 };
	char *copy, *word;

	if (mark)
		copy = xl_printf(j->arena, "%.*s%u%s", (int)(mark - text), text,
				 (unsigned int)e->num, mark + 2);
	else
		copy = xl_strdup(j->arena, text);
	while ((word = strsep(&copy, " ")) && w.n < 8)
		w.v[w.n++] = word;
	return w;
}

static json_t *meta(const char *word)
{
	return nft_json_wrap("meta", json_pack("{s:s}", "key", word));
}

/* "ct original ip saddr" */
static json_t *ct(struct nft_json *j, const struct words *w)
{
	bool dir = w->n > 2 && (!strcmp(w->v[1], "original") || !strcmp(w->v[1], "reply"));
	unsigned int at = dir ? 2 : 1;
	const char *key = w->v[at];
	json_t *v;

	if (w->n > at + 1)
		key = xl_printf(j->arena, "%s %s", key, w->v[at + 1]);
	v = json_pack("{s:s}", "key", key);
	if (dir)
		v = nft_json_put(v, "dir", json_string(w->v[1]));
	return nft_json_wrap("ct", v);
}

/* "fib saddr . iif oif": flags with dots between them, then the result. */
static json_t *fib(const struct words *w)
{
	json_t *flags = json_array();

	for (unsigned int i = 1; i + 1 < w->n; i++)
		if (*w->v[i] != '.')
			flags = add(flags, json_string(w->v[i]));
	return nft_json_wrap("fib",
			     json_pack("{s:s,s:o}", "result", w->v[w->n - 1], "flags", flags));
}

/* "exthdr hbh" is whether it is there, "hbh hdrlength" a field. */
static json_t *exthdr(const struct words *w)
{
	if (!strcmp(w->v[0], "exthdr"))
		return nft_json_wrap("exthdr", json_pack("{s:s}", "name", w->v[1]));
	return nft_json_wrap("exthdr", json_pack("{s:s,s:s,s:i}", "name", w->v[0], "field", w->v[1],
						 "offset", 0));
}

/* "ipsec in spnum 0 ip saddr" */
static json_t *ipsec(const struct words *w)
{
	json_t *v = json_pack("{s:s,s:i,s:s}", "dir", w->v[1], "spnum", atoi(w->v[3]), "key",
			      w->v[w->n - 1]);

	if (w->n > 5)
		v = nft_json_put(v, "family", json_string(w->v[4]));
	return nft_json_wrap("ipsec", v);
}

/* Options that nft has a name for are read by name only. */
static json_t *tcp_option(const struct nft_expr *e)
{
	static const struct {
		unsigned int kind;
		const char *name;
	} names[] = {
		{ 0, "eol" },	    { 1, "nop" },	{ 2, "maxseg" },    { 3, "window" },
		{ 4, "sack-perm" }, { 5, "sack" },	{ 8, "timestamp" }, { 19, "md5sig" },
		{ 30, "mptcp" },    { 34, "fastopen" },
	};

	if (e->key == NFT_TCPOPT_MAXSEG)
		return nft_json_wrap("tcp option",
				     json_pack("{s:s,s:s}", "name", "maxseg", "field", "size"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].kind == e->num)
			return nft_json_wrap("tcp option",
					     json_pack("{s:s}", "name", names[i].name));
	return nft_json_wrap("tcp option", json_pack("{s:i,s:i,s:i}", "base", (int)e->num, "offset",
						     0, "len", 8));
}

static json_t *key(struct nft_json *j, const struct nft_expr *e)
{
	struct words w = split(j, e);

	if (e->key == NFT_TCPOPT || e->key == NFT_TCPOPT_MAXSEG)
		return tcp_option(e);
	if (e->key == NFT_SOCKET_CGROUPV2)
		return nft_json_cannot(j, "nft's JSON has no form for the cgroup of a socket");
	switch (nft_keys[e->key].layer) {
	case NFT_L_META:
		if (!strcmp(w.v[0], "ipsec"))
			return ipsec(&w);
		if (!strcmp(w.v[0], "rt"))
			return nft_json_wrap("rt", json_pack("{s:s}", "key", w.v[1]));
		return meta(w.v[w.n - 1]);
	case NFT_L_EXTHDR:
		return exthdr(&w);
	case NFT_L_CT:
		return ct(j, &w);
	case NFT_L_FIB:
		return fib(&w);
	case NFT_L_SOCKET:
		return nft_json_wrap("socket", json_pack("{s:s}", "key", w.v[1]));
	default:
		return nft_json_wrap("payload",
				     json_pack("{s:s,s:s}", "protocol", w.v[0], "field", w.v[1]));
	}
}

static json_t *raw(const struct nft_expr *e)
{
	static const char *const bases[] = { "ll", "nh", "th", "ih" };

	return nft_json_wrap("payload", json_pack("{s:s,s:i,s:i}", "base", bases[e->base], "offset",
						  (int)e->off, "len", (int)e->len));
}

static json_t *list(struct nft_json *j, const struct nft_expr *e)
{
	json_t *v = json_array();

	for (size_t i = 0; v && i < e->n; i++)
		v = add(v, nft_json_expr(j, e->elems[i]));
	return v;
}

static json_t *bin(struct nft_json *j, const struct nft_expr *e)
{
	static const char *const ops[] = {
		[NFT_OP_AND] = "&",	[NFT_OP_OR] = "|",	[NFT_OP_XOR] = "^",
		[NFT_OP_LSHIFT] = "<<", [NFT_OP_RSHIFT] = ">>",
	};

	return nft_json_wrap(ops[e->op], pair(nft_json_expr(j, e->a), nft_json_expr(j, e->b)));
}

static json_t *map(struct nft_json *j, const struct nft_expr *e)
{
	json_t *v = nft_json_wrap("key", nft_json_expr(j, e->a));

	return nft_json_wrap("map", nft_json_put(v, "data", nft_json_expr(j, e->b)));
}

/* What has no typed form yet is "sctp chunk NAME". */
static json_t *text(struct nft_json *j, const char *s)
{
	static const char chunk[] = "sctp chunk ";

	if (strncmp(s, chunk, strlen(chunk)) != 0)
		return nft_json_cannot(j, "there is no JSON form for a part of its translation");
	return nft_json_wrap("sctp chunk", json_pack("{s:s}", "name", s + strlen(chunk)));
}

static json_t *prefix(struct nft_json *j, const struct nft_expr *e)
{
	json_t *v = nft_json_wrap("addr", nft_json_expr(j, e->a));

	return nft_json_wrap("prefix", nft_json_put(v, "len", json_integer((json_int_t)e->num)));
}

json_t *nft_json_expr(struct nft_json *j, const struct nft_expr *e)
{
	switch (e->kind) {
	case NFT_E_KEY:
		return key(j, e);
	case NFT_E_RAW:
		return raw(e);
	case NFT_E_NUM:
		return nft_json_num(j, e);
	case NFT_E_ADDR:
		return addr(e);
	case NFT_E_STR:
		return nft_json_string(j, e->str);
	case NFT_E_PREFIX:
		return prefix(j, e);
	case NFT_E_RANGE:
		return nft_json_wrap("range", pair(nft_json_expr(j, e->a), nft_json_expr(j, e->b)));
	case NFT_E_SET:
		return nft_json_wrap("set", list(j, e));
	case NFT_E_SETREF:
		return json_sprintf("@%s", e->set->name);
	case NFT_E_BIN:
		return bin(j, e);
	case NFT_E_CONCAT:
		return nft_json_wrap("concat", list(j, e));
	case NFT_E_MAP:
		return map(j, e);
	case NFT_E_PAIR:
		return pair(nft_json_expr(j, e->a), nft_json_expr(j, e->b));
	case NFT_E_VERDICT:
		return nft_json_cannot(j, "nft's JSON has no counters of what maps hold");
	case NFT_E_EXISTS:
		return json_boolean(e->num);
	case NFT_E_NUMGEN:
		return nft_json_wrap("numgen", json_pack("{s:s,s:i,s:i}", "mode", e->str, "mod",
							 (int)e->num, "offset", 0));
	case NFT_E_TEXT:
		return text(j, e->str);
	}
	return NULL;
}
