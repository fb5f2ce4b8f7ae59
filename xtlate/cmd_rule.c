// SPDX-License-Identifier: GPL-2.0-or-later
/* One iptables command line as nft commands: "xtlate rule", iptables-translate. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "nft/names.h"
#include "output.h"
#include "quote.h"
#include "report.h"
#include "rule_options.h"
#include "translate/hooks.h"
#include "verbs.h"
#include "xt/apply.h"
#include "xt/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Where the commands' words come from. */
struct line {
	struct run *r;
	const struct xt_command *cmd;
	const char *family; /* ip, ip6 */
	const struct nft_table *table;
	struct nft_chain *chain; /* of the rule */
};

static void put_command(struct run *r, const char *text)
{
	xl_buf_puts(&r->out, "nft ");
	quote_shell(&r->out, text);
	xl_buf_putc(&r->out, '\n');
}

/* The chain's name as the whole ruleset's translation would have it. */
static const char *chain_name(struct line *l, const char *name)
{
	struct nft_names fresh = { 0 };

	return nft_name_claim(&l->r->arena, &fresh, name);
}

static const char *place(struct line *l)
{
	return xl_printf(&l->r->arena, "%s %s %s", l->family, l->cmd->table,
			 chain_name(l, l->cmd->chain));
}

static const char *rule_text(struct line *l, const struct nft_rule *rule)
{
	struct xl_buf b = { 0 };
	const char *text;

	nft_write_rule(&b, rule);
	text = xl_strdup(&l->r->arena, b.s ? b.s : "");
	xl_buf_free(&b);
	return text;
}

/* A pipe that prints the handles of the chain's rules in order; @filter picks lines. Counters that
 * went on since are not compared. */
static const char *handles(struct line *l, const char *filter)
{
	return xl_printf(&l->r->arena,
			 "nft -a list chain %s | sed -n"
			 " '/ hook .* priority /d;s/counter packets [0-9]* bytes [0-9]*/counter/;"
			 "/[^{] # handle [0-9]*$/p'%s | sed 's/.*# handle //'",
			 place(l), filter);
}

static const char *nth_handle(struct line *l, unsigned int num)
{
	return handles(l, xl_printf(&l->r->arena, " | sed -n %up", num));
}

static const char *handle_like(struct line *l, const char *text)
{
	struct xl_buf b = { 0 };
	const char *s;

	xl_buf_puts(&b, " | grep -m1 -F -- ");
	quote_shell(&b, xl_printf(&l->r->arena, "\t%s # handle ", text));
	s = xl_strdup(&l->r->arena, b.s ? b.s : "");
	xl_buf_free(&b);
	return handles(l, s);
}

static void handle_command(struct line *l, const char *what, const char *handle, const char *rest)
{
	xl_buf_printf(&l->r->out, "nft %s rule %s handle \"$(%s)\"", what, place(l), handle);
	if (rest) {
		xl_buf_putc(&l->r->out, ' ');
		quote_shell(&l->r->out, rest);
	}
	xl_buf_putc(&l->r->out, '\n');
}

static void refusal(struct line *l, const struct nft_rule *rule)
{
	xl_buf_printf(&l->r->out, "# not translated: %s\n# %s\n", rule->refused,
		      xl_printable(&l->r->arena, rule->source->text));
}

/* nft lists a rule that holds others in several lines, so that no line can be looked for. */
static bool can_be_found(struct line *l, const struct nft_rule *rule)
{
	const struct nft_stmt *s = rule->stmts.first;

	while (s && !(s->chain && s->chain->inlined))
		s = s->next;
	if (s)
		xl_report(&l->r->diags, XL_ERROR, (struct xl_loc){ 0 },
			  "give the rule's number instead: -D CHAIN NUMBER",
			  "this rule cannot be looked for by its text");
	return !s;
}

static void find_rule(struct line *l, const struct nft_rule *rule, const char *text)
{
	if (!can_be_found(l, rule))
		return;
	if (l->cmd->cmd == XT_CMD_DELETE)
		handle_command(l, "delete", handle_like(l, text), NULL);
	else
		xl_buf_printf(&l->r->out, "test -n \"$(%s)\"\n", handle_like(l, text));
}

