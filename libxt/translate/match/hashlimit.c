// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m hashlimit: struct xt_hashlimit_mtinfo1, 2, 3. Semantics: hashlimit_mt_common(),
 * net/netfilter/xt_hashlimit.c. An entry goes when no packet came for the time of "expire", and
 * with it what its limit remembers; so does an element that each packet updates.
 */
#include "translate/hashlimit.h"

#include "translate/addr.h"
#include "translate/env.h"
#include "translate/ports.h"
#include "translate/rate.h"

#include <limits.h>
#include <linux/netfilter/xt_hashlimit.h>
#include <string.h>

enum {
	SRC = XT_HASHLIMIT_HASH_SIP,
	DST = XT_HASHLIMIT_HASH_DIP,
	SPORT = XT_HASHLIMIT_HASH_SPT,
	DPORT = XT_HASHLIMIT_HASH_DPT,
};

bool xl_hashlimit_read(struct xl_hashlimit_cfg *cfg, unsigned int rev, const void *data,
		       size_t size)
{
	const struct xt_hashlimit_mtinfo1 *i1 = data;
	const struct xt_hashlimit_mtinfo2 *i2 = data;
	const struct xt_hashlimit_mtinfo3 *i3 = data;

#define COPY(from, unit)                                                                \
	*cfg = (struct xl_hashlimit_cfg)                                                \
	{                                                                               \
		(from).avg, (from).burst, unit, (from).mode, (from).max, (from).expire, \
			(from).srcmask, (from).dstmask                                  \
	}
	if (rev == 1 && size >= sizeof(*i1))
		COPY(i1->cfg, XT_HASHLIMIT_SCALE);
	else if (rev == 2 && size >= sizeof(*i2))
		COPY(i2->cfg, XT_HASHLIMIT_SCALE_v2);
	else if (rev == 3 && size >= sizeof(*i3))
		COPY(i3->cfg, XT_HASHLIMIT_SCALE_v2);
	else
		return false;
#undef COPY
	return true;
}

static struct nft_expr *address(struct xl_ctx *c, bool src, unsigned int len)
{
	unsigned int bytes = c->family == NFPROTO_IPV4 ? 4 : 16;
	uint8_t mask[16] = { 0 };

	for (unsigned int i = 0; i < len && i < bytes * 8; i++)
		mask[i / 8] |= 0x80 >> i % 8;
	return xl_masked_addr(c, xl_addr_key(c, src), mask);
}

/* The key, and in @type what the set must be declared with. Without a mode there is one entry for
 * all packets, so anything will do that is the same for all. */
static struct nft_expr *key(struct xl_ctx *c, const struct xl_hashlimit_cfg *cfg, const char **type)
{
	enum nft_key_id ports[2] = { NFT_TH_SPORT, NFT_TH_DPORT };
	const struct {
		unsigned int bit;
		const char *type;
	} parts[] = {
		{ SRC, nft_keys[xl_addr_key(c, true)].text },
		{ DST, nft_keys[xl_addr_key(c, false)].text },
		{ SPORT, "th sport" },
		{ DPORT, "th dport" },
	};
	struct nft_expr *e = NULL, *part;

	xl_port_keys(c->proto, &ports[0], &ports[1]);
	*type = "typeof";
	for (unsigned int i = 0; i < 4; i++) {
		if (!(cfg->mode & parts[i].bit))
			continue;
		if (i < 2)
			part = address(c, i == 0, i == 0 ? cfg->srcmask : cfg->dstmask);
		else
			part = nft_key(c->arena, ports[i - 2]);
		*type = xl_printf(c->arena, "%s%s %s", *type, e ? " ." : "", parts[i].type);
		e = e ? nft_concat(c->arena, e, part) : part;
	}
	if (e)
		return e;
	*type = "typeof meta protocol";
	return nft_key(c->arena, NFT_META_PROTOCOL);
}

static bool can(struct xl_ctx *c, const struct xl_hashlimit_cfg *cfg)
{
	enum nft_key_id unused[2];

	if (cfg->mode & XT_HASHLIMIT_RATE_MATCH)
		return xl_refuse(c, "hashlimit --hashlimit-rate-match: nft has no measured rates, "
				    "only limits");
	if (cfg->mode & XT_HASHLIMIT_BYTES && !xl_approximate(c))
		return xl_refuse(c, "hashlimit by bytes: iptables counts in units of 16 bytes and "
				    "fills a burst only once; --approximate writes nft's limit");
	if (cfg->mode & (SPORT | DPORT) &&
	    (c->proto_inv || !xl_port_keys(c->proto, &unused[0], &unused[1])))
		return xl_refuse(c, "hashlimit by port needs -p tcp, udp, sctp, dccp or udplite in "
				    "the same rule");
	if (!cfg->avg || (!cfg->burst && !(cfg->mode & XT_HASHLIMIT_BYTES)))
		return xl_refuse(c, "hashlimit has no rate or no burst");
	return true;
}

/* struct hashlimit_cfg's average of bytes is what a unit of 16 bytes costs of the credit that
 * comes in a second; its burst is how often that credit is there at the start. */
