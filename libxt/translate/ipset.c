// SPDX-License-Identifier: GPL-2.0-or-later
/* Copies of ipsets in nft tables, and the keys to look up in them. Semantics: ip_set_test(),
 * net/netfilter/ipset/ip_set_core.c; ip_set_get_ip4_port() and ip_set_get_ip6_port(),
 * ip_set_getport.c; the *_kadt() of each type. */
#include "translate/ipset.h"

#include "translate/rule.h"

#include <string.h>

#include <linux/netfilter/xt_set.h>

unsigned int xl_set_dims(const struct xt_ipset *s)
{
	unsigned int n = 0;

	while (s->type->dims[n])
		n++;
	return n;
}

bool xl_set_has(const struct xt_ipset *s, enum xt_ipset_dim dim)
{
	for (const enum xt_ipset_dim *d = s->type->dims; *d; d++)
		if (*d == dim)
			return true;
	return false;
}

bool xl_set_applies(const struct xl_ctx *c, const struct xt_ipset *s, unsigned int dim)
{
	return dim >= xl_set_dims(s) && (!s->family || s->family == c->family);
}

const char *xl_set_fixed(const struct xt_ipset *s)
{
	if (!s->type)
		return "it could not be read";
	if (xl_set_has(s, XT_DIM_SET))
		return "it is a list of sets";
	if (xl_set_has(s, XT_DIM_NET))
		return "nft cannot add to a set of networks from a rule";
	if (s->type->bitmap && xl_set_has(s, XT_DIM_MAC))
		return "nft cannot keep to one MAC an address";
	if (s->forceadd)
		return "nft cannot drop elements to make room, as forceadd does";
	return NULL;
}

struct xl_set_use *xl_set_use(struct xl_ctx *c, unsigned int index)
{
	const char *name = xl_set_name(c, index);
	struct xl_set_use *use;

	if (!name || !c->env->sets) {
		xl_refuse(c, "a rule with an ipset is translated by \"xtlate ruleset\" only");
		return NULL;
	}
	use = c->env->sets->by_index[index];
	if (!use && c->env->ipsets && c->env->ipsets->files)
		xl_refuse(c,
			  "the ipset \"%s\" is in no --ipset file; write it with \"ipset save %s >"
			  " FILE\" where it is in use, and give --ipset FILE too",
			  name, name);
	else if (!use)
		xl_refuse(c,
			  "the ipset \"%s\" is not known; write the sets with \"ipset save > FILE\""
			  " where they are in use, and give --ipset FILE",
			  name);
	else if (use->ipset->bad.line)
		xl_refuse(c, "the ipset \"%s\" could not be read in full (%s:%u)", name,
			  use->ipset->bad.file, use->ipset->bad.line);
	else
		return use;
	return NULL;
}

static bool has_ports(uint8_t proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE ||
	       proto == IPPROTO_SCTP;
}

static uint8_t icmp_of(uint8_t family)
{
	return family == NFPROTO_IPV6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
}

/* ipv6_skip_exthdr() walks past these, or gives up at them, so a packet never has them as its
 * protocol. */
static bool walked_past(uint8_t proto)
{
	return proto == IPPROTO_HOPOPTS || proto == IPPROTO_ROUTING || proto == IPPROTO_FRAGMENT ||
	       proto == IPPROTO_AH || proto == IPPROTO_NONE || proto == IPPROTO_DSTOPTS;
}

enum xl_set_part xl_set_part_of(const struct xt_ipset *s, const struct xt_ipset_elem *e)
{
	/* --match-set has no flag for "physdev:", so hash_netiface4_kadt() never looks for it. */
	if (e->physdev)
		return XL_PARTS;
	if (!xl_set_has(s, XT_DIM_PORT) || has_ports(e->proto))
		return XL_PART_PORTS;
	if (e->proto == icmp_of(s->family))
		return XL_PART_ICMP;
	if (s->family == NFPROTO_IPV6 && walked_past(e->proto))
		return XL_PARTS;
	return XL_PART_OTHER;
}

