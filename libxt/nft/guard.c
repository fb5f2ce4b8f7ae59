// SPDX-License-Identifier: GPL-2.0-or-later
#include "nft/build.h"
#include "nft/names.h"
#include "nft/passes.h"

#include <linux/netfilter/nf_conntrack_common.h>
#include <netinet/in.h>
#include <string.h>

static bool expr_tracks(const struct nft_expr *e)
{
	if (!e)
		return false;
	if (e->kind == NFT_E_KEY)
		return nft_keys[e->key].layer == NFT_L_CT;
	for (size_t i = 0; i < e->n; i++)
		if (expr_tracks(e->elems[i]))
			return true;
	return expr_tracks(e->a) || expr_tracks(e->b);
}

/* What calls nf_ct_netns_get() or nf_defrag_ipv4_enable() when it is loaded: nft_ct.c, nft_nat.c,
 * nft_masq.c, nft_redir.c, nft_connlimit.c, nft_synproxy.c, nft_tproxy.c. notrack does not. */
static bool defragments(const struct nft_stmt *s)
{
	switch (s->kind) {
	case NFT_S_NAT:
	case NFT_S_TPROXY:
	case NFT_S_CTCOUNT:
	case NFT_S_SYNPROXY:
		return true;
	case NFT_S_OBJREF:
		return !strncmp(s->name, "ct ", 3);
	case NFT_S_TEXT:
		return strstr(s->name, "ct ") || strstr(s->name, "nat ");
	case NFT_S_DYNSET:
		for (const struct nft_stmt *i = s->dynset.stmts; i; i = i->next)
			if (defragments(i))
				return true;
		break;
	default:
		break;
	}
	return expr_tracks(s->l) || expr_tracks(s->r);
}

bool nft_table_defragments(const struct nft_table *t)
{
	for (const struct nft_chain *c = t->chains; c; c = c->next)
		for (const struct nft_rule *r = c->rules; r; r = r->next)
			for (const struct nft_stmt *s = r->stmts.first; s; s = s->next)
				if (defragments(s))
					return true;
	return false;
}

bool nft_defragments(const struct nft_ruleset *rs, const char *family)
{
	for (const struct nft_table *t = rs->tables; t; t = t->next)
		if (!strcmp(t->family, family) && nft_table_defragments(t))
			return true;
	return false;
}

static bool tracks(const struct nft_ruleset *rs, const char *family)
{
	for (const struct nft_table *t = rs->tables; t; t = t->next)
		for (const struct nft_chain *c = strcmp(t->family, family) ? NULL : t->chains; c;
		     c = c->next)
			for (const struct nft_rule *r = c->rules; r; r = r->next)
				for (const struct nft_stmt *s = r->stmts.first; s; s = s->next)
					if (s->kind != NFT_S_TPROXY && defragments(s))
						return true;
	return false;
}

static void add_track_chain(struct nft_ruleset *rs, struct nft_table *t)
{
	struct xl_arena *a = rs->arena;
	const char *name = nft_name_claim(a, &t->chain_names, "track");
	struct nft_rule *r = nft_rule_new(rs, nft_chain_new(rs, t, name), NULL);

	nft_stmts_add(&r->stmts, nft_match(a, nft_key(a, NFT_CT_STATE), NFT_EQ,
					   nft_val(a, NFT_CT_STATE, NF_CT_STATE_BIT(IP_CT_NEW))));
	r->note = "iptables has connections tracked for rules that no packet can match, too;\n"
		  "this rule does when it is loaded, and no packet needs to reach it";
}

/* "tproxy" calls nf_defrag_ipv4_enable() when it is loaded (nft_tproxy_init()), and tracks nothing.
 */
static void add_defrag_chain(struct nft_ruleset *rs, struct nft_table *t)
{
	struct xl_arena *a = rs->arena;
	const char *name = nft_name_claim(a, &t->chain_names, "defragment");
	struct nft_rule *r = nft_rule_new(rs, nft_chain_new(rs, t, name), NULL);
	struct nft_stmt *tproxy = nft_stmt(a, NFT_S_TPROXY);

	tproxy->r = nft_num(a, NFT_T_DEC, 1);
	nft_stmts_add(&r->stmts, nft_match(a, nft_key(a, NFT_META_L4PROTO), NFT_EQ,
					   nft_val(a, NFT_META_L4PROTO, IPPROTO_UDP)));
	nft_stmts_add(&r->stmts, tproxy);
	r->note = "iptables' socket match has the kernel reassemble fragments, nft's does not;\n"
		  "this rule does when it is loaded, and no packet needs to reach it";
}

void nft_keep_defrag(struct nft_ruleset *rs)
{
	for (struct nft_table *t = rs->tables; t; t = t->next) {
		if (t->tracks && !tracks(rs, t->family))
			add_track_chain(rs, t);
		if (t->defrag && !nft_defragments(rs, t->family))
			add_defrag_chain(rs, t);
	}
}

/* Of several guards in a rule the first does. */
static void filter(struct nft_rule *r, bool keep)
{
	struct nft_stmt **p = &r->stmts.first;
	bool seen = false;

	while (*p) {
		if ((*p)->kind == NFT_S_GUARD && (!keep || seen)) {
			*p = (*p)->next;
			continue;
		}
		seen |= (*p)->kind == NFT_S_GUARD;
		p = &(*p)->next;
	}
	r->stmts.end = p;
}

void nft_resolve_guards(struct nft_ruleset *rs, bool wanted)
{
	for (struct nft_table *t = rs->tables; t; t = t->next) {
		bool keep = wanted && !nft_defragments(rs, t->family);

		for (struct nft_chain *c = t->chains; c; c = c->next)
			for (struct nft_rule *r = c->rules; r; r = r->next)
				filter(r, keep);
	}
}
