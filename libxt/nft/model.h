/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_MODEL_H
#define NFT_MODEL_H

/*
 * The nftables side: a ruleset as typed data. Nothing here knows of iptables; the writers
 * (write.c) and passes take it from here.
 */

#include "diag/diag.h"

#include <stdbool.h>
#include <stdint.h>

/** How a value is written. */
enum nft_type {
	NFT_T_DEC,
	NFT_T_HEX,
	NFT_T_MARK, /* 0x%08x as nft lists it */
	NFT_T_IPV4,
	NFT_T_IPV6,
	NFT_T_ETHER,
	NFT_T_ETHERTYPE,
	NFT_T_IFNAME, /* quoted; a trailing * is a wildcard unless escaped */
	NFT_T_STRING, /* quoted */
	NFT_T_PROTO,
	NFT_T_NFPROTO,
	NFT_T_TCPFLAGS,
	NFT_T_CTSTATE,
	NFT_T_CTSTATUS,
	NFT_T_CTDIR,
	NFT_T_FIBTYPE,
	NFT_T_PKTTYPE,
	NFT_T_ECN,
	NFT_T_ICMPTYPE,
	NFT_T_ICMPV6TYPE,
	NFT_T_CLASSID,
	NFT_T_SECONDS,
};

/** Where a key reads from. From NFT_L_TH on: the transport header. */
enum nft_layer {
	NFT_L_META,
	NFT_L_LL,
	NFT_L_NH,
	NFT_L_EXTHDR,
	NFT_L_CT,
	NFT_L_FIB,
	NFT_L_SOCKET,
	NFT_L_TH,
	NFT_L_TCP,
	NFT_L_UDP,
	NFT_L_UDPLITE,
	NFT_L_SCTP,
	NFT_L_DCCP,
	NFT_L_ICMP,
	NFT_L_ICMPV6,
	NFT_L_AH,
	NFT_L_ESP,
	NFT_L_COMP,
};

enum nft_key_id {
#define NFT_KEY(id, text, type, bits, layer) NFT_##id,
#include "nft/keys.def"
#undef NFT_KEY
	NFT_KEY_COUNT
};

struct nft_key_desc {
	const char *text;
	enum nft_type type;
	unsigned short bits;
	enum nft_layer layer;
};

extern const struct nft_key_desc nft_keys[NFT_KEY_COUNT];

/** The IP protocol that a layer implies, or -1. */
int nft_layer_proto(enum nft_layer layer);

enum nft_expr_kind {
	NFT_E_KEY,     /* key, num */
	NFT_E_RAW,     /* base, off, len: @nh,off,len in bits */
	NFT_E_NUM,     /* type, num */
	NFT_E_ADDR,    /* type IPV4, IPV6 or ETHER; addr */
	NFT_E_STR,     /* type IFNAME or STRING; str */
	NFT_E_PREFIX,  /* a = address, num = length */
	NFT_E_RANGE,   /* a - b */
	NFT_E_SET,     /* anonymous set: elems, n */
	NFT_E_SETREF,  /* @set */
	NFT_E_BIN,     /* a op b */
	NFT_E_CONCAT,  /* elems, n: a . b . c */
	NFT_E_MAP,     /* a map { elems: NFT_E_PAIR } or a map @set */
	NFT_E_PAIR,    /* a : b, only inside NFT_E_SET of a map */
	NFT_E_EXISTS,  /* "exists" (num 1) or "missing" (num 0) */
	NFT_E_VERDICT, /* num: an enum nft_verdict, chain: in a map */
	NFT_E_NUMGEN,  /* numgen inc|random mod num; str = "inc" or "random" */
	NFT_E_TEXT,    /* str as it stands: what has no typed form yet */
};

enum nft_binop { NFT_OP_AND, NFT_OP_OR, NFT_OP_XOR, NFT_OP_LSHIFT, NFT_OP_RSHIFT };
enum nft_base { NFT_BASE_LL, NFT_BASE_NH, NFT_BASE_TH, NFT_BASE_IH };

struct nft_set;
struct nft_chain;

/* Rulesets have millions of these; so a kind has only what it needs: the members before the union,
 * and the union where it uses it (build.c). */
struct nft_expr {
	enum nft_expr_kind kind : 8;
	enum nft_type type : 8; /* of values: how to write them */
	enum nft_binop op : 8;
	enum nft_base base : 8;
	enum nft_key_id key;
	unsigned int n, cap;
	uint64_t num;
	struct nft_expr *a, *b;
	union {
		uint8_t addr[16];
		const char *str;
		struct nft_expr **elems;
		struct nft_set *set;
		struct nft_chain *chain; /* of a verdict */
		struct {
			unsigned int off, len;
		};
	};
};