unsigned int xl_set_parts(const struct xl_ctx *c, const struct xt_ipset *s)
{
	bool known = c->proto && !c->proto_inv;

	if (xl_set_has(s, XT_DIM_PORTNUM) && known)
		return c->proto == IPPROTO_TCP || c->proto == IPPROTO_UDP ? 1U << XL_PART_PORTS : 0;
	if (!xl_set_has(s, XT_DIM_PORT))
		return 1U << XL_PART_PORTS;
	if (!known)
		return (1U << XL_PARTS) - 1;
	if (has_ports(c->proto))
		return 1U << XL_PART_PORTS;
	return 1U << (c->proto == icmp_of(c->family) ? XL_PART_ICMP : XL_PART_OTHER);
}

static struct nft_expr *addr_key(struct xl_ctx *c, const struct xt_ipset *s, bool src)
{
	bool v4 = c->family == NFPROTO_IPV4;
	enum nft_key_id id =
		v4 ? (src ? NFT_IP_SADDR : NFT_IP_DADDR) : (src ? NFT_IP6_SADDR : NFT_IP6_DADDR);
	struct nft_expr *key = nft_key(c->arena, id);
	uint8_t mask[16];

	if (!s->masked)
		return key;
	xt_addr_to_bytes(c->family, s->mask, mask);
	return nft_bin(c->arena, key, NFT_OP_AND, nft_addr(c->arena, nft_keys[id].type, mask));
}

static struct nft_expr *mark_key(struct xl_ctx *c, const struct xt_ipset *s)
{
	struct nft_expr *key = nft_key(c->arena, NFT_META_MARK);

	if (s->markmask == UINT32_MAX)
		return key;
	return nft_bin(c->arena, key, NFT_OP_AND, nft_val(c->arena, NFT_META_MARK, s->markmask));
}

static struct nft_expr *port_key(struct xl_ctx *c, const struct xt_ipset *s, bool src)
{
	/* "th" alone says nothing about the protocol. */
	if (xl_set_has(s, XT_DIM_PORTNUM) && c->proto == IPPROTO_TCP && !c->proto_inv)
		return nft_key(c->arena, src ? NFT_TCP_SPORT : NFT_TCP_DPORT);
	if (xl_set_has(s, XT_DIM_PORTNUM) && c->proto == IPPROTO_UDP && !c->proto_inv)
		return nft_key(c->arena, src ? NFT_UDP_SPORT : NFT_UDP_DPORT);
	return nft_key(c->arena, src ? NFT_TH_SPORT : NFT_TH_DPORT);
}

/* The protocol with its port, type and code, or nothing: one to two keys. */
static unsigned int proto_keys(struct xl_ctx *c, const struct xt_ipset *s, enum xl_set_part part,
			       bool src, struct nft_expr **keys)
{
	bool v4 = c->family == NFPROTO_IPV4;

	if (part == XL_PART_ICMP) {
		keys[0] = nft_key(c->arena, v4 ? NFT_ICMP_TYPE : NFT_ICMPV6_TYPE);
		keys[1] = nft_key(c->arena, v4 ? NFT_ICMP_CODE : NFT_ICMPV6_CODE);
		return 2;
	}
	keys[0] = nft_key(c->arena, NFT_META_L4PROTO);
	if (part == XL_PART_OTHER)
		return 1;
	keys[1] = port_key(c, s, src);
	return 2;
}

struct nft_expr *xl_set_key(struct xl_ctx *c, const struct xt_ipset *s, enum xl_set_part part,
			    unsigned int flags)
{
	struct nft_expr *keys[2 * XT_IPSET_DIMS] = { NULL }, *all;
	unsigned int n = 0;

	for (unsigned int i = 0; s->type->dims[i]; i++) {
		bool src = flags & 1U << (i + 1);

		switch (s->type->dims[i]) {
		case XT_DIM_PORT:
			n += proto_keys(c, s, part, src, &keys[n]);
			break;
		case XT_DIM_PORTNUM:
			keys[n++] = port_key(c, s, src);
			break;
		case XT_DIM_IFACE:
			keys[n++] = nft_key(c->arena, src ? NFT_META_IIFNAME : NFT_META_OIFNAME);
			break;
		case XT_DIM_MAC:
			keys[n++] = nft_key(c->arena, src ? NFT_ETHER_SADDR : NFT_ETHER_DADDR);
			break;
		case XT_DIM_MARK:
			keys[n++] = mark_key(c, s);
			break;
		default:
			keys[n++] = addr_key(c, s, src);
			break;
		}
	}
	all = keys[0];
	for (unsigned int i = 1; i < n; i++)
		all = nft_concat(c->arena, all, keys[i]);
	return all;
}

