// SPDX-License-Identifier: GPL-2.0-or-later
#include "nft/value.h"
#include "nft/write.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <linux/netfilter/nf_log.h>

static void write_match(struct xl_buf *b, const struct nft_stmt *s)
{
	static const char *const ops[] = {
		[NFT_EQ] = " ",	   [NFT_NE] = " != ", [NFT_LT] = " < ",	    [NFT_GT] = " > ",
		[NFT_LE] = " <= ", [NFT_GE] = " >= ", [NFT_NOBITS] = " ! ",
	};
	bool masked = s->l->kind == NFT_E_BIN;

	nft_write_expr(b, s->l);
	xl_buf_puts(b, s->relop == NFT_EQ && masked ? " == " : ops[s->relop]);
	if (s->r->kind == NFT_E_NUM && nft_type_is_bits(s->r->type) && !masked)
		nft_write_num(b, s->r->type, s->r->num, ",");
	else
		nft_write_expr(b, s->r);
}

static void write_counter(struct xl_buf *b, const struct nft_stmt *s)
{
	if (s->name)
		xl_buf_printf(b, "counter name \"%s\"", s->name);
	else if (s->packets == UINT64_MAX)
		xl_buf_puts(b, "counter");
	else
		xl_buf_printf(b, "counter packets %" PRIu64 " bytes %" PRIu64, s->packets,
			      s->bytes);
}

const char *const nft_verdict_words[] = {
	[NFT_ACCEPT] = "accept",     [NFT_DROP] = "drop",  [NFT_RETURN] = "return",
	[NFT_CONTINUE] = "continue", [NFT_JUMP] = "jump ", [NFT_GOTO] = "goto ",
};

static void write_inlined(struct xl_buf *b, const struct nft_chain *c)
{
	xl_buf_puts(b, "{ ");
	for (const struct nft_rule *r = c->rules; r; r = r->next) {
		nft_write_rule(b, r);
		xl_buf_puts(b, "; ");
	}
	xl_buf_putc(b, '}');
}

static void write_verdict(struct xl_buf *b, const struct nft_stmt *s)
{
	xl_buf_puts(b, nft_verdict_words[s->verdict]);
	if (s->chain && s->chain->inlined)
		write_inlined(b, s->chain);
	else if (s->chain)
		xl_buf_puts(b, s->chain->name);
}

/* "[v6]" where a port may follow; v6 ranges need brackets on both ends. */
static void write_nat_addr(struct xl_buf *b, const struct nft_expr *e, bool port)
{
	bool v6 = e->kind == NFT_E_ADDR && e->type == NFT_T_IPV6 && port;

	if (e->kind == NFT_E_RANGE) {
		write_nat_addr(b, e->a, port);
		xl_buf_putc(b, '-');
		write_nat_addr(b, e->b, port);
		return;
	}
	xl_buf_puts(b, v6 ? "[" : "");
	nft_write_expr(b, e);
	xl_buf_puts(b, v6 ? "]" : "");
}

static void write_nat(struct xl_buf *b, const struct nft_nat *n)
{
	static const char *const kinds[] = { "snat", "dnat", "masquerade", "redirect" };
	static const char *const flags[] = { "random", "fully-random", "persistent" };
	bool first = true;

	xl_buf_puts(b, kinds[n->kind]);
	if (n->family)
		xl_buf_printf(b, " %s", n->family);
	if (n->flags & NFT_NAT_PREFIX)
		xl_buf_puts(b, " prefix");
	if (n->addr || n->port)
		xl_buf_puts(b, " to ");
	if (n->addr)
		write_nat_addr(b, n->addr, n->port != NULL);
	if (n->port) {
		xl_buf_putc(b, ':');
		nft_write_expr(b, n->port);
	}
	for (unsigned int i = 0; i < 3; i++) {
		if (!(n->flags & 1U << i))
			continue;
		xl_buf_puts(b, first ? " " : ",");
		xl_buf_puts(b, flags[i]);
		first = false;
	}
}

