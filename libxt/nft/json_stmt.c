// SPDX-License-Identifier: GPL-2.0-or-later
#include "nft/json.h"
#include "nft/value.h"

#include <linux/netfilter/nf_log.h>
#include <stdlib.h>
#include <string.h>

static json_t *words_of(const char *const *words, unsigned int n, unsigned int bits)
{
	json_t *v = json_array();

	for (unsigned int i = 0; i < n; i++)
		if (bits & 1U << i)
			json_array_append_new(v, json_string(words[i]));
	return v;
}

static json_t *number(uint64_t n)
{
	return json_integer((json_int_t)n);
}

/* "ct state new,related": one of these bits is set. */
static bool tests_bits(const struct nft_stmt *s)
{
	return s->relop == NFT_EQ && s->l->kind == NFT_E_KEY && s->r->kind == NFT_E_NUM &&
	       (nft_type_is_bits(s->r->type) || s->l->key == NFT_CT_LABEL);
}

static json_t *match(struct nft_json *j, const struct nft_stmt *s)
{
	static const char *const ops[] = {
		[NFT_EQ] = "==", [NFT_NE] = "!=", [NFT_LT] = "<",     [NFT_GT] = ">",
		[NFT_LE] = "<=", [NFT_GE] = ">=", [NFT_NOBITS] = "!",
	};
	const char *op = ops[s->relop];
	json_t *v;

	if (tests_bits(s))
		op = "in";
	v = nft_json_put(json_pack("{s:s}", "op", op), "left", nft_json_expr(j, s->l));
	return nft_json_wrap("match", nft_json_put(v, "right", nft_json_expr(j, s->r)));
}

static json_t *counter(const struct nft_stmt *s)
{
	bool none = s->packets == UINT64_MAX;

	if (s->name)
		return nft_json_wrap("counter", json_string(s->name));
	return nft_json_wrap("counter",
			     json_pack("{s:I,s:I}", "packets", (json_int_t)(none ? 0 : s->packets),
				       "bytes", (json_int_t)(none ? 0 : s->bytes)));
}

static json_t *verdict(const struct nft_stmt *s)
{
	static const char *const words[] = {
		[NFT_ACCEPT] = "accept",     [NFT_DROP] = "drop", [NFT_RETURN] = "return",
		[NFT_CONTINUE] = "continue", [NFT_JUMP] = "jump", [NFT_GOTO] = "goto",
	};

	return nft_json_wrap(words[s->verdict],
			     s->chain ? json_pack("{s:s}", "target", s->chain->name) : json_null());
}

static json_t *mangle(struct nft_json *j, const struct nft_stmt *s)
{
	json_t *v;

	if (s->r->kind == NFT_E_KEY && nft_keys[s->r->key].layer == NFT_L_SOCKET)
		return nft_json_cannot(j, "nft reads no value of a socket from JSON to set one by");
	v = nft_json_wrap("key", nft_json_expr(j, s->l));
	return nft_json_wrap("mangle", nft_json_put(v, "value", nft_json_expr(j, s->r)));
}

static json_t *nat(struct nft_json *j, const struct nft_nat *n)
{
	static const char *const kinds[] = { "snat", "dnat", "masquerade", "redirect" };
	/* "prefix" in text; nft 1.0.6 reads it only so. */
	static const char *const flags[] = { "random", "fully-random", "persistent", "netmap" };
	json_t *v = json_object();

	if (n->family)
		v = nft_json_put(v, "family", json_string(n->family));
	if (n->addr)
		v = nft_json_put(v, "addr", nft_json_expr(j, n->addr));
	if (n->port)
		v = nft_json_put(v, "port", nft_json_expr(j, n->port));
	if (n->flags)
		v = nft_json_put(v, "flags", words_of(flags, 4, n->flags));
	if (n->flags & NFT_NAT_PREFIX)
		v = nft_json_put(v, "type_flags", json_string("prefix"));
	if (v && !json_object_size(v)) {
		json_decref(v);
		v = json_null();
	}
	return nft_json_wrap(kinds[n->kind], v);
}

static json_t *tproxy(struct nft_json *j, const struct nft_stmt *s)
{
	json_t *v = json_object();

	if (s->name)
		v = nft_json_put(v, "family", json_string(s->name));
	if (s->l)
		v = nft_json_put(v, "addr", nft_json_expr(j, s->l));
	if (s->r)
		v = nft_json_put(v, "port", nft_json_expr(j, s->r));
	return nft_json_wrap("tproxy", v);
}

