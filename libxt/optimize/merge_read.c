// SPDX-License-Identifier: GPL-2.0-or-later
/* Takes rules apart: what they look up, what else they test, and what they then do. */
#include "nft/write.h"
#include "optimize/merge.h"

#include <string.h>

/* So many elements may become of one rule. */
enum { BOXES_MAX = 64 };

/* How long the value of a field is. */
static const unsigned char bytes_of[MG_FIELDS] = {
	[MG_IIFNAME] = 16, [MG_OIFNAME] = 16,	[MG_ETHER_SADDR] = 6, [MG_IP_SADDR] = 4,
	[MG_IP_DADDR] = 4, [MG_IP6_SADDR] = 16, [MG_IP6_DADDR] = 16,  [MG_L4PROTO] = 1,
	[MG_SPORT] = 2,	   [MG_DPORT] = 2,	[MG_MARK] = 4,	      [MG_SKUID] = 4,
};

/* Numbers in the host's order: nft 1.0.6 has the ends of their ranges wrong in concatenations. */
static bool only_one(enum mg_field field)
{
	return field == MG_MARK || field == MG_SKUID || field == MG_IIFNAME || field == MG_OIFNAME;
}

static bool one_value(enum mg_field field, const struct nft_expr *e, unsigned char *to)
{
	unsigned int n = bytes_of[field];

	memset(to, 0, MG_BYTES);
	if (e->kind == NFT_E_ADDR) {
		memcpy(to, e->addr, n);
		return true;
	}
	if (e->kind == NFT_E_STR) {
		if (strpbrk(e->str, "*\\") || strlen(e->str) >= n)
			return false;
		memcpy(to, e->str, strlen(e->str));
		return true;
	}
	if (e->kind != NFT_E_NUM || n > sizeof(e->num))
		return false;
	for (unsigned int i = 0; i < n; i++)
		to[i] = (unsigned char)(e->num >> 8 * (n - 1 - i));
	return true;
}

static bool prefix_range(enum mg_field field, const struct nft_expr *e, struct mg_range *r)
{
	unsigned int bits = 8U * bytes_of[field];

	if (e->num > bits || !one_value(field, e->a, r->lo))
		return false;
	memcpy(r->hi, r->lo, MG_BYTES);
	for (unsigned int i = (unsigned int)e->num; i < bits; i++) {
		r->lo[i / 8] &= (unsigned char)~(0x80 >> i % 8);
		r->hi[i / 8] |= (unsigned char)(0x80 >> i % 8);
	}
	return true;
}

bool mg_range_of(enum mg_field field, const struct nft_expr *value, struct mg_range *range)
{
	if (only_one(field) && (value->kind == NFT_E_RANGE || value->kind == NFT_E_PREFIX))
		return false;
	if (value->kind == NFT_E_PREFIX)
		return prefix_range(field, value, range);
	if (value->kind == NFT_E_RANGE)
		return one_value(field, value->a, range->lo) &&
		       one_value(field, value->b, range->hi) &&
		       memcmp(range->lo, range->hi, MG_BYTES) <= 0;
	if (!one_value(field, value, range->lo))
		return false;
	memcpy(range->hi, range->lo, MG_BYTES);
	return true;
}

static bool of_packet(unsigned int field)
{
	return field >= MG_ETHER_SADDR && field <= MG_DPORT;
}

static void note_written(struct mg_table *t, const struct nft_stmt *s)
{
	enum mg_field field;
	int proto;

	/* NAT ends the chain, and TPROXY changes nothing that a field reads. */
	if (s->kind != NFT_S_SET && s->kind != NFT_S_RESET)
		return;
	if (s->l->kind == NFT_E_KEY) {
		field = mg_field_of_key(s->l->key, &proto);
		if (field != MG_FIELDS)
			t->steady[field] = false;
		return;
	}
	for (unsigned int f = 0; f < MG_FIELDS; f++)
		t->steady[f] &= !of_packet(f);
}

void mg_table_init(struct mg_table *t, struct nft_ruleset *rs, struct nft_table *table)
{
	*t = (struct mg_table){ .arena = rs->arena, .rs = rs, .table = table };
	memset(t->steady, true, sizeof(t->steady));
	for (const struct nft_chain *c = table->chains; c; c = c->next)
		for (const struct nft_rule *r = c->rules; r; r = r->next)
			for (const struct nft_stmt *s = r->stmts.first; s; s = s->next)
				note_written(t, s);
}

/* A rule while it is read: the values that each field has been tested for. */
struct reading {
	const struct mg_table *t;
	struct mg_rule *r;
	const struct nft_expr *field[MG_FIELDS]; /* as the rule has it: a value or a set */
	size_t rest_cap;
};

