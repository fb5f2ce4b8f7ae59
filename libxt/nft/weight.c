// SPDX-License-Identifier: GPL-2.0-or-later
#include "nft/passes.h"

static unsigned int expr_weight(const struct nft_expr *e)
{
	unsigned int n = 0;

	if (!e)
		return 0;
	switch (e->kind) {
	case NFT_E_KEY: /* a protocol's field stands behind a test for the protocol */
		return nft_layer_proto(nft_keys[e->key].layer) >= 0 ? 3 : 1;
	case NFT_E_RAW:
		return e->off % 8 || e->len % 8 ? 2 : 1;
	case NFT_E_NUMGEN:
	case NFT_E_TEXT:
		return 2;
	case NFT_E_BIN:
	case NFT_E_MAP:
		return expr_weight(e->a) + 1;
	case NFT_E_CONCAT:
		for (size_t i = 0; i < e->n; i++)
			n += expr_weight(e->elems[i]);
		return n;
	default:
		return 0;
	}
}

/* A change of a set takes about a hundred of the 4096 bytes that a rule can have. */
unsigned int nft_stmt_weight(const struct nft_stmt *s)
{
	unsigned int n = 2 + expr_weight(s->l);

	if (s->kind == NFT_S_DYNSET)
		n += 2;
	if (s->kind == NFT_S_SET || s->kind == NFT_S_DYNSET)
		n += expr_weight(s->r);
	return n;
}
