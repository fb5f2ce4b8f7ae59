// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines and commands of a file for "ipset restore"; ipset(8). */
#include "xt/ipset_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void xt_ipsets_init(struct xt_ipsets *sets, struct xl_arena *a)
{
	*sets = (struct xt_ipsets){ .arena = a };
}

struct xt_ipset *xt_ipset_find(struct xt_ipsets *sets, const char *name)
{
	if (sets->last && !strcmp(sets->last->name, name))
		return sets->last;
	for (size_t i = 0; i < sets->n; i++)
		if (!strcmp(sets->v[i]->name, name))
			return sets->last = sets->v[i];
	return NULL;
}

bool xt_ipset_fail(struct xt_ipset_reader *r, unsigned int col, const char *fmt, ...)
{
	struct xl_loc loc = r->loc;
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = xl_vprintf(r->arena, fmt, ap);
	va_end(ap);
	loc.col = col;
	xl_report(r->diags, XL_ERROR, loc, NULL, "%s", text);
	/* A line that cannot be split has no set yet. */
	if (!r->broken && r->words.n > 1)
		r->broken = xt_ipset_find(r->sets, r->words.v[1].text);
	if (r->broken && !r->broken->bad.line)
		r->broken->bad = loc;
	return false;
}

const struct xt_token *xt_ipset_word(struct xt_ipset_reader *r, const char *after)
{
	const struct xt_token *last = &r->words.v[r->words.n - 1];

	if (r->at < r->words.n)
		return &r->words.v[r->at++];
	xt_ipset_fail(r, last->col, "\"%s\" needs a word after it", after);
	return NULL;
}

bool xt_ipset_number(struct xt_ipset_reader *r, const struct xt_token *t, uint64_t max,
		     uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(t->text, &end, 0);
	if (t->text[0] < '0' || t->text[0] > '9' || *end || errno || *value > max)
		return xt_ipset_fail(r, t->col, "\"%s\" is not a number from 0 to %llu", t->text,
				     (unsigned long long)max);
	return true;
}

/* The set that the next word names; NULL and @*ok false when there is none. */
static struct xt_ipset *named_set(struct xt_ipset_reader *r, const char *after)
{
	const struct xt_token *t = xt_ipset_word(r, after);
	struct xt_ipset *set = t ? xt_ipset_find(r->sets, t->text) : NULL;

	if (t && !set)
		xt_ipset_fail(r, t->col, "no line before this creates a set \"%s\"", t->text);
	return set;
}

static bool create(struct xt_ipset_reader *r)
{
	const struct xt_token *name = xt_ipset_word(r, "create");
	struct xt_ipset *set;

	if (!name)
		return false;
	if (xt_ipset_find(r->sets, name->text))
		return xt_ipset_fail(r, name->col, "the set \"%s\" is there already", name->text);
	set = xl_new(r->arena, struct xt_ipset);
	set->name = name->text;
	set->loc = r->loc;
	set->loc.col = name->col;
	set->id = r->sets->n;
	xl_push(r->arena, r->sets->v, r->sets->n, r->sets->cap, set);
	r->broken = set;
	return xt_ipset_create(r, set);
}

static bool add(struct xt_ipset_reader *r)
{
	struct xt_ipset *set = named_set(r, "add");
	struct xt_ipset_elems e = { 0 };

	if (!set || !set->type)
		return false;
	r->broken = set;
	if (!xt_ipset_elems_read(r, set, &e))
		return false;
	for (size_t i = 0; i < e.n; i++)
		xl_push(r->arena, set->elems, set->n, set->cap, e.v[i]);
	return true;
}

static bool same_range(struct xt_range a, struct xt_range b)
{
	return !xt_addr_cmp(a.lo, b.lo) && !xt_addr_cmp(a.hi, b.hi);
}

static bool same_elem(const struct xt_ipset_elem *a, const struct xt_ipset_elem *b)
{
	return same_range(a->addr[0], b->addr[0]) && same_range(a->addr[1], b->addr[1]) &&
	       a->proto == b->proto && a->port == b->port && a->mark == b->mark &&
	       !memcmp(a->mac, b->mac, sizeof(a->mac)) && a->member == b->member &&
	       !a->iface == !b->iface && (!a->iface || !strcmp(a->iface, b->iface)) &&
	       a->wildcard == b->wildcard && a->physdev == b->physdev;
}