static void bytes(struct nft_limit *l, const struct xl_hashlimit_cfg *cfg)
{
	uint64_t per_second = UINT32_MAX / cfg->avg;

	l->rate = (per_second > 1 ? per_second - 1 : 1) << XT_HASHLIMIT_BYTE_SHIFT;
	l->unit = "second";
	l->burst = cfg->burst > UINT32_MAX / l->rate ? UINT32_MAX : cfg->burst * l->rate;
	l->bytes = true;
}

static struct nft_stmt *limit(struct xl_ctx *c, const struct xl_hashlimit_cfg *cfg, bool over)
{
	struct nft_stmt *s = nft_stmt(c->arena, NFT_S_LIMIT);

	s->limit = xl_rate_limit(cfg->avg, cfg->scale);
	s->limit.burst = cfg->burst;
	if (cfg->mode & XT_HASHLIMIT_BYTES)
		bytes(&s->limit, cfg);
	s->limit.over = over;
	return s->limit.rate && cfg->burst <= UINT32_MAX ? s : NULL;
}

static struct nft_set *set_for(struct xl_ctx *c, struct xl_hashlimit *h, const char *type)
{
	if (h->set)
		return h->set;
	h->set = xl_new_set(c, xl_printf(c->arena, "hashlimit_%s", h->name));
	h->set->type = type;
	h->set->flags = NFT_SET_DYNAMIC | NFT_SET_TIMEOUT;
	h->set->size = h->cfg.max ? h->cfg.max : UINT16_MAX;
	h->set->timeout_ms = h->cfg.expire;
	return h->set;
}

static bool emit(struct xl_ctx *c, struct xl_hashlimit *h, const struct xl_hashlimit_cfg *cfg)
{
	bool above = cfg->mode & XT_HASHLIMIT_INVERT, none = above && h->upto;
	const char *type;
	struct nft_expr *k;
	struct nft_stmt *s, *l = limit(c, cfg, above && !none);

	if (!l)
		return xl_refuse(c, "nft has no rate of less than one a day and no such burst");
	k = key(c, cfg, &type);
	s = nft_dynset(c->arena, NFT_UPDATE, set_for(c, h, type), k);
	s->dynset.stmts = l;
	/* "over" would be kept in the element, where rules that say "up to" find it. */
	if (none)
		xl_begin_none(c);
	xl_stateful(c);
	xl_add(c, s);
	xl_end(c);
	return true;
}

static bool translate(struct xl_ctx *c)
{
	size_t name_size = c->rev == 1 ? IFNAMSIZ : NAME_MAX;
	const char *name = xl_strndup(c->arena, c->data, name_size);
	struct xl_hashlimit *h = c->env->hashlimits;
	struct xl_hashlimit_cfg cfg;

	while (h && (h->family != c->family || strcmp(h->name, name) != 0))
		h = h->next;
	if (!h || !xl_hashlimit_read(&cfg, c->rev, c->data, c->size))
		return xl_refuse(c, "hashlimit has a revision that is not known");
	if (h->why)
		return xl_refuse(c, "the hashlimit name %s: %s", h->name, h->why);
	return can(c, &cfg) && emit(c, h, &cfg);
}

const struct xl_ext xl_match_hashlimit[] = {
	{ "hashlimit", XL_MATCH, XL_BOTH, 1, 1, sizeof(struct xt_hashlimit_mtinfo1), translate },
	{ "hashlimit", XL_MATCH, XL_BOTH, 2, 2, sizeof(struct xt_hashlimit_mtinfo2), translate },
	{ "hashlimit", XL_MATCH, XL_BOTH, 3, 3, sizeof(struct xt_hashlimit_mtinfo3), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_hashlimit_options[] = {
	{ .ext = "hashlimit",
	  .name = "--hashlimit-upto",
	  .how = XL_PARTLY,
	  .why = "by packets; by bytes with --approximate, since iptables counts units of 16 bytes "
		 "and fills a burst once" },
	{ .ext = "hashlimit",
	  .name = "--hashlimit-above",
	  .how = XL_PARTLY,
	  .why = "by packets; by bytes with --approximate, since iptables counts units of 16 bytes "
		 "and fills a burst once" },
	{ .ext = "hashlimit", .name = "--hashlimit" },
	{ .ext = "hashlimit", .name = "--hashlimit-srcmask" },
	{ .ext = "hashlimit", .name = "--hashlimit-dstmask" },
	{ .ext = "hashlimit", .name = "--hashlimit-burst" },
	{ .ext = "hashlimit", .name = "--hashlimit-htable-size" },
	{ .ext = "hashlimit", .name = "--hashlimit-htable-max" },
	{ .ext = "hashlimit", .name = "--hashlimit-htable-gcinterval" },
	{ .ext = "hashlimit", .name = "--hashlimit-htable-expire" },
	{ .ext = "hashlimit",
	  .name = "--hashlimit-mode",
	  .how = XL_PARTLY,
	  .why = "by port with -p tcp, udp, udplite, sctp or dccp in the same rule" },
	{ .ext = "hashlimit",
	  .name = "--hashlimit-name",
	  .how = XL_PARTLY,
	  .why = "rules that share a name must agree on its rate" },
	{ .ext = "hashlimit",
	  .name = "--hashlimit-rate-match",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft has limits but no measured rates" },
	{ .ext = "hashlimit",
	  .name = "--hashlimit-rate-interval",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft has limits but no measured rates" },
	XL_OPTION_END,
};