/* Single keys by typeof: nft 1.0.6 crashes when it lists a set "type X" that nft 1.1 has loaded. */
static const char *set_type(struct xl_arena *a, const struct xt_ipset *s, enum xl_set_part part)
{
	bool v4 = s->family == NFPROTO_IPV4;
	const char *addr = v4 ? "ipv4_addr" : "ipv6_addr", *text = "type", *sep = " ";
	const char *port[] = {
		[XL_PART_PORTS] = "inet_proto . inet_service",
		[XL_PART_ICMP] = v4 ? "icmp_type . icmp_code" : "icmpv6_type . icmpv6_code",
		[XL_PART_OTHER] = "inet_proto",
	};
	const char *words[] = {
		[XT_DIM_IP] = addr,	   [XT_DIM_NET] = addr,		[XT_DIM_PORT] = port[part],
		[XT_DIM_IFACE] = "ifname", [XT_DIM_MAC] = "ether_addr", [XT_DIM_MARK] = "mark",
	};

	if (xl_set_has(s, XT_DIM_PORTNUM))
		return "typeof th dport";
	if (xl_set_dims(s) == 1)
		return xl_set_has(s, XT_DIM_MAC) ? "typeof ether saddr"
		       : v4			 ? "typeof ip saddr"
						 : "typeof ip6 saddr";
	for (const enum xt_ipset_dim *d = s->type->dims; *d; d++, sep = " . ")
		text = xl_printf(a, "%s%s%s", text, sep, words[*d]);
	return text;
}

static void tell(struct xl_env *env, const struct xt_ipset *s)
{
	if (env->sets->told)
		return;
	env->sets->told = true;
	xl_report(env->diags, XL_NOTE, s->loc,
		  "programs that change ipsets have to change the nft sets instead (nft add element"
		  " FAMILY TABLE SET { … })",
		  "ipsets are copied into the nft tables as they are in the file");
}

static struct nft_set *new_copy(struct xl_ctx *c, const struct xl_set_use *use,
				enum xl_set_part part, unsigned int kind, const char **why)
{
	static const char *const suffixes[] = { "", ".icmp", ".proto" };
	const struct xt_ipset *s = use->ipset;
	struct nft_set draft = { 0 }, *set;
	const char *name;

	name = xl_printf(c->arena, "%s%s%s%s", s->name, suffixes[part],
			 kind & XL_SET_NOMATCH ? ".nomatch" : "",
			 kind & XL_SET_UNCOUNTED ? ".uncounted" : "");
	draft.type = set_type(c->arena, s, part);
	draft.counter = s->counters && !(kind & XL_SET_UNCOUNTED);
	if (s->has_timeout)
		draft.flags |= NFT_SET_TIMEOUT;
	if (use->changed) {
		draft.flags |= NFT_SET_DYNAMIC;
		draft.size = s->maxelem;
	}
	if (!xl_set_fill(c->env, s, part, kind, &draft, why))
		return NULL;
	/* Where nothing is and nothing comes; but an empty set stays for who fills it. */
	if (!draft.n && !use->changed && (part != XL_PART_PORTS || kind & XL_SET_NOMATCH))
		return NULL;
	set = xl_new_set(c, name);
	draft.name = set->name;
	draft.orig = strcmp(set->name, name) ? s->name : NULL;
	*set = draft;
	tell(c->env, s);
	return set;
}

struct nft_set *xl_set_copy(struct xl_ctx *c, struct xl_set_use *use, enum xl_set_part part,
			    unsigned int kind)
{
	struct xl_set_copy *copy;

	for (copy = use->copies; copy; copy = copy->next)
		if (copy->table == c->place->table && copy->part == part && copy->kind == kind)
			break;
	if (!copy) {
		copy = xl_new(c->arena, struct xl_set_copy);
		copy->table = c->place->table;
		copy->part = part;
		copy->kind = kind;
		copy->set = new_copy(c, use, part, kind, &copy->refused);
		copy->next = use->copies;
		use->copies = copy;
	}
	if (copy->refused)
		xl_refuse(c, "the ipset \"%s\" cannot be an nft set: %s", use->ipset->name,
			  copy->refused);
	return copy->set;
}