static void write_tproxy(struct xl_buf *b, const struct nft_stmt *s)
{
	xl_buf_printf(b, "tproxy%s%s to ", s->name ? " " : "", s->name ? s->name : "");
	if (s->l)
		write_nat_addr(b, s->l, true);
	if (s->r) {
		xl_buf_putc(b, ':');
		nft_write_expr(b, s->r);
	}
}

static void write_log_flags(struct xl_buf *b, unsigned int flags)
{
	static const struct {
		unsigned int bits;
		const char *text;
	} words[] = {
		{ NF_LOG_TCPSEQ | NF_LOG_TCPOPT, "tcp sequence,options" },
		{ NF_LOG_TCPSEQ, "tcp sequence" },
		{ NF_LOG_TCPOPT, "tcp options" },
		{ NF_LOG_IPOPT, "ip options" },
		{ NF_LOG_UID, "skuid" },
		{ NF_LOG_MACDECODE, "ether" },
	};
	unsigned int all =
		NF_LOG_TCPSEQ | NF_LOG_TCPOPT | NF_LOG_IPOPT | NF_LOG_UID | NF_LOG_MACDECODE;

	if ((flags & all) == all) {
		xl_buf_puts(b, " flags all");
		return;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if ((flags & words[i].bits) != words[i].bits)
			continue;
		xl_buf_printf(b, " flags %s", words[i].text);
		flags &= ~words[i].bits;
	}
}

static void write_log(struct xl_buf *b, const struct nft_log *l)
{
	static const char *const levels[] = { "emerg",	"alert", "crit",  "err",  "warn",
					      "notice", "info",	 "debug", "audit" };

	xl_buf_puts(b, "log");
	if (l->prefix)
		xl_buf_printf(b, " prefix \"%s\"", l->prefix);
	if (l->set & NFT_LOG_GROUP)
		xl_buf_printf(b, " group %u", l->group);
	if (l->set & NFT_LOG_SNAPLEN)
		xl_buf_printf(b, " snaplen %u", l->snaplen);
	if (l->set & NFT_LOG_QTHRESHOLD)
		xl_buf_printf(b, " queue-threshold %u", l->qthreshold);
	if (l->set & NFT_LOG_LEVEL && l->level < sizeof(levels) / sizeof(levels[0]))
		xl_buf_printf(b, " level %s", levels[l->level]);
	write_log_flags(b, l->flags);
}

static void write_limit(struct xl_buf *b, const struct nft_limit *l)
{
	xl_buf_printf(b, "limit rate %s%" PRIu64 "%s/%s", l->over ? "over " : "", l->rate,
		      l->bytes ? " bytes" : "", l->unit);
	xl_buf_printf(b, " burst %" PRIu64 " %s", l->burst, l->bytes ? "bytes" : "packets");
}

static void write_queue(struct xl_buf *b, const struct nft_queue *q)
{
	xl_buf_puts(b, "queue");
	if (q->bypass || q->fanout)
		xl_buf_printf(b, " flags %s%s%s to", q->bypass ? "bypass" : "",
			      q->bypass && q->fanout ? "," : "", q->fanout ? "fanout" : "");
	else
		xl_buf_puts(b, " num");
	xl_buf_printf(b, " %u", q->from);
	if (q->to != q->from)
		xl_buf_printf(b, "-%u", q->to);
}

static void write_dynset(struct xl_buf *b, const struct nft_stmt *s)
{
	static const char *const ops[] = { "add", "update", "delete" };
	const struct nft_stmt *i;

	xl_buf_printf(b, "%s @%s { ", ops[s->dynset.op], s->dynset.set->name);
	nft_write_expr(b, s->l);
	if (s->dynset.timeout_ms % 1000)
		xl_buf_printf(b, " timeout %" PRIu64 "ms", s->dynset.timeout_ms);
	else if (s->dynset.timeout_ms)
		xl_buf_printf(b, " timeout %" PRIu64 "s", s->dynset.timeout_ms / 1000);
	for (i = s->dynset.stmts; i; i = i->next) {
		xl_buf_putc(b, ' ');
		nft_write_stmt(b, i);
	}
	if (s->r) {
		xl_buf_puts(b, " : ");
		nft_write_expr(b, s->r);
	}
	xl_buf_puts(b, " }");
}

