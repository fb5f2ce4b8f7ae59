// SPDX-License-Identifier: GPL-2.0-or-later
/* The report of xtlate verify for programs; doc/verify-report.schema.json says what is in it. */
#include "verify_report.h"

#include "json_file.h"

#include <jansson.h>

static void set_number(json_t *j, const char *key, uint64_t n)
{
	json_object_set_new(j, key, json_integer((json_int_t)n));
}

static json_t *place(const struct xl_source *source)
{
	json_t *j = json_object();

	json_object_set_new(j, "file", json_text(source->loc.file));
	set_number(j, "line", source->loc.line);
	json_object_set_new(j, "rule", json_text(source->text));
	return j;
}

static json_t *with_why(json_t *j, const char *why)
{
	if (why)
		json_object_set_new(j, "why", json_text(why));
	return j;
}

static json_t *packet(const struct vf_result *res, const struct vf_probe *p)
{
	struct xl_buf b = { 0 };
	json_t *j;

	vf_probe_text(&b, res->topo, p);
	j = json_text(b.s ? b.s : "");
	xl_buf_free(&b);
	return j;
}

static json_t *outcomes(const struct vf_result *res, const char *const *seen)
{
	json_t *j = json_object();

	for (size_t i = 0; i < res->sides; i++)
		if (seen[i])
			json_object_set_new(j, vf_kind_name(res->kinds[i]), json_text(seen[i]));
	return j;
}

static json_t *way(const struct vf_result *res, const struct vf_way *w)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->n; i++) {
		json_t *j = place(&w->steps[i].rule->source), *by = json_array();

		for (size_t s = 0; s < res->sides; s++)
			if (w->steps[i].by & 1U << s)
				json_array_append_new(by, json_text(vf_kind_name(res->kinds[s])));
		json_object_set_new(j, "counted-by", by);
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *simplest(const struct verify_about *about, const struct vf_result *res,
			const struct vf_simplest *s)
{
	json_t *j = json_object();
	struct xl_buf b = { 0 };

	json_object_set_new(j, "packet", packet(res, &s->probe));
	json_object_set_new(j, "outcomes", outcomes(res, s->seen));
	verify_command(&b, about, res, s);
	json_object_set_new(j, "command", json_text(b.s ? b.s : ""));
	xl_buf_free(&b);
	if (s->rules) {
		json_object_set_new(j, "ruleset", json_text(s->rules));
		set_number(j, "rules", s->n_rules);
		json_object_set_new(j, "alone", json_boolean(s->alone));
	}
	return j;
}

static json_t *difference(const struct verify_about *about, const struct vf_result *res,
			  const struct vf_difference *d)
{
	json_t *j = json_object();

	json_object_set_new(j, "packet", packet(res, &d->probe));
	json_object_set_new(j, "outcomes", outcomes(res, d->way.seen));
	json_object_set_new(j, "way", way(res, &d->way));
	if (d->rule) {
		json_object_set_new(j, "parts-at", place(&d->rule->source));
		json_object_set_new(j, "only-counted-by",
				    json_text(vf_kind_name(res->kinds[!d->reference_counts])));
	}
	if (d->nft)
		json_object_set_new(j, "nft-rule", json_text(d->nft));
	if (d->simplest)
		json_object_set_new(j, "simplest", simplest(about, res, d->simplest));
	return j;
}

static json_t *miscount(const struct vf_result *res, const struct vf_miscount *m)
{
	json_t *j = place(&m->rule->source), *by = json_object();

	for (size_t i = 0; i < res->sides; i++) {
		json_t *c = json_object();

		set_number(c, "packets", m->by[i].packets);
		set_number(c, "bytes", m->by[i].bytes);
		json_object_set_new(by, vf_kind_name(res->kinds[i]), c);
	}
	json_object_set_new(j, "counted", by);
	return j;
}

static json_t *documented(const struct vf_result *res, const struct vf_documented *d)
{
	json_t *j = json_object();

	json_object_set_new(j, "why", json_text(d->why));
	set_number(j, "probes", d->probes);
	json_object_set_new(j, "packet", packet(res, &d->probe));
	return j;
}

/* What was left out, then what packets cannot show. */
static json_t *unchecked(const struct run *r, const struct vf_result *res)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->env.nreport; i++)
		if (r->env.report[i].outcome == XL_REFUSED)
			json_array_append_new(list, with_why(place(r->env.report[i].source),
							     r->env.report[i].why));
	for (size_t i = 0; i < res->n_unchecked; i++)
		json_array_append_new(list, with_why(place(&res->unchecked[i].rule->source),
						     res->unchecked[i].why));
	return list;
}

