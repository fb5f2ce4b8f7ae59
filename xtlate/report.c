// SPDX-License-Identifier: GPL-2.0-or-later
#include "report.h"

#include "json_file.h"

#include <string.h>

static const char *const outcomes[] = {
	[XL_TRANSLATED] = "translated",	   [XL_NEVER_MATCHES] = "never-matches",
	[XL_APPROXIMATED] = "approximate", [XL_NOT_VOUCHED] = "not-vouched-for",
	[XL_REFUSED] = "refused",
};

void report_summary(const struct run *r, FILE *f)
{
	const struct xl_env *e = &r->env;

	fprintf(f, "%zu rule%s: %zu translated", e->nreport, e->nreport == 1 ? "" : "s",
		xl_count(e, XL_TRANSLATED) + xl_count(e, XL_NEVER_MATCHES));
	if (xl_count(e, XL_APPROXIMATED))
		fprintf(f, ", %zu only nearly", xl_count(e, XL_APPROXIMATED));
	if (xl_count(e, XL_NOT_VOUCHED))
		fprintf(f, ", %zu not vouched for", xl_count(e, XL_NOT_VOUCHED));
	if (xl_count(e, XL_REFUSED))
		fprintf(f, ", %zu refused", xl_count(e, XL_REFUSED));
	fputc('\n', f);
}

static size_t rules_of(const struct run *r, const struct input *i)
{
	size_t n = 0;

	for (const struct xt_table *t = r->xt.tables; t; t = t->next)
		for (const struct xt_chain *c = t->chains; c; c = c->next)
			for (const struct xt_rule *rule = c->rules; rule; rule = rule->next)
				n += rule->source.loc.file == i->name;
	return n;
}

static const char *version(char *buf, size_t size, unsigned int v)
{
	snprintf(buf, size, "%u.%u.%u", v >> 16, v >> 8 & 0xff, v & 0xff);
	return buf;
}

void report_target(const struct run *r, FILE *f)
{
	char v[16];

	fprintf(f, "written for nft %s", version(v, sizeof(v), r->env.opts.nft_version));
	if (r->installed)
		fprintf(f, "%s%s", *r->installed ? ", installed is " : ", none is installed",
			r->installed);
}

void report_read(const struct run *r, const struct inputs *in, FILE *f)
{
	for (size_t i = 0; i < in->nipsets; i++)
		fprintf(f, "%s: ipsets\n", in->ipsets[i].name);
	for (size_t i = 0; i < in->n; i++)
		fprintf(f, "%s: for %s%s; rules: %zu\n", in->v[i].name,
			in->v[i].family == NFPROTO_IPV6 ? "ip6tables" : "iptables",
			in->v[i].guessed ? " (guessed)" : "", rules_of(r, &in->v[i]));
	report_target(r, f);
	fprintf(f, ", at -O%d\n", (int)r->level);
}

void report_written(const struct run *r, FILE *f)
{
	for (const struct nft_table *t = r->nft.tables; t; t = t->next) {
		size_t chains = 0, rules = 0, sets = 0;

		for (const struct nft_set *s = t->sets; s; s = s->next)
			sets++;
		for (const struct nft_chain *c = t->chains; c; c = c->next) {
			chains++;
			for (const struct nft_rule *rule = c->rules; rule; rule = rule->next)
				rules += !nft_stmts_empty(&rule->stmts);
		}
		fprintf(f, "table %s %s; chains: %zu, rules: %zu, sets and maps: %zu\n", t->family,
			t->name, chains, rules, sets);
	}
}

static json_t *rule_json(const struct xl_rule_report *rep)
{
	json_t *j = json_object();
	const struct xl_loc *l = &rep->source->loc;

	if (l->file)
		json_object_set_new(j, "file", json_text(l->file));
	json_object_set_new(j, "line", json_integer(l->line));
	json_object_set_new(j, "family", json_string(rep->family));
	json_object_set_new(j, "table", json_string(rep->table));
	json_object_set_new(j, "chain", json_text(rep->chain));
	json_object_set_new(j, "number", json_integer(rep->num));
	json_object_set_new(j, "rule", json_text(rep->source->text));
	json_object_set_new(j, "outcome", json_string(outcomes[rep->outcome]));
	if (rep->why)
		json_object_set_new(j, "reason", json_text(rep->why));
	return j;
}

static json_t *diag_json(const struct xl_diag *d)
{
	json_t *j = json_object();

	json_object_set_new(j, "severity", json_string(xl_severity_name(d->severity)));
	if (d->loc.file)
		json_object_set_new(j, "file", json_text(d->loc.file));
	json_object_set_new(j, "line", json_integer(d->loc.line));
	json_object_set_new(j, "column", json_integer(d->loc.col));
	json_object_set_new(j, "text", json_text(d->text));
	if (d->hint)
		json_object_set_new(j, "hint", json_text(d->hint));
	return j;
}

static json_t *report_json(const struct run *r)
{
	json_t *j = json_object(), *counts = json_object(), *rules = json_array();
	json_t *messages = json_array();

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		json_object_set_new(
			counts, outcomes[i],
			json_integer((json_int_t)xl_count(&r->env, (enum xl_outcome)i)));
	for (size_t i = 0; i < r->env.nreport; i++)
		json_array_append_new(rules, rule_json(&r->env.report[i]));
	for (size_t i = 0; i < r->diags.n; i++)
		json_array_append_new(messages, diag_json(&r->diags.v[i]));
	json_object_set_new(j, "counts", counts);
	json_object_set_new(j, "rules", rules);
	json_object_set_new(j, "messages", messages);
	return j;
}

int report_write(const struct run *r, const char *path)
{
	return json_write(r, report_json(r), path);
}