static bool all_have_ranges(enum mg_field field, const struct nft_expr *e)
{
	struct mg_range r;

	if (e->kind != NFT_E_SET)
		return mg_range_of(field, e, &r);
	for (size_t i = 0; i < e->n; i++)
		if (!mg_range_of(field, e->elems[i], &r))
			return false;
	return e->n > 0;
}

static const struct nft_expr *proto_value(struct reading *in, int proto)
{
	return nft_num(in->t->arena, NFT_T_PROTO, (uint64_t)proto);
}

static bool is_num(const struct nft_expr *e, int num)
{
	return e && e->kind == NFT_E_NUM && e->num == (uint64_t)num;
}

/* Whether a test is of a field that was not tested yet; then it is taken. */
static bool take_field(struct reading *in, const struct nft_stmt *s)
{
	enum mg_field field;
	int proto;

	if (s->relop != NFT_EQ || s->l->kind != NFT_E_KEY)
		return false;
	field = mg_field_of_key(s->l->key, &proto);
	if (field == MG_FIELDS || !in->t->steady[field] || !all_have_ranges(field, s->r))
		return false;
	if (in->field[field])
		return field == MG_L4PROTO && s->r->kind == NFT_E_NUM &&
		       is_num(in->field[field], (int)s->r->num);
	if (proto >= 0) {
		if (in->field[MG_L4PROTO] && !is_num(in->field[MG_L4PROTO], proto))
			return false;
		in->field[MG_L4PROTO] = proto_value(in, proto);
	}
	in->field[field] = s->r;
	return true;
}

/* Whether all that an expression reads may be read once for several rules. */
static bool combines(const struct nft_expr *e)
{
	if (!e)
		return true;
	switch (e->kind) {
	case NFT_E_KEY:
		return mg_class_of_key(e->key) != MG_BREAK;
	case NFT_E_NUMGEN:
	case NFT_E_TEXT:
	case NFT_E_MAP:
		return false;
	case NFT_E_CONCAT:
		for (size_t i = 0; i < e->n; i++)
			if (!combines(e->elems[i]))
				return false;
		return true;
	default:
		return combines(e->a) && combines(e->b);
	}
}

static bool take_test(struct reading *in, struct nft_stmt *s)
{
	if (s->kind == NFT_S_MATCH && take_field(in, s))
		return true;
	if (s->kind == NFT_S_MATCH ? !combines(s->l) || s->r->kind == NFT_E_TEXT
				   : s->kind != NFT_S_GUARD)
		return false;
	xl_push(in->t->arena, in->r->rest, in->r->n_rest, in->rest_cap, s);
	return true;
}

static bool is_test(const struct nft_stmt *s)
{
	return s->kind == NFT_S_MATCH || s->kind == NFT_S_GUARD;
}

static bool is_act(const struct nft_stmt *s)
{
	return !is_test(s) && s->kind != NFT_S_COUNTER && mg_class_of_stmt(s->kind) != MG_BREAK &&
	       !(s->chain && s->chain->inlined);
}

/* One address, one port, or both. */
static bool nat_is_plain(const struct nft_nat *n)
{
	return (n->addr || n->port) && !(n->flags & NFT_NAT_PREFIX) &&
	       (!n->addr || n->addr->kind == NFT_E_ADDR) &&
	       (!n->port || n->port->kind == NFT_E_NUM);
}

static enum mg_action action_of(const struct nft_stmt *s)
{
	static const enum mg_action nats[] = {
		[NFT_SNAT] = MG_SNAT,
		[NFT_DNAT] = MG_DNAT,
		[NFT_MASQUERADE] = MG_SAME,
		[NFT_REDIRECT] = MG_REDIRECT,
	};

	if (!s || s->next)
		return MG_SAME;
	if (s->kind == NFT_S_VERDICT)
		return MG_VERDICT;
	if (s->kind == NFT_S_NAT && nat_is_plain(&s->nat) &&
	    (s->nat.addr || s->nat.kind == NFT_REDIRECT))
		return nats[s->nat.kind];
	if (s->kind == NFT_S_SET && s->l->kind == NFT_E_KEY && s->l->key == NFT_META_MARK &&
	    s->r->kind == NFT_E_NUM)
		return MG_MARK_SET;
	return MG_SAME;
}

/* Tests, then a counter, then what is done; anything else stays whole. */
static bool take_rule(struct reading *in)
{
	const struct nft_rule *r = in->r->rule;
	struct nft_stmt *s = r->stmts.first;

	while (s && is_test(s)) {
		if (!take_test(in, s))
			return false;
		s = s->next;
	}
	if (r->note || r->opaque || r->approximate || r->refused)
		return false;
	if (s && s->kind == NFT_S_COUNTER && !s->name) {
		in->r->counter = s;
		s = s->next;
	}
	if (!s && (!in->r->counter || !r->counts))
		return false;
	in->r->act = s;
	in->r->action = action_of(s);
	for (; s; s = s->next)
		if (!is_act(s))
			return false;
	return r->counts == !!in->r->counter;
}

