// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify_report.h"

#include "output.h"
#include "quote.h"
#include "verify/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How many rules of a kind are listed without --verbose. */
enum { LISTED = 20 };

static void show_rule(const struct xt_rule *rule)
{
	printf("%s:%u: %s\n", rule->source.loc.file, rule->source.loc.line, rule->source.text);
}

/* What a side saw has a line a packet. */
static void show_outcomes(const struct vf_result *res, const char *const *seen, const char *indent)
{
	for (size_t s = 0; s < res->sides; s++) {
		const char *line = seen[s];

		if (!line)
			continue;
		printf("%s%s:", indent, vf_kind_name(res->kinds[s]));
		if (!*line)
			puts(" nothing comes of it");
		for (size_t n; *line; line += n + 1) {
			n = strcspn(line, "\n");
			if (line == seen[s])
				printf(" %.*s\n", (int)n, line);
			else
				printf("%s    %.*s\n", indent, (int)n, line);
		}
	}
}

void verify_command(struct xl_buf *b, const struct verify_about *about, const struct vf_result *res,
		    const struct vf_simplest *s)
{
	struct xl_buf text = { 0 };

	vf_probe_text(&text, res->topo, &s->probe);
	xl_buf_puts(b, "xtlate verify --packet ");
	quote_shell(b, text.s ? text.s : "");
	xl_buf_printf(b, " %s", about->args);
	xl_buf_free(&text);
}

static void show_indented(const char *text, const char *indent)
{
	for (size_t n; *text; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		printf("%s%.*s\n", indent, (int)n, text);
	}
}

static void show_simplest(const struct verify_about *about, const struct vf_result *res,
			  const struct vf_simplest *s)
{
	struct xl_buf b = { 0 };

	verify_command(&b, about, res, s);
	printf("  once more: %s\n", b.s ? b.s : "");
	xl_buf_free(&b);
	if (!s->rules)
		return;
	printf("  the fewest rules that show it%s:\n",
	       s->alone ? "" : ", in the network of the whole ruleset");
	show_indented(s->rules, "    ");
}

/* The simplest packet, or as it was found when it did not come out differently alone. */
static void show_difference(const struct verify_about *about, const struct vf_result *res,
			    const struct vf_difference *d)
{
	struct xl_buf text = { 0 };

	vf_probe_text(&text, res->topo, d->simplest ? &d->simplest->probe : &d->probe);
	printf("different: %s\n", text.s ? text.s : "");
	xl_buf_free(&text);
	show_outcomes(res, d->simplest ? d->simplest->seen : d->way.seen, "  ");
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
	if (d->simplest)
		show_simplest(about, res, d->simplest);
}

static void show_miscounts(const struct vf_result *res, size_t max)
{
	for (size_t i = 0; i < res->n_miscounts && i < max; i++) {
		const struct vf_miscount *m = &res->miscounts[i];

		printf("counted differently: ");
		show_rule(m->rule);
		for (size_t s = 0; s < res->sides; s++)
			printf("  %s: %llu packets, %llu bytes\n", vf_kind_name(res->kinds[s]),
			       (unsigned long long)m->by[s].packets,
			       (unsigned long long)m->by[s].bytes);
	}
	if (res->n_miscounts > max)
		printf("and %zu more rules counted differently\n", res->n_miscounts - max);
}

static void show_documented(const struct vf_result *res)
{
	for (size_t i = 0; i < res->n_documented; i++)
		printf("%zu %s as documented: %s\n", res->documented[i].probes,
		       res->documented[i].probes == 1 ? "probe differs" : "probes differ",
		       res->documented[i].why);
}

static bool is_unchecked(const struct vf_result *res, const struct xt_rule *rule)
{
	for (size_t i = 0; i < res->n_unchecked; i++)
		if (res->unchecked[i].rule == rule)
			return true;
	return false;
}

static void show_place(const char *what, const struct xl_source *s, const char *why)
{
	printf("%s: %s:%u  %s\n", what, s->loc.file, s->loc.line, why ? why : s->text);
}

/* Those that no packet can match, or the others. */
static void show_some(const struct vf_result *res, bool never, size_t max)
{
	const char *what = never ? "unreachable" : "not reached";
	size_t n = 0;

	for (size_t i = 0; i < res->n_unreached; i++) {
		const struct vf_unreached *u = &res->unreached[i];

		if ((u->hope == VF_NEVER) == never && !is_unchecked(res, u->rule) && n++ < max)
			show_place(what, &u->rule->source, u->why);
	}
	if (n > max)
		printf("and %zu more %s\n", n - max, what);
}