enum nft_relop { NFT_EQ, NFT_NE, NFT_LT, NFT_GT, NFT_LE, NFT_GE, NFT_NOBITS /* "! a,b" */ };

enum nft_verdict {
	NFT_ACCEPT,
	NFT_DROP,
	NFT_RETURN,
	NFT_CONTINUE,
	NFT_JUMP,
	NFT_GOTO,
};

enum nft_stmt_kind {
	NFT_S_MATCH,   /* l relop r */
	NFT_S_COUNTER, /* packets, bytes; name: an object */
	NFT_S_VERDICT, /* verdict, chain */
	NFT_S_SET,     /* l set r: meta mark set … */
	NFT_S_NAT,     /* nat */
	NFT_S_TPROXY,  /* addr l, port r; either may be NULL; name: family, in an inet table */
	NFT_S_LOG,     /* log */
	NFT_S_REJECT,  /* name: "icmp port-unreachable", "tcp reset" … */
	NFT_S_LIMIT,   /* limit */
	NFT_S_QUOTA,   /* limit.rate bytes, limit.over */
	NFT_S_CTCOUNT, /* limit.rate connections, limit.over */
	NFT_S_QUEUE,   /* queue */
	NFT_S_NOTRACK,
	NFT_S_DUP,	/* to l, name: device or NULL */
	NFT_S_DYNSET,	/* dynset */
	NFT_S_OBJREF,	/* "ct helper set", "ct timeout set", "quota name" …: name = words, obj */
	NFT_S_VMAP,	/* l vmap { elems } */
	NFT_S_RESET,	/* reset l (tcp option) */
	NFT_S_SYNPROXY, /* name: its options */
	NFT_S_GUARD,	/* not a later fragment; see nft_resolve_guards() */
	NFT_S_TEXT,	/* name as it stands: a plugin's own translation, not vouched for */
};

struct nft_object;

enum nft_nat_kind { NFT_SNAT, NFT_DNAT, NFT_MASQUERADE, NFT_REDIRECT };
enum {
	NFT_NAT_RANDOM = 1,
	NFT_NAT_FULLY_RANDOM = 2,
	NFT_NAT_PERSISTENT = 4,
	NFT_NAT_PREFIX = 8,
};

struct nft_nat {
	enum nft_nat_kind kind;
	unsigned int flags;
	const char *family;	      /* of @addr, in an inet table; NULL: the table's */
	struct nft_expr *addr, *port; /* a value, range, prefix or map; NULL: none */
};

enum nft_log_field {
	NFT_LOG_GROUP = 1,
	NFT_LOG_SNAPLEN = 2,
	NFT_LOG_QTHRESHOLD = 4,
	NFT_LOG_LEVEL = 8,
};

enum { NFT_LOG_AUDIT = 8 }; /* the level that means the audit system */

struct nft_log {
	const char *prefix; /* NULL: none */
	unsigned int set;   /* which of the next four are given */
	unsigned int group, snaplen, qthreshold, level;
	unsigned int flags; /* NF_LOG_* */
};

struct nft_limit {
	uint64_t rate;
	const char *unit; /* "second" … "week" */
	uint64_t burst;
	bool over, bytes;
};

struct nft_queue {
	unsigned int from, to;
	bool bypass, fanout;
};

enum nft_dynset_op { NFT_ADD, NFT_UPDATE, NFT_DELETE };

/* As with expressions: the union is there only in statements of a kind that uses it. */
struct nft_stmt {
	struct nft_stmt *next;
	enum nft_stmt_kind kind : 8;
	enum nft_relop relop : 8;
	enum nft_verdict verdict : 8;
	struct nft_expr *l, *r;
	uint64_t packets, bytes;
	struct nft_chain *chain;
	const char *name;
	union {
		struct nft_nat nat;
		struct nft_log log;
		struct nft_limit limit;
		struct nft_queue queue;
		struct {
			enum nft_dynset_op op;
			struct nft_set *set;
			uint64_t timeout_ms;	/* 0: none */
			struct nft_stmt *stmts; /* limit, counter, ct count … in the element */
		} dynset;			/* key l, data r (maps) */
		struct nft_object *obj;
	};
};

/** A list of statements with its end, so that appending is cheap. */
struct nft_stmts {
	struct nft_stmt *first, **end;
};

/**
 * struct nft_rule
 * @source: the iptables rule it stands for; several nft rules may share one
 * @note: a comment line above it; NULL: none
 * @refused: why @source could not be translated; such a rule is written as a comment only
 * @counts: it carries the counter of @source
 */
