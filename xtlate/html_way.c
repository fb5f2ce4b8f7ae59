// SPDX-License-Identifier: GPL-2.0-or-later
#include "html_way.h"

#include "html.h"
#include "html_difference.h"

#include <stdio.h>
#include <string.h>

/* In units of the drawing, which is scaled. */
enum {
	WIDTH = 1080,
	LEFT = 120,  /* the sides' names */
	RIGHT = 150, /* what comes of it */
	IDLE = 90,   /* a hook that the packet does not pass */
	HEAD = 44,
	TRACK = 22, /* of a lane, below its top */
	CHIPS = 40,
	LINE = 21,
	LABEL = 56, /* a table's name */
	CHIPS_MAX = 24,
};

struct drawing {
	struct xl_buf *b;
	const struct vf_result *res;
	const struct rules_view *view;
	const struct vf_difference *d;
	int order[NF_INET_NUMHOOKS], x[NF_INET_NUMHOOKS], width[NF_INET_NUMHOOKS];
	bool passed[VF_SIDES][NF_INET_NUMHOOKS];
	const struct xt_rule *part; /* the rule at which the ways part, or the last before that */
	int part_at;		    /* its hook, or -1 */
};

static const char *const hook_names[] = {
	[NF_INET_PRE_ROUTING] = "prerouting",	[NF_INET_LOCAL_IN] = "input",
	[NF_INET_FORWARD] = "forward",		[NF_INET_LOCAL_OUT] = "output",
	[NF_INET_POST_ROUTING] = "postrouting",
};

int html_way_hook(const struct vf_way *way, size_t i)
{
	do
		if (way->steps[i].chain->hook >= 0)
			return way->steps[i].chain->hook;
	while (i--);
	return NF_INET_PRE_ROUTING;
}

/* Whether a line of what was seen begins like this. */
static bool saw(const char *seen, const char *what)
{
	size_t n = strlen(what);

	for (; seen; seen = strchr(seen, '\n')) {
		seen += *seen == '\n';
		if (!strncmp(seen, what, n))
			return true;
	}
	return false;
}

/* Where no rule is counted by one side only, the last rule is where another thing comes of it. */
static void find_part(struct drawing *w)
{
	const struct vf_way *way = &w->d->way;

	w->part = w->d->rule;
	if (!w->part && way->n && html_packet_differs(w->res, w->d) && w->res->counts[0] &&
	    w->res->counts[1])
		w->part = way->steps[way->n - 1].rule;
	w->part_at = -1;
	for (size_t i = 0; i < way->n; i++)
		if (way->steps[i].rule == w->part)
			w->part_at = html_way_hook(way, i);
}

/* By the rules that counted it and by what came of it. */
static void find_passed(struct drawing *w, size_t s)
{
	const struct vf_way *way = &w->d->way;
	bool *passed = w->passed[s], out = w->d->probe.in == VF_OUT;
	bool delivered = saw(way->seen[s], "is delivered"), sent = saw(way->seen[s], "is sent");

	passed[out ? NF_INET_LOCAL_OUT : NF_INET_PRE_ROUTING] = true;
	for (size_t i = 0; i < way->n; i++)
		if (way->steps[i].by & 1U << s)
			passed[html_way_hook(way, i)] = true;
	if (w->part_at >= 0)
		passed[w->part_at] = true;
	if (delivered)
		passed[NF_INET_PRE_ROUTING] = passed[NF_INET_LOCAL_IN] = true;
	if (sent || saw(way->seen[s], "leaves"))
		passed[NF_INET_POST_ROUTING] = true;
	if (passed[NF_INET_POST_ROUTING] && !passed[NF_INET_LOCAL_IN] && !passed[NF_INET_LOCAL_OUT])
		passed[NF_INET_FORWARD] = true;
	if (passed[NF_INET_POST_ROUTING] && passed[NF_INET_LOCAL_IN])
		passed[NF_INET_LOCAL_OUT] = true;
}

static void lay_out(struct drawing *w)
{
	static const int in[] = { NF_INET_PRE_ROUTING, NF_INET_LOCAL_IN, NF_INET_FORWARD,
				  NF_INET_LOCAL_OUT, NF_INET_POST_ROUTING };
	static const int out[] = { NF_INET_LOCAL_OUT, NF_INET_POST_ROUTING, NF_INET_PRE_ROUTING,
				   NF_INET_LOCAL_IN, NF_INET_FORWARD };
	int used = 0, x = LEFT;

	memcpy(w->order, w->d->probe.in == VF_OUT ? out : in, sizeof(w->order));
	for (int h = 0; h < NF_INET_NUMHOOKS; h++)
		for (size_t s = 0; s < w->res->sides; s++)
			if (w->passed[s][h] && !w->width[h])
				w->width[h] = 1, used++;
	for (int i = 0; i < NF_INET_NUMHOOKS; i++) {
		int h = w->order[i];

		w->width[h] =
			w->width[h]
				? (WIDTH - LEFT - RIGHT - IDLE * (NF_INET_NUMHOOKS - used)) / used
				: IDLE;
		w->x[h] = x;
		x += w->width[h];
	}
}