static void show_unreached(const struct vf_result *res, size_t max)
{
	show_some(res, true, max);
	show_some(res, false, max);
}

static void show_unchecked(const struct run *r, const struct vf_result *res, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < r->env.nreport; i++) {
		const struct xl_rule_report *rep = &r->env.report[i];

		if (rep->outcome == XL_REFUSED && n++ < max)
			show_place("not checked", rep->source,
				   xl_printf(r->diags.arena, "not translated: %s", rep->why));
	}
	for (size_t i = 0; i < res->n_unchecked; i++)
		if (n++ < max)
			show_place("not checked", &res->unchecked[i].rule->source,
				   res->unchecked[i].why);
	if (n > max)
		printf("and %zu more not checked\n", n - max);
}

static void show_head(const struct verify_about *about, const struct vf_result *res)
{
	size_t tables = 0;

	for (const struct xt_table *t = about->run->xt.tables; t; t = t->next)
		tables++;
	for (size_t i = 0; i < about->in->n; i++)
		printf("%s%s", i ? ", " : "", about->in->v[i].name);
	printf(": %zu rules, %zu %s; ", about->run->env.nreport, tables,
	       tables == 1 ? "table" : "tables");
	for (size_t i = 0; i < res->sides; i++) {
		printf("%s%s", i ? " | " : "", vf_kind_name(res->kinds[i]));
		if (res->kinds[i] == VF_NATIVE && about->against)
			printf(" %s (libnftables %s)", about->against, about->nft);
		else if (res->kinds[i] == VF_NATIVE)
			printf(" (libnftables %s, -O%u)", about->nft,
			       (unsigned int)about->run->level);
	}
	putchar('\n');
}

static void show_summary(const struct verify_about *about, const struct vf_result *res, size_t max)
{
	if (res->no_legacy)
		printf("compared with iptables-nft instead of iptables-legacy: %s\n",
		       res->no_legacy);
	if (res->not_done)
		printf("the network is not quite as here: %s\n", res->not_done);
	if (res->stopped)
		puts("stopped before the end: this is what was found so far");
	printf("%zu probes in %.1f s; rules reached: %zu of %zu\n", res->probes, res->seconds,
	       res->reached, res->rules.n - res->never - res->beyond);
	show_unreached(res, max);
	show_unchecked(about->run, res, max);
	if (res->loose)
		printf("%zu rule counters only alike: they depend on the clock or on chance\n",
		       res->loose);
	show_documented(res);
	if (res->unsteady)
		printf("%zu probes differed once and not again\n", res->unsteady);
}

static void show_same(const struct vf_result *res, bool counters)
{
	printf("same: verdicts, packets, marks, sockets");
	if (counters)
		printf(", %zu rule counters\n", res->checked);
	else
		puts("; rule counters are not compared (see --same-rules)");
}

void verify_show(const struct verify_about *about, const struct vf_result *res)
{
	bool quiet = about->run->messages.quiet;
	size_t max = about->run->messages.verbose ? SIZE_MAX : LISTED;

	if (!quiet && isatty(2))
		fputs("\r\033[K", stderr);
	if (!quiet)
		show_head(about, res);
	for (size_t i = 0; i < res->n_differences; i++)
		show_difference(about, res, &res->differences[i]);
	show_miscounts(res, max);
	if (!quiet)
		show_summary(about, res, max);
	if (res->different || res->n_miscounts)
		printf("different: %zu probes, %zu rule counters\n", res->different,
		       res->n_miscounts);
	else if (!quiet && !res->stopped)
		show_same(res, res->counts[res->sides - 1]);
}

void verify_show_way(const struct vf_result *res, const struct vf_way *way)
{
	for (size_t i = 0; i < way->n; i++) {
		const struct vf_step *step = &way->steps[i];

		for (size_t s = 0; s < res->sides; s++)
			printf("%-16s", step->by & 1U << s ? vf_kind_name(res->kinds[s]) : "-");
		show_rule(step->rule);
	}
	show_outcomes(res, way->seen, "");
	show_documented(res);
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