static json_t *log_flags(unsigned int flags)
{
	static const char *const words[] = { "tcp sequence", "tcp options", "ip options", "skuid",
					     "ether" };
	unsigned int all = NF_LOG_TCPSEQ | NF_LOG_TCPOPT | NF_LOG_IPOPT | NF_LOG_UID;

	/* NF_LOG_MACDECODE is not the next bit. */
	if (flags & NF_LOG_MACDECODE)
		flags = (flags & all) | 1U << 4;
	else
		flags &= all;
	return flags == (all | 1U << 4) ? json_string("all") : words_of(words, 5, flags);
}

static json_t *log_stmt(struct nft_json *j, const struct nft_log *l)
{
	static const char *const levels[] = { "emerg",	"alert", "crit",  "err",  "warn",
					      "notice", "info",	 "debug", "audit" };
	json_t *v = json_object();

	if (l->prefix)
		v = nft_json_put(v, "prefix", nft_json_string(j, l->prefix));
	if (l->set & NFT_LOG_GROUP)
		v = nft_json_put(v, "group", number(l->group));
	if (l->set & NFT_LOG_SNAPLEN)
		v = nft_json_put(v, "snaplen", number(l->snaplen));
	if (l->set & NFT_LOG_QTHRESHOLD)
		v = nft_json_put(v, "queue-threshold", number(l->qthreshold));
	if (l->set & NFT_LOG_LEVEL && l->level < sizeof(levels) / sizeof(levels[0]))
		v = nft_json_put(v, "level", json_string(levels[l->level]));
	if (l->flags)
		v = nft_json_put(v, "flags", log_flags(l->flags));
	if (v && !json_object_size(v)) {
		json_decref(v);
		v = json_null();
	}
	return nft_json_wrap("log", v);
}

/* "icmp port-unreachable", "icmpv6 2", "tcp reset" */
static json_t *reject(const char *with)
{
	const char *code = strchr(with, ' ') + 1;

	if (!strcmp(with, "tcp reset"))
		return nft_json_wrap("reject", json_pack("{s:s}", "type", with));
	return nft_json_wrap("reject",
			     json_pack("{s:o,s:o}", "type",
				       json_stringn(with, (size_t)(code - with) - 1), "expr",
				       *code >= '0' && *code <= '9' ? json_integer(atoi(code))
								    : json_string(code)));
}

static json_t *limit(const struct nft_limit *l)
{
	json_t *v = json_pack("{s:I,s:s,s:I}", "rate", (json_int_t)l->rate, "per", l->unit, "burst",
			      (json_int_t)l->burst);

	if (l->bytes) {
		v = nft_json_put(v, "rate_unit", json_string("bytes"));
		v = nft_json_put(v, "burst_unit", json_string("bytes"));
	}
	if (l->over)
		v = nft_json_put(v, "inv", json_true());
	return nft_json_wrap("limit", v);
}

static json_t *amount(const char *what, const struct nft_limit *l, const char *unit)
{
	json_t *v = json_pack("{s:I}", "val", (json_int_t)l->rate);

	if (unit)
		v = nft_json_put(v, "val_unit", json_string(unit));
	if (l->over)
		v = nft_json_put(v, "inv", json_true());
	return nft_json_wrap(what, v);
}

static json_t *queue(const struct nft_queue *q)
{
	static const char *const flags[] = { "bypass", "fanout" };
	json_t *num = q->from == q->to ? number(q->from)
				       : json_pack("{s:[i,i]}", "range", (int)q->from, (int)q->to);
	json_t *v = nft_json_wrap("num", num);

	if (q->bypass || q->fanout)
		v = nft_json_put(v, "flags",
				 words_of(flags, 2, (q->bypass ? 1U : 0) | (q->fanout ? 2U : 0)));
	return nft_json_wrap("queue", v);
}

static json_t *dup_to(struct nft_json *j, const struct nft_stmt *s)
{
	json_t *v = nft_json_wrap("addr", nft_json_expr(j, s->l));

	if (s->name)
		v = nft_json_put(v, "dev", nft_json_string(j, s->name));
	return nft_json_wrap("dup", v);
}

