// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where a rule goes. libxtables does not tell its plugins the table and the chain, and a target in
 * a wrong one makes the kernel say "Invalid argument". So this looks at the command line of the
 * process. It knows nothing of a rule that iptables-restore reads, nor of user-defined chains, and
 * says nothing wherever it could be mistaken: then the kernel decides, as ever.
 */
#include "plugin.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

enum { CMDLINE_MAX = 32768 };

struct words {
	char text[CMDLINE_MAX];
	const char *end;
	const char *at;
};

struct place {
	const char *table; /* NULL when not known */
	const char *chain;
};

static bool read_cmdline(struct words *w)
{
	int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return false;
	while ((n = read(fd, w->text + len, sizeof(w->text) - len)) > 0)
		len += (size_t)n;
	close(fd);
	w->at = w->text;
	w->end = w->text + len;
	return n == 0 && len && len < sizeof(w->text) && !w->text[len - 1];
}

static const char *next_word(struct words *w)
{
	const char *word = w->at;

	if (word >= w->end)
		return NULL;
	w->at = word + strlen(word) + 1;
	return word;
}

struct option_names {
	const char *brief, *name;
};

/* The value of an option when @word is it, else NULL. */
static const char *value_of(struct words *w, const char *word, const struct option_names *o)
{
	size_t len = strlen(o->name);

	if (!strcmp(word, o->brief) || !strcmp(word, o->name))
		return next_word(w);
	if (!strncmp(word, o->name, len) && word[len] == '=')
		return word + len + 1;
	if (!strncmp(word, o->brief, 2))
		return word + 2;
	return NULL;
}

static const struct option_names table_option = { "-t", "--table" };

/* Commands that give the kernel a rule. */
static const struct option_names commands[] = {
	{ "-A", "--append" },
	{ "-I", "--insert" },
	{ "-R", "--replace" },
};

static bool is_flag(const char *word)
{
	static const char *const flags[] = { "-4", "-6", "--ipv4", "--ipv6", "-v", "--verbose" };

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (!strcmp(word, flags[i]))
			return true;
	return false;
}

/* -w has a value or none: iptables takes the next word when it does not begin with a dash. */
static bool skip_wait(struct words *w, const char *word)
{
	if (strncmp(word, "-w", 2) != 0 && strncmp(word, "--wait", 6) != 0)
		return false;
	if ((!strcmp(word, "-w") || !strcmp(word, "--wait")) && w->at < w->end && *w->at != '-')
		next_word(w);
	return true;
}

/* Reads up to the command, knowing every word, so that no value is taken for an option. */
static bool read_head(struct words *w, struct place *p)
{
	const char *word, *value;

	next_word(w);
	/* "xtables-nft-multi iptables …" */
	if (w->at < w->end && *w->at != '-')
		next_word(w);
	while ((word = next_word(w))) {
		for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
			p->chain = value_of(w, word, &commands[i]);
			if (p->chain)
				return true;
		}
		value = value_of(w, word, &table_option);
		if (value)
			p->table = value;
		else if (!is_flag(word) && !skip_wait(w, word))
			return false;
	}
	return false;
}

/* Whether the word could be -t, also shortened or among other short options. */
static bool could_be_table(const char *word)
{
	size_t len = strcspn(word, "=");

	if (*word != '-')
		return false;
	if (word[1] != '-')
		return strchr(word, 't');
	return len > 3 && !strncmp(word, table_option.name, len);
}

/* A table behind the command. If there is a doubt, the place is not known. */
static bool read_tail(struct words *w, struct place *p)
{
	unsigned int seen = !!p->table;
	const char *word;

	while ((word = next_word(w))) {
		if (!could_be_table(word))
			continue;
		if (seen++)
			return false;
		p->table = value_of(w, word, &table_option);
		if (!p->table)
			return false;
	}
	if (!p->table)
		p->table = "filter";
	return true;
}

/* Other programs than these have libxtables inside and command lines of their own. */
static bool is_iptables(const char *program)
{
	static const char *const names[] = { "iptables",  "iptables-nft",  "iptables-translate",
					     "ip6tables", "ip6tables-nft", "ip6tables-translate" };

	for (size_t i = 0; program && i < ARRAY_SIZE(names); i++)
		if (!strcmp(program, names[i]))
			return true;
	return false;
}

static bool find_place(struct words *w, struct place *p)
{
	*p = (struct place){ NULL, NULL };
	return is_iptables(xt_params->program_name) && read_cmdline(w) && read_head(w, p) &&
	       read_tail(w, p);
}

/* The built-in chains of the tables that our targets can be in. */
static unsigned int hook_of(const char *table, const char *chain)
{
	static const struct {
		const char *chain;
		unsigned int hook;
	} hooks[] = {
		{ "PREROUTING", 1 << NF_INET_PRE_ROUTING },   { "INPUT", 1 << NF_INET_LOCAL_IN },
		{ "FORWARD", 1 << NF_INET_FORWARD },	      { "OUTPUT", 1 << NF_INET_LOCAL_OUT },
		{ "POSTROUTING", 1 << NF_INET_POST_ROUTING },
	};

	/* In table nat it would be a user's chain. */
	if (!strcmp(table, "nat") && !strcmp(chain, "FORWARD"))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(hooks); i++)
		if (!strcmp(chain, hooks[i].chain))
			return hooks[i].hook;
	return 0;
}

unsigned int plugin_hook(void)
{
	static struct words w;
	struct place p;

	return find_place(&w, &p) ? hook_of(p.table, p.chain) : 0;
}

/* xt_check_target() (net/netfilter/x_tables.c) wants the table whatever the chain, and the hooks of
 * all built-in chains from which the rule is reached. */
void plugin_check_place(const char *name, const struct plugin_place *allowed)
{
	static struct words w;
	struct place p;
	unsigned int hook;

	if (!find_place(&w, &p))
		return;
	hook = hook_of(p.table, p.chain);
	if (!strcmp(p.table, allowed->table) && (!hook || hook & allowed->hooks))
		return;
	xtables_error(PARAMETER_PROBLEM,
		      "%s works only in table %s, in %s and chains reached only from there; "
		      "this rule is for chain %s of table %s",
		      name, allowed->table, allowed->where, p.chain, p.table);
}
