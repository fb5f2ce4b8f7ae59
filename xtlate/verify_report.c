// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify_report.h"

#include "output.h"
#include "verify/wire.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void show_rule(const struct xt_rule *rule)
{
	printf("%s:%u: %s\n", rule->source.loc.file, rule->source.loc.line, rule->source.text);
}

/* What a side saw has a line a packet. */
static void show_outcomes(const struct vf_result *res, const struct vf_way *way, const char *indent)
{
	for (size_t s = 0; s < res->sides; s++) {
		const char *line = way->seen[s];

		printf("%s%s:", indent, vf_kind_name(res->kinds[s]));
		if (!*line)
			puts(" nothing comes of it");
		for (size_t n; *line; line += n + 1) {
			n = strcspn(line, "\n");
			if (line == way->seen[s])
				printf(" %.*s\n", (int)n, line);
			else
				printf("%s    %.*s\n", indent, (int)n, line);
		}
	}
}

static void show_difference(const struct vf_result *res, const struct vf_difference *d)
{
	struct xl_buf text = { 0 };

	vf_probe_text(&text, res->topo, &d->probe);
	printf("different: %s\n", text.s ? text.s : "");
	xl_buf_free(&text);
	show_outcomes(res, &d->way, "  ");
	if (d->rule) {
		printf("  only %s counts it at ", vf_kind_name(res->kinds[!d->reference_counts]));
		show_rule(d->rule);
	}
	if (d->nft)
		printf("  which is %s\n", d->nft);
	for (size_t i = 0; !d->rule && i < d->way.n; i++) {
		printf("  %s counts it at ", vf_kind_name(res->kinds[0]));
		show_rule(d->way.steps[i].rule);
	}
}

static void show_miscounts(const struct vf_result *res)
{
	for (size_t i = 0; i < res->n_miscounts && i < 20; i++) {
		const struct vf_miscount *m = &res->miscounts[i];

		printf("counted differently: ");
		show_rule(m->rule);
		for (size_t s = 0; s < res->sides; s++)
			printf("  %s: %llu packets, %llu bytes\n", vf_kind_name(res->kinds[s]),
			       (unsigned long long)m->by[s].packets,
			       (unsigned long long)m->by[s].bytes);
	}
	if (res->n_miscounts > 20)
		printf("and %zu more rules counted differently\n", res->n_miscounts - 20);
}

/* Those that no packet can match, or the others. */
static void show_some(const struct vf_result *res, bool never)
{
	size_t shown = 0, n = never ? res->never : res->n_unreached - res->never;

	for (size_t i = 0; i < res->n_unreached && shown < 20; i++) {
		const struct vf_unreached *u = &res->unreached[i];
		const struct xl_source *s = &u->rule->source;

		if ((u->hope == VF_NEVER) != never)
			continue;
		shown++;
		printf("%s: %s:%u  %s\n", never ? "unreachable" : "not reached", s->loc.file,
		       s->loc.line, u->why ? u->why : s->text);
	}
	if (n > shown)
		printf("and %zu more %s\n", n - shown, never ? "unreachable" : "not reached");
}

static void show_unreached(const struct vf_result *res)
{
	show_some(res, true);
	show_some(res, false);
}

static void show_documented(const struct vf_result *res)
{
	for (size_t i = 0; i < res->n_documented; i++)
		printf("%zu %s as documented: %s\n", res->documented[i].probes,
		       res->documented[i].probes == 1 ? "probe differs" : "probes differ",
		       res->documented[i].why);
}

static void show_summary(const struct run *r, const struct vf_result *res)
{
	show_unreached(res);
	if (res->no_legacy)
		printf("compared with iptables-nft instead of iptables-legacy: %s\n",
		       res->no_legacy);
	if (res->not_done)
		printf("the network is not quite as here: %s\n", res->not_done);
	if (res->stopped)
		puts("stopped before the end: this is what was found so far");
	printf("%zu probes in %.1f s; rules reached: %zu of %zu\n", res->probes, res->seconds,
	       res->reached, res->rules.n - res->never);
	if (xl_count(&r->env, XL_REFUSED))
		printf("not compared: %zu rules that are not translated\n",
		       xl_count(&r->env, XL_REFUSED));
	if (res->loose)
		printf("%zu rule counters only alike: they depend on the clock or on chance\n",
		       res->loose);
	show_documented(res);
	if (res->unsteady)
		printf("%zu probes differed once and not again\n", res->unsteady);
}

void verify_show(const struct run *r, const struct vf_result *res, bool quiet)
{
	if (!quiet && isatty(2))
		fputs("\r\033[K", stderr);
	for (size_t i = 0; i < res->n_differences; i++)
		show_difference(res, &res->differences[i]);
	show_miscounts(res);
	if (!quiet)
		show_summary(r, res);
	if (res->different || res->n_miscounts)
		printf("different: %zu probes, %zu rule counters\n", res->different,
		       res->n_miscounts);
	else if (!quiet && !res->stopped)
		printf("same: verdicts, packets, marks, sockets, %zu rule counters\n",
		       res->rules.n - res->loose);
}

void verify_show_way(const struct vf_result *res, const struct vf_way *way)
{
	for (size_t i = 0; i < way->n; i++) {
		const struct vf_step *step = &way->steps[i];

		for (size_t s = 0; s < res->sides; s++)
			printf("%-16s", step->by & 1U << s ? vf_kind_name(res->kinds[s]) : "-");
		show_rule(step->rule);
	}
	show_outcomes(res, way, "");
	show_documented(res);
}

static json_t *place(const struct xt_rule *rule)
{
	json_t *j = json_object();

	json_object_set_new(j, "file", json_string(rule->source.loc.file));
	json_object_set_new(j, "line", json_integer(rule->source.loc.line));
	json_object_set_new(j, "rule", json_string(rule->source.text));
	return j;
}

