// SPDX-License-Identifier: GPL-2.0-or-later
#include "xt/apply.h"

#include <string.h>

struct apply {
	struct xt_ruleset *rs;
	const struct xt_command_ctx *ctx;
	const struct xt_command *cmd;
	struct xt_table *table;
};

#define ERROR(a, ...) xl_report((a)->ctx->diags, XL_ERROR, (a)->ctx->source.loc, NULL, __VA_ARGS__)
#define WARN(a, ...)  xl_report((a)->ctx->diags, XL_WARNING, (a)->ctx->source.loc, NULL, __VA_ARGS__)

static struct xt_chain *existing(struct apply *a)
{
	struct xt_chain *c = xt_chain_find(a->table, a->cmd->chain);

	if (!c && xt_hook_of(a->table->name, a->cmd->chain) >= 0)
		c = xt_chain_get(a->rs, a->table, a->cmd->chain);
	if (!c)
		ERROR(a, "there is no chain %s in table %s", a->cmd->chain, a->table->name);
	return c;
}

/* For rules: a chain that no line declares is taken as declared, since nothing else can be meant.
 */
static struct xt_chain *chain_for_rule(struct apply *a)
{
	struct xt_chain *c = xt_chain_get(a->rs, a->table, a->cmd->chain);

	if (c->hook < 0 && !c->declared) {
		WARN(a,
		     "no line declares chain %s of table %s (:%s - [0:0], or -N); it is taken as"
		     " declared",
		     c->name, a->table->name, c->name);
		c->declared = true;
	}
	return c;
}

static bool same_rule(uint8_t family, const struct xt_rule *a, const struct xt_rule *b)
{
	size_t na, nb;

	if (!a->entry || !b->entry || a->action != b->action || !a->jump_name != !b->jump_name ||
	    (a->jump_name && strcmp(a->jump_name, b->jump_name) != 0))
		return false;
	na = xt_entry_size(family, a->entry);
	nb = xt_entry_size(family, b->entry);
	return na == nb && !memcmp(a->entry, b->entry, na);
}

static long find_rule(const struct xt_chain *c, const struct xt_rule *like)
{
	long i = 0;

	for (const struct xt_rule *r = c->rules; r; r = r->next, i++)
		if (same_rule(c->table->family, r, like))
			return i;
	return -1;
}

static void resolve(struct apply *a, struct xt_rule *r)
{
	if (!r->jump_name)
		return;
	r->jump = xt_chain_get(a->rs, a->table, r->jump_name);
	if (r->jump->hook < 0)
		return;
	/* ip_tables.c lets only user chains be jumped to; iptables says so at -j. */
	ERROR(a, "%s is a built-in chain and cannot be jumped to", r->jump_name);
	r->why = "the target is a built-in chain";
	r->entry = NULL;
	r->jump = NULL;
}

/* Of several rules (several addresses) each goes to the same place, so that the last comes to stand
 * first, as with iptables. */
static void insert(struct apply *a, struct xt_chain *c, size_t at)
{
	struct xt_rule *r, *next;

	for (r = a->cmd->rules; r; r = next) {
		next = r->next;
		resolve(a, r);
		xt_rule_insert(c, at, r);
	}
}

static void delete_rule(struct apply *a, struct xt_chain *c)
{
	long at;

	if (a->cmd->cmd == XT_CMD_DELETE_NUM) {
		if (!xt_rule_remove(c, a->cmd->num - 1))
			ERROR(a, "chain %s has no rule %u", c->name, a->cmd->num);
		return;
	}
	for (const struct xt_rule *r = a->cmd->rules; r; r = r->next) {
		at = find_rule(c, r);
		if (at < 0)
			ERROR(a, "chain %s has no such rule to delete", c->name);
		else
			xt_rule_remove(c, (size_t)at);
	}
}

static void replace(struct apply *a, struct xt_chain *c)
{
	if (!a->cmd->rules || a->cmd->rules->next)
		ERROR(a, "-R replaces one rule by one: give one source and one destination");
	else if (!xt_rule_remove(c, a->cmd->num - 1))
		ERROR(a, "chain %s has no rule %u to replace", c->name, a->cmd->num);
	else
		insert(a, c, a->cmd->num - 1);
}

static void rule_command(struct apply *a)
{
	struct xt_chain *c = chain_for_rule(a);

	switch (a->cmd->cmd) {
	case XT_CMD_APPEND:
		insert(a, c, SIZE_MAX);
		break;
	case XT_CMD_INSERT:
		if (a->cmd->num - 1 > c->n)
			ERROR(a, "chain %s has %zu rules; -I %u is too far", c->name, c->n,
			      a->cmd->num);
		else
			insert(a, c, a->cmd->num - 1);
		break;
	case XT_CMD_REPLACE:
		replace(a, c);
		break;
	case XT_CMD_CHECK:
		if (find_rule(c, a->cmd->rules) < 0)
			WARN(a, "-C: chain %s has no such rule", c->name);
		break;
	default:
		delete_rule(a, c);
		break;
	}
}

