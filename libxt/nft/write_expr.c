// SPDX-License-Identifier: GPL-2.0-or-later
#include "nft/value.h"
#include "nft/write.h"

#include <inttypes.h>

static void write_list(struct xl_buf *b, const struct nft_expr *e, const char *sep)
{
	for (size_t i = 0; i < e->n; i++) {
		if (i)
			xl_buf_puts(b, sep);
		nft_write_expr(b, e->elems[i]);
	}
}

static void write_bin(struct xl_buf *b, const struct nft_expr *e)
{
	static const char *const ops[] = {
		[NFT_OP_AND] = "&",	[NFT_OP_OR] = "|",	[NFT_OP_XOR] = "^",
		[NFT_OP_LSHIFT] = "<<", [NFT_OP_RSHIFT] = ">>",
	};
	const struct nft_expr *r = e->b;
	bool shift = e->op == NFT_OP_LSHIFT || e->op == NFT_OP_RSHIFT;
	bool paren_l = shift && e->a->kind == NFT_E_BIN;
	/* A mask of several named bits reads as a | b and binds weaker than &. */
	bool paren_r = r->kind == NFT_E_BIN || (r->kind == NFT_E_NUM && nft_type_is_bits(r->type) &&
						(r->num & (r->num - 1)));

	xl_buf_puts(b, paren_l ? "(" : "");
	nft_write_expr(b, e->a);
	xl_buf_puts(b, paren_l ? ")" : "");
	xl_buf_printf(b, " %s ", ops[e->op]);
	xl_buf_puts(b, paren_r ? "(" : "");
	nft_write_expr(b, r);
	xl_buf_puts(b, paren_r ? ")" : "");
}

static void write_key(struct xl_buf *b, const struct nft_expr *e)
{
	const char *t = nft_keys[e->key].text;

	for (; *t; t++) {
		if (t[0] == '%' && t[1] == 'u') {
			xl_buf_printf(b, "%" PRIu64, e->num);
			t++;
		} else {
			xl_buf_putc(b, *t);
		}
	}
}

void nft_write_expr(struct xl_buf *b, const struct nft_expr *e)
{
	static const char *const bases[] = { "ll", "nh", "th", "ih" };

	switch (e->kind) {
	case NFT_E_KEY:
		write_key(b, e);
		break;
	case NFT_E_RAW:
		xl_buf_printf(b, "@%s,%u,%u", bases[e->base], e->off, e->len);
		break;
	case NFT_E_NUM:
		nft_write_num(b, e->type, e->num, " | ");
		break;
	case NFT_E_ADDR:
		nft_write_addr(b, e->type, e->addr);
		break;
	case NFT_E_STR:
		xl_buf_printf(b, "\"%s\"", e->str);
		break;
	case NFT_E_PREFIX:
		nft_write_expr(b, e->a);
		xl_buf_putc(b, '/');
		xl_buf_putu(b, e->num);
		break;
	case NFT_E_RANGE:
		nft_write_expr(b, e->a);
		xl_buf_putc(b, '-');
		nft_write_expr(b, e->b);
		break;
	case NFT_E_SET:
		xl_buf_puts(b, "{ ");
		write_list(b, e, ", ");
		xl_buf_puts(b, " }");
		break;
	case NFT_E_SETREF:
		xl_buf_printf(b, "@%s", e->set->name);
		break;
	case NFT_E_BIN:
		write_bin(b, e);
		break;
	case NFT_E_CONCAT:
		write_list(b, e, " . ");
		break;
	case NFT_E_MAP:
		nft_write_expr(b, e->a);
		xl_buf_puts(b, " map ");
		nft_write_expr(b, e->b);
		break;
	case NFT_E_PAIR:
		nft_write_expr(b, e->a);
		xl_buf_puts(b, " : ");
		nft_write_expr(b, e->b);
		break;
	case NFT_E_VERDICT:
		xl_buf_puts(b, nft_verdict_words[e->num]);
		if (e->chain)
			xl_buf_puts(b, e->chain->name);
		break;
	case NFT_E_EXISTS:
		xl_buf_puts(b, e->num ? "exists" : "missing");
		break;
	case NFT_E_NUMGEN:
		xl_buf_printf(b, "numgen %s mod %" PRIu64, e->str, e->num);
		break;
	case NFT_E_TEXT:
		xl_buf_puts(b, e->str);
		break;
	}
}
