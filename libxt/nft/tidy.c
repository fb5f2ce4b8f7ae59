// SPDX-License-Identifier: GPL-2.0-or-later
#include "nft/build.h"
#include "nft/passes.h"

#include <netinet/in.h>
#include <string.h>

/* The key that a test starts from: below masks, first of a concatenation. */
static const struct nft_expr *key_of(const struct nft_stmt *s)
{
	const struct nft_expr *e = s->l;

	if (s->kind != NFT_S_MATCH && s->kind != NFT_S_VMAP)
		return NULL;
	while (e && (e->kind == NFT_E_BIN || e->kind == NFT_E_CONCAT))
		e = e->kind == NFT_E_BIN ? e->a : e->elems[0];
	return e && e->kind == NFT_E_KEY ? e : NULL;
}

static bool is_l4proto(const struct nft_stmt *s)
{
	return s->kind == NFT_S_MATCH && s->relop == NFT_EQ && s->l->kind == NFT_E_KEY &&
	       s->l->key == NFT_META_L4PROTO && s->r->kind == NFT_E_NUM;
}

static bool is_l4proto_of(const struct nft_stmt *s, uint64_t proto)
{
	return is_l4proto(s) && s->r->num == proto;
}

/* TCP options are no payload to nft: it puts no test for TCP before them, and its listing drops one
 * that is there, so that "tcp option N missing" holds for other protocols too. */
static bool is_tcp_option(const struct nft_stmt *s)
{
	const struct nft_expr *k = key_of(s);

	return k && (k->key == NFT_TCPOPT || k->key == NFT_TCPOPT_MAXSEG);
}

/* nft itself puts "meta l4proto tcp" before "tcp dport 80". */
static bool implied_by(const struct nft_stmt *s, uint64_t proto)
{
	const struct nft_expr *k = key_of(s);

	return k && !is_tcp_option(s) && nft_layer_proto(nft_keys[k->key].layer) == (int)proto;
}

static bool only_tests(const struct nft_stmt *s)
{
	return (s->kind == NFT_S_MATCH && s->l->kind != NFT_E_NUMGEN) || s->kind == NFT_S_GUARD;
}

/* Whether a test before @p says what @p, a test for a protocol, says. */
static bool said_before(const struct nft_rule *r, const struct nft_stmt *p)
{
	bool said = false;

	for (const struct nft_stmt *s = r->stmts.first; s != p; s = s->next) {
		if (implied_by(s, p->r->num))
			return true;
		if (is_tcp_option(s))
			said = false;
		else
			said |= is_l4proto_of(s, p->r->num);
	}
	return said;
}

/* Whether one behind it does, with nothing but tests between them. */
static bool said_behind(const struct nft_stmt *p)
{
	bool option = false;

	for (const struct nft_stmt *s = p->next; s && only_tests(s); s = s->next) {
		if (implied_by(s, p->r->num) || (option && is_l4proto_of(s, p->r->num)))
			return true;
		option |= is_tcp_option(s);
	}
	return false;
}

static void drop_l4proto(struct nft_rule *r)
{
	struct nft_stmt **p = &r->stmts.first;

	while (*p) {
		if (is_l4proto(*p) && (said_before(r, *p) || said_behind(*p)))
			*p = (*p)->next;
		else
			p = &(*p)->next;
	}
	r->stmts.end = p;
}

static bool tests_ct_protocol(const struct nft_stmt *s)
{
	const struct nft_expr *k = key_of(s);

	return k && (k->key == NFT_CT_PROTOCOL ||
		     (k->key >= NFT_CT_ORIG_PROTO_SRC && k->key <= NFT_CT_REPL_PROTO_DST));
}

/* nft takes "ct protocol tcp" for a test of the packet: "tcp dport 80" behind it goes without one,
 * and so matches an ICMP error about the connection (nft --debug=netlink). "ct original proto-src"
 * in turn has its type from a test before it (1.0.6), which listing drops where a header field
 * stands behind it. So tests of the headers come first. */