static json_t *difference_json(const struct vf_result *res, const struct vf_difference *d)
{
	json_t *j = json_object(), *seen = json_object();
	struct xl_buf text = { 0 };

	vf_probe_text(&text, res->topo, &d->probe);
	json_object_set_new(j, "packet", json_string(text.s ? text.s : ""));
	xl_buf_free(&text);
	for (size_t i = 0; i < res->sides; i++)
		json_object_set_new(seen, vf_kind_name(res->kinds[i]), json_string(d->way.seen[i]));
	json_object_set_new(j, "outcomes", seen);
	if (d->rule) {
		json_object_set_new(j, "parts-at", place(d->rule));
		json_object_set_new(j, "only-counted-by",
				    json_string(vf_kind_name(res->kinds[!d->reference_counts])));
	}
	if (d->nft)
		json_object_set_new(j, "nft-rule", json_string(d->nft));
	return j;
}

static json_t *miscount_json(const struct vf_result *res, const struct vf_miscount *m)
{
	json_t *j = place(m->rule);

	for (size_t i = 0; i < res->sides; i++) {
		json_t *c = json_object();

		json_object_set_new(c, "packets", json_integer((json_int_t)m->by[i].packets));
		json_object_set_new(c, "bytes", json_integer((json_int_t)m->by[i].bytes));
		json_object_set_new(j, vf_kind_name(res->kinds[i]), c);
	}
	return j;
}

static json_t *unreached_json(const struct vf_unreached *u)
{
	json_t *j = place(u->rule);

	if (u->why)
		json_object_set_new(j, "why", json_string(u->why));
	if (u->hope == VF_NEVER)
		json_object_set_new(j, "unreachable", json_true());
	return j;
}

static json_t *documented_json(const struct vf_result *res, const struct vf_documented *d)
{
	json_t *j = json_object();
	struct xl_buf text = { 0 };

	vf_probe_text(&text, res->topo, &d->probe);
	json_object_set_new(j, "why", json_string(d->why));
	json_object_set_new(j, "probes", json_integer((json_int_t)d->probes));
	json_object_set_new(j, "packet", json_string(text.s ? text.s : ""));
	xl_buf_free(&text);
	return j;
}

static json_t *result_json(const struct run *r, const struct vf_result *res)
{
	json_t *j = json_object(), *d = json_array(), *m = json_array(), *u = json_array();
	json_t *doc = json_array();

	for (size_t i = 0; i < res->n_differences; i++)
		json_array_append_new(d, difference_json(res, &res->differences[i]));
	for (size_t i = 0; i < res->n_miscounts; i++)
		json_array_append_new(m, miscount_json(res, &res->miscounts[i]));
	for (size_t i = 0; i < res->n_unreached; i++)
		json_array_append_new(u, unreached_json(&res->unreached[i]));
	for (size_t i = 0; i < res->n_documented; i++)
		json_array_append_new(doc, documented_json(res, &res->documented[i]));
	json_object_set_new(j, "same",
			    json_boolean(!res->different && !res->n_miscounts && !res->stopped));
	json_object_set_new(j, "stopped", json_boolean(res->stopped));
	json_object_set_new(j, "reference", json_string(vf_kind_name(res->kinds[0])));
	if (res->no_legacy)
		json_object_set_new(j, "why-not-legacy", json_string(res->no_legacy));
	json_object_set_new(j, "probes", json_integer((json_int_t)res->probes));
	json_object_set_new(j, "seconds", json_real(res->seconds));
	json_object_set_new(j, "rules", json_integer((json_int_t)res->rules.n));
	json_object_set_new(j, "reached", json_integer((json_int_t)res->reached));
	json_object_set_new(j, "refused", json_integer((json_int_t)xl_count(&r->env, XL_REFUSED)));
	json_object_set_new(j, "different-probes", json_integer((json_int_t)res->different));
	json_object_set_new(j, "differences", d);
	json_object_set_new(j, "documented", doc);
	json_object_set_new(j, "miscounted", m);
	json_object_set_new(j, "unreachable", json_integer((json_int_t)res->never));
	json_object_set_new(j, "not-reached", u);
	return j;
}

int verify_report(const struct run *r, const struct vf_result *res, const char *path)
{
	json_t *j = result_json(r, res);
	char *s = json_dumps(j, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	int ret = s ? output_write(path, s, strlen(s)) : -1;

	if (ret)
		run_complain(r, "%s: %s", path, s ? strerror(errno) : "out of memory");
	json_decref(j);
	free(s);
	return ret;
}

/* The file's head, and each packet's: libpcap's classic format, DLT_RAW. */
struct pcap_head {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, accuracy, snaplen, linktype;
};

struct pcap_packet {
	uint32_t sec, usec, captured, length;
};

int verify_pcap(const struct run *r, const struct vf_result *res, const char *path)
{
	const struct pcap_head head = { 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101 };
	uint8_t ip[VF_WIRE_MAX];
	struct xl_buf b = { 0 };
	int ret;

	xl_buf_add(&b, (const char *)&head, sizeof(head));
	for (size_t i = 0; i < res->n_differences; i++) {
		size_t n = vf_wire(&res->differences[i].probe, ip);
		struct pcap_packet p = { (uint32_t)i, 0, (uint32_t)n, (uint32_t)n };

		xl_buf_add(&b, (const char *)&p, sizeof(p));
		xl_buf_add(&b, (const char *)ip, n);
	}
	ret = b.failed ? -1 : output_write(path, b.s, b.len);
	if (ret)
		run_complain(r, "%s: %s", path, strerror(errno));
	xl_buf_free(&b);
	return ret;
}
