// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m srh (IPv6): struct ip6t_srh, ip6t_srh1. Semantics: srh_mt6(), srh1_mt6(),
 * net/ipv6/netfilter/ip6t_srh.c. Whatever is inverted, the packet has a segment routing header, so
 * that "!=" does here.
 */
#include "translate/ext.h"

#include <arpa/inet.h>

#include <linux/netfilter_ipv6/ip6t_srh.h>
#include <string.h>

enum { SRH_TYPE = 4 };

/* The fields of one octet: what is compared how, by flag. */
static const struct {
	unsigned int flag;
	enum nft_key_id key;
	enum nft_relop op, inverted;
	size_t value; /* its place in struct ip6t_srh and ip6t_srh1 */
} fields[] = {
	{ IP6T_SRH_NEXTHDR, NFT_RT_NEXTHDR, NFT_EQ, NFT_NE, offsetof(struct ip6t_srh, next_hdr) },
	{ IP6T_SRH_LEN_EQ, NFT_RT_HDRLENGTH, NFT_EQ, NFT_NE, offsetof(struct ip6t_srh, hdr_len) },
	{ IP6T_SRH_LEN_GT, NFT_RT_HDRLENGTH, NFT_GT, NFT_LE, offsetof(struct ip6t_srh, hdr_len) },
	{ IP6T_SRH_LEN_LT, NFT_RT_HDRLENGTH, NFT_LT, NFT_GE, offsetof(struct ip6t_srh, hdr_len) },
	{ IP6T_SRH_SEGS_EQ, NFT_RT_SEGLEFT, NFT_EQ, NFT_NE, offsetof(struct ip6t_srh, segs_left) },
	{ IP6T_SRH_SEGS_GT, NFT_RT_SEGLEFT, NFT_GT, NFT_LE, offsetof(struct ip6t_srh, segs_left) },
	{ IP6T_SRH_SEGS_LT, NFT_RT_SEGLEFT, NFT_LT, NFT_GE, offsetof(struct ip6t_srh, segs_left) },
	{ IP6T_SRH_LAST_EQ, NFT_SRH_LAST_ENTRY, NFT_EQ, NFT_NE,
	  offsetof(struct ip6t_srh, last_entry) },
	{ IP6T_SRH_LAST_GT, NFT_SRH_LAST_ENTRY, NFT_GT, NFT_LE,
	  offsetof(struct ip6t_srh, last_entry) },
	{ IP6T_SRH_LAST_LT, NFT_SRH_LAST_ENTRY, NFT_LT, NFT_GE,
	  offsetof(struct ip6t_srh, last_entry) },
};

/* True for all octets, for none, or not said by itself. */
static int certain(enum nft_relop op, uint8_t num)
{
	if ((op == NFT_GE && num == 0) || (op == NFT_LE && num == UINT8_MAX))
		return 1;
	return (op == NFT_LT && num == 0) || (op == NFT_GT && num == UINT8_MAX) ? 0 : -1;
}

/* Type 4, and no more segments left than there are. */
static void valid(struct xl_ctx *c)
{
	struct xl_arena *a = c->arena;
	struct nft_expr *pair =
		nft_concat(a, nft_key(a, NFT_RT_SEGLEFT), nft_key(a, NFT_SRH_LAST_ENTRY));
	struct nft_expr *set = nft_anon_set(a);

	for (uint64_t left = 0; left <= UINT8_MAX; left++) {
		struct nft_expr *last = nft_num(a, NFT_T_DEC, UINT8_MAX);

		if (left < UINT8_MAX)
			last = nft_range(a, nft_num(a, NFT_T_DEC, left), last);
		nft_expr_add(a, set, nft_concat(a, nft_num(a, NFT_T_DEC, left), last));
	}
	xl_cmp(c, NFT_RT_TYPE, false, SRH_TYPE);
	xl_add(c, nft_match(a, pair, NFT_EQ, set));
}

/* "< 8" of one field and "> 0" of the next are listed as one range of the latter by nft 1.0.6. */
static void add(struct xl_ctx *c, enum nft_key_id key, enum nft_relop op, uint8_t num)
{
	switch (op) {
	case NFT_GT:
		xl_cmp_range(c, key, false, num + 1, UINT8_MAX);
		break;
	case NFT_GE:
		xl_cmp_range(c, key, false, num, UINT8_MAX);
		break;
	case NFT_LT:
		xl_cmp_range(c, key, false, 0, num - 1);
		break;
	case NFT_LE:
		xl_cmp_range(c, key, false, 0, num);
		break;
	default:
		xl_cmp(c, key, op == NFT_NE, num);
	}
}

/* False when no packet can match. */
static bool octets(struct xl_ctx *c, const void *info, unsigned int flags, unsigned int inv)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		uint8_t num = *((const uint8_t *)info + fields[i].value);
		enum nft_relop op = inv & fields[i].flag ? fields[i].inverted : fields[i].op;
		int sure = certain(op, num);

		if (!(flags & fields[i].flag) || sure == 1)
			continue;
		if (!sure)
			return false;
		add(c, fields[i].key, op, num);
	}
	return true;
}

/* Segment @n, counted from 1 as nft does. nft lists a prefix of it as something else, so a prefix
 * is a range. */
