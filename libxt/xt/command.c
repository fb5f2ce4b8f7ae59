// SPDX-License-Identifier: GPL-2.0-or-later
/* The options that iptables itself has; those of extensions go to the plugin host. */
#include "xt/command.h"

#include "xt/header.h"

#include <stdlib.h>
#include <string.h>

/* A command line being read. */
struct reader {
	const struct xt_command_ctx *ctx;
	struct xt_host *host;
	struct xt_command *cmd;
	struct xt_header head;
	char **argv; /* the words, NULL-terminated */
	const struct xt_token *words;
	int n, at;		      /* @at: the next word */
	unsigned int col;	      /* of the word that an error is about */
	unsigned int col_in, col_out; /* of -i and -o */
	bool invert;
	bool counters;
	uint64_t packets, bytes;
	const char *jump;
	bool go_to;
	const char *hint;
};

enum opt {
	OPT_SOURCE,
	OPT_DESTINATION,
	OPT_PROTOCOL,
	OPT_IN,
	OPT_OUT,
	OPT_JUMP,
	OPT_GOTO,
	OPT_MATCH,
	OPT_TABLE,
	OPT_FRAGMENT,
	OPT_COUNTERS,
	OPT_4,
	OPT_6,
	OPT_WAIT,
	OPT_WAIT_INTERVAL,
	OPT_IGNORE,
	OPT_IGNORE_ARG,
	OPT_APPEND,
	OPT_INSERT,
	OPT_DELETE,
	OPT_REPLACE,
	OPT_CHECK,
	OPT_NEW,
	OPT_DELETE_CHAIN,
	OPT_FLUSH,
	OPT_ZERO,
	OPT_POLICY,
	OPT_RENAME,
	OPT_LIST,
};

struct core_option {
	char letter; /* 0: none */
	bool arg, invertible;
	enum opt opt;
	const char *name;
};

static const struct core_option core[] = {
	{ 's', true, true, OPT_SOURCE, "source" },
	{ 's', true, true, OPT_SOURCE, "src" },
	{ 'd', true, true, OPT_DESTINATION, "destination" },
	{ 'd', true, true, OPT_DESTINATION, "dst" },
	{ 'p', true, true, OPT_PROTOCOL, "protocol" },
	{ 'i', true, true, OPT_IN, "in-interface" },
	{ 'o', true, true, OPT_OUT, "out-interface" },
	{ 'j', true, false, OPT_JUMP, "jump" },
	{ 'g', true, false, OPT_GOTO, "goto" },
	{ 'm', true, false, OPT_MATCH, "match" },
	{ 't', true, false, OPT_TABLE, "table" },
	{ 'f', false, true, OPT_FRAGMENT, "fragments" },
	{ 'f', false, true, OPT_FRAGMENT, "fragment" },
	{ 'c', true, false, OPT_COUNTERS, "set-counters" },
	{ '4', false, false, OPT_4, "ipv4" },
	{ '6', false, false, OPT_6, "ipv6" },
	{ 'w', false, false, OPT_WAIT, "wait" },
	{ 'W', true, false, OPT_WAIT_INTERVAL, "wait-interval" },
	{ 'n', false, false, OPT_IGNORE, "numeric" },
	{ 'v', false, false, OPT_IGNORE, "verbose" },
	{ 'x', false, false, OPT_IGNORE, "exact" },
	{ 0, false, false, OPT_IGNORE, "line-numbers" },
	{ 0, false, false, OPT_IGNORE, "no-flush" },
	{ 'M', true, false, OPT_IGNORE_ARG, "modprobe" },
	{ 'A', true, false, OPT_APPEND, "append" },
	{ 'I', true, false, OPT_INSERT, "insert" },
	{ 'D', true, false, OPT_DELETE, "delete" },
	{ 'R', true, false, OPT_REPLACE, "replace" },
	{ 'C', true, false, OPT_CHECK, "check" },
	{ 'N', true, false, OPT_NEW, "new-chain" },
	{ 'X', false, false, OPT_DELETE_CHAIN, "delete-chain" },
	{ 'F', false, false, OPT_FLUSH, "flush" },
	{ 'Z', false, false, OPT_ZERO, "zero" },
	{ 'P', true, false, OPT_POLICY, "policy" },
	{ 'E', true, false, OPT_RENAME, "rename-chain" },
	{ 'L', false, false, OPT_LIST, "list" },
	{ 'S', false, false, OPT_LIST, "list-rules" },
};