static void ct_protocol_last(struct nft_rule *r)
{
	struct nft_stmt **p = &r->stmts.first;

	while (*p) {
		struct nft_stmt *held = NULL, **end = &held;

		while (*p && only_tests(*p)) {
			if (!tests_ct_protocol(*p)) {
				p = &(*p)->next;
				continue;
			}
			*end = *p;
			*p = (*p)->next;
			end = &(*end)->next;
		}
		if (held) {
			*end = *p;
			*p = held;
			p = end;
		}
		if (*p)
			p = &(*p)->next;
	}
	r->stmts.end = p;
}

/* nft 1.0.6 merges "!=" on adjacent fields of one header into one "not equal" of both
 * ("tcp sport != 53 tcp dport != 80" is then true when either differs). A range is never merged.
 * Seen with nft --debug=netlink for every header, also across other statements. */
static bool merges_neq(const struct nft_stmt *s)
{
	const struct nft_expr *k;
	enum nft_layer l;

	if (s->kind != NFT_S_MATCH || s->relop != NFT_NE)
		return false;
	if (s->l->kind == NFT_E_RAW)
		return true;
	k = s->l->kind == NFT_E_KEY ? key_of(s) : NULL;
	if (!k || nft_keys[k->key].type == NFT_T_IPV4 || nft_keys[k->key].type == NFT_T_IPV6)
		return false;
	l = nft_keys[k->key].layer;
	return l == NFT_L_LL || l == NFT_L_NH || l >= NFT_L_TH;
}

/* Words with a dash in them, like "not-ect", are not read as the end of a range. */
static struct nft_expr *end_of_range(struct xl_arena *a, struct nft_expr *e)
{
	bool dashes = e->kind == NFT_E_NUM && (e->type == NFT_T_ECN || e->type == NFT_T_ICMPTYPE ||
					       e->type == NFT_T_ICMPV6TYPE);

	return dashes ? nft_num(a, e->type == NFT_T_ECN ? NFT_T_HEX : NFT_T_DEC, e->num) : e;
}

static void split_neq(struct xl_arena *a, struct nft_rule *r)
{
	struct nft_expr *v;
	struct nft_stmt *s;
	unsigned int n = 0;

	for (s = r->stmts.first; s; s = s->next)
		n += merges_neq(s);
	for (s = r->stmts.first; n > 1 && s; s = s->next) {
		if (!merges_neq(s))
			continue;
		if (s->r->kind == NFT_E_SET && s->r->n == 1)
			s->r = s->r->elems[0];
		if (s->r->kind != NFT_E_NUM && s->r->kind != NFT_E_ADDR)
			continue;
		v = end_of_range(a, s->r);
		s->r = nft_range(a, v, v);
	}
}

/* The test for TCP that "reject with tcp reset" wants: nft does not list it when it stands behind
 * the counter, and reads the listing as if it had stood before. It is true at either place, since
 * the rule's own -p said so. */
static void tcp_before_counter(struct nft_rule *r)
{
	for (struct nft_stmt **p = &r->stmts.first; *p; p = &(*p)->next) {
		struct nft_stmt *counter = *p, *l4proto = counter->next, *reject;

		if (counter->kind != NFT_S_COUNTER || !l4proto ||
		    !is_l4proto_of(l4proto, IPPROTO_TCP))
			continue;
		reject = l4proto->next;
		if (!reject || reject->kind != NFT_S_REJECT)
			continue;
		counter->next = reject;
		l4proto->next = counter;
		*p = l4proto;
		return;
	}
}

/* Protocols whose headers nft 1.0.6 can take apart. */
static bool knows_header(uint64_t proto)
{
	return proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6 || proto == IPPROTO_IGMP ||
	       proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE ||
	       proto == IPPROTO_SCTP || proto == IPPROTO_DCCP || proto == IPPROTO_ESP ||
	       proto == IPPROTO_AH || proto == IPPROTO_COMP;
}

