// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -j SECMARK: struct xt_secmark_target_info, _v1; -j CONNSECMARK: struct
 * xt_connsecmark_target_info. secmark_tg() and nft_secmark_obj_eval() set the same number, which
 * checkentry_lsm() and nft_secmark_compute_secid() have the security module find for the context.
 * connsecmark_save() and _restore() only do what has not been done, of which nft cannot ask.
 */
#include "translate/ext.h"
#include "translate/rule.h"

#include <linux/netfilter/xt_CONNSECMARK.h>
#include <linux/netfilter/xt_SECMARK.h>
#include <string.h>

/* An object for this context in the rule's table. */
static struct nft_object *object(struct xl_ctx *c, const char *context)
{
	const char *body = xl_printf(c->arena, "\"%s\"", context);
	struct nft_table *t = c->place->table;
	struct nft_object *o;
	unsigned int n = 1;

	for (o = t->objects; o; o = o->next) {
		if (strcmp(o->kind, "secmark") != 0)
			continue;
		if (!strcmp(o->body, body))
			return o;
		n++;
	}
	o = nft_object_new(c->env->out, t, "secmark", xl_printf(c->arena, "secmark-%u", n));
	o->body = body;
	return o;
}

static bool mark(struct xl_ctx *c, const char *text)
{
	const char *context = xl_strndup(c->arena, text, SECMARK_SECCTX_MAX);
	struct nft_stmt *s;

	if (!c->place)
		return xl_refuse(c, "SECMARK needs an object of its table");
	if (!*context || !xl_string_ok(context))
		return xl_refuse(c, "SECMARK --selctx: nft cannot quote this context");
	s = nft_stmt(c->arena, NFT_S_OBJREF);
	s->name = "meta secmark set";
	s->obj = object(c, context);
	xl_add(c, s);
	return true;
}

static bool secmark0(struct xl_ctx *c)
{
	const struct xt_secmark_target_info *i = c->data;

	return mark(c, i->secctx);
}

static bool secmark1(struct xl_ctx *c)
{
	const struct xt_secmark_target_info_v1 *i = c->data;

	return mark(c, i->secctx);
}

static bool connsecmark(struct xl_ctx *c)
{
	const struct xt_connsecmark_target_info *i = c->data;
	bool save = i->mode == CONNSECMARK_SAVE;
	enum nft_key_id from = save ? NFT_META_SECMARK : NFT_CT_SECMARK;
	enum nft_key_id to = save ? NFT_CT_SECMARK : NFT_META_SECMARK;

	if (!xl_approximate(c))
		return xl_refuse(c, "CONNSECMARK leaves a security mark alone that is already "
				    "set, which nft cannot test; --approximate writes over it");
	xl_add(c, nft_assign(c->arena, nft_key(c->arena, to), nft_key(c->arena, from)));
	return true;
}

const struct xl_ext xl_target_SECMARK[] = {
	{ "SECMARK", XL_TARGET, XL_BOTH, 0, 0, sizeof(struct xt_secmark_target_info), secmark0 },
	{ "SECMARK", XL_TARGET, XL_BOTH, 1, 1, sizeof(struct xt_secmark_target_info_v1), secmark1 },
	{ "CONNSECMARK", XL_TARGET, XL_BOTH, 0, 0, sizeof(struct xt_connsecmark_target_info),
	  connsecmark },
	XL_EXT_END,
};

const struct xl_option xl_target_SECMARK_options[] = {
	{ .ext = "SECMARK", .name = "--selctx" },
	{ .ext = "CONNSECMARK",
	  .name = "--save",
	  .how = XL_APPROXIMATE,
	  .why = "nft cannot test whether a security mark is set already; --approximate writes "
		 "over "
		 "it" },
	{ .ext = "CONNSECMARK",
	  .name = "--restore",
	  .how = XL_APPROXIMATE,
	  .why = "nft cannot test whether a security mark is set already; --approximate writes "
		 "over "
		 "it" },
	XL_OPTION_END,
};
