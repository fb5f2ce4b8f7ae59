// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m cgroup: struct xt_cgroup_info_v0, _v1, _v2. Semantics: cgroup_mt_v0() …,
 * net/netfilter/xt_cgroup.c: false without a full socket of the packet's own, inverted or not.
 *
 * "meta cgroup" takes a request socket (of a handshake that is not done) for its listener, which
 * "socket wildcard" does not; that in turn looks for a socket where the packet has none, which
 * "meta cgroup" does not. Both together are what xtables asks for.
 */
#include "translate/ext.h"

#include <linux/netfilter/xt_cgroup.h>
#include <string.h>

enum { SYN = 0x02, ACK = 0x10 };

static bool reached_only(const struct xl_ctx *c, unsigned int hooks)
{
	return !(c->hooks & ~hooks);
}

/* In POSTROUTING nft has no socket expression; there only the SYN+ACK has a request socket. */
static bool full_socket(struct xl_ctx *c)
{
	if (reached_only(c, 1 << NF_INET_LOCAL_IN | 1 << NF_INET_LOCAL_OUT)) {
		xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_SOCKET_WILDCARD), NFT_LE,
				    nft_val(c->arena, NFT_SOCKET_WILDCARD, 1)));
		return true;
	}
	if (!reached_only(c, 1 << NF_INET_LOCAL_OUT | 1 << NF_INET_POST_ROUTING))
		return xl_refuse(c, "cgroup: a chain that packets reach from INPUT and from "
				    "POSTROUTING cannot ask nft for a socket; split it");
	xl_begin_none(c);
	xl_cmp_mask(c, NFT_TCP_FLAGS, false, SYN | ACK, SYN | ACK);
	xl_end(c);
	return true;
}

static bool classid(struct xl_ctx *c, uint32_t id, bool inv)
{
	if (!full_socket(c))
		return false;
	xl_cmp(c, NFT_META_CGROUP, inv, id);
	return true;
}

/* Without slashes at its ends, as nft wants it; counts its parts, each a level of the hierarchy. */
static unsigned int strip(char *path)
{
	size_t from = strspn(path, "/"), len = strlen(path);
	unsigned int level = 0;

	while (len > from && path[len - 1] == '/')
		len--;
	len -= from;
	memmove(path, path + from, len);
	path[len] = '\0';
	for (size_t i = 0; i < len; i++)
		level += path[i] == '/';
	return len ? level + 1 : 0;
}

static bool cgroup2(struct xl_ctx *c, char *path, bool inv)
{
	unsigned int level = strip(path);

	if (!level && inv)
		return xl_never(c);
	if (level && !reached_only(c, 1 << NF_INET_LOCAL_IN | 1 << NF_INET_LOCAL_OUT))
		return xl_refuse(c,
				 "cgroup --path: nft cannot ask for the socket in POSTROUTING; set "
				 "a mark in OUTPUT and match that");
	if (strstr(path, "//") || !xl_string_ok(path))
		return xl_refuse(c, "cgroup --path: nft cannot read the path %s", path);
	if (!full_socket(c))
		return false;
	xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_META_CGROUP), NFT_GE,
			    nft_val(c->arena, NFT_META_CGROUP, 0)));
	if (!level)
		return true;
	/* A socket of a cgroup higher up has no ancestor at this level. */
	if (inv)
		xl_begin_none(c);
	xl_add(c, nft_match(c->arena, nft_key_num(c->arena, NFT_SOCKET_CGROUPV2, level), NFT_EQ,
			    nft_str(c->arena, NFT_T_STRING, path)));
	xl_end(c);
	return true;
}

static bool translate0(struct xl_ctx *c)
{
	const struct xt_cgroup_info_v0 *i = c->data;

	return classid(c, i->id, i->invert);
}

static bool translate1(struct xl_ctx *c)
{
	const struct xt_cgroup_info_v1 *i = c->data;

	if (!i->has_path)
		return classid(c, i->classid, i->invert_classid);
	return cgroup2(c, xl_strndup(c->arena, i->path, sizeof(i->path)), i->invert_path);
}

static bool translate2(struct xl_ctx *c)
{
	const struct xt_cgroup_info_v2 *i = c->data;

	if (!i->has_path)
		return classid(c, i->classid, i->invert_classid);
	return cgroup2(c, xl_strndup(c->arena, i->path, sizeof(i->path)), i->invert_path);
}

const struct xl_ext xl_match_cgroup[] = {
	{ "cgroup", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_cgroup_info_v0), translate0 },
	{ "cgroup", XL_MATCH, XL_BOTH, 1, 1, sizeof(struct xt_cgroup_info_v1), translate1 },
	{ "cgroup", XL_MATCH, XL_BOTH, 2, 2, sizeof(struct xt_cgroup_info_v2), translate2 },
	XL_EXT_END,
};

const struct xl_option xl_match_cgroup_options[] = {
	{ .ext = "cgroup",
	  .name = "--path",
	  .how = XL_PARTLY,
	  .why = "not in POSTROUTING, where nft cannot ask for the socket" },
	{ .ext = "cgroup",
	  .name = "--cgroup",
	  .how = XL_PARTLY,
	  .why = "not in a chain that is reached from INPUT and from POSTROUTING" },
	XL_OPTION_END,
};