#define FAIL(r, ...) xt_host_fail((r)->host, __VA_ARGS__)

static char *take(struct reader *r, const char *what)
{
	if (r->at >= r->n)
		FAIL(r, "%s needs an argument", what);
	r->col = r->words[r->at].col;
	return r->argv[r->at++];
}

static bool more(const struct reader *r)
{
	const char *next = r->at < r->n ? r->argv[r->at] : NULL;

	return next && *next != '-' && strcmp(next, "!") != 0;
}

static unsigned int rule_number(struct reader *r)
{
	char *end, *s = take(r, "the command");
	unsigned long n = strtoul(s, &end, 10);

	if (*end || !*s || !n || n > UINT32_MAX)
		FAIL(r, "\"%s\" is not a rule number (they count from 1)", s);
	return (unsigned int)n;
}

static bool number_follows(const struct reader *r)
{
	return more(r) && strspn(r->argv[r->at], "0123456789") == strlen(r->argv[r->at]);
}

static void set_command(struct reader *r, enum xt_cmd cmd, const char *chain)
{
	if (r->cmd->cmd == XT_CMD_FLUSH || r->cmd->cmd == XT_CMD_ZERO || !r->cmd->cmd)
		r->cmd->cmd = cmd;
	else
		FAIL(r, "there are two commands in one line");
	if (chain)
		r->cmd->chain = chain;
}

static void command(struct reader *r, enum opt opt, char *arg)
{
	switch (opt) {
	case OPT_APPEND:
		set_command(r, XT_CMD_APPEND, arg);
		break;
	case OPT_CHECK:
		set_command(r, XT_CMD_CHECK, arg);
		break;
	case OPT_INSERT:
		set_command(r, XT_CMD_INSERT, arg);
		r->cmd->num = number_follows(r) ? rule_number(r) : 1;
		break;
	case OPT_DELETE:
		set_command(r, number_follows(r) ? XT_CMD_DELETE_NUM : XT_CMD_DELETE, arg);
		if (r->cmd->cmd == XT_CMD_DELETE_NUM)
			r->cmd->num = rule_number(r);
		break;
	case OPT_REPLACE:
		set_command(r, XT_CMD_REPLACE, arg);
		r->cmd->num = rule_number(r);
		break;
	case OPT_NEW:
		set_command(r, XT_CMD_NEW_CHAIN, arg);
		break;
	case OPT_DELETE_CHAIN:
		set_command(r, XT_CMD_DELETE_CHAIN, more(r) ? take(r, "-X") : NULL);
		break;
	case OPT_FLUSH:
		set_command(r, XT_CMD_FLUSH, more(r) ? take(r, "-F") : NULL);
		break;
	case OPT_ZERO:
		set_command(r, XT_CMD_ZERO, more(r) ? take(r, "-Z") : NULL);
		if (number_follows(r)) {
			r->cmd->num = rule_number(r);
			r->cmd->cmd = XT_CMD_ZERO_NUM;
		}
		break;
	case OPT_POLICY:
		set_command(r, XT_CMD_POLICY, arg);
		r->cmd->arg = take(r, "-P CHAIN");
		break;
	case OPT_RENAME:
		set_command(r, XT_CMD_RENAME, arg);
		r->cmd->arg = take(r, "-E CHAIN");
		break;
	default:
		set_command(r, XT_CMD_LIST, more(r) ? take(r, "-L") : NULL);
		break;
	}
}

static uint64_t count(struct reader *r, const char *s, char **end)
{
	uint64_t n = strtoull(s, end, 10);

	if (*end == s || *s == '-')
		FAIL(r, "\"%s\" is not a counter; -c takes PACKETS BYTES", s);
	return n;
}

