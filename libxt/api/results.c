// SPDX-License-Identifier: GPL-2.0-or-later
/* What is to be said of a translation: messages, and what became of each rule. */
#include "api/internal.h"

static const char *const outcomes[] = {
	[XTLATE_TRANSLATED] = "translated",    [XTLATE_NEVER_MATCHES] = "never-matches",
	[XTLATE_APPROXIMATED] = "approximate", [XTLATE_NOT_VOUCHED] = "not-vouched-for",
	[XTLATE_REFUSED] = "refused",
};

/* The library's own, in the order of the public ones. */
_Static_assert((int)XTLATE_TRANSLATED == (int)XL_TRANSLATED, "outcomes");
_Static_assert((int)XTLATE_NEVER_MATCHES == (int)XL_NEVER_MATCHES, "outcomes");
_Static_assert((int)XTLATE_APPROXIMATED == (int)XL_APPROXIMATED, "outcomes");
_Static_assert((int)XTLATE_NOT_VOUCHED == (int)XL_NOT_VOUCHED, "outcomes");
_Static_assert((int)XTLATE_REFUSED == (int)XL_REFUSED, "outcomes");
_Static_assert((int)XTLATE_NOTE == (int)XL_NOTE, "severities");
_Static_assert((int)XTLATE_WARNING == (int)XL_WARNING, "severities");
_Static_assert((int)XTLATE_ERROR == (int)XL_ERROR, "severities");
_Static_assert((int)XTLATE_NFT == (int)XL_EXIT_NFT, "statuses");
_Static_assert((int)XTLATE_RESOURCE == (int)XL_EXIT_RESOURCE, "statuses");
_Static_assert((int)XTLATE_BLOCKS == (int)NFT_BLOCKS, "forms");
_Static_assert((int)XTLATE_LINES == (int)NFT_LINES, "forms");
_Static_assert((int)XTLATE_JSON == (int)NFT_JSON, "forms");

const char *xtlate_error(const struct xtlate *x)
{
	return x->error;
}

const char *xtlate_outcome_name(enum xtlate_outcome outcome)
{
	return (unsigned int)outcome <= XTLATE_REFUSED ? outcomes[outcome] : NULL;
}

const char *xtlate_severity_name(enum xtlate_severity severity)
{
	if ((unsigned int)severity > XTLATE_ERROR)
		return NULL;
	return xl_severity_name((enum xl_severity)severity);
}

size_t xtlate_messages(const struct xtlate *x)
{
	return x->stage == STAGE_BROKEN ? 0 : x->diags.n;
}

size_t xtlate_rules(const struct xtlate *x)
{
	return x->stage == STAGE_TRANSLATED ? x->env.nreport : 0;
}

static enum xtlate_status list_messages(struct xtlate *x, void *arg)
{
	struct xtlate_message *v = xl_alloc(&x->arena, x->diags.n * sizeof(*v));

	(void)arg;
	for (size_t i = 0; i < x->diags.n; i++) {
		const struct xl_diag *d = &x->diags.v[i];

		v[i] = (struct xtlate_message){
			.severity = (enum xtlate_severity)d->severity,
			.file = d->loc.file,
			.line = d->loc.line,
			.column = d->loc.col,
			.text = d->text,
			.hint = d->hint,
		};
	}
	x->messages = v;
	x->nmessages = x->diags.n;
	return XTLATE_OK;
}

/* A list that was given out stays; it is made again when there is more to say. */
const struct xtlate_message *xtlate_message(struct xtlate *x, size_t i)
{
	const char *error = x->error;

	if (i >= xtlate_messages(x))
		return NULL;
	if (x->nmessages != x->diags.n && xtlate_guard(x, x->stage, list_messages, NULL))
		return NULL;
	x->error = error;
	return &x->messages[i];
}

static enum xtlate_status list_rules(struct xtlate *x, void *arg)
{
	struct xtlate_rule *v = xl_alloc(&x->arena, x->env.nreport * sizeof(*v));

	(void)arg;
	for (size_t i = 0; i < x->env.nreport; i++) {
		const struct xl_rule_report *r = &x->env.report[i];

		v[i] = (struct xtlate_rule){
			.file = r->source->loc.file,
			.line = r->source->loc.line,
			.family = r->family,
			.table = r->table,
			.chain = r->chain,
			.number = r->num,
			.text = r->source->text,
			.outcome = (enum xtlate_outcome)r->outcome,
			.reason = r->why,
		};
	}
	x->rules = v;
	x->nrules = x->env.nreport;
	return XTLATE_OK;
}

const struct xtlate_rule *xtlate_rule(struct xtlate *x, size_t i)
{
	const char *error = x->error;

	if (i >= xtlate_rules(x))
		return NULL;
	if (x->nrules != x->env.nreport && xtlate_guard(x, STAGE_TRANSLATED, list_rules, NULL))
		return NULL;
	x->error = error;
	return &x->rules[i];
}
