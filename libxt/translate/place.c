// SPDX-License-Identifier: GPL-2.0-or-later
/* Where extensions may stand: .table, .hooks and .proto of their struct xt_match and xt_target, and
 * what their checkentry functions add; xt_check_match() and xt_check_target(), x_tables.c. */
#include "translate/place.h"

#include "xt/ruleset.h"

#include <string.h>

enum {
	PRE = 1 << NF_INET_PRE_ROUTING,
	IN = 1 << NF_INET_LOCAL_IN,
	FWD = 1 << NF_INET_FORWARD,
	OUT = 1 << NF_INET_LOCAL_OUT,
	POST = 1 << NF_INET_POST_ROUTING,
	ANY = PRE | IN | FWD | OUT | POST,
};

struct place {
	enum xl_kind kind;
	const char *name;
	const char *table; /* NULL: any; several are put together with | */
	unsigned int hooks;
	uint8_t proto; /* 0: any */
};

static const struct place places[] = {
	{ XL_TARGET, "CHECKSUM", "mangle", ANY, 0 },
	{ XL_TARGET, "CLASSIFY", NULL, FWD | OUT | POST, 0 },
	{ XL_TARGET, "CONNSECMARK", "mangle|security", ANY, 0 },
	{ XL_TARGET, "CT", "raw", ANY, 0 },
	{ XL_TARGET, "DNAT", "nat", PRE | OUT, 0 },
	{ XL_TARGET, "DNPT", "mangle", PRE | OUT, 0 },
	{ XL_TARGET, "DSCP", "mangle", ANY, 0 },
	{ XL_TARGET, "ECN", "mangle", ANY, 0 },
	{ XL_TARGET, "HL", "mangle", ANY, 0 },
	{ XL_TARGET, "HMARK", "mangle", ANY, 0 },
	{ XL_TARGET, "MASQUERADE", "nat", POST, 0 },
	{ XL_TARGET, "NETMAP", "nat", PRE | IN | OUT | POST, 0 },
	{ XL_TARGET, "NOTRACK", "raw", ANY, 0 },
	{ XL_TARGET, "REDIRECT", "nat", PRE | OUT, 0 },
	{ XL_TARGET, "REJECT", "filter", IN | FWD | OUT, 0 },
	{ XL_TARGET, "SECMARK", "mangle|security", ANY, 0 },
	{ XL_TARGET, "SNAT", "nat", IN | POST, 0 },
	{ XL_TARGET, "SNPT", "mangle", IN | POST, 0 },
	{ XL_TARGET, "SYNPROXY", NULL, IN | FWD, IPPROTO_TCP },
	{ XL_TARGET, "TCPMSS", NULL, ANY, IPPROTO_TCP },
	{ XL_TARGET, "TCPOPTSTRIP", "mangle", ANY, IPPROTO_TCP },
	{ XL_TARGET, "TOS", "mangle", ANY, 0 },
	{ XL_TARGET, "TPROXY", "mangle", PRE, 0 },
	{ XL_TARGET, "TRACE", "raw", ANY, 0 },
	{ XL_TARGET, "TTL", "mangle", ANY, 0 },
	{ XL_MATCH, "cgroup", NULL, IN | OUT | POST, 0 },
	{ XL_MATCH, "dccp", NULL, ANY, IPPROTO_DCCP },
	{ XL_MATCH, "esp", NULL, ANY, IPPROTO_ESP },
	{ XL_MATCH, "eui64", NULL, PRE | IN | FWD, 0 },
	{ XL_MATCH, "icmp", NULL, ANY, IPPROTO_ICMP },
	{ XL_MATCH, "icmp6", NULL, ANY, IPPROTO_ICMPV6 },
	{ XL_MATCH, "ipcomp", NULL, ANY, IPPROTO_COMP },
	{ XL_MATCH, "mac", NULL, PRE | IN | FWD, 0 },
	{ XL_MATCH, "mh", NULL, ANY, IPPROTO_MH },
	{ XL_MATCH, "osf", NULL, PRE | IN | FWD, IPPROTO_TCP },
	{ XL_MATCH, "owner", NULL, OUT | POST, 0 },
	{ XL_MATCH, "realm", NULL, IN | FWD | OUT | POST, 0 },
	{ XL_MATCH, "rpfilter", "raw|mangle", PRE, 0 },
	{ XL_MATCH, "sctp", NULL, ANY, IPPROTO_SCTP },
	{ XL_MATCH, "socket", NULL, PRE | IN, 0 },
	{ XL_MATCH, "tcp", NULL, ANY, IPPROTO_TCP },
	{ XL_MATCH, "tcpmss", NULL, ANY, IPPROTO_TCP },
	{ XL_MATCH, "udp", NULL, ANY, IPPROTO_UDP },
	{ XL_MATCH, "udplite", NULL, ANY, IPPROTO_UDPLITE },
};

static const char *const hook_names[] = {
	[NF_INET_PRE_ROUTING] = "PREROUTING",	[NF_INET_LOCAL_IN] = "INPUT",
	[NF_INET_FORWARD] = "FORWARD",		[NF_INET_LOCAL_OUT] = "OUTPUT",
	[NF_INET_POST_ROUTING] = "POSTROUTING",
};

static const struct place *find(enum xl_kind kind, const char *name)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (places[i].kind == kind && !strcmp(places[i].name, name))
			return &places[i];
	return NULL;
}

/* "PREROUTING and OUTPUT" */
static const char *list_hooks(struct xl_arena *a, unsigned int hooks)
{
	const char *text = "";

	for (unsigned int h = 0; h < NF_INET_NUMHOOKS; h++)
		if (hooks & 1U << h)
			text = xl_printf(a, "%s%s%s", text, *text ? " and " : "", hook_names[h]);
	return text;
}

static bool in_list(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; (p = strstr(p, word)); p += n)
		if ((p == list || p[-1] == '|') && (p[n] == '|' || !p[n]))
			return true;
	return false;
}

bool xl_check_place(struct xl_ctx *c, enum xl_kind kind, bool reached)
{
	const struct place *p = find(kind, c->name);
	unsigned int wrong;

	if (!p)
		return true;
	wrong = reached ? c->hooks & ~p->hooks : 0;
	if (p->table && !in_list(p->table, c->table))
		return xl_refuse(c, "%s is for table %s, and the kernel refuses it in %s", p->name,
				 p->table, c->table);
	if (wrong)
		return xl_refuse(c, "%s is for %s, and the kernel refuses it where %s leads",
				 p->name, list_hooks(c->arena, p->hooks & xt_table_hooks(c->table)),
				 list_hooks(c->arena, wrong));
	if (p->proto && (c->proto != p->proto || c->proto_inv))
		return xl_refuse(c, "%s needs its protocol, number %u, given with -p", p->name,
				 p->proto);
	return true;
}