static size_t values_in(const struct nft_expr *e)
{
	return !e ? 1 : e->kind == NFT_E_SET ? e->n : 1;
}

static size_t count_boxes(const struct reading *in)
{
	size_t n = 1;

	for (unsigned int f = 0; f < MG_FIELDS; f++)
		n = n * values_in(in->field[f]) > BOXES_MAX ? BOXES_MAX + 1
							    : n * values_in(in->field[f]);
	return n;
}

/* The longest list goes: the others still tell which packets the rule cannot match. */
static void forget_longest(struct reading *in)
{
	unsigned int most = 0;

	for (unsigned int f = 1; f < MG_FIELDS; f++)
		if (values_in(in->field[f]) > values_in(in->field[most]))
			most = f;
	in->field[most] = NULL;
	in->r->mergeable = false;
}

static void fill_box(struct reading *in, struct mg_box *b, size_t number)
{
	unsigned int n = (unsigned int)__builtin_popcount(in->r->mask), i = 0;
	struct mg_range *range = xl_alloc(in->t->arena, n * sizeof(*range));

	b->rule = in->r;
	b->value = xl_alloc(in->t->arena, n * sizeof(*b->value));
	b->range = range;
	for (unsigned int f = 0; f < MG_FIELDS; f++) {
		const struct nft_expr *e = in->field[f];

		if (!e)
			continue;
		b->value[i] = e->kind == NFT_E_SET ? e->elems[number % e->n] : e;
		number /= values_in(e);
		mg_range_of((enum mg_field)f, b->value[i], &range[i]);
		i++;
	}
}

static bool meet_each_other(const struct mg_rule *r)
{
	for (size_t i = 0; i < r->n_boxes; i++)
		for (size_t k = i + 1; k < r->n_boxes; k++)
			if (mg_boxes_meet(&r->boxes[i], &r->boxes[k]))
				return true;
	return false;
}

static void make_boxes(struct reading *in)
{
	struct mg_rule *r = in->r;

	while (count_boxes(in) > BOXES_MAX)
		forget_longest(in);
	r->mask = 0;
	for (unsigned int f = 0; f < MG_FIELDS; f++)
		r->mask |= in->field[f] ? 1U << f : 0;
	r->proto = -1;
	if (in->field[MG_L4PROTO] && in->field[MG_L4PROTO]->kind == NFT_E_NUM)
		r->proto = (int)in->field[MG_L4PROTO]->num;
	r->n_boxes = count_boxes(in);
	r->boxes = xl_alloc(in->t->arena, r->n_boxes * sizeof(*r->boxes));
	for (size_t i = 0; i < r->n_boxes; i++)
		fill_box(in, &r->boxes[i], i);
	r->mergeable &= r->mask && !meet_each_other(r);
}

struct mg_rule *mg_read_rule(const struct mg_table *t, struct nft_rule *r)
{
	struct reading in = { .t = t };

	in.r = xl_new(t->arena, struct mg_rule);
	in.r->rule = r;
	in.r->mergeable = take_rule(&in);
	make_boxes(&in);
	return in.r;
}

bool mg_only_counts(const struct mg_rule *r)
{
	return r->mergeable && !r->act;
}

/* What is data of a map need not be the same. */
static void sign_act(struct xl_buf *b, const struct mg_rule *r)
{
	const struct nft_nat *n;

	switch (r->action) {
	case MG_SAME:
		for (const struct nft_stmt *s = r->act; s; s = s->next) {
			nft_write_stmt(b, s);
			xl_buf_putc(b, '\n');
		}
		break;
	case MG_DNAT:
	case MG_SNAT:
	case MG_REDIRECT:
		n = &r->act->nat;
		xl_buf_printf(b, "%u %d %d %s", n->flags, !!n->addr, !!n->port,
			      n->family ? n->family : "");
		break;
	case MG_VERDICT:
	case MG_MARK_SET:
		break;
	}
}

void mg_signature(struct xl_buf *b, const struct mg_rule *r)
{
	xl_buf_printf(b, "%x %d %d\n", r->mask, !!r->counter, (int)r->action);
	for (size_t i = 0; i < r->n_rest; i++) {
		nft_write_stmt(b, r->rest[i]);
		xl_buf_putc(b, '\n');
	}
	sign_act(b, r);
}

bool mg_chain_has(const struct nft_chain *c, unsigned int rules)
{
	unsigned int n = 0;

	for (const struct nft_rule *r = c->rules; r && n < rules; r = r->next)
		n++;
	return n == rules;
}