static void counters(struct reader *r, const char *arg)
{
	char *end;

	r->packets = count(r, arg, &end);
	if (*end == ',' || *end == ':')
		arg = end + 1;
	else if (*end)
		FAIL(r, "\"%s\" is not a counter; -c takes PACKETS BYTES", arg);
	else
		arg = take(r, "-c PACKETS");
	r->bytes = count(r, arg, &end);
	if (*end)
		FAIL(r, "\"%s\" is not a counter; -c takes PACKETS BYTES", arg);
	r->counters = true;
}

static void jump(struct reader *r, const char *name, bool go_to)
{
	if (r->jump)
		FAIL(r, "there is a second target, \"%s\"", name);
	r->jump = name;
	r->go_to = go_to;
	if (go_to || xt_action_of(name) != XT_ACT_TARGET)
		return;
	if (r->ctx->is_chain && r->ctx->is_chain(r->ctx->data, r->cmd->table, name))
		return;
	if (xt_host_set_target(r->host, name))
		return;
	r->hint = "declare the chain (:NAME - [0:0], or -N NAME) before rules that jump to it, or "
		  "install the extension and name its folder in XTABLES_LIBDIR";
	if (r->ctx->is_chain)
		FAIL(r, "\"%s\" is neither a chain of table %s nor a target that libxtables finds",
		     name, r->cmd->table);
}

static void header(struct reader *r, enum opt opt, char *arg)
{
	struct xt_header *h = &r->head;

	switch (opt) {
	case OPT_SOURCE:
		xt_header_addresses(r->host, h, true, arg, r->invert);
		break;
	case OPT_DESTINATION:
		xt_header_addresses(r->host, h, false, arg, r->invert);
		break;
	case OPT_PROTOCOL:
		xt_header_protocol(r->host, h, arg, r->invert);
		break;
	case OPT_IN:
		r->col_in = r->col;
		xt_header_interface(r->host, h, true, arg, r->invert);
		break;
	case OPT_OUT:
		r->col_out = r->col;
		xt_header_interface(r->host, h, false, arg, r->invert);
		break;
	default:
		xt_header_fragment(r->host, h, r->invert);
		break;
	}
}

static void apply(struct reader *r, const struct core_option *o, char *arg)
{
	switch (o->opt) {
	case OPT_SOURCE:
	case OPT_DESTINATION:
	case OPT_PROTOCOL:
	case OPT_IN:
	case OPT_OUT:
	case OPT_FRAGMENT:
		header(r, o->opt, arg);
		break;
	case OPT_JUMP:
	case OPT_GOTO:
		jump(r, arg, o->opt == OPT_GOTO);
		break;
	case OPT_MATCH:
		r->hint = "install the package that has this extension, or name its folder in "
			  "XTABLES_LIBDIR";
		xt_host_add_match(r->host, arg);
		r->hint = NULL;
		break;
	case OPT_TABLE:
		if (!xt_table_hooks(arg))
			FAIL(r,
			     "iptables has no table \"%s\"; its tables are raw, mangle, nat, filter"
			     " and security",
			     arg);
		r->cmd->table = arg;
		break;
	case OPT_COUNTERS:
		counters(r, arg);
		break;
	case OPT_4:
	case OPT_6:
		r->cmd->skipped |= (o->opt == OPT_4) != (r->ctx->family == NFPROTO_IPV4);
		break;
	case OPT_WAIT:
		if (number_follows(r))
			r->at++;
		break;
	case OPT_WAIT_INTERVAL:
	case OPT_IGNORE:
	case OPT_IGNORE_ARG:
		break;
	default:
		command(r, o->opt, arg);
		break;
	}
}

/* "--dport ! 80", as older iptables wrote it; a lone ! can be no value but to --comment and such,
 * where a value follows anyway. */
static char *option_arg(struct reader *r, const char *option, char *inline_arg)
{
	char *arg = inline_arg ? inline_arg : take(r, option);

	if (inline_arg || strcmp(arg, "!") != 0 || r->words[r->at - 1].quoted || r->at >= r->n ||
	    r->argv[r->at][0] == '-')
		return arg;
	if (r->invert)
		FAIL(r, "%s is inverted twice", option);
	r->invert = true;
	return take(r, option);
}