static void one_rule(struct line *l, const struct nft_rule *rule)
{
	struct xl_arena *a = &l->r->arena;
	const char *text = rule_text(l, rule);

	if (rule->refused) {
		refusal(l, rule);
		return;
	}
	if (rule->note)
		xl_buf_printf(&l->r->out, "# %s\n", xl_printable(a, rule->note));
	if (nft_stmts_empty(&rule->stmts))
		return;
	if (rule->opaque)
		xl_buf_puts(&l->r->out, "# not vouched for: the extension's own translation\n");
	switch (l->cmd->cmd) {
	case XT_CMD_INSERT:
		/* "index" counts from 0 and names the rule before which the new one goes. */
		if (l->cmd->num > 1)
			put_command(l->r, xl_printf(a, "insert rule %s index %u %s", place(l),
						    l->cmd->num - 1, text));
		else
			put_command(l->r, xl_printf(a, "insert rule %s %s", place(l), text));
		break;
	case XT_CMD_REPLACE:
		handle_command(l, "replace", nth_handle(l, l->cmd->num), text);
		break;
	case XT_CMD_DELETE:
	case XT_CMD_CHECK:
		find_rule(l, rule, text);
		break;
	default:
		put_command(l->r, xl_printf(a, "add rule %s %s", place(l), text));
		break;
	}
}

/* Sets, objects and helper chains that could not be put into the rule itself. */
static void prerequisites(struct line *l)
{
	struct xl_arena *a = &l->r->arena;
	const char *at = xl_printf(a, "%s %s", l->family, l->table->name);

	for (const struct nft_object *o = l->table->objects; o; o = o->next)
		put_command(l->r,
			    xl_printf(a, "add %s %s %s { %s }", o->kind, at, o->name, o->body));
	for (const struct nft_set *s = l->table->sets; s; s = s->next) {
		struct xl_buf b = { 0 };

		nft_write_set_line(&b, s);
		put_command(l->r, xl_printf(a, "add %s %s %s %s", s->map ? "map" : "set", at,
					    s->name, b.s ? b.s : ""));
		xl_buf_free(&b);
	}
	for (const struct nft_chain *c = l->table->chains; c; c = c->next)
		if (c->helper && !c->inlined)
			put_command(l->r, xl_printf(a, "add chain %s %s", at, c->name));
	for (const struct nft_chain *c = l->table->chains; c; c = c->next)
		for (const struct nft_rule *n = c->helper && !c->inlined ? c->rules : NULL; n;
		     n = n->next)
			put_command(l->r, xl_printf(a, "add rule %s %s %s", at, c->name,
						    rule_text(l, n)));
}

static void rule_command(struct line *l)
{
	bool adds = l->cmd->cmd == XT_CMD_APPEND || l->cmd->cmd == XT_CMD_INSERT ||
		    l->cmd->cmd == XT_CMD_REPLACE;

	if (adds)
		prerequisites(l);
	for (const struct nft_rule *n = l->chain->rules; n; n = n->next)
		one_rule(l, n);
}

static void policy_command(struct line *l)
{
	struct nft_base_chain base =
		*xl_base_chain(l->cmd->table, xt_hook_of(l->cmd->table, l->cmd->chain));
	struct xl_buf b = { 0 };

	base.policy = strcmp(l->cmd->arg, "DROP") ? NFT_ACCEPT : NFT_DROP;
	nft_write_base(&b, &base);
	put_command(l->r, xl_printf(&l->r->arena, "add chain %s { %s }", place(l), b.s ? b.s : ""));
	xl_buf_free(&b);
}

