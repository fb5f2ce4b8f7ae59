// SPDX-License-Identifier: GPL-2.0-or-later
#include "nft/write.h"

#include <inttypes.h>
#include <string.h>

/* Priorities by name where every supported nft reads the name at that hook. nat's input and output
 * chains are not among them: nft 1.0.6 refuses srcnat at input and dstnat at output. */
static const struct {
	int prio;
	const char *hook; /* NULL: any */
	const char *name;
} prios[] = {
	{ -300, NULL, "raw" }, { -150, NULL, "mangle" }, { -100, "prerouting", "dstnat" },
	{ 0, NULL, "filter" }, { 50, NULL, "security" }, { 100, "postrouting", "srcnat" },
};

void nft_write_priority(struct xl_buf *b, const struct nft_base_chain *base)
{
	const char *name = NULL;

	for (size_t i = 0; i < sizeof(prios) / sizeof(prios[0]); i++)
		if (prios[i].prio == base->prio &&
		    (!prios[i].hook || !strcmp(prios[i].hook, base->hook)))
			name = prios[i].name;
	if (name)
		xl_buf_puts(b, name);
	else
		xl_buf_printf(b, "%d", base->prio);
}

void nft_write_base(struct xl_buf *b, const struct nft_base_chain *base)
{
	xl_buf_printf(b, "type %s hook %s priority ", base->type, base->hook);
	nft_write_priority(b, base);
	xl_buf_printf(b, "; policy %s;", base->policy == NFT_DROP ? "drop" : "accept");
}

static void write_duration(struct xl_buf *b, const char *word, uint64_t ms)
{
	if (!ms)
		return;
	if (ms % 1000)
		xl_buf_printf(b, " %s %" PRIu64 "ms", word, ms);
	else
		xl_buf_printf(b, " %s %" PRIu64 "s", word, ms / 1000);
}

void nft_write_elem(struct xl_buf *b, const struct nft_elem *e)
{
	nft_write_expr(b, e->key);
	/* Old nft reads these in just this order. */
	if (e->counter)
		xl_buf_printf(b, " counter packets %" PRIu64 " bytes %" PRIu64, e->packets,
			      e->bytes);
	write_duration(b, "timeout", e->timeout_ms);
	write_duration(b, "expires", e->expires_ms);
	if (e->comment)
		xl_buf_printf(b, " comment \"%s\"", e->comment);
	if (e->data) {
		xl_buf_puts(b, " : ");
		nft_write_expr(b, e->data);
	}
}

static void write_set_flags(struct xl_buf *b, const struct nft_set *s, const char *sep)
{
	static const char *const words[] = { "constant", "interval", "timeout", "dynamic" };
	bool first = true;

	if (!s->flags)
		return;
	xl_buf_puts(b, sep);
	xl_buf_puts(b, "flags ");
	for (unsigned int i = 0; i < 4; i++) {
		if (!(s->flags & 1U << i))
			continue;
		xl_buf_printf(b, "%s%s", first ? "" : ",", words[i]);
		first = false;
	}
	xl_buf_putc(b, ';');
}

static void write_set_body(struct xl_buf *b, const struct nft_set *s, const char *sep)
{
	xl_buf_printf(b, "%s%s;", sep, s->type);
	if (s->size)
		xl_buf_printf(b, "%ssize %" PRIu64 ";", sep, s->size);
	write_set_flags(b, s, sep);
	if (s->timeout_ms) {
		xl_buf_puts(b, sep[1] ? sep : " ");
		xl_buf_printf(b, "timeout %" PRIu64 "%s;",
			      s->timeout_ms % 1000 ? s->timeout_ms : s->timeout_ms / 1000,
			      s->timeout_ms % 1000 ? "ms" : "s");
	}
	if (s->counter)
		xl_buf_printf(b, "%scounter;", sep);
	if (s->auto_merge)
		xl_buf_printf(b, "%sauto-merge;", sep);
	if (s->comment)
		xl_buf_printf(b, "%scomment \"%s\";", sep, s->comment);
	if (!s->n)
		return;
	xl_buf_printf(b, "%selements = { ", sep);
	for (size_t i = 0; i < s->n; i++) {
		if (i)
			xl_buf_printf(b, ",%s", sep[0] == ' ' ? " " : "\n\t\t\t     ");
		nft_write_elem(b, &s->elems[i]);
	}
	xl_buf_puts(b, " };");
}