static json_t *about_json(const struct verify_about *about, const struct vf_result *res)
{
	json_t *j = json_object(), *files = json_array(), *sides = json_array();

	for (size_t i = 0; i < about->in->n; i++)
		json_array_append_new(files, json_text(about->in->v[i].name));
	for (size_t i = 0; i < res->sides; i++)
		json_array_append_new(sides, json_text(vf_kind_name(res->kinds[i])));
	json_object_set_new(j, "files", files);
	if (about->against)
		json_object_set_new(j, "against", json_text(about->against));
	json_object_set_new(j, "sides", sides);
	if (res->no_legacy)
		json_object_set_new(j, "why-not-legacy", json_text(res->no_legacy));
	json_object_set_new(j, "nft", json_text(about->nft));
	set_number(j, "level", about->run->level);
	set_number(j, "seed", about->seed);
	return j;
}

static void set_counts(json_t *j, const struct verify_about *about, const struct vf_result *res)
{
	const struct {
		const char *key;
		size_t n;
	} counts[] = {
		{ "probes", res->probes },
		{ "rules", res->rules.n },
		{ "reached", res->reached },
		{ "unreachable", res->never },
		{ "beyond", res->beyond },
		{ "refused", xl_count(&about->run->env, XL_REFUSED) },
		{ "checked-counters", res->checked },
		{ "rough-counters", res->loose },
		{ "different-probes", res->different },
		{ "unsteady-probes", res->unsteady },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		set_number(j, counts[i].key, counts[i].n);
}

static json_t *unreached(const struct vf_unreached *u)
{
	json_t *j = with_why(place(&u->rule->source), u->why);

	if (u->hope == VF_NEVER)
		json_object_set_new(j, "unreachable", json_true());
	return j;
}

static json_t *result(const struct verify_about *about, const struct vf_result *res)
{
	json_t *j = about_json(about, res), *d = json_array(), *m = json_array();
	json_t *u = json_array(), *doc = json_array();
	bool same = !res->different && !res->n_miscounts && !res->stopped;

	for (size_t i = 0; i < res->n_differences; i++)
		json_array_append_new(d, difference(about, res, &res->differences[i]));
	for (size_t i = 0; i < res->n_miscounts; i++)
		json_array_append_new(m, miscount(res, &res->miscounts[i]));
	for (size_t i = 0; i < res->n_unreached; i++)
		json_array_append_new(u, unreached(&res->unreached[i]));
	for (size_t i = 0; i < res->n_documented; i++)
		json_array_append_new(doc, documented(res, &res->documented[i]));
	json_object_set_new(j, "same", json_boolean(same));
	json_object_set_new(j, "stopped", json_boolean(res->stopped));
	json_object_set_new(j, "seconds", json_real(res->seconds));
	set_counts(j, about, res);
	json_object_set_new(j, "differences", d);
	json_object_set_new(j, "documented", doc);
	json_object_set_new(j, "miscounted", m);
	json_object_set_new(j, "not-reached", u);
	json_object_set_new(j, "not-checked", unchecked(about->run, res));
	return j;
}

int verify_report(const struct verify_about *about, const struct vf_result *res, const char *path)
{
	return json_write(about->run, result(about, res), path);
}
