// SPDX-License-Identifier: GPL-2.0-or-later
/* An element of an ipset as the key of an element of an nft set. */
#include "nft/build.h"
#include "translate/ipset.h"

#include <string.h>

static struct nft_expr *addr_value(struct xl_arena *a, const struct xt_ipset *s, struct xt_range r)
{
	enum nft_type type = s->family == NFPROTO_IPV6 ? NFT_T_IPV6 : NFT_T_IPV4;
	uint8_t lo[16], hi[16];
	int len = xt_range_prefix(s->family, r);

	xt_addr_to_bytes(s->family, r.lo, lo);
	xt_addr_to_bytes(s->family, r.hi, hi);
	if (xt_range_is_one(r))
		return nft_addr(a, type, lo);
	if (len >= 0)
		return nft_prefix(a, nft_addr(a, type, lo), (unsigned int)len);
	return nft_range(a, nft_addr(a, type, lo), nft_addr(a, type, hi));
}

static struct nft_expr *port_value(struct xl_arena *a, struct xt_range r)
{
	struct nft_expr *lo = nft_num(a, NFT_T_DEC, r.lo.lo);

	if (xt_range_is_one(r))
		return lo;
	return nft_range(a, lo, nft_num(a, NFT_T_DEC, r.hi.lo));
}

static unsigned int proto_values(struct xl_arena *a, const struct xt_ipset *s,
				 enum xl_set_part part, const struct xt_ipset_elem *e,
				 struct nft_expr **v)
{
	bool v6 = s->family == NFPROTO_IPV6;

	if (part == XL_PART_ICMP) {
		v[0] = nft_num(a, v6 ? NFT_T_ICMPV6TYPE : NFT_T_ICMPTYPE, e->port >> 8);
		v[1] = nft_num(a, NFT_T_DEC, e->port & 0xff);
		return 2;
	}
	v[0] = nft_num(a, NFT_T_PROTO, e->proto);
	if (part == XL_PART_OTHER)
		return 1;
	v[1] = nft_num(a, NFT_T_DEC, e->port);
	return 2;
}

static struct nft_expr *iface_value(struct xl_arena *a, const struct xt_ipset_elem *e,
				    const char **why)
{
	const char *name = e->iface;

	/* nft's list shows a name that ends in * as it shows a wildcard. */
	if (!xl_string_ok(name) || strpbrk(name, "*\\"))
		*why = "the name of a device has a character that nft cannot hold";
	if (e->wildcard)
		name = xl_printf(a, "%s*", name);
	return nft_str(a, NFT_T_IFNAME, name);
}

struct nft_expr *xl_set_value(struct xl_arena *a, const struct xt_ipset *s, enum xl_set_part part,
			      const struct xt_ipset_elem *e, const struct xt_range *r,
			      const char **why)
{
	struct nft_expr *v[2 * XT_IPSET_DIMS] = { NULL }, *all;
	unsigned int n = 0;

	for (const enum xt_ipset_dim *d = s->type->dims; *d; d++) {
		if (*d == XT_DIM_PORT)
			n += proto_values(a, s, part, e, &v[n]);
		else if (*d == XT_DIM_PORTNUM)
			v[n++] = port_value(a, *r++);
		else if (*d == XT_DIM_IFACE)
			v[n++] = iface_value(a, e, why);
		else if (*d == XT_DIM_MAC)
			v[n++] = nft_addr(a, NFT_T_ETHER, e->mac);
		else if (*d == XT_DIM_MARK)
			v[n++] = nft_num(a, NFT_T_MARK, e->mark);
		else
			v[n++] = addr_value(a, s, *r++);
	}
	all = v[0];
	for (unsigned int i = 1; i < n; i++)
		all = nft_concat(a, all, v[i]);
	return all;
}
