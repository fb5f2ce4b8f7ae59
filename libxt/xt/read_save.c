// SPDX-License-Identifier: GPL-2.0-or-later
#include "xt/read_save.h"

#include "xt/apply.h"

#include <stdlib.h>
#include <string.h>

/* What the words of any line but a very long one need. */
enum { WORDS_ROOM = 16 * 1024 };

struct reader {
	struct xt_ruleset *rs;
	struct xt_ruleset declared; /* every chain that some line of the text declares */
	struct xt_host *host;
	struct xl_diags *diags;
	const struct xt_read_opts *opts;
	const char *table; /* of the last "*table"; NULL before the first */
	bool open;	   /* no COMMIT since */
	bool skip;	   /* an unknown table: its lines are passed over */
	bool junk;	   /* text before the first table was told of */
	unsigned int line;
	struct xl_arena words; /* of one line */
};

static struct xl_loc here(const struct reader *r, unsigned int col)
{
	return (struct xl_loc){ .file = r->opts->file, .line = r->line, .col = col };
}

static bool is_blank(const char *s)
{
	return !s[strspn(s, " \t")];
}

/* "[12:3456]" at the start; what follows it, or NULL when it is none. */
static const char *read_counters(const char *s, uint64_t *packets, uint64_t *bytes)
{
	char *end;

	if (*s != '[' || s[1] < '0' || s[1] > '9')
		return NULL;
	*packets = strtoull(s + 1, &end, 10);
	if (*end != ':' || end[1] < '0' || end[1] > '9')
		return NULL;
	*bytes = strtoull(end + 1, &end, 10);
	return *end == ']' ? end + 1 : NULL;
}

static void forget_table(struct reader *r, struct xt_table *t)
{
	struct xt_table **p = &r->rs->tables;

	while (*p != t)
		p = &(*p)->next;
	*p = t->next;
	if (!*p)
		r->rs->end = p;
}

static void table_line(struct reader *r, const char *line)
{
	const char *name = xl_strndup(r->rs->arena, line + 1 + strspn(line + 1, " \t"),
				      strcspn(line + 1 + strspn(line + 1, " \t"), " \t"));
	struct xt_table *t;

	if (r->open)
		xl_report(
			r->diags, XL_WARNING, here(r, 1), NULL,
			"table %s has no COMMIT; iptables-restore would not load it, it is taken as"
			" complete",
			r->table);
	r->table = name;
	r->open = true;
	r->skip = !xt_table_hooks(name);
	if (r->skip) {
		xl_report(
			r->diags, XL_ERROR, here(r, 2), NULL,
			"iptables has no table \"%s\"; its tables are raw, mangle, nat, filter and"
			" security",
			name);
		return;
	}
	for (t = r->rs->tables; t; t = t->next)
		if (t->family == r->opts->family && !strcmp(t->name, name))
			break;
	if (t && !r->opts->noflush) {
		xl_report(r->diags, XL_WARNING, here(r, 1),
			  "use --noflush to put them together, as iptables-restore -n does",
			  "table %s comes again and replaces what was there, as iptables-restore "
			  "does",
			  name);
		forget_table(r, t);
	}
	xt_table_get(r->rs, r->opts->family, name);
}

static void set_policy(struct reader *r, struct xt_chain *c, const char *word)
{
	if (!strcmp(word, "DROP"))
		c->policy = XT_POLICY_DROP;
	else if (!strcmp(word, "ACCEPT"))
		c->policy = XT_POLICY_ACCEPT;
	else if (c->hook >= 0 || strcmp(word, "-") != 0)
		xl_report(r->diags, XL_ERROR, here(r, 0), NULL,
			  "\"%s\" is not a policy of chain %s; built-in chains have ACCEPT or DROP,"
			  " others -",
			  word, c->name);
	if (c->hook < 0 && c->policy) {
		xl_report(r->diags, XL_WARNING, here(r, 0), NULL,
			  "%s is no built-in chain of table %s, so it has no policy", c->name,
			  c->table->name);
		c->policy = XT_POLICY_NONE;
	}
}

/* The next word of a chain line: no quoting there. NULL at the end. */
static const char *next_word(struct reader *r, const char **line)
{
	const char *s = *line + strspn(*line, " \t");
	size_t n = strcspn(s, " \t");

	*line = s + n;
	return n ? xl_strndup(r->rs->arena, s, n) : NULL;
}