static bool reads_raw_th(const struct nft_stmt *s)
{
	const struct nft_expr *e = s->l;

	if (s->kind == NFT_S_GUARD)
		return s->name;
	while (e && e->kind == NFT_E_BIN)
		e = e->a;
	return s->kind == NFT_S_MATCH && e->kind == NFT_E_RAW && e->base == NFT_BASE_TH;
}

/* nft 1.0.6 aborts at a raw "@th" behind "meta l4proto gre" (payload_expr_complete()), but draws no
 * conclusions from a range. */
static void hide_l4proto(struct xl_arena *a, struct nft_rule *r)
{
	struct nft_stmt *l4proto = NULL;

	for (struct nft_stmt *s = r->stmts.first; s; s = s->next) {
		if (is_l4proto(s) && !knows_header(s->r->num)) {
			l4proto = s;
		} else if (l4proto && reads_raw_th(s)) {
			l4proto->r = nft_range(a, l4proto->r, l4proto->r);
			l4proto = NULL;
		}
	}
}

/* "protocol" of an IPv4 header, "nexthdr" of an IPv6 one, as raw bits. */
static bool is_proto_byte(const struct nft_stmt *s, bool v4)
{
	return s->kind == NFT_S_MATCH && s->relop == NFT_EQ && s->l->kind == NFT_E_RAW &&
	       s->l->base == NFT_BASE_NH && s->l->off == (v4 ? 72 : 48) && s->l->len == 8 &&
	       s->r->kind == NFT_E_NUM;
}

/* Half a byte each, of which nft draws no conclusions; newer ones do of a range of one value. */
static void halve(struct xl_arena *a, struct nft_rule *r, struct nft_stmt *s)
{
	unsigned int off = s->l->off;
	uint64_t v = s->r->num;
	struct nft_stmt *low = nft_match(a, nft_raw(a, NFT_BASE_NH, off + 4, 4), NFT_EQ,
					 nft_num(a, NFT_T_HEX, v & 0xf));

	s->l = nft_raw(a, NFT_BASE_NH, off, 4);
	s->r = nft_num(a, NFT_T_HEX, v >> 4);
	low->next = s->next;
	s->next = low;
	if (!low->next)
		r->stmts.end = &low->next;
}

/* nft lists such a test as "ip protocol" or "ip6 nexthdr", and takes it for the rule's protocol
 * when it reads that again: then it drops the one that was there, or they conflict. In IPv4 it says
 * nothing new; in IPv6 the same value also says that there are no extension headers. */
static void settle_proto_byte(struct xl_arena *a, struct nft_rule *r, bool v4)
{
	const struct nft_stmt *l4proto = NULL;

	for (struct nft_stmt **p = &r->stmts.first; *p;) {
		struct nft_stmt *s = *p;
		bool tests = l4proto && is_proto_byte(s, v4);

		if (is_l4proto(s))
			l4proto = s;
		if (tests && v4 && s->r->num == l4proto->r->num) {
			*p = s->next;
			if (!*p)
				r->stmts.end = p;
			continue;
		}
		if (tests)
			halve(a, r, s);
		p = &s->next;
	}
}

void nft_tidy(struct nft_ruleset *rs)
{
	for (struct nft_table *t = rs->tables; t; t = t->next) {
		for (struct nft_chain *c = t->chains; c; c = c->next) {
			for (struct nft_rule *r = c->rules; r; r = r->next) {
				if (strcmp(t->family, "bridge"))
					settle_proto_byte(rs->arena, r, !strcmp(t->family, "ip"));
				ct_protocol_last(r);
				drop_l4proto(r);
				split_neq(rs->arena, r);
				tcp_before_counter(r);
				hide_l4proto(rs->arena, r);
			}
		}
	}
}

void nft_inline_helpers(struct nft_ruleset *rs)
{
	for (struct nft_table *t = rs->tables; t; t = t->next)
		for (struct nft_chain *c = t->chains; c; c = c->next)
			c->inlined = c->helper && c->uses == 1;
}