static json_t *dynset(struct nft_json *j, const struct nft_stmt *s)
{
	static const char *const ops[] = { "add", "update", "delete" };
	json_t *elem = nft_json_expr(j, s->l), *v;

	if (s->r) {
		json_decref(elem);
		return nft_json_cannot(j, "nft 1.0.6 reads no change of a map from JSON");
	}
	if (s->dynset.timeout_ms) {
		if (s->dynset.timeout_ms % 1000) {
			json_decref(elem);
			return nft_json_cannot(j, "nft's JSON has no timeouts of milliseconds");
		}
		elem = nft_json_wrap("val", elem);
		elem = nft_json_put(elem, "timeout", number(s->dynset.timeout_ms / 1000));
		elem = nft_json_wrap("elem", elem);
	}
	v = json_pack("{s:s}", "op", ops[s->dynset.op]);
	v = nft_json_put(v, "elem", elem);
	v = nft_json_put(v, "set", json_sprintf("@%s", s->dynset.set->name));
	if (s->dynset.stmts)
		v = nft_json_put(v, "stmt", nft_json_stmts(j, s->dynset.stmts));
	return nft_json_wrap("set", v);
}

/* "ct helper set" and the like: {"ct helper": NAME} */
static json_t *objref(const struct nft_stmt *s)
{
	return nft_json_wrap(s->obj->kind, json_string(s->obj->name));
}

static json_t *vmap(struct nft_json *j, const struct nft_stmt *s)
{
	json_t *v = nft_json_wrap("key", nft_json_expr(j, s->l));

	return nft_json_wrap("vmap", nft_json_put(v, "data", nft_json_expr(j, s->r)));
}

/* "mss 1460 wscale 7 timestamp sack-perm" */
static json_t *synproxy(struct nft_json *j, const char *options)
{
	json_t *v = json_object(), *flags = json_array();
	char *text = xl_strdup(j->arena, options ? options : ""), *word;

	while ((word = strsep(&text, " "))) {
		if (!strcmp(word, "mss") || !strcmp(word, "wscale"))
			v = nft_json_put(v, word, json_integer(atoi(strsep(&text, " "))));
		else if (*word)
			json_array_append_new(flags, json_string(word));
	}
	if (json_array_size(flags))
		v = nft_json_put(v, "flags", flags);
	else
		json_decref(flags);
	if (v && !json_object_size(v)) {
		json_decref(v);
		v = json_null();
	}
	return nft_json_wrap("synproxy", v);
}

/* As write_guard() has it in text. */
static json_t *guard(const struct nft_stmt *s)
{
	if (s->name)
		return json_pack("{s:{s:s,s:{s:{s:s,s:i,s:i}},s:i}}", "match", "op", ">=", "left",
				 "payload", "base", "th", "offset", 0, "len", 24, "right", 0);
	return json_pack("{s:{s:s,s:{s:[{s:{s:s,s:s}},i]},s:i}}", "match", "op", "==", "left", "&",
			 "payload", "protocol", "ip", "field", "frag-off", 0x1fff, "right", 0);
}

json_t *nft_json_stmt(struct nft_json *j, const struct nft_stmt *s)
{
	switch (s->kind) {
	case NFT_S_MATCH:
		return match(j, s);
	case NFT_S_COUNTER:
		return counter(s);
	case NFT_S_VERDICT:
		return verdict(s);
	case NFT_S_SET:
		return mangle(j, s);
	case NFT_S_NAT:
		return nat(j, &s->nat);
	case NFT_S_TPROXY:
		return tproxy(j, s);
	case NFT_S_LOG:
		return log_stmt(j, &s->log);
	case NFT_S_REJECT:
		return reject(s->name);
	case NFT_S_LIMIT:
		return limit(&s->limit);
	case NFT_S_QUOTA:
		return amount("quota", &s->limit, "bytes");
	case NFT_S_CTCOUNT:
		return amount("ct count", &s->limit, NULL);
	case NFT_S_QUEUE:
		return queue(&s->queue);
	case NFT_S_NOTRACK:
		return nft_json_wrap("notrack", json_null());
	case NFT_S_DUP:
		return dup_to(j, s);
	case NFT_S_DYNSET:
		return dynset(j, s);
	case NFT_S_OBJREF:
		return objref(s);
	case NFT_S_VMAP:
		return vmap(j, s);
	case NFT_S_RESET:
		return nft_json_wrap("reset", nft_json_expr(j, s->l));
	case NFT_S_SYNPROXY:
		return synproxy(j, s->name);
	case NFT_S_GUARD:
		return guard(s);
	case NFT_S_TEXT:
		break;
	}
	return nft_json_cannot(j,
			       "the extension's own translation is text, which has no JSON form");
}

json_t *nft_json_stmts(struct nft_json *j, const struct nft_stmt *s)
{
	json_t *list = json_array(), *one;

	for (; list && s; s = s->next) {
		one = nft_json_stmt(j, s);
		if (one && !json_array_append_new(list, one))
			continue;
		json_decref(list);
		return NULL;
	}
	return list;
}