static void core_option(struct reader *r, const struct core_option *o, char *word, char *inline_arg)
{
	unsigned int col = r->col;
	char *arg = NULL;

	if (o->arg)
		arg = option_arg(r, word, inline_arg);
	else if (inline_arg && o->opt == OPT_WAIT)
		arg = inline_arg;
	else if (inline_arg)
		FAIL(r, "%s takes no argument", word);
	if (r->invert && !o->invertible) {
		r->col = col;
		FAIL(r, "%s cannot be inverted", word);
	}
	apply(r, o, arg);
}

static void extension_option(struct reader *r, const struct xt_host_option *o, char *word,
			     char *inline_arg)
{
	char *arg = inline_arg;

	if (o->has_arg == 1)
		arg = option_arg(r, word, inline_arg);
	else if (!o->has_arg && inline_arg)
		FAIL(r, "%s takes no argument", word);
	r->at = xt_host_parse(r->host, o, r->argv, r->at, arg, r->invert,
			      xt_header_entry(&r->head));
}

static const struct core_option *core_by_name(const char *name, size_t len, bool exact,
					      bool *ambiguous)
{
	const struct core_option *found = NULL;

	for (size_t i = 0; i < sizeof(core) / sizeof(core[0]); i++) {
		if (strncmp(core[i].name, name, len) != 0)
			continue;
		if (!core[i].name[len])
			return &core[i];
		if (exact)
			continue;
		if (found && found->opt != core[i].opt)
			*ambiguous = true;
		found = &core[i];
	}
	return found;
}

/* An option that no loaded extension has may be one of the protocol's own match. */
static bool load_protocol_match(struct reader *r)
{
	const char *name = xt_header_protocol_match(&r->head);

	if (!name || xt_host_has_match(r->host, name) || !xt_host_try_match(r->host, name))
		return false;
	return true;
}

/* As getopt_long(3) does: what is written out is first, a shortened name must be of one option
 * only, be it iptables' own or an extension's. */
static bool try_long_option(struct reader *r, char *word, size_t len, char *arg)
{
	const char *name = word + 2;
	struct xt_host_option ext;
	bool ambiguous = false, ext_ambiguous, found;
	const struct core_option *o;

	found = xt_host_find_option(r->host, name, len, &ext, &ext_ambiguous);
	if (found && !ext.shortened) {
		extension_option(r, &ext, word, arg);
		return true;
	}
	o = core_by_name(name, len, false, &ambiguous);
	if (ambiguous || ext_ambiguous || (o && found))
		FAIL(r, "\"%s\" could be several options; write it out", word);
	if (found)
		extension_option(r, &ext, word, arg);
	else if (o)
		core_option(r, o, word, arg);
	return found || o;
}

static void long_option(struct reader *r, char *word)
{
	char *name = word + 2, *eq = strchr(name, '='), *arg = eq ? eq + 1 : NULL;
	size_t len = eq ? (size_t)(eq - name) : strlen(name);
	bool ambiguous;
	const struct core_option *o = core_by_name(name, len, true, &ambiguous);

	if (o) {
		core_option(r, o, word, arg);
		return;
	}
	do {
		if (len && try_long_option(r, word, len, arg))
			return;
	} while (load_protocol_match(r));
	r->hint = r->head.proto_given ? "name the match that has it with -m before it"
				      : "name the match that has it with -m, or the "
					"protocol with -p, before it";
	FAIL(r, "unknown option \"%s\"", word);
}

static void short_option(struct reader *r, char *word)
{
	char *p = word + 1;

	while (*p) {
		const struct core_option *o = NULL;
		char shown[3] = { '-', *p, '\0' };

		for (size_t i = 0; !o && i < sizeof(core) / sizeof(core[0]); i++)
			if (core[i].letter == *p)
				o = &core[i];
		if (!o)
			FAIL(r, "unknown option \"%s\"", word);
		p++;
		if (o->arg) {
			core_option(r, o, shown, *p ? p : NULL);
			return;
		}
		core_option(r, o, shown, NULL);
	}
}

