// SPDX-License-Identifier: GPL-2.0-or-later
/* What merging may do with what: what is not in these tables breaks a run of rules. */
#include "optimize/merge.h"

#include <netinet/in.h>

/* Tests that become part of a key. A field that several keys read has "th" among them, which reads
 * it whatever the protocol is. */
static const struct {
	enum nft_key_id key;
	enum mg_field field;
} keys[] = {
	{ NFT_META_IIFNAME, MG_IIFNAME },    { NFT_META_OIFNAME, MG_OIFNAME },
	{ NFT_ETHER_SADDR, MG_ETHER_SADDR }, { NFT_IP_SADDR, MG_IP_SADDR },
	{ NFT_IP_DADDR, MG_IP_DADDR },	     { NFT_IP6_SADDR, MG_IP6_SADDR },
	{ NFT_IP6_DADDR, MG_IP6_DADDR },     { NFT_META_L4PROTO, MG_L4PROTO },
	{ NFT_TH_SPORT, MG_SPORT },	     { NFT_TCP_SPORT, MG_SPORT },
	{ NFT_UDP_SPORT, MG_SPORT },	     { NFT_UDPLITE_SPORT, MG_SPORT },
	{ NFT_SCTP_SPORT, MG_SPORT },	     { NFT_DCCP_SPORT, MG_SPORT },
	{ NFT_TH_DPORT, MG_DPORT },	     { NFT_TCP_DPORT, MG_DPORT },
	{ NFT_UDP_DPORT, MG_DPORT },	     { NFT_UDPLITE_DPORT, MG_DPORT },
	{ NFT_SCTP_DPORT, MG_DPORT },	     { NFT_DCCP_DPORT, MG_DPORT },
	{ NFT_META_MARK, MG_MARK },	     { NFT_META_SKUID, MG_SKUID },
};

/* Tests without effects that give the same whether they are done once or for each rule. "meta
 * random" and "numgen" are not among them, nor is what holds bits ("tcp flags syn" is one bit of
 * several) unless it is left as it is, which it is here. */
static const enum nft_key_id combined[] = {
	NFT_META_NFPROTO,
	NFT_META_LENGTH,
	NFT_META_PKTTYPE,
	NFT_META_SKGID,
	NFT_META_IIFGROUP,
	NFT_META_OIFGROUP,
	NFT_META_RTCLASSID,
	NFT_META_PRIORITY,
	NFT_META_TIME,
	NFT_META_HOUR,
	NFT_META_DAY,
	NFT_ETHER_DADDR,
	NFT_IP_PROTOCOL,
	NFT_IP_DSCP,
	NFT_IP_ECN,
	NFT_IP_TTL,
	NFT_IP_LENGTH,
	NFT_IP_FRAG_OFF,
	NFT_IP6_DSCP,
	NFT_IP6_ECN,
	NFT_IP6_HOPLIMIT,
	NFT_TCP_FLAGS,
	NFT_ICMP_TYPE,
	NFT_ICMP_CODE,
	NFT_ICMPV6_TYPE,
	NFT_ICMPV6_CODE,
	NFT_ESP_SPI,
	NFT_AH_SPI,
	NFT_CT_STATE,
	NFT_CT_STATUS,
	NFT_CT_MARK,
	NFT_CT_DIRECTION,
	NFT_FIB_SADDR_TYPE,
	NFT_FIB_DADDR_TYPE,
	NFT_EXTHDR_FRAG,
	NFT_FIB_SADDR_IIF_TYPE,
	NFT_FIB_DADDR_IIF_TYPE,
	NFT_FIB_SADDR_OIF_TYPE,
	NFT_FIB_DADDR_OIF_TYPE,
};

/* Statements. Those that combine do the same to each packet for itself; a limit or a quota is one
 * for each rule, and a queue or a set that grows may be looked at from outside. */
static const struct {
	enum nft_stmt_kind kind;
	enum mg_class class;
} stmts[] = {
	{ NFT_S_MATCH, MG_MERGE },    { NFT_S_COUNTER, MG_MERGE },  { NFT_S_VERDICT, MG_MERGE },
	{ NFT_S_NAT, MG_MERGE },      { NFT_S_SET, MG_MERGE },	    { NFT_S_GUARD, MG_COMBINE },
	{ NFT_S_LOG, MG_COMBINE },    { NFT_S_REJECT, MG_COMBINE }, { NFT_S_NOTRACK, MG_COMBINE },
	{ NFT_S_TPROXY, MG_COMBINE },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *const mg_field_names[MG_FIELDS] = {
	[MG_IIFNAME] = "iif",	  [MG_OIFNAME] = "oif",	   [MG_ETHER_SADDR] = "mac",
	[MG_IP_SADDR] = "saddr",  [MG_IP_DADDR] = "daddr", [MG_IP6_SADDR] = "saddr",
	[MG_IP6_DADDR] = "daddr", [MG_L4PROTO] = "proto",  [MG_SPORT] = "sport",
	[MG_DPORT] = "dport",	  [MG_MARK] = "mark",	   [MG_SKUID] = "skuid",
};

enum mg_class mg_class_of_key(enum nft_key_id key)
{
	for (size_t i = 0; i < COUNT(keys); i++)
		if (keys[i].key == key)
			return MG_MERGE;
	for (size_t i = 0; i < COUNT(combined); i++)
		if (combined[i] == key)
			return MG_COMBINE;
	return MG_BREAK;
}

enum mg_class mg_class_of_stmt(enum nft_stmt_kind kind)
{
	for (size_t i = 0; i < COUNT(stmts); i++)
		if (stmts[i].kind == kind)
			return stmts[i].class;
	return MG_BREAK;
}

enum mg_field mg_field_of_key(enum nft_key_id key, int *proto)
{
	*proto = -1;
	for (size_t i = 0; i < COUNT(keys); i++) {
		if (keys[i].key != key)
			continue;
		*proto = nft_layer_proto(nft_keys[key].layer);
		return keys[i].field;
	}
	return MG_FIELDS;
}

enum nft_key_id mg_key_of_field(enum mg_field field, int proto)
{
	enum nft_key_id any = NFT_KEY_COUNT;

	for (size_t i = 0; i < COUNT(keys); i++) {
		int p = nft_layer_proto(nft_keys[keys[i].key].layer);

		if (keys[i].field != field)
			continue;
		if (p >= 0 && p == proto)
			return keys[i].key;
		if (p < 0)
			any = keys[i].key;
	}
	return any;
}
