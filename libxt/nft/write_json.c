// SPDX-License-Identifier: GPL-2.0-or-later
/* A ruleset as commands in JSON, for "nft -j -f": one a line. */
#include "nft/json.h"
#include "nft/passes.h"
#include "nft/write.h"

#include <stdlib.h>
#include <string.h>

/* Takes @command. */
static void line(struct xl_buf *b, json_t *command)
{
	char *s = command ? json_dumps(command, JSON_PRESERVE_ORDER) : NULL;

	json_decref(command);
	if (!s) {
		b->failed = true;
		return;
	}
	xl_buf_puts(b, ",\n");
	xl_buf_puts(b, s);
	free(s);
}

/* Takes @body: {"@verb": {"@what": {family, table, …}}} */
static void command(struct xl_buf *b, const char *verb, const char *what, const struct nft_table *t,
		    json_t *body)
{
	json_t *v = json_pack("{s:s,s:s}", "family", t->family,
			      strcmp(what, "table") ? "table" : "name", t->name);

	if (v && body && json_object_update(v, body)) {
		json_decref(v);
		v = NULL;
	}
	json_decref(body);
	line(b, nft_json_wrap(verb, nft_json_wrap(what, v)));
}

static void write_base_chain(struct xl_buf *b, const struct nft_table *t, const struct nft_chain *c)
{
	json_t *v = json_pack("{s:s}", "name", c->name);

	if (c->base) {
		v = nft_json_put(v, "type", json_string(c->base->type));
		v = nft_json_put(v, "hook", json_string(c->base->hook));
		v = nft_json_put(v, "prio", json_integer(c->base->prio));
		v = nft_json_put(v, "policy",
				 json_string(c->base->policy == NFT_DROP ? "drop" : "accept"));
	}
	command(b, "add", "chain", t, v);
}

/* The body of "ct helper": type "tftp" protocol udp; l3proto ip; of "secmark": "the context" */
static json_t *object(struct nft_json *j, const struct nft_object *o)
{
	char *text = xl_strdup(j->arena, o->body), *word;
	json_t *v = json_pack("{s:s}", "name", o->name);

	if (!strcmp(o->kind, "secmark")) {
		text[strlen(text) - 1] = '\0';
		return nft_json_put(v, "context", nft_json_string(j, text + 1));
	}
	while ((word = strsep(&text, " ;\""))) {
		char *value;

		if (!*word)
			continue;
		do
			value = strsep(&text, " ;\"");
		while (value && !*value);
		if (value)
			v = nft_json_put(v, word, json_string(value));
	}
	return v;
}

static json_t *rule(struct nft_json *j, const struct nft_rule *r, const char *chain)
{
	json_t *v = json_pack("{s:s}", "chain", chain);

	if (r->comment)
		v = nft_json_put(v, "comment", nft_json_string(j, r->comment));
	return nft_json_put(v, "expr", nft_json_stmts(j, r->stmts.first));
}

static void write_rules(struct xl_buf *b, struct nft_json *j, const struct nft_table *t)
{
	for (const struct nft_chain *c = t->chains; c; c = c->next)
		for (const struct nft_rule *r = c->rules; r; r = r->next)
			if (!r->refused && !nft_stmts_empty(&r->stmts))
				command(b, "add", "rule", t, rule(j, r, c->name));
}

static void write_table(struct xl_buf *b, struct nft_json *j, const struct nft_table *t)
{
	command(b, "add", "table", t, NULL);
	for (const struct nft_object *o = t->objects; o; o = o->next)
		command(b, "add", o->kind, t, object(j, o));
	for (const struct nft_set *s = t->sets; s; s = s->next) {
		json_t *set = nft_json_set(j, s);

		if (set) /* else no rule that is left uses it */
			command(b, "add", "set", t, set);
	}
	for (const struct nft_chain *c = t->chains; c; c = c->next)
		write_base_chain(b, t, c);
	write_rules(b, j, t);
}

void nft_write_json(struct xl_buf *b, const struct nft_ruleset *rs, bool replace)
{
	struct nft_json j = { .arena = rs->arena };

	xl_buf_puts(b, "{\"nftables\": [\n{\"metainfo\": {\"json_schema_version\": 1}}");
	for (const struct nft_table *t = rs->tables; replace && t; t = t->next) {
		command(b, "add", "table", t, NULL);
		command(b, "delete", "table", t, NULL);
	}
	for (const struct nft_table *t = rs->tables; t; t = t->next)
		write_table(b, &j, t);
	xl_buf_puts(b, "\n]}\n");
}

static void try_set(struct nft_json *j, const struct nft_set *s)
{
	json_decref(nft_json_set(j, s));
}

/* Sets that the rule uses have to be there. */
static void try_sets(struct nft_json *j, const struct nft_rule *r)
{
	for (const struct nft_stmt *s = r->stmts.first; s; s = s->next) {
		if (s->kind == NFT_S_DYNSET)
			try_set(j, s->dynset.set);
		else if (s->kind == NFT_S_MATCH && s->r->kind == NFT_E_SETREF)
			try_set(j, s->r->set);
	}
}

static const char *why_not(struct xl_arena *a, const struct nft_rule *r)
{
	struct nft_json j = { .arena = a };

	json_decref(rule(&j, r, ""));
	try_sets(&j, r);
	return j.why;
}

void nft_refuse_for_json(struct nft_ruleset *rs)
{
	for (struct nft_table *t = rs->tables; t; t = t->next) {
		for (struct nft_chain *c = t->chains; c; c = c->next) {
			for (struct nft_rule *r = c->rules; r; r = r->next) {
				const char *why = r->refused ? NULL : why_not(rs->arena, r);

				if (why)
					r->refused = why;
			}
		}
	}
}