static void chain_line(struct reader *r, const char *line)
{
	const char *rest = line + 1, *name = next_word(r, &rest), *policy = next_word(r, &rest);
	const char *counters = next_word(r, &rest);
	struct xt_chain *c;

	if (!r->table) {
		xl_report(r->diags, XL_ERROR, here(r, 1), NULL, "a chain before the first *table");
		return;
	}
	if (!policy) {
		xl_report(r->diags, XL_ERROR, here(r, 1), NULL,
			  "a chain line has the form :NAME POLICY [PACKETS:BYTES]");
		return;
	}
	c = xt_chain_get(r->rs, xt_table_get(r->rs, r->opts->family, r->table), name);
	if (c->hook < 0) { /* emptied, as iptables-restore does, with -n too */
		c->rules = c->last = NULL;
		c->n = 0;
	}
	c->declared = true;
	c->loc = here(r, 1);
	set_policy(r, c, policy);
	c->counters = counters && read_counters(counters, &c->packets, &c->bytes);
}

static bool is_chain(void *data, const char *table, const char *name)
{
	struct reader *r = data;
	const struct xt_table *t;

	for (t = r->declared.tables; t; t = t->next)
		if (!strcmp(t->name, table) && xt_chain_find(t, name))
			return true;
	for (t = r->rs->tables; t; t = t->next)
		if (t->family == r->opts->family && !strcmp(t->name, table) &&
		    xt_chain_find(t, name))
			return true;
	return false;
}

static const char *base_name(const char *s)
{
	const char *slash = strrchr(s, '/');

	return slash ? slash + 1 : s;
}

/* Takes "iptables", "sudo ip6tables", "/sbin/iptables-legacy" off the front. */
static void strip_program(struct xt_tokens *t)
{
	while (t->n && t->v[0].text[0] != '-' && t->v[0].text[0] != '!') {
		const char *name = base_name(t->v[0].text);

		if (strncmp(name, "iptables", 8) && strncmp(name, "ip6tables", 9) &&
		    strcmp(name, "sudo") != 0)
			return;
		t->v++;
		t->n--;
	}
}

static void rule_counters(struct xt_command *cmd, uint64_t packets, uint64_t bytes)
{
	for (struct xt_rule *rule = cmd->rules; rule; rule = rule->next) {
		rule->counters = true;
		rule->packets = packets;
		rule->bytes = bytes;
	}
}

static bool is_junk(struct reader *r, const struct xt_tokens *t)
{
	if (r->table || !t->n || t->v[0].text[0] == '-')
		return false;
	if (!r->junk)
		xl_report(r->diags, XL_WARNING, here(r, 1), NULL,
			  "text before the first table is passed over: %s", t->v[0].text);
	r->junk = true;
	return true;
}

static void rule_line(struct reader *r, const char *line)
{
	struct xt_command_ctx ctx = {
		.host = r->host,
		.words = &r->words,
		.diags = r->diags,
		.family = r->opts->family,
		.table = r->table ? r->table : "filter",
		.source = { here(r, 1), line },
		.is_chain = is_chain,
		.data = r,
	};
	uint64_t packets = 0, bytes = 0;
	const char *rest = read_counters(line, &packets, &bytes), *wrong;
	struct xt_tokens t = { 0 };
	struct xt_command cmd;
	unsigned int col = 1;
	size_t before = r->diags->n;

	xl_arena_rewind(&r->words);
	wrong = xt_tokenize(&r->words, line, &t, &col);
	if (wrong) {
		xl_report(r->diags, XL_ERROR, here(r, col), NULL, "%s", wrong);
		return;
	}
	if (rest && t.n && t.v[0].col == 1) {
		t.v++;
		t.n--;
	}
	strip_program(&t);
	if (is_junk(r, &t))
		return;
	if (!xt_command_parse(&ctx, &t, &cmd)) {
		xt_apply(r->rs, &ctx, &cmd, r->diags->v[before].text);
		return;
	}
	if (cmd.skipped)
		return;
	if (rest)
		rule_counters(&cmd, packets, bytes);
	xt_apply(r->rs, &ctx, &cmd, NULL);
}

static void commit_line(struct reader *r)
{
	if (!r->open)
		xl_report(r->diags, XL_WARNING, here(r, 1), NULL,
			  "COMMIT without a table before it");
	r->open = false;
	r->skip = false;
}

