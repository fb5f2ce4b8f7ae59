// SPDX-License-Identifier: GPL-2.0-or-later
#include "diag/diag.h"

#include <stdio.h>
#include <stdlib.h>

void xl_report(struct xl_diags *d, enum xl_severity severity, struct xl_loc loc, const char *hint,
	       const char *fmt, ...)
{
	struct xl_diag m = { .severity = severity, .loc = loc };
	va_list ap;

	va_start(ap, fmt);
	m.text = xl_printable(d->arena, xl_vprintf(d->arena, fmt, ap));
	va_end(ap);
	m.hint = hint ? xl_printable(d->arena, hint) : NULL;
	xl_push(d->arena, d->v, d->n, d->cap, m);
}

/* Files come in the order in which something was first said of them. */
static void number_messages(struct xl_diags *d)
{
	const char *last = NULL;
	unsigned int rank = 0;

	for (size_t i = 0; i < d->n; i++) {
		d->v[i].order = i;
		d->v[i].rank = rank;
		if (d->v[i].loc.file == last)
			continue;
		last = d->v[i].loc.file;
		for (size_t j = 0; j <= i; j++) {
			if (d->v[j].loc.file != last)
				continue;
			rank = j < i ? d->v[j].rank : (unsigned int)i;
			break;
		}
		d->v[i].rank = rank;
	}
}

static int by_place(const void *a, const void *b)
{
	const struct xl_diag *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->loc.line != y->loc.line)
		return x->loc.line < y->loc.line ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void xl_diags_sort(struct xl_diags *d)
{
	number_messages(d);
	if (d->n)
		qsort(d->v, d->n, sizeof(*d->v), by_place);
}

size_t xl_diag_count(const struct xl_diags *d, enum xl_severity least)
{
	size_t i, n = 0;

	for (i = 0; i < d->n; i++)
		n += d->v[i].severity >= least;
	return n;
}

const char *xl_severity_name(enum xl_severity s)
{
	static const char *const names[] = { "note", "warning", "error" };

	return names[s];
}

static int is_control(char c)
{
	return (unsigned char)c < 0x20 || (unsigned char)c == 0x7f;
}

const char *xl_printable(struct xl_arena *a, const char *s)
{
	size_t len = 0, bad = 0;
	char *copy, *to;

	for (; s[len]; len++)
		bad += is_control(s[len]);
	if (!bad)
		return s;
	copy = to = xl_alloc(a, len + 3 * bad + 1);
	for (; *s; s++) {
		if (is_control(*s))
			to += sprintf(to, "\\x%02x", (unsigned char)*s);
		else
			*to++ = *s;
	}
	return copy;
}