/* Commands about chains and tables: with a chain, without one. */
static void chain_command(struct line *l)
{
	static const struct {
		enum xt_cmd cmd;
		const char *chain, *table;
	} forms[] = {
		{ XT_CMD_NEW_CHAIN, "add chain", NULL },
		{ XT_CMD_DELETE_CHAIN, "delete chain", NULL },
		{ XT_CMD_FLUSH, "flush chain", "flush table" },
		{ XT_CMD_ZERO, "reset rules chain", "reset rules table" },
	};
	struct xl_arena *a = &l->r->arena;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (forms[i].cmd != l->cmd->cmd)
			continue;
		if (l->cmd->chain)
			put_command(l->r, xl_printf(a, "%s %s", forms[i].chain, place(l)));
		else if (forms[i].table)
			put_command(l->r, xl_printf(a, "%s %s %s", forms[i].table, l->family,
						    l->cmd->table));
		else
			xl_report(&l->r->diags, XL_ERROR, (struct xl_loc){ 0 },
				  "name the chains one by one",
				  "nft cannot delete all empty chains at once");
	}
	if (l->cmd->cmd == XT_CMD_ZERO)
		xl_report(&l->r->diags, XL_WARNING, (struct xl_loc){ 0 }, NULL,
			  "\"reset rules\" needs nft 1.0.7 and Linux 6.2");
}

static void other_command(struct line *l)
{
	struct xl_arena *a = &l->r->arena;

	switch (l->cmd->cmd) {
	case XT_CMD_POLICY:
		policy_command(l);
		break;
	case XT_CMD_RENAME:
		put_command(l->r, xl_printf(a, "rename chain %s %s", place(l),
					    chain_name(l, l->cmd->arg)));
		break;
	case XT_CMD_DELETE_NUM:
		handle_command(l, "delete", nth_handle(l, l->cmd->num), NULL);
		break;
	case XT_CMD_ZERO_NUM:
		xl_buf_printf(&l->r->out, "nft reset rule %s handle \"$(%s)\"\n", place(l),
			      nth_handle(l, l->cmd->num));
		break;
	default:
		chain_command(l);
		break;
	}
}

static bool has_rule(const struct xt_command *cmd)
{
	return cmd->rules != NULL;
}

/* The command is done to an empty ruleset in which its chain and its number of rules are there. */
static void translate_rule(struct line *l, struct xt_command_ctx *ctx)
{
	struct run *r = l->r;
	struct xt_table *t = xt_table_get(&r->xt, ctx->family, l->cmd->table);
	struct xt_chain *c = xt_chain_get(&r->xt, t, l->cmd->chain);
	struct xt_command append = *l->cmd;

	c->declared = true;
	append.cmd = XT_CMD_APPEND;
	xt_apply(&r->xt, ctx, &append, NULL);
	r->level = XL_PLAIN;
	run_translate(r);
	l->table = r->nft.tables;
	l->chain = l->table->chains;
	rule_command(l);
}

static bool check_policy(struct line *l)
{
	const struct xt_command *c = l->cmd;

	if (c->cmd != XT_CMD_POLICY)
		return true;
	if (xt_hook_of(c->table, c->chain) < 0)
		run_complain(l->r,
			     "table %s has no built-in chain %s, and only those have a policy",
			     c->table, c->chain);
	else if (strcmp(c->arg, "ACCEPT") && strcmp(c->arg, "DROP"))
		run_complain(l->r, "\"%s\" is not a policy; it can be ACCEPT or DROP", c->arg);
	else
		return true;
	return false;
}

/* FNV-1a of the line: helper chains of two lines must not be taken for each other. */
static const char *suffix(struct xl_arena *a, const char *line)
{
	uint32_t h = 2166136261U;

	for (; *line; line++)
		h = (h ^ (unsigned char)*line) * 16777619U;
	return xl_printf(a, "%08x", h);
}

/* The words as one line, which messages show. */
static const char *read_words(struct run *r, struct xt_tokens *words, int argc, char **argv)
{
	struct xl_buf b = { 0 };
	const char *line;

	for (int i = 0; i < argc; i++) {
		if (i)
			xl_buf_putc(&b, ' ');
		xl_push(&r->arena, words->v, words->n, words->cap,
			((struct xt_token){ .text = argv[i], .col = (unsigned int)b.len + 1 }));
		quote_word(&b, argv[i]);
	}
	line = xl_strdup(&r->arena, b.s ? b.s : "");
	xl_buf_free(&b);
	run_add_text(r, NULL, line, strlen(line));
	return line;
}