void nft_write_set_line(struct xl_buf *b, const struct nft_set *s)
{
	xl_buf_puts(b, "{");
	write_set_body(b, s, " ");
	xl_buf_puts(b, " }");
}

static void write_comment_lines(struct xl_buf *b, const char *indent, const char *text)
{
	xl_buf_printf(b, "%s# ", indent);
	for (; *text; text++) {
		if (*text == '\n')
			xl_buf_printf(b, "\n%s# ", indent);
		else if ((unsigned char)*text < 0x20 || *text == 0x7f)
			xl_buf_printf(b, "\\x%02x", (unsigned char)*text);
		else
			xl_buf_putc(b, *text);
	}
	xl_buf_putc(b, '\n');
}

/* The name is the input's: hostile text. */
static void write_orig_name(struct xl_buf *b, const char *indent, const char *what,
			    const char *name)
{
	xl_buf_printf(b, "%s# %s \"", indent, what);
	for (; *name; name++)
		xl_buf_printf(b, (unsigned char)*name < 0x20 ? "\\x%02x" : "%c",
			      (unsigned char)*name);
	xl_buf_puts(b, "\" in the input\n");
}

static void write_refusal(struct xl_buf *b, const char *indent, const struct nft_rule *r)
{
	const struct xl_loc *l = &r->source->loc;

	xl_buf_printf(b, "%s# ", indent);
	if (l->file && l->line)
		xl_buf_printf(b, "%s:%u: ", l->file, l->line);
	xl_buf_printf(b, "NOT TRANSLATED: %s\n", r->refused);
	write_comment_lines(b, indent, r->source->text);
}

static void write_rule_notes(struct xl_buf *b, const char *indent, const struct nft_rule *r)
{
	if (r->note)
		write_comment_lines(b, indent, r->note);
	if (r->approximate)
		xl_buf_printf(b,
			      "%s# approximate: the next rule is not exactly what it stands for\n",
			      indent);
	if (r->opaque)
		xl_buf_printf(b,
			      "%s# not vouched for: the next line has text from the extension's own"
			      " translation\n",
			      indent);
}

static void write_chain(struct xl_buf *b, const struct nft_chain *c)
{
	const struct nft_rule *r;

	if (c->orig)
		write_orig_name(b, "\t", "chain", c->orig);
	xl_buf_printf(b, "\tchain %s {\n", c->name);
	if (c->base) {
		xl_buf_puts(b, "\t\t");
		nft_write_base(b, c->base);
		xl_buf_putc(b, '\n');
	}
	for (r = c->rules; r; r = r->next) {
		if (r->refused) {
			write_refusal(b, "\t\t", r);
			continue;
		}
		write_rule_notes(b, "\t\t", r);
		if (nft_stmts_empty(&r->stmts))
			continue;
		xl_buf_puts(b, "\t\t");
		nft_write_rule(b, r);
		xl_buf_putc(b, '\n');
	}
	xl_buf_puts(b, "\t}\n");
}

static void write_objects(struct xl_buf *b, const struct nft_table *t)
{
	const struct nft_object *o;
	const struct nft_set *s;

	for (o = t->objects; o; o = o->next)
		xl_buf_printf(b, "\t%s %s {\n\t\t%s\n\t}\n\n", o->kind, o->name, o->body);
	for (s = t->sets; s; s = s->next) {
		if (s->note)
			write_comment_lines(b, "\t", s->note);
		if (s->orig)
			write_orig_name(b, "\t", "ipset", s->orig);
		xl_buf_printf(b, "\t%s %s {", s->map ? "map" : "set", s->name);
		write_set_body(b, s, "\n\t\t");
		xl_buf_puts(b, "\n\t}\n\n");
	}
}

