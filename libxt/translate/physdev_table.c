// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tables beside rules with -m physdev. Each family has its own: rules of one may use bits of
 * the mark that those of the other leave free, and their files may be loaded one by one.
 *
 * br_netfilter looks at untagged frames with IP only (br_nf_pre_routing()), and behind it at what
 * it has seen come in; nft's "ether type" is "vlan" where there is a tag.
 */
#include "nft/build.h"
#include "nft/names.h"
#include "translate/hooks.h"
#include "translate/physdev.h"

#include <limits.h>
#include <linux/if_ether.h>

enum { BEFORE_BR_NETFILTER = -400 }; /* NF_BR_PRI_BRNF is 0 */

static struct nft_chain *base_chain(struct xl_env *env, struct nft_table *t, const char *hook,
				    int prio)
{
	struct nft_chain *c =
		nft_chain_new(env->out, t, nft_name_claim(env->arena, &t->chain_names, hook));
	struct nft_base_chain *base = xl_new(env->arena, struct nft_base_chain);

	*base = (struct nft_base_chain){ "filter", hook, prio, NFT_ACCEPT };
	c->base = base;
	c->helper = true;
	return c;
}

static void rule(struct xl_env *env, struct nft_chain *c, struct nft_stmt *test,
		 struct nft_stmt *then)
{
	struct nft_rule *r = nft_rule_new(env->out, c, NULL);

	if (test)
		nft_stmts_add(&r->stmts, test);
	nft_stmts_add(&r->stmts, then);
}

static struct nft_stmt *set_mark(struct xl_env *env, uint32_t mask, uint32_t value)
{
	return nft_assign_bits(env->arena, NFT_META_MARK, mask, value);
}

static struct nft_chain *frame_chain(struct xl_env *env, struct nft_table *t, const char *hook,
				     uint8_t family)
{
	struct nft_chain *c = base_chain(env, t, hook, BEFORE_BR_NETFILTER);
	uint64_t type = family == NFPROTO_IPV4 ? ETH_P_IP : ETH_P_IPV6;

	rule(env, c,
	     nft_match(env->arena, nft_key(env->arena, NFT_ETHER_TYPE), NFT_NE,
		       nft_val(env->arena, NFT_ETHER_TYPE, type)),
	     nft_verdict(env->arena, NFT_ACCEPT, NULL));
	return c;
}

/* Sets @bits for the ports that have them all, a set of names or one wildcard. */
static void set_for(struct xl_env *env, struct nft_chain *c, enum nft_key_id key,
		    const struct xl_physdev_way *way, bool wild, uint32_t bits)
{
	struct xl_arena *a = env->arena;
	struct nft_expr *names = nft_anon_set(a);

	for (const struct xl_physdev_port *p = way->ports; p; p = p->next)
		if (p->text && *p->text && p->wild == wild && (p->bits & bits) == bits)
			nft_expr_add(a, names, nft_str(a, NFT_T_IFNAME, p->text));
	if (names->n)
		rule(env, c,
		     nft_match(a, nft_key(a, key), NFT_EQ, names->n == 1 ? names->elems[0] : names),
		     set_mark(env, bits, bits));
}

/* The number of a port is written bit by bit, so that many ports are few rules. */
static void set_ports(struct xl_env *env, struct nft_chain *c, enum nft_key_id key,
		      const struct xl_physdev_way *way)
{
	for (uint32_t bit = 1U << 31; bit; bit >>= 1)
		if (way->number & bit)
			set_for(env, c, key, way, false, bit);
	for (const struct xl_physdev_port *p = way->ports; p; p = p->next)
		if (p->text && *p->text && p->wild)
			set_for(env, c, key, way, true, p->bits);
}

static void setting(struct xl_env *env, const struct xl_physdev *p, const char *family)
{
	struct xl_arena *a = env->arena;
	struct nft_table *t = nft_table_new(env->out, "bridge", xl_printf(a, "physdev-%s", family));
	struct nft_chain *c;

	t->note = xl_printf(
		a,
		"For -m physdev: writes the ports of bridges into bits of the mark (0x%08x) that "
		"no rule uses,\nbefore br_netfilter passes the packets to the rules of family %s. "
		"Like iptables, it needs\nbr_netfilter with net.bridge.bridge-nf-call-%s=1.",
		p->all, family, p->family == NFPROTO_IPV4 ? "iptables" : "ip6tables");
	c = frame_chain(env, t, "prerouting", p->family);
	rule(env, c, NULL, set_mark(env, p->all, p->in.known));
	set_ports(env, c, NFT_META_IIFNAME, &p->in);
	if (!p->out.known && !p->out.ports)
		return;
	c = frame_chain(env, t, "forward", p->family);
	if (p->out.known)
		rule(env, c, NULL, set_mark(env, p->out.known, p->out.known));
	set_ports(env, c, NFT_META_OIFNAME, &p->out);
}

static void clearing(struct xl_env *env, const struct xl_physdev *p, const char *family)
{
	static const char *const hooks[] = { "input", "postrouting" };
	struct nft_table *t = nft_table_new(env->out, family, "physdev");

	t->note = "For -m physdev: takes the bits out of the mark where no rule is left to see "
		  "them.";
	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++)
		rule(env, base_chain(env, t, hooks[i], INT_MAX), NULL, set_mark(env, p->all, 0));
}

void xl_physdev_tables(struct xl_env *env)
{
	for (const struct xl_physdev *p = env->physdevs; p; p = p->next) {
		if (!p->all)
			continue;
		setting(env, p, xl_nft_family(p->family));
		clearing(env, p, xl_nft_family(p->family));
	}
}
