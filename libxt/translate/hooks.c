// SPDX-License-Identifier: GPL-2.0-or-later
/* Where iptables' tables hang in the hooks. Measured: a mark set by each legacy table is seen by an
 * nft chain at priority p + 1 and not at p - 1. */
#include "translate/hooks.h"

#include <linux/netfilter.h>
#include <string.h>

/* enum nf_ip_hook_priorities (linux/netfilter_ipv4.h). mangle's OUTPUT routes again when the packet
 * changed (iptable_mangle.c: ipt_mangle_out()), as only type route does. */
static const struct {
	const char *table;
	int hook;
	struct nft_base_chain base;
} bases[] = {
	{ "raw", NF_INET_PRE_ROUTING, { "filter", "prerouting", -300, NFT_ACCEPT } },
	{ "raw", NF_INET_LOCAL_OUT, { "filter", "output", -300, NFT_ACCEPT } },
	{ "mangle", NF_INET_PRE_ROUTING, { "filter", "prerouting", -150, NFT_ACCEPT } },
	{ "mangle", NF_INET_LOCAL_IN, { "filter", "input", -150, NFT_ACCEPT } },
	{ "mangle", NF_INET_FORWARD, { "filter", "forward", -150, NFT_ACCEPT } },
	{ "mangle", NF_INET_LOCAL_OUT, { "route", "output", -150, NFT_ACCEPT } },
	{ "mangle", NF_INET_POST_ROUTING, { "filter", "postrouting", -150, NFT_ACCEPT } },
	{ "nat", NF_INET_PRE_ROUTING, { "nat", "prerouting", -100, NFT_ACCEPT } },
	{ "nat", NF_INET_LOCAL_IN, { "nat", "input", 100, NFT_ACCEPT } },
	{ "nat", NF_INET_LOCAL_OUT, { "nat", "output", -100, NFT_ACCEPT } },
	{ "nat", NF_INET_POST_ROUTING, { "nat", "postrouting", 100, NFT_ACCEPT } },
	{ "filter", NF_INET_LOCAL_IN, { "filter", "input", 0, NFT_ACCEPT } },
	{ "filter", NF_INET_FORWARD, { "filter", "forward", 0, NFT_ACCEPT } },
	{ "filter", NF_INET_LOCAL_OUT, { "filter", "output", 0, NFT_ACCEPT } },
	{ "security", NF_INET_LOCAL_IN, { "filter", "input", 50, NFT_ACCEPT } },
	{ "security", NF_INET_FORWARD, { "filter", "forward", 50, NFT_ACCEPT } },
	{ "security", NF_INET_LOCAL_OUT, { "filter", "output", 50, NFT_ACCEPT } },
};

const char *xl_nft_family(uint8_t family)
{
	return family == NFPROTO_IPV4 ? "ip" : "ip6";
}

const struct nft_base_chain *xl_base_chain(const char *table, int hook)
{
	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		if (bases[i].hook == hook && !strcmp(bases[i].table, table))
			return &bases[i].base;
	return NULL;
}

/* Marks all chains that @from reaches, with a stack of our own: chains nest as deep as users like.
 */
static void mark(struct xl_arena *a, const struct xt_table *t, const struct xt_chain *from,
		 unsigned int bit, unsigned int *hooks)
{
	const struct xt_chain **stack = xl_alloc(a, t->n * sizeof(*stack));
	size_t n = 0;

	hooks[from->index] |= bit;
	stack[n++] = from;
	while (n) {
		const struct xt_chain *c = stack[--n];

		for (const struct xt_rule *r = c->rules; r; r = r->next) {
			if (!r->jump || hooks[r->jump->index] & bit)
				continue;
			hooks[r->jump->index] |= bit;
			stack[n++] = r->jump;
		}
	}
}

unsigned int *xl_chain_hooks(struct xl_arena *a, const struct xt_table *t)
{
	unsigned int *hooks = xl_alloc(a, t->n * sizeof(*hooks));

	for (const struct xt_chain *c = t->chains; c; c = c->next)
		if (c->hook >= 0)
			mark(a, t, c, 1U << c->hook, hooks);
	return hooks;
}
