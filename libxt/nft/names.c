// SPDX-License-Identifier: GPL-2.0-or-later
#include "nft/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Every word that nft 0.9.8 to 1.1.7 refuses as a name, found by trying; sorted for bsearch(). */
static const char *const keywords[] = {
	"accept",      "add",	     "ah",	 "all",	      "and",	  "arp",      "auto-merge",
	"bridge",      "bytes",	     "cgroup",	 "chain",     "comment",  "comp",     "constant",
	"continue",    "counter",    "cpu",	 "create",    "ct",	  "day",      "dccp",
	"define",      "delete",     "describe", "destroy",   "device",	  "devices",  "dnat",
	"drop",	       "dst",	     "dup",	 "dynamic",   "ecn",	  "element",  "elements",
	"eq",	       "esp",	     "ether",	 "exists",    "expires",  "export",   "exthdr",
	"fib",	       "flags",	     "flow",	 "flowtable", "flush",	  "frag",     "fwd",
	"gc-interval", "ge",	     "geneve",	 "get",	      "goto",	  "gre",      "gretap",
	"gt",	       "handle",     "hbh",	 "hook",      "hour",	  "ibriport", "ibrname",
	"icmp",	       "icmpv6",     "igmp",	 "ih",	      "iif",	  "iifgroup", "iifname",
	"iiftype",     "import",     "include",	 "index",     "inet",	  "insert",   "interval",
	"ip",	       "ip6",	     "ipsec",	 "jhash",     "jump",	  "last",     "le",
	"limit",       "list",	     "ll",	 "log",	      "lshift",	  "lt",	      "map",
	"mark",	       "masquerade", "meta",	 "meter",     "mh",	  "missing",  "monitor",
	"name",	       "ne",	     "netdev",	 "nftrace",   "nh",	  "not",      "notrack",
	"numgen",      "obriport",   "obrname",	 "offload",   "oif",	  "oifgroup", "oifname",
	"oiftype",     "or",	     "osf",	 "packets",   "pkttype",  "policy",   "position",
	"priority",    "queue",	     "quota",	 "random",    "redefine", "redirect", "reject",
	"rename",      "replace",    "reset",	 "return",    "rshift",	  "rt",	      "rt0",
	"rt2",	       "rtclassid",  "rule",	 "ruleset",   "sctp",	  "secmark",  "set",
	"size",	       "skgid",	     "skuid",	 "snat",      "socket",	  "srh",      "symhash",
	"synproxy",    "table",	     "tcp",	 "th",	      "time",	  "timeout",  "tproxy",
	"tunnel",      "type",	     "typeof",	 "udp",	      "udplite",  "undefine", "update",
	"vlan",	       "vmap",	     "vni",	 "vxlan",     "xor",	  "xt",
};