static void write_blocks(struct xl_buf *b, const struct nft_ruleset *rs)
{
	const struct nft_table *t;
	const struct nft_chain *c;

	for (t = rs->tables; t; t = t->next) {
		if (t != rs->tables)
			xl_buf_putc(b, '\n');
		if (t->note)
			write_comment_lines(b, "", t->note);
		xl_buf_printf(b, "table %s %s {\n", t->family, t->name);
		write_objects(b, t);
		for (c = t->chains; c; c = c->next) {
			if (c->inlined)
				continue;
			if (c != t->chains)
				xl_buf_putc(b, '\n');
			write_chain(b, c);
		}
		xl_buf_puts(b, "}\n");
	}
}

static bool names_chains(const struct nft_set *s)
{
	return s->n && s->elems[0].data && s->elems[0].data->kind == NFT_E_VERDICT;
}

static void write_set_lines(struct xl_buf *b, const struct nft_table *t, bool with_chains)
{
	for (const struct nft_set *s = t->sets; s; s = s->next) {
		if (names_chains(s) != with_chains)
			continue;
		xl_buf_printf(b, "add %s %s %s %s ", s->map ? "map" : "set", t->family, t->name,
			      s->name);
		nft_write_set_line(b, s);
		xl_buf_putc(b, '\n');
	}
}

/* Chains come before any rule, so that jumps find them; and before maps that name them. */
static void write_lines_table(struct xl_buf *b, const struct nft_table *t)
{
	const struct nft_object *o;
	const struct nft_chain *c;
	const struct nft_rule *r;

	if (t->note)
		write_comment_lines(b, "", t->note);
	xl_buf_printf(b, "add table %s %s\n", t->family, t->name);
	for (o = t->objects; o; o = o->next)
		xl_buf_printf(b, "add %s %s %s %s { %s }\n", o->kind, t->family, t->name, o->name,
			      o->body);
	write_set_lines(b, t, false);
	for (c = t->chains; c; c = c->next) {
		if (c->inlined)
			continue;
		xl_buf_printf(b, "add chain %s %s %s", t->family, t->name, c->name);
		if (c->base) {
			xl_buf_puts(b, " { ");
			nft_write_base(b, c->base);
			xl_buf_puts(b, " }");
		}
		xl_buf_putc(b, '\n');
	}
	write_set_lines(b, t, true);
	for (c = t->chains; c; c = c->next) {
		for (r = c->inlined ? NULL : c->rules; r; r = r->next) {
			if (r->refused) {
				write_refusal(b, "", r);
				continue;
			}
			write_rule_notes(b, "", r);
			if (nft_stmts_empty(&r->stmts))
				continue;
			xl_buf_printf(b, "add rule %s %s %s ", t->family, t->name, c->name);
			nft_write_rule(b, r);
			xl_buf_putc(b, '\n');
		}
	}
}

void nft_write_ruleset(struct xl_buf *b, const struct nft_ruleset *rs,
		       const struct nft_write_opts *opts)
{
	const struct nft_table *t;

	/* "destroy table" would do in one line, but nft 1.0.6 does not know it. */
	for (t = rs->tables; opts->replace && t; t = t->next)
		xl_buf_printf(b, "table %s %s {\n}\ndelete table %s %s\n", t->family, t->name,
			      t->family, t->name);
	if (opts->replace && rs->tables)
		xl_buf_putc(b, '\n');
	if (opts->form == NFT_BLOCKS) {
		write_blocks(b, rs);
		return;
	}
	for (t = rs->tables; t; t = t->next)
		write_lines_table(b, t);
}