static void segment(struct xl_ctx *c, unsigned int n, bool inv, const struct in6_addr *addr,
		    const struct in6_addr *mask)
{
	struct nft_expr *key = nft_key_num(c->arena, NFT_SRH_SID, n), *value;
	struct in6_addr lo, hi;

	for (unsigned int i = 0; i < sizeof(lo); i++) {
		lo.s6_addr[i] = addr->s6_addr[i] & mask->s6_addr[i];
		hi.s6_addr[i] = (uint8_t)(lo.s6_addr[i] | ~mask->s6_addr[i]);
	}
	value = nft_addr(c->arena, NFT_T_IPV6, &lo);
	if (xl_prefix_len(mask, sizeof(*mask)) < 0)
		key = nft_bin(c->arena, key, NFT_OP_AND, nft_addr(c->arena, NFT_T_IPV6, mask));
	else if (memcmp(&lo, &hi, sizeof(lo)) != 0)
		value = nft_range(c->arena, value, nft_addr(c->arena, NFT_T_IPV6, &hi));
	xl_add(c, nft_match(c->arena, key, inv ? NFT_NE : NFT_EQ, value));
}

/* nft has names for two segments; the next one and the one before are counted from those left. */
static bool sids(struct xl_ctx *c, const struct ip6t_srh1 *i)
{
	bool known = i->mt_flags & IP6T_SRH_SEGS_EQ && !(i->mt_invflags & IP6T_SRH_INV_SEGS_EQ);

	if (i->mt_flags & IP6T_SRH_PSID) {
		if (!known || i->segs_left)
			return xl_refuse(c, "--srh-psid: nft has names for the first two segments "
					    "only, so it needs --srh-segs-left-eq 0");
		add(c, NFT_SRH_LAST_ENTRY, NFT_NE, 0);
		segment(c, 2, i->mt_invflags & IP6T_SRH_INV_PSID, &i->psid_addr, &i->psid_msk);
	}
	if (i->mt_flags & IP6T_SRH_NSID) {
		if (!known || !i->segs_left || i->segs_left > 2)
			return xl_refuse(c, "--srh-nsid: nft has names for the first two segments "
					    "only, so it needs --srh-segs-left-eq 1 or 2");
		segment(c, i->segs_left, i->mt_invflags & IP6T_SRH_INV_NSID, &i->nsid_addr,
			&i->nsid_msk);
	}
	if (i->mt_flags & IP6T_SRH_LSID)
		segment(c, 1, i->mt_invflags & IP6T_SRH_INV_LSID, &i->lsid_addr, &i->lsid_msk);
	return true;
}

/* What both revisions have in the same places; false when no packet can match. The kernel compares
 * the bytes of the tag with the number as the machine has it. */
static bool common(struct xl_ctx *c, const struct ip6t_srh *i, unsigned int flags, unsigned int inv)
{
	valid(c);
	if (!octets(c, i, flags, inv))
		return false;
	if (flags & IP6T_SRH_TAG)
		xl_cmp(c, NFT_SRH_TAG, inv & IP6T_SRH_INV_TAG, ntohs(i->tag));
	return true;
}

static bool translate0(struct xl_ctx *c)
{
	const struct ip6t_srh *i = c->data;

	return common(c, i, i->mt_flags, i->mt_invflags) || xl_never(c);
}

static bool translate1(struct xl_ctx *c)
{
	const struct ip6t_srh1 *i = c->data;

	return common(c, c->data, i->mt_flags, i->mt_invflags) ? sids(c, i) : xl_never(c);
}

const struct xl_ext xl_match_srh[] = {
	{ "srh", XL_MATCH, XL_V6, 0, 0, sizeof(struct ip6t_srh), translate0 },
	{ "srh", XL_MATCH, XL_V6, 1, 1, sizeof(struct ip6t_srh1), translate1 },
	XL_EXT_END,
};

const struct xl_option xl_match_srh_options[] = {
	{ .ext = "srh", .name = "--srh-next-hdr", .since = 0x010006 },
	{ .ext = "srh", .name = "--srh-hdr-len-eq", .since = 0x010006 },
	{ .ext = "srh", .name = "--srh-hdr-len-gt", .since = 0x010006 },
	{ .ext = "srh", .name = "--srh-hdr-len-lt", .since = 0x010006 },
	{ .ext = "srh", .name = "--srh-segs-left-eq", .since = 0x010006 },
	{ .ext = "srh", .name = "--srh-segs-left-gt", .since = 0x010006 },
	{ .ext = "srh", .name = "--srh-segs-left-lt", .since = 0x010006 },
	{ .ext = "srh", .name = "--srh-last-entry-eq", .since = 0x010006 },
	{ .ext = "srh", .name = "--srh-last-entry-gt", .since = 0x010006 },
	{ .ext = "srh", .name = "--srh-last-entry-lt", .since = 0x010006 },
	{ .ext = "srh", .name = "--srh-tag", .since = 0x010006 },
	{ .ext = "srh",
	  .name = "--srh-psid",
	  .how = XL_PARTLY,
	  .why = "with --srh-segs-left-eq 0: nft has names for the first two segments",
	  .since = 0x010006 },
	{ .ext = "srh",
	  .name = "--srh-nsid",
	  .how = XL_PARTLY,
	  .why = "with --srh-segs-left-eq 1 or 2: nft has names for the first two segments",
	  .since = 0x010006 },
	{ .ext = "srh", .name = "--srh-lsid", .since = 0x010006 },
	XL_OPTION_END,
};