static void one_line(struct reader *r, const char *line)
{
	line += strspn(line, " \t");
	if (is_blank(line) || *line == '#')
		return;
	if (*line == '*')
		table_line(r, line);
	else if (!strncmp(line, "COMMIT", 6) && is_blank(line + 6))
		commit_line(r);
	else if (r->skip)
		return;
	else if (*line == ':')
		chain_line(r, line);
	else
		rule_line(r, line);
}

/* The first pass: which chains the text declares, wherever. */
static void note_chain(struct reader *r, const char *table, const char *name, size_t len)
{
	struct xt_table *t = xt_table_get(&r->declared, r->opts->family, table);

	if (t && len)
		xt_chain_get(&r->declared, t, xl_strndup(r->rs->arena, name, len));
}

static const char *word_after(const char *line, const char *option)
{
	const char *p = strstr(line, option);

	if (!p || (p != line && p[-1] != ' ' && p[-1] != '\t'))
		return NULL;
	p += strlen(option);
	if (*p != ' ' && *p != '\t')
		return NULL;
	return p + strspn(p, " \t");
}

static void scan_line(struct reader *r, const char *line)
{
	const char *table = r->table ? r->table : "filter", *name, *t;

	line += strspn(line, " \t");
	if (*line == '*') {
		line += 1 + strspn(line + 1, " \t");
		r->table = xl_strndup(r->rs->arena, line, strcspn(line, " \t"));
		return;
	}
	if (*line == ':') {
		line += 1 + strspn(line + 1, " \t");
		note_chain(r, table, line, strcspn(line, " \t"));
		return;
	}
	name = word_after(line, "-N");
	if (!name)
		name = word_after(line, "--new-chain");
	if (!name && !(name = word_after(line, "-E")))
		return;
	t = word_after(line, "-t");
	if (t)
		table = xl_strndup(r->rs->arena, t, strcspn(t, " \t"));
	note_chain(r, table, name, strcspn(name, " \t"));
}

static void each_line(struct reader *r, struct xl_arena *lines, const char *text, size_t size,
		      void (*fn)(struct reader *, const char *))
{
	const char *end = text + size, *nl;
	size_t len;

	r->line = 0;
	for (; text < end; text = nl + 1) {
		nl = memchr(text, '\n', (size_t)(end - text));
		if (!nl)
			nl = end;
		len = (size_t)(nl - text);
		if (len && text[len - 1] == '\r')
			len--;
		r->line++;
		if (lines == &r->words)
			xl_arena_rewind(lines);
		if (memchr(text, '\0', len))
			xl_report(r->diags, XL_ERROR, here(r, 1), NULL, "a NUL byte in the line");
		else
			fn(r, xl_strndup(lines, text, len));
	}
}

void xt_read_save(struct xt_ruleset *rs, struct xt_host *host, struct xl_diags *diags,
		  const char *text, size_t size, const struct xt_read_opts *opts)
{
	struct xl_diags quiet = { .arena = rs->arena };
	struct reader r = { .rs = rs, .host = host, .diags = &quiet, .opts = opts };

	rs->exts_known |= !rs->tables;
	xt_ruleset_init(&r.declared, rs->arena);
	xl_arena_part(&r.words, rs->arena, WORDS_ROOM);
	each_line(&r, &r.words, text, size, scan_line);
	r.table = NULL;
	r.diags = diags;
	each_line(&r, rs->arena, text, size, one_line);
	xl_arena_rewind(&r.words);
	if (!r.table && !r.junk)
		xl_report(
			diags, XL_WARNING, (struct xl_loc){ .file = opts->file },
			"where iptables is iptables-nft, the rules of legacy tables are printed by "
			"iptables-legacy-save",
			"there is no table in it, and so nothing to translate");
	if (r.open)
		xl_report(
			diags, XL_WARNING, here(&r, 1), NULL,
			"table %s has no COMMIT; iptables-restore would not load it, it is taken as"
			" complete",
			r.table);
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

uint8_t xt_guess_family(const char *file, const char *text)
{
	static const char *const names[] = { ".v6", ".ip6", "ip6tables", ".rules6", "6.rules" };
	static const char *const words[] = { "ip6tables-save", "icmp6", "ipv6-icmp",
					     "icmpv6",	       "::/",	"ip6tables " };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (ends_with(file, names[i]) || (i == 2 && strstr(base_name(file), names[i])))
			return NFPROTO_IPV6;
	if (strstr(text, "Generated by iptables-save"))
		return NFPROTO_IPV4;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(text, words[i]))
			return NFPROTO_IPV6;
	return NFPROTO_IPV4;
}