static void write_vmap(struct xl_buf *b, const struct nft_stmt *s)
{
	nft_write_expr(b, s->l);
	xl_buf_puts(b, " vmap ");
	nft_write_expr(b, s->r);
}

/* G1 of the fragment guard: both forms stop at a later fragment, and the raw load in v6 as well
 * at a transport header of under three bytes (net/netfilter/nft_payload.c, nft_payload_eval()). */
static void write_guard(struct xl_buf *b, const struct nft_stmt *s)
{
	xl_buf_puts(b, s->name ? s->name : "ip frag-off & 0x1fff == 0");
}

void nft_write_stmt(struct xl_buf *b, const struct nft_stmt *s)
{
	switch (s->kind) {
	case NFT_S_MATCH:
		write_match(b, s);
		break;
	case NFT_S_COUNTER:
		write_counter(b, s);
		break;
	case NFT_S_VERDICT:
		write_verdict(b, s);
		break;
	case NFT_S_SET:
		nft_write_expr(b, s->l);
		xl_buf_puts(b, " set ");
		nft_write_expr(b, s->r);
		break;
	case NFT_S_NAT:
		write_nat(b, &s->nat);
		break;
	case NFT_S_TPROXY:
		write_tproxy(b, s);
		break;
	case NFT_S_LOG:
		write_log(b, &s->log);
		break;
	case NFT_S_REJECT:
		xl_buf_printf(b, "reject with %s", s->name);
		break;
	case NFT_S_LIMIT:
		write_limit(b, &s->limit);
		break;
	case NFT_S_QUOTA:
		xl_buf_printf(b, "quota %s%" PRIu64 " bytes", s->limit.over ? "over " : "",
			      s->limit.rate);
		break;
	case NFT_S_CTCOUNT:
		xl_buf_printf(b, "ct count %s%" PRIu64, s->limit.over ? "over " : "",
			      s->limit.rate);
		break;
	case NFT_S_QUEUE:
		write_queue(b, &s->queue);
		break;
	case NFT_S_NOTRACK:
		xl_buf_puts(b, "notrack");
		break;
	case NFT_S_DUP:
		xl_buf_puts(b, "dup to ");
		nft_write_expr(b, s->l);
		if (s->name)
			xl_buf_printf(b, " device \"%s\"", s->name);
		break;
	case NFT_S_DYNSET:
		write_dynset(b, s);
		break;
	case NFT_S_OBJREF:
		xl_buf_printf(b, "%s \"%s\"", s->name, s->obj->name);
		break;
	case NFT_S_VMAP:
		write_vmap(b, s);
		break;
	case NFT_S_RESET:
		xl_buf_puts(b, "reset ");
		nft_write_expr(b, s->l);
		break;
	case NFT_S_SYNPROXY:
		xl_buf_printf(b, "synproxy%s%s", s->name ? " " : "", s->name ? s->name : "");
		break;
	case NFT_S_GUARD:
		write_guard(b, s);
		break;
	case NFT_S_TEXT:
		xl_buf_puts(b, s->name);
		break;
	}
}

void nft_write_rule(struct xl_buf *b, const struct nft_rule *r)
{
	const struct nft_stmt *s;

	for (s = r->stmts.first; s; s = s->next) {
		if (s != r->stmts.first)
			xl_buf_putc(b, ' ');
		nft_write_stmt(b, s);
	}
	if (r->comment)
		xl_buf_printf(b, "%scomment \"%s\"", r->stmts.first ? " " : "", r->comment);
}