static bool remove_elem(struct xt_ipset *set, const struct xt_ipset_elem *e)
{
	size_t to = 0;

	for (size_t i = 0; i < set->n; i++)
		if (!same_elem(&set->elems[i], e))
			set->elems[to++] = set->elems[i];
	if (to == set->n)
		return false;
	set->n = to;
	return true;
}

static bool del(struct xt_ipset_reader *r)
{
	struct xt_ipset *set = named_set(r, "del");
	struct xt_ipset_elems e = { 0 };
	unsigned int col;

	if (!set || !set->type)
		return false;
	r->broken = set;
	col = r->at < r->words.n ? r->words.v[r->at].col : 1;
	if (!xt_ipset_elems_read(r, set, &e))
		return false;
	for (size_t i = 0; i < e.n; i++)
		if (!remove_elem(set, &e.v[i]))
			return xt_ipset_fail(r, col, "no line before this adds such an element");
	return true;
}

static bool flush(struct xt_ipset_reader *r)
{
	struct xt_ipset *set;

	if (r->at < r->words.n) {
		set = named_set(r, "flush");
		if (set)
			set->n = 0;
		return set;
	}
	for (size_t i = 0; i < r->sets->n; i++)
		r->sets->v[i]->n = 0;
	return true;
}

/* What no state of its own changes; the file is read for what it leaves behind. */
static bool nothing(struct xt_ipset_reader *r)
{
	(void)r;
	return true;
}

static bool cannot(struct xt_ipset_reader *r)
{
	return xt_ipset_fail(r, r->words.v[r->at - 1].col,
			     "\"%s\" is not followed; give the output of \"ipset save\"",
			     r->words.v[r->at - 1].text);
}

static const struct {
	const char *name, *old_name;
	bool (*run)(struct xt_ipset_reader *r);
} commands[] = {
	{ "create", "-N", create }, { "add", "-A", add },	   { "del", "-D", del },
	{ "flush", "-F", flush },   { "destroy", "-X", cannot },   { "swap", "-W", cannot },
	{ "rename", "-E", cannot }, { "COMMIT", "quit", nothing },
};

static void command(struct xt_ipset_reader *r)
{
	const struct xt_token *t;

	if (!r->words.n)
		return;
	t = &r->words.v[r->at++];
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(t->text, commands[i].name) != 0 &&
		    strcmp(t->text, commands[i].old_name) != 0)
			continue;
		commands[i].run(r);
		return;
	}
	xt_ipset_fail(r, t->col,
		      "\"%s\" is no command of an ipset file; its lines begin with create or add",
		      t->text);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Wherever it stands, it changes nothing: what is added twice is there once. */
static bool is_exist(const struct xt_token *t)
{
	return !t->quoted && (!strcmp(t->text, "-exist") || !strcmp(t->text, "-!") ||
			      !strcmp(t->text, "--exist"));
}

/* Splits @s in place. Only a quote that begins a word quotes: ipset writes names as they are, and
 * comments between quotes, without escapes. */
static bool split(struct xt_ipset_reader *r, char *s)
{
	const char *line = s;
	struct xt_token t;

	while (true) {
		while (is_space(*s))
			s++;
		if (!*s || (*s == '#' && !r->words.n))
			return true;
		t = (struct xt_token){ .col = (unsigned int)(s - line) + 1, .quoted = *s == '"' };
		t.text = s += t.quoted;
		while (*s && (t.quoted ? *s != '"' : !is_space(*s)))
			s++;
		if (t.quoted && !*s)
			return xt_ipset_fail(r, t.col, "a quote is opened and never closed");
		if (*s)
			*s++ = '\0';
		if (!is_exist(&t))
			xl_push(r->arena, r->words.v, r->words.n, r->words.cap, t);
	}
}

void xt_ipsets_read(struct xt_ipsets *sets, struct xl_diags *diags, const char *file,
		    const char *text, size_t size)
{
	const char *end = text + size, *nl;
	unsigned int line = 0;

	sets->files++;
	for (; text < end; text = nl + 1) {
		struct xt_ipset_reader r = { .sets = sets,
					     .arena = sets->arena,
					     .diags = diags,
					     .loc = { file, ++line, 1 } };

		nl = memchr(text, '\n', (size_t)(end - text));
		if (!nl)
			nl = end;
		if (split(&r, xl_strndup(sets->arena, text, (size_t)(nl - text))))
			command(&r);
	}
}