static void head(struct drawing *w)
{
	for (int h = 0; h < NF_INET_NUMHOOKS; h++) {
		bool idle = w->width[h] == IDLE;

		xl_buf_printf(w->b, "<text x=\"%d\" y=\"16\" class=\"%s\">%s</text>", w->x[h] + 8,
			      idle ? "q" : "lane", hook_names[h]);
		if (h == w->part_at)
			xl_buf_printf(w->b,
				      "<text x=\"%d\" y=\"33\" class=\"part-text\">the ways part "
				      "%s</text>",
				      w->x[h] + 8, w->d->rule ? "here" : "after this");
	}
}

static const char *chip_class(const struct drawing *w, const struct vf_step *step, bool counted,
			      unsigned int all)
{
	if (!counted)
		return " not";
	if (step->by != all)
		return " only";
	return step->rule == w->part ? " last" : "";
}

/* A rule that a side counted or, as the one where they part, did not. */
static int chip(struct drawing *w, const struct vf_step *step, size_t s, int x, int y)
{
	bool counted = step->by & 1U << s;
	unsigned int all = 0, line = step->rule->source.loc.line;
	int width = 14 + 7 * snprintf(NULL, 0, "%u", line);

	for (size_t i = 0; i < w->res->sides; i++)
		all |= w->res->counts[i] ? 1U << i : 0;
	xl_buf_printf(w->b, "<a href=\"#r%zu\"><title>%s",
		      html_rules_row(w->view, &step->rule->source),
		      counted ? "" : "not counted here: ");
	html_text(w->b, step->rule->source.text);
	xl_buf_printf(w->b,
		      "</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"17\" rx=\"4\" "
		      "class=\"chip%s\"/>"
		      "<text x=\"%d\" y=\"%d\" class=\"num%s\">%u</text></a>",
		      x, y, width, chip_class(w, step, counted, all), x + width / 2, y + 13,
		      step->by == all ? "" : " only-text", line);
	return width + 5;
}

static bool shown(const struct drawing *w, size_t i, size_t s, int hook, const char *table)
{
	const struct vf_step *step = &w->d->way.steps[i];

	return html_way_hook(&w->d->way, i) == hook && !strcmp(step->chain->table->name, table) &&
	       (step->by & 1U << s || step->rule == w->part);
}

/* The rules of one table; returns where the next may stand. */
static int table(struct drawing *w, size_t s, int hook, const char *name, int y)
{
	int from = w->x[hook] + 8 + LABEL, x = from, end = w->x[hook] + w->width[hook] - 4;
	size_t n = 0;

	for (size_t i = 0; i < w->d->way.n; i++) {
		const struct vf_step *step = &w->d->way.steps[i];
		int width = 19 + 7 * snprintf(NULL, 0, "%u", step->rule->source.loc.line);

		if (!shown(w, i, s, hook, name) || (n++ >= CHIPS_MAX && step->rule != w->part))
			continue;
		if (x > from && x + width > end) {
			x = from;
			y += LINE;
		}
		if (n == 1)
			xl_buf_printf(w->b, "<text x=\"%d\" y=\"%d\" class=\"q\">%s</text>",
				      from - LABEL, y + 13, name);
		x += chip(w, step, s, x, y);
	}
	if (n > CHIPS_MAX)
		xl_buf_printf(w->b, "<text x=\"%d\" y=\"%d\" class=\"q\">and %zu more</text>", from,
			      (y += LINE) + 13, n - CHIPS_MAX);
	return n ? y + LINE : y;
}

static const char *const *tables_at(int hook)
{
	static const char *const first[] = { "raw", "mangle", "nat", "filter", "security", NULL };
	static const char *const last[] = { "raw", "mangle", "filter", "security", "nat", NULL };

	return hook == NF_INET_LOCAL_IN || hook == NF_INET_POST_ROUTING ? last : first;
}

/* What came of it, in few words: "leaves by eth1". */
static void outcome(struct drawing *w, size_t s, int y)
{
	static const char *const heads[] = { "leaves by ", "is delivered", "connects to the ",
					     "reaches the " };
	const char *line = w->d->way.seen[s], *last = "";
	size_t last_n = 0;
	int lines = 0;

	for (size_t n; *line && lines < 4; line += n + !!line[n]) {
		const char *from = line;

		n = strcspn(line, "\n");
		for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
			size_t len = strlen(heads[i]), words;

			if (strncmp(line, heads[i], len) != 0)
				continue;
			from = i < 2 ? line : line + len;
			words = i == 1 ? len : strcspn(from, ":\n");
			if (words == last_n && !strncmp(from, last, words))
				continue;
			last = from;
			last_n = words;
			xl_buf_printf(w->b, "<text x=\"%d\" y=\"%d\">", WIDTH - RIGHT + 14,
				      y + TRACK + 4 + 16 * lines++);
			html_text_n(w->b, from, words);
			xl_buf_puts(w->b, "</text>");
		}
	}
	if (!lines)
		xl_buf_printf(w->b,
			      "<text x=\"%d\" y=\"%d\" class=\"q\">nothing comes of it</text>",
			      WIDTH - RIGHT + 14, y + TRACK + 4);
}