static void words(struct reader *r)
{
	while (r->at < r->n) {
		char *w = r->argv[r->at];

		r->col = r->words[r->at++].col;
		if (!strcmp(w, "!") && !r->words[r->at - 1].quoted) {
			if (r->invert)
				FAIL(r, "two ! in a row");
			r->invert = true;
			continue;
		}
		if (w[0] != '-' || !w[1])
			FAIL(r, "\"%s\" is not expected here", w);
		if (w[1] == '-')
			long_option(r, w);
		else
			short_option(r, w);
		r->invert = false;
	}
	if (r->invert)
		FAIL(r, "nothing follows the !");
}

static bool is_rule(enum xt_cmd cmd)
{
	return cmd == XT_CMD_APPEND || cmd == XT_CMD_INSERT || cmd == XT_CMD_DELETE ||
	       cmd == XT_CMD_REPLACE || cmd == XT_CMD_CHECK;
}

static void check_interfaces(struct reader *r)
{
	int hook = xt_hook_of(r->cmd->table, r->cmd->chain);

	if ((hook == NF_INET_PRE_ROUTING || hook == NF_INET_LOCAL_IN) && r->head.out_given) {
		r->col = r->col_out;
		FAIL(r, "-o cannot be used in %s: no outgoing interface is known there",
		     r->cmd->chain);
	}
	if ((hook == NF_INET_POST_ROUTING || hook == NF_INET_LOCAL_OUT) && r->head.in_given) {
		r->col = r->col_in;
		FAIL(r, "-i cannot be used in %s: no incoming interface is known there",
		     r->cmd->chain);
	}
}

static void make_rules(struct reader *r)
{
	struct xt_rule **end = &r->cmd->rules, *rule;
	enum xt_action act = XT_ACT_NONE;
	const char *jump_name = NULL;

	check_interfaces(r);
	xt_host_check(r->host);
	if (r->jump)
		act = r->host->target ? XT_ACT_TARGET : xt_action_of(r->jump);
	if (act == XT_ACT_TARGET && !r->host->target)
		act = XT_ACT_JUMP;
	if (r->go_to)
		act = XT_ACT_GOTO;
	if (act == XT_ACT_JUMP || act == XT_ACT_GOTO)
		jump_name = xl_strdup(r->host->rs->arena, r->jump);
	while (xt_header_next(&r->head, r->go_to)) {
		rule = xl_new(r->host->rs->arena, struct xt_rule);
		rule->source = r->ctx->source;
		rule->entry = xt_host_assemble(r->host, xt_header_entry(&r->head));
		rule->action = act;
		rule->jump_name = jump_name;
		rule->counters = r->counters;
		rule->packets = r->packets;
		rule->bytes = r->bytes;
		*end = rule;
		end = &rule->next;
	}
}

static char **argv_of(struct xl_arena *a, const struct xt_tokens *t)
{
	char **argv = xl_alloc(a, (t->n + 1) * sizeof(*argv));

	for (size_t i = 0; i < t->n; i++)
		argv[i] = t->v[i].text;
	return argv;
}

bool xt_command_parse(const struct xt_command_ctx *ctx, const struct xt_tokens *t,
		      struct xt_command *cmd)
{
	struct xl_arena *a = ctx->words ? ctx->words : ctx->host->rs->arena;
	struct reader *r = xl_new(a, struct reader);
	struct xl_loc loc;
	volatile bool ok = false;

	*cmd = (struct xt_command){ .table = ctx->table };
	r->ctx = ctx;
	r->host = ctx->host;
	r->cmd = cmd;
	r->words = t->v;
	r->n = (int)t->n;
	r->argv = argv_of(a, t);
	xt_host_set_family(r->host, ctx->family);
	xt_header_init(&r->head, ctx->family);
	r->host->catching = true;
	xt_host_listen(r->host);
	if (!setjmp(r->host->jump)) {
		words(r);
		if (!cmd->skipped && is_rule(cmd->cmd))
			make_rules(r);
		ok = true;
	}
	r->host->catching = false;
	xt_host_report(r->host, ctx->diags, ctx->source.loc);
	xt_host_reset(r->host);
	xt_header_free(&r->head);
	if (ok)
		return true;
	loc = ctx->source.loc;
	loc.col = r->col;
	xl_report(ctx->diags, XL_ERROR, loc, r->hint, "%s", r->host->error);
	return false;
}