struct nft_rule {
	struct nft_rule *next;
	struct nft_stmts stmts;
	const char *comment;
	const struct xl_source *source;
	const char *note;
	const char *refused;
	bool counts;
	bool opaque;	  /* holds a plugin's own text */
	bool approximate; /* only nearly what @source does, as was asked for */
};

struct nft_base_chain {
	const char *type, *hook;
	int prio;
	enum nft_verdict policy;
};

struct nft_chain {
	struct nft_chain *next;
	const char *name; /* what is written; unique in its table */
	const char *orig; /* the name that it had in the input if that is another; else NULL */
	const struct nft_base_chain *base; /* NULL: reached by jumps only */
	struct nft_rule *rules, **end;
	bool helper;  /* made by us, not named by the user */
	bool tail;    /* a helper that holds the rest of the chain whose last rule goes there */
	bool inlined; /* written as "jump { … }" where it is used, not as a chain */
	unsigned int uses;  /* how many statements jump here */
	unsigned int depth; /* of jumps from a base chain, the longest way; see
			       nft_refuse_deep_jumps() */
};

enum nft_set_flag {
	NFT_SET_CONSTANT = 1,
	NFT_SET_INTERVAL = 2,
	NFT_SET_TIMEOUT = 4,
	NFT_SET_DYNAMIC = 8,
};

/**
 * An element; @key may be a range, prefix or concatenation. @source: the iptables rule that it
 * stands for, and whose counter is that of all its elements. @counter: its own is written; where
 * the set has counters, one that is not begins at 0.
 */
struct nft_elem {
	struct nft_expr *key;
	struct nft_expr *data; /* maps */
	const struct xl_source *source;
	bool counter;
	uint64_t packets, bytes;
	uint64_t timeout_ms, expires_ms; /* 0: none */
	const char *comment;
};

/**
 * struct nft_set - a named set or map
 * @type: as declared: "type ipv4_addr . inet_service", or "typeof …" (which nft 1.0.6 lists safely)
 * @key: the expression that rules look up in it; NULL: not known
 */
struct nft_set {
	struct nft_set *next;
	const char *name, *orig;
	const char *type;
	const struct nft_expr *key;
	bool map;
	unsigned int flags;  /* enum nft_set_flag */
	uint64_t timeout_ms; /* 0: none */
	uint64_t size;	     /* 0: none */
	bool counter;
	bool auto_merge;
	struct nft_elem *elems;
	size_t n, cap;
	const char *comment;
	const char *note; /* a comment line above it */
};

/** A named object: "ct helper", "ct timeout", "counter", "quota", "limit", "secmark". */
struct nft_object {
	struct nft_object *next;
	const char *kind, *name;
	const char *body; /* between the braces */
};

/** The names taken in a table; see nft/names.h. */
struct nft_names {
	const char **slots;
	size_t n, cap;
};

struct nft_table {
	struct nft_table *next;
	struct nft_names chain_names, set_names;
	const char *family, *name, *orig;
	const char *note; /* comment lines above it */
	struct nft_chain *chains, **chains_end;
	struct nft_set *sets, **sets_end;
	struct nft_object *objects, **objects_end;
	bool defrag, tracks; /* it needs reassembled packets, connections; see nft_keep_defrag() */
};

struct nft_ruleset {
	struct xl_arena *arena;
	struct nft_table *tables, **end;
};

void nft_ruleset_init(struct nft_ruleset *rs, struct xl_arena *a);
struct nft_table *nft_table_new(struct nft_ruleset *rs, const char *family, const char *name);
struct nft_table *nft_table_find(const struct nft_ruleset *rs, const char *family,
				 const char *name);
/** Adds a chain; @name must be free in @t (see nft/names.h for one that is). */
struct nft_chain *nft_chain_new(struct nft_ruleset *rs, struct nft_table *t, const char *name);
struct nft_chain *nft_chain_find(const struct nft_table *t, const char *name);
struct nft_set *nft_set_new(struct nft_ruleset *rs, struct nft_table *t, const char *name);
struct nft_set *nft_set_find(const struct nft_table *t, const char *name);
struct nft_object *nft_object_new(struct nft_ruleset *rs, struct nft_table *t, const char *kind,
				  const char *name);
struct nft_object *nft_object_find(const struct nft_table *t, const char *kind, const char *name);
struct nft_rule *nft_rule_new(struct nft_ruleset *rs, struct nft_chain *c,
			      const struct xl_source *source);

void nft_stmts_init(struct nft_stmts *l);
void nft_stmts_add(struct nft_stmts *l, struct nft_stmt *s);
static inline bool nft_stmts_empty(const struct nft_stmts *l)
{
	return !l->first;
}

#endif