/* Whether the last rule that counted it there ended it; else a policy did, or what is not known. */
static bool ended_by_rule(const struct drawing *w, size_t s)
{
	for (size_t i = w->d->way.n; i--;)
		if (w->d->way.steps[i].by & 1U << s)
			return w->d->way.steps[i].rule->action == XT_ACT_DROP;
	return false;
}

/* The line along the hooks that it passed, to its end or a cross. */
static void track(struct drawing *w, size_t s, int y)
{
	int end = WIDTH - RIGHT, last = LEFT;
	bool alive = *w->d->way.seen[s];

	y += TRACK;
	for (int h = 0; h < NF_INET_NUMHOOKS; h++)
		if (w->passed[s][h] && w->x[h] + 14 > last)
			last = w->x[h] + 14;
	xl_buf_printf(
		w->b,
		"<path d=\"M%d %dH%d\" class=\"track\"/><path d=\"M%d %dH%d\" class=\"went\"/>",
		LEFT - 6, y, end, LEFT - 6, y, alive ? end : last + 22);
	if (alive)
		xl_buf_printf(w->b, "<path d=\"M%d %dl6 5l-6 5\" class=\"went\"/>", end - 5, y - 5);
	else
		xl_buf_printf(w->b, "<path d=\"M%d %dl10 10m0 -10l-10 10\" class=\"went\"/>",
			      last + 18, y - 5);
	if (!alive && w->res->counts[s] && !ended_by_rule(w, s))
		xl_buf_printf(
			w->b,
			"<text x=\"%d\" y=\"%d\" class=\"q\">no rule counts it further</text>",
			last + 14, y - 9);
	for (int h = 0; h < NF_INET_NUMHOOKS; h++)
		xl_buf_printf(w->b, "<circle cx=\"%d\" cy=\"%d\" r=\"5\" class=\"stop%s\"/>",
			      w->x[h] + 14, y, w->passed[s][h] ? " passed" : "");
}

/* Returns where the next lane begins. */
static int lane(struct drawing *w, size_t s, int y)
{
	const struct vf_probe *p = &w->d->probe;
	int bottom = y + CHIPS + LINE;

	xl_buf_printf(w->b,
		      "<text x=\"0\" y=\"%d\" class=\"lane\">%s</text><text x=\"0\" y=\"%d\" "
		      "class=\"q\">",
		      y + TRACK - 4, vf_kind_name(w->res->kinds[s]), y + TRACK + 12);
	html_text(w->b, p->in == VF_OUT ? "sent from here"
					: xl_printf(w->view->run->xt.arena, "from %s",
						    w->res->topo->devices[p->in].name));
	xl_buf_puts(w->b, "</text>");
	track(w, s, y);
	outcome(w, s, y);
	if (!w->res->counts[s]) {
		xl_buf_printf(w->b,
			      "<text x=\"%d\" y=\"%d\" class=\"q\">which rules count here is not "
			      "known</text>",
			      LEFT + 8, y + CHIPS + 13);
		return bottom + 14;
	}
	for (int h = 0; h < NF_INET_NUMHOOKS; h++) {
		int at = y + CHIPS;

		for (const char *const *t = tables_at(h); *t; t++)
			at = table(w, s, h, *t, at);
		bottom = at > bottom ? at : bottom;
	}
	return bottom + 14;
}

void html_way(struct xl_buf *b, const struct vf_result *res, const struct rules_view *view,
	      const struct vf_difference *d)
{
	struct xl_buf lanes = { 0 };
	struct drawing w = { .b = &lanes, .res = res, .view = view, .d = d };
	int y = HEAD;

	find_part(&w);
	for (size_t s = 0; s < res->sides; s++)
		find_passed(&w, s);
	lay_out(&w);
	head(&w);
	for (size_t s = 0; s < res->sides; s++)
		y = lane(&w, s, y);
	if (w.part_at >= 0)
		xl_buf_printf(&lanes, "<path d=\"M%d 40V%d\" class=\"part\"/>", w.x[w.part_at] + 2,
			      y);
	xl_buf_printf(
		b,
		"<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"the packet's "
		"way\"><svg "
		"class=\"way\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"the packet's way "
		"through the hooks on each side\">",
		WIDTH, y);
	b->failed |= lanes.failed;
	xl_buf_add(b, lanes.s, lanes.len);
	xl_buf_puts(b, "</svg></div>\n");
	xl_buf_free(&lanes);
}