static int cmp_word(const void *key, const void *word)
{
	return strcmp(key, *(const char *const *)word);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The lexer has other ways to read a word: as an address, a time, a number in hex. A plain word of
 * letters, digits and _ . - that starts with a letter or _ is always a name unless a keyword; one
 * with only hex letters may be taken for part of an address, so it is not tempted. */
static bool looks_like_value(const char *s)
{
	size_t n = strspn(s, "0123456789abcdefABCDEF.:");

	return !s[n] && (strchr(s, ':') || strspn(s, "0123456789.") == strlen(s));
}

bool nft_name_ok(const char *name)
{
	size_t len = strlen(name);

	if (!len || len > 127 || !(is_letter(*name) || *name == '_'))
		return false;
	for (const char *p = name; *p; p++)
		if (!is_letter(*p) && !(*p >= '0' && *p <= '9') && !strchr("_.-/", *p))
			return false;
	if (looks_like_value(name))
		return false;
	return !bsearch(name, keywords, sizeof(keywords) / sizeof(keywords[0]), sizeof(keywords[0]),
			cmp_word);
}

static size_t slot_of(const struct nft_names *n, const char *name)
{
	uint32_t h = 2166136261U;

	for (const char *p = name; *p; p++)
		h = (h ^ (unsigned char)*p) * 16777619U;
	return h & (n->cap - 1);
}

/* The slot that holds @name, or the free one where it would go. */
static const char **find(struct nft_names *n, const char *name)
{
	size_t i = slot_of(n, name);

	while (n->slots[i] && strcmp(n->slots[i], name))
		i = (i + 1) & (n->cap - 1);
	return &n->slots[i];
}

bool nft_name_taken(struct nft_names *names, const char *name)
{
	return names->cap && *find(names, name);
}

static void grow(struct xl_arena *a, struct nft_names *n)
{
	struct nft_names bigger = { .cap = n->cap ? n->cap * 2 : 64, .n = n->n };

	bigger.slots = xl_alloc(a, bigger.cap * sizeof(*bigger.slots));
	for (size_t i = 0; i < n->cap; i++)
		if (n->slots[i])
			*find(&bigger, n->slots[i]) = n->slots[i];
	*n = bigger;
}

/* c_ and the name with every odd byte as two hex digits after an underscore. */
static const char *mangle(struct xl_arena *a, const char *name)
{
	char *out = xl_alloc(a, 3 * strlen(name) + 3), *to = out;
	static const char hex[] = "0123456789abcdef";

	*to++ = 'c';
	*to++ = '_';
	for (; *name && to - out < 100; name++) {
		unsigned char ch = (unsigned char)*name;

		if (is_letter(*name) || (ch >= '0' && ch <= '9') || strchr("_.-", ch)) {
			*to++ = (char)ch;
			continue;
		}
		*to++ = '_';
		*to++ = hex[ch >> 4];
		*to++ = hex[ch & 15];
	}
	return out;
}

/* The name with a number behind it that is free. Those before it mostly are not: a table with
 * thousands of names of one kind must not go through all of them for each. */
static const char *numbered(struct xl_arena *a, struct nft_names *names, const char *base)
{
	unsigned int taken = 1, free = 2;
	const char *name = xl_printf(a, "%s.%u", base, free), *other;

	while (*find(names, name)) {
		taken = free;
		free *= 2;
		name = xl_printf(a, "%s.%u", base, free);
	}
	while (free - taken > 1) {
		unsigned int i = taken + (free - taken) / 2;

		other = xl_printf(a, "%s.%u", base, i);
		if (*find(names, other)) {
			taken = i;
		} else {
			free = i;
			name = other;
		}
	}
	return name;
}

const char *nft_name_claim(struct xl_arena *a, struct nft_names *names, const char *want)
{
	const char *base = nft_name_ok(want) ? want : mangle(a, want), *name = base;

	if (2 * (names->n + 1) > names->cap)
		grow(a, names);
	if (*find(names, name))
		name = numbered(a, names, base);
	*find(names, name) = name;
	names->n++;
	return name;
}

/* 0.9.8 knows its words everywhere, newer ones only where they mean something. */
void nft_names_of_old(struct xl_arena *a, struct nft_names *names)
{
	static const char *const words[] = {
		"ackseq",      "avgpkt",    "burst",	   "cfi",	"chains",
		"checksum",    "code",	    "counters",	   "doff",	"dport",
		"dscp",	       "eol",	    "expiration",  "flowlabel", "flowtables",
		"frag-off",    "gateway",   "hdrlength",   "hlen",	"hoplimit",
		"htype",       "icmpx",	    "id",	   "in",	"l3proto",
		"last-entry",  "limits",    "lsrr",	   "maps",	"max-delay",
		"maxseg",      "memory",    "meters",	   "minute",	"more-fragments",
		"mss",	       "mtu",	    "nexthdr",	   "nexthop",	"noop",
		"nop",	       "offset",    "original",	   "out",	"pcp",
		"performance", "proto-dst", "proto-src",   "ptype",	"queue-threshold",
		"quotas",      "ra",	    "rate",	   "reqid",	"reserved",
		"reserved2",   "right",	    "rr",	   "sack",	"sack0",
		"sack1",       "secmarks",  "second",	   "seed",	"seg-left",
		"sets",	       "sid",	    "snaplen",	   "sport",	"ssrr",
		"tag",	       "to",	    "transparent", "tsecr",	"tsval",
		"ttl",	       "urgptr",    "value",	   "vtag",	"week",
		"wildcard",    "window",    "wscale",	   "zone",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		nft_name_claim(a, names, words[i]);
}