static void for_chains(struct apply *a, void (*fn)(struct apply *, struct xt_chain *))
{
	struct xt_chain *c, *next;

	if (a->cmd->chain) {
		c = existing(a);
		if (c)
			fn(a, c);
		return;
	}
	for (c = a->table->chains; c; c = next) {
		next = c->next;
		fn(a, c);
	}
}

static void flush(struct apply *a, struct xt_chain *c)
{
	(void)a;
	c->rules = c->last = NULL;
	c->n = 0;
}

static void zero(struct apply *a, struct xt_chain *c)
{
	unsigned int num = 0;

	for (struct xt_rule *r = c->rules; r; r = r->next)
		if (++num == a->cmd->num || a->cmd->cmd == XT_CMD_ZERO)
			r->packets = r->bytes = 0;
	if (a->cmd->cmd == XT_CMD_ZERO)
		c->packets = c->bytes = 0;
}

static bool referenced(const struct xt_chain *chain)
{
	for (const struct xt_chain *c = chain->table->chains; c; c = c->next)
		for (const struct xt_rule *r = c->rules; r; r = r->next)
			if (r->jump == chain)
				return true;
	return false;
}

static void delete_chain(struct apply *a, struct xt_chain *c)
{
	bool all = !a->cmd->chain;

	if (c->hook >= 0) {
		if (!all)
			ERROR(a, "%s is a built-in chain and cannot be deleted", c->name);
	} else if (c->rules) {
		ERROR(a, "chain %s is not empty", c->name);
	} else if (referenced(c)) {
		ERROR(a, "rules still jump to chain %s", c->name);
	} else {
		xt_chain_delete(c);
	}
}

static void new_chain(struct apply *a)
{
	struct xt_chain *c = xt_chain_find(a->table, a->cmd->chain);

	if (c && (c->declared || c->hook >= 0))
		ERROR(a, "chain %s is there already", c->name);
	xt_chain_get(a->rs, a->table, a->cmd->chain)->declared = true;
}

static void policy(struct apply *a)
{
	struct xt_chain *c = existing(a);
	bool drop = !strcmp(a->cmd->arg, "DROP");

	if (!c)
		return;
	if (c->hook < 0)
		ERROR(a, "%s is a user chain; only built-in chains have a policy", c->name);
	else if (!drop && strcmp(a->cmd->arg, "ACCEPT") != 0)
		ERROR(a, "\"%s\" is not a policy; it can be ACCEPT or DROP", a->cmd->arg);
	else
		c->policy = drop ? XT_POLICY_DROP : XT_POLICY_ACCEPT;
}

static void rename_chain(struct apply *a)
{
	struct xt_chain *c = existing(a);

	if (!c)
		return;
	if (c->hook >= 0)
		ERROR(a, "%s is a built-in chain and cannot be renamed", c->name);
	else if (xt_chain_find(a->table, a->cmd->arg))
		ERROR(a, "there is a chain %s already", a->cmd->arg);
	else
		xt_chain_rename(a->rs, c, a->cmd->arg);
}

/* A line that could not be parsed still has its place, so that the output can say so there. */
static void keep_failed(struct apply *a, const char *why)
{
	struct xt_rule *r;

	if (!a->cmd->chain || (a->cmd->cmd != XT_CMD_APPEND && a->cmd->cmd != XT_CMD_INSERT))
		return;
	r = xl_new(a->rs->arena, struct xt_rule);
	r->source = a->ctx->source;
	r->why = why;
	xt_rule_insert(chain_for_rule(a), a->cmd->num ? a->cmd->num - 1 : SIZE_MAX, r);
}

void xt_apply(struct xt_ruleset *rs, const struct xt_command_ctx *ctx, const struct xt_command *cmd,
	      const char *failed)
{
	struct apply a = { .rs = rs, .ctx = ctx, .cmd = cmd };

	a.table = xt_table_get(rs, ctx->family, cmd->table);
	if (failed) {
		keep_failed(&a, failed);
		return;
	}
	switch (cmd->cmd) {
	case XT_CMD_NONE:
		ERROR(&a, "no command: a rule needs -A CHAIN or -I CHAIN");
		break;
	case XT_CMD_NEW_CHAIN:
		new_chain(&a);
		break;
	case XT_CMD_DELETE_CHAIN:
		for_chains(&a, delete_chain);
		break;
	case XT_CMD_FLUSH:
		for_chains(&a, flush);
		break;
	case XT_CMD_ZERO:
	case XT_CMD_ZERO_NUM:
		for_chains(&a, zero);
		break;
	case XT_CMD_POLICY:
		policy(&a);
		break;
	case XT_CMD_RENAME:
		rename_chain(&a);
		break;
	case XT_CMD_LIST:
		WARN(&a, "a listing command has no place in a ruleset; it is left out");
		break;
	default:
		rule_command(&a);
		break;
	}
}
