// SPDX-License-Identifier: GPL-2.0-or-later
#include "translate/opaque.h"

#include "translate/env.h"
#include "translate/prog.h"
#include "translate/registry.h"
#include "xt/host.h"

#include <string.h>

/* Upstream's translations that do not mean what the rule means, found with packets. */
static const struct {
	enum xl_kind kind;
	const char *name;
	const char *why;
} wrong[] = {
	{ XL_MATCH, "cluster", "upstream's text names the wrong node and breaks nft list" },
	{ XL_MATCH, "dccp", "upstream's text loses the match" },
	{ XL_MATCH, "devgroup", "upstream's text negates the wrong group" },
	{ XL_MATCH, "ecn", "upstream's text compares all flags" },
	{ XL_MATCH, "esp", "upstream's text loses the match" },
	{ XL_MATCH, "ah", "upstream's text loses the match" },
	{ XL_MATCH, "frag", "upstream's text inverts --fragres" },
	{ XL_MATCH, "hashlimit",
	  "upstream's text keeps entries for ever and knows only TCP ports" },
	{ XL_MATCH, "hbh", "upstream's text takes bytes for units of eight" },
	{ XL_MATCH, "helper", "upstream's text misses packets without a helper" },
	{ XL_MATCH, "rt", "upstream's text takes bytes for units of eight" },
	{ XL_MATCH, "sctp", "upstream's text means other chunks" },
	{ XL_MATCH, "tcpmss", "upstream's text misses packets without the option" },
	{ XL_MATCH, "time", "upstream's text depends on the time zone where it is loaded" },
	{ XL_MATCH, "rpfilter", "upstream's text differs for broadcast and local sources" },
};

static const char *known_wrong(enum xl_kind kind, const char *name)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (wrong[i].kind == kind && !strcmp(wrong[i].name, name))
			return wrong[i].why;
	return NULL;
}

/* Plugins do not escape what users wrote: a quote in it ends nft's string. So nothing but a plain
 * expression passes: balanced quotes, no separator, no comment, no variable. */
static bool harmless(const char *text)
{
	bool quoted = false;

	for (; *text; text++) {
		if (*text == '"')
			quoted = !quoted;
		else if ((unsigned char)*text < 0x20 || *text == '$')
			return false;
		else if (!quoted && strchr(";#\\`'", *text))
			return false;
	}
	return !quoted;
}

void xl_opaque(struct xl_ctx *c, enum xl_kind kind, const char *name)
{
	const char *what = kind == XL_MATCH ? "match" : "target", *text, *why;

	why = known_wrong(kind, name);
	if (why) {
		xl_refuse(c, "there is no exact translation of %s %s yet, and %s", what, name, why);
		return;
	}
	if (c->env->host && !strchr(c->source->text, '"'))
		text = xt_host_xlate(c->env->host, c->family, kind == XL_TARGET, name, c->blob,
				     c->entry);
	else
		text = NULL;
	if (!text || !*text || !harmless(text)) {
		xl_refuse(c, "there is no translation of %s %s%s", what, name,
			  xl_ext_known(kind, name) ? " of this revision" : "");
		return;
	}
	c->prog->opaque = true;
	if (*text == ' ')
		text++;
	xl_add(c, nft_text(c->arena, text));
	if (kind == XL_MATCH)
		xl_stateful(c);
}