static int command(struct run *r, uint8_t family, int argc, char **argv)
{
	struct xt_command_ctx ctx = {
		.host = &r->host,
		.diags = &r->diags,
		.family = family,
		.table = "filter",
	};
	struct xt_tokens words = { 0 };
	struct xt_command cmd;
	struct line l = { .r = r, .cmd = &cmd, .family = xl_nft_family(family) };

	ctx.source.text = read_words(r, &words, argc, argv);
	ctx.source.loc = (struct xl_loc){ .line = 1 };
	r->env.opts.single = true;
	r->env.opts.name_suffix = suffix(&r->arena, ctx.source.text);
	if (!xt_command_parse(&ctx, &words, &cmd) || !check_policy(&l))
		return XL_EXIT_USAGE;
	if (cmd.skipped)
		return XL_EXIT_OK;
	if (cmd.cmd == XT_CMD_NONE || cmd.cmd == XT_CMD_LIST) {
		run_complain(r, cmd.cmd ? "a listing command has no translation"
					: "no command: give -A CHAIN, -I CHAIN or another");
		return XL_EXIT_USAGE;
	}
	run_choose_version(r);
	if (r->messages.verbose) {
		report_target(r, stderr);
		fputc('\n', stderr);
	}
	if (has_rule(&cmd))
		translate_rule(&l, &ctx);
	else
		other_command(&l);
	return run_status(r);
}

/* The command's own options, if it has any, are taken by then. */
static int run_command(struct run *r, uint8_t family, int argc, char **argv)
{
	int ret;

	run_ask_version(r, r->messages.verbose);
	ret = command(r, family, argc, argv);
	run_show_diags(r);
	if (r->out.failed)
		longjmp(r->oom, 1);
	if (output_write(NULL, r->out.s ? r->out.s : "", r->out.len)) {
		run_complain(r, "standard output: %s", strerror(errno));
		ret = XL_EXIT_RESOURCE;
	}
	return ret;
}

static int own_options(struct run *r, int argc, char **argv)
{
	struct rule_options o = { .family = NFPROTO_IPV4 };
	int words, ret = rule_parse(r, &o, &words, argc, argv);

	if (ret)
		return ret < 0 ? XL_EXIT_OK : ret;
	return run_command(r, o.family, argc - words - 1, argv + words + 1);
}

/* @family: 0: options say it. */
static int run_rule(const char *name, uint8_t family, int argc, char **argv)
{
	static struct run r;
	int ret = run_start(&r, name);

	if (!ret && !setjmp(r.oom)) {
		ret = family ? run_command(&r, family, argc - 1, argv + 1)
			     : own_options(&r, argc, argv);
	} else if (!ret) {
		xt_host_abandon(&r.host);
		run_complain(&r, "out of memory");
		ret = XL_EXIT_RESOURCE;
	}
	run_end(&r);
	return ret;
}

int cmd_rule(int argc, char **argv)
{
	return run_rule("rule", 0, argc, argv);
}

static int drop_in(uint8_t family, int argc, char **argv)
{
	if (argc == 2 && (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"))) {
		printf("Usage: %s [-t TABLE] COMMAND CHAIN [RULE]\nSee xtlate(1).\n", argv[0]);
		return XL_EXIT_OK;
	}
	if (argc == 2 && (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version"))) {
		printf("%s v" PACKAGE_VERSION " (xtlate)\n", argv[0]);
		return XL_EXIT_OK;
	}
	return run_rule(argv[0], family, argc, argv);
}

int cmd_translate4(int argc, char **argv)
{
	return drop_in(NFPROTO_IPV4, argc, argv);
}

int cmd_translate6(int argc, char **argv)
{
	return drop_in(NFPROTO_IPV6, argc, argv);
}
