// SPDX-License-Identifier: GPL-2.0-or-later
/* A target alone, for the xlate callback of a libxtables plugin. */
#include "nft/passes.h"
#include "nft/write.h"
#include "translate/core.h"
#include "translate/ext.h"
#include "translate/prog.h"

#include <string.h>

static void write_effects(struct xl_buf *b, const struct xl_prog *p)
{
	bool several = p->effects && p->effects->next, first = true;
	struct nft_rule r = { 0 };

	if (several)
		xl_buf_puts(b, "jump { ");
	for (struct xl_alt *alt = p->effects; alt; alt = alt->next) {
		r.stmts = alt->stmts;
		if (!first)
			xl_buf_putc(b, ' ');
		nft_write_rule(b, &r);
		xl_buf_puts(b, several ? ";" : "");
		first = false;
	}
	if (several)
		xl_buf_puts(b, " }");
}

bool xl_target_text(const struct xl_ext *ext, uint8_t family, unsigned int hooks, const void *entry,
		    const struct xt_entry_target *target, struct xl_buf *out)
{
	unsigned int bit = family == NFPROTO_IPV4 ? XL_V4 : XL_V6;
	uint8_t rev = target->u.user.revision;
	struct xl_arena a;
	struct xl_prog prog;
	struct xl_ctx c = {
		.arena = &a,
		.family = family,
		.hooks = hooks ? hooks : ~0U,
		.name = target->u.user.name,
		.data = target->data,
		.size = target->u.target_size - sizeof(*target),
		.rev = rev,
		.entry = entry,
		.blob = target,
		.prog = &prog,
	};
	bool ok;

	for (; ext->name; ext++)
		if (ext->families & bit && ext->rev_min <= rev && rev <= ext->rev_max &&
		    !strcmp(ext->name, c.name))
			break;
	if (!ext->name || c.size < ext->size)
		return false;
	xl_arena_init(&a);
	xl_prog_init(&prog);
	prog.in_target = true;
	xl_core_proto(&c);
	ok = ext->translate(&c);
	if (ok)
		write_effects(out, &prog);
	xl_arena_free(&a);
	return ok && !out->failed;
}
