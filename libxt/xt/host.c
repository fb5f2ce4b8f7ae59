// SPDX-License-Identifier: GPL-2.0-or-later
#include "xt/host.h"

#include "xt/crash.h"
#include "xt/reregister.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xtables.h>

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

/* libxtables' callbacks have no argument of ours. */
static struct xt_host *current;

struct xt_host *xt_host_current(void)
{
	return current;
}

static void fail_va(const char *fmt, va_list ap)
{
	char *text = xl_vprintf(current->rs->arena, fmt, ap);
	size_t n = strlen(text);

	while (n && (text[n - 1] == '\n' || text[n - 1] == ' ' || text[n - 1] == '.'))
		text[--n] = '\0';
	current->error = text;
}

void xt_host_fail(struct xt_host *h, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail_va(fmt, ap);
	va_end(ap);
	longjmp(h->jump, 1);
}

/* xtables_error() of the plugins. */
__attribute__((noreturn, format(printf, 2, 3))) static void exit_err(enum xtables_exittype status,
								     const char *fmt, ...)
{
	va_list ap;

	(void)status;
	va_start(ap, fmt);
	if (!current || !current->catching)
		abort(); /* only a plugin's constructor could come here */
	fail_va(fmt, ap);
	va_end(ap);
	longjmp(current->jump, 1);
}

/* Every revision is taken, so the newest: it is the kernel's business only when rules are loaded.
 */
static int compat_rev(const char *name, uint8_t rev, int opt)
{
	(void)name;
	(void)rev;
	(void)opt;
	return 1;
}

static struct option no_options[] = { { .name = NULL } };

static struct xtables_globals globals = {
	.option_offset = 0,
	.program_name = "xtlate",
	.program_version = "1.8.9",
	.orig_opts = no_options,
	.exit_err = exit_err,
	.compat_rev = compat_rev,
};

bool xt_host_init(struct xt_host *h, struct xt_ruleset *rs)
{
	static bool registered;

	*h = (struct xt_host){ .rs = rs, .family = NFPROTO_IPV4, .ports.arena = rs->arena };
	current = h;
	if (xtables_init_all(&globals, NFPROTO_IPV4) < 0) {
		h->error = "libxtables cannot be initialised";
		return false;
	}
	if (!registered)
		xt_builtin_register();
	registered = true;
	xt_crash_catch(h);
	return true;
}

/* Every iptables has tcp, as a file or built into libxtables. */
bool xt_host_has_extensions(void)
{
	return !access(XTLIBDIR "/libxt_tcp.so", R_OK) ||
	       xtables_find_match("tcp", XTF_TRY_LOAD, NULL);
}

void xt_host_fini(struct xt_host *h)
{
	if (current != h)
		return;
	if (h->ears)
		fclose(h->ears);
	free(h->heard);
	h->ears = NULL;
	h->heard = NULL;
	xt_crash_forget();
	current = NULL;
}

void xt_host_set_family(struct xt_host *h, uint8_t family)
{
	if (h->family != family) {
		xtables_set_nfproto(family);
		h->families = true;
	}
	h->family = family;
}

/* One option table of either kind, seen alike. */
struct view {
	const struct xt_option_entry *x6;
	const struct option *old;
};

static const char *option_at(const struct view *v, size_t i, int *has_arg, unsigned int *val)
{
	if (v->x6) {
		*has_arg = v->x6[i].type != XTTYPE_NONE;
		*val = v->x6[i].id;
		return v->x6[i].name;
	}
	if (!v->old)
		return NULL;
	*has_arg = v->old[i].has_arg;
	*val = (unsigned int)v->old[i].val;
	return v->old[i].name;
}

struct search {
	const char *name;
	size_t len;
	struct xt_host_option *found;
	unsigned int partial;
};

/* True on an exact hit. Shortened names are noted in s->partial. */
static bool search_table(struct search *s, const struct view *v, struct xtables_match *m,
			 struct xtables_target *t)
{
	struct xt_host_option o = { .match = m, .target = t };
	const char *name;

	for (size_t i = 0; (name = option_at(v, i, &o.has_arg, &o.val)); i++) {
		if (strncmp(name, s->name, s->len) != 0)
			continue;
		if (name[s->len] && s->partial++)
			continue;
		o.shortened = name[s->len];
		*s->found = o;
		if (!o.shortened)
			return true;
	}
	return false;
}

static bool search_matches(struct search *s, struct xtables_rule_match *rm)
{
	/* The newest first: getopt would see its options first. */
	if (rm->next && search_matches(s, rm->next))
		return true;
	return search_table(s, &(struct view){ rm->match->x6_options, rm->match->extra_opts },
			    rm->match, NULL);
}

bool xt_host_find_option(struct xt_host *h, const char *name, size_t len, struct xt_host_option *o,
			 bool *ambiguous)
{
	struct search s = { .name = name, .len = len, .found = o };

	*ambiguous = false;
	if (h->target &&
	    search_table(&s, &(struct view){ h->target->x6_options, h->target->extra_opts }, NULL,
			 h->target))
		return true;
	if (h->matches && search_matches(&s, h->matches))
		return true;
	*ambiguous = s.partial > 1;
	return s.partial == 1;
}

/* Into zeroed memory. */
static void copy_name(char to[XT_EXTENSION_MAXNAMELEN], const char *name)
{
	memcpy(to, name, strnlen(name, XT_EXTENSION_MAXNAMELEN - 1));
}

static void start_match(struct xtables_match *m)
{
	size_t size = XT_ALIGN(sizeof(struct xt_entry_match)) + m->size;

	m->m = xtables_calloc(1, size);
	m->m->u.match_size = (uint16_t)size;
	copy_name(m->m->u.user.name, m->real_name ? m->real_name : m->name);
	m->m->u.user.revision = m->revision;
	m->mflags = 0;
	m->option_offset = 0;
	/* A second match of a kind is a copy that still points to the first's scratch area. */
	m->udata = m->udata_size ? xtables_calloc(1, m->udata_size) : NULL;
	if (m->init)
		m->init(m->m);
}

/* Newer libxtables have here what they have not yet been asked for. */
extern struct xtables_match *xtables_pending_matches __attribute__((weak));
extern struct xtables_target *xtables_pending_targets __attribute__((weak));

/* Registered for another family and never asked for: it must not be again. */
static bool is_pending(const char *name)
{
	const struct xtables_match *m = &xtables_pending_matches ? xtables_pending_matches : NULL;

	while (m && strcmp(m->name, name) != 0)
		m = m->next;
	return m;
}

static bool has_target(const struct xtables_target *t, uint8_t family, const char *name)
{
	for (; t; t = t->next)
		if ((t->family == family || t->family == NFPROTO_UNSPEC) && !strcmp(t->name, name))
			return true;
	return false;
}

/* xtables_find_target() remembers that it found nothing, and says so ever after. */
static bool is_registered(const struct xt_host *h, const char *name, bool target)
{
	if (!target)
		return xtables_find_match(name, XTF_TRY_LOAD, NULL) || is_pending(name);
	return has_target(xtables_targets, h->family, name) ||
	       (&xtables_pending_targets && has_target(xtables_pending_targets, h->family, name));
}

/* Finds what was loaded while the family was another; see xt_reregister(). */
static void find_again(const struct xt_host *h, const char *name, bool target)
{
	if (h->families && !is_registered(h, name, target))
		xt_reregister(name, target);
}

struct xtables_match *xt_host_add_match(struct xt_host *h, const char *name)
{
	struct xtables_match *m;

	find_again(h, name, false);
	m = xtables_find_match(name, XTF_LOAD_MUST_SUCCEED, &h->matches);
	start_match(m);
	return m;
}

bool xt_host_try_match(struct xt_host *h, const char *name)
{
	struct xtables_match *m;

	find_again(h, name, false);
	m = xtables_find_match(name, XTF_TRY_LOAD, &h->matches);
	if (m)
		start_match(m);
	return m;
}

bool xt_host_has_match(const struct xt_host *h, const char *name)
{
	const struct xtables_rule_match *rm;

	for (rm = h->matches; rm; rm = rm->next)
		if (!strcmp(rm->match->name, name))
			return true;
	return false;
}

bool xt_host_set_target(struct xt_host *h, const char *name)
{
	struct xtables_target *t;
	size_t size;

	find_again(h, name, true);
	t = xtables_find_target(name, XTF_TRY_LOAD);
	if (!t || !strcmp(t->name, "standard"))
		return false;
	size = XT_ALIGN(sizeof(struct xt_entry_target)) + t->size;
	t->t = xtables_calloc(1, size);
	t->t->u.target_size = (uint16_t)size;
	copy_name(t->t->u.user.name, t->real_name ? t->real_name : t->name);
	t->t->u.user.revision = t->revision;
	t->tflags = 0;
	t->used = 1;
	t->option_offset = 0;
	t->udata = t->udata_size ? xtables_calloc(1, t->udata_size) : NULL;
	h->target = t;
	if (t->init)
		t->init(t->t);
	return true;
}

/* The match has the option parsed by another table. Left by longjmp(), it is put right when the
 * rule is forgotten. */
static void with_table(const struct xt_host_option *o, const struct xt_option_entry *table,
		       char *value, char **argv, bool invert, void *entry)
{
	const struct xt_option_entry *own = o->match->x6_options;

	optarg = value;
	o->match->x6_options = table;
	xtables_option_mpcall(o->val, argv, invert, o->match, entry);
	o->match->x6_options = own;
}

int xt_host_parse(struct xt_host *h, const struct xt_host_option *o, char **argv, int at,
		  char *value, bool invert, void *entry)
{
	const struct xt_option_entry *table = NULL;
	char range[16];

	/* What plugins read beside their arguments: getopt's globals. */
	optarg = value;
	optind = at;
	if (o->match)
		table = xt_plain_ports(&h->ports, o->match->x6_options, o->val, value, range);
	if (table)
		with_table(o, table, range, argv, invert, entry);
	else if (o->match)
		xtables_option_mpcall(o->val, argv, invert, o->match, entry);
	else
		xtables_option_tpcall(o->val, argv, invert, o->target, entry);
	return optind;
}

void xt_host_check(struct xt_host *h)
{
	struct xtables_rule_match *rm;

	for (rm = h->matches; rm; rm = rm->next)
		xtables_option_mfcall(rm->match);
	if (h->target)
		xtables_option_tfcall(h->target);
}

static void set_offsets(uint8_t family, void *entry, size_t target, size_t next)
{
	if (family == NFPROTO_IPV4) {
		((struct ipt_entry *)entry)->target_offset = (uint16_t)target;
		((struct ipt_entry *)entry)->next_offset = (uint16_t)next;
	} else {
		((struct ip6t_entry *)entry)->target_offset = (uint16_t)target;
		((struct ip6t_entry *)entry)->next_offset = (uint16_t)next;
	}
}

/* What a blob is called: by an alias the plugin's own name. */
static const char *name_of(const char *real, const char *name)
{
	return real ? real : name;
}

void *xt_host_assemble(struct xt_host *h, const void *entry)
{
	size_t head =
		h->family == NFPROTO_IPV4 ? sizeof(struct ipt_entry) : sizeof(struct ip6t_entry);
	size_t size = head, at = head, tsize = XT_ALIGN(sizeof(struct xt_standard_target));
	const struct xtables_rule_match *rm;
	char *e;

	for (rm = h->matches; rm; rm = rm->next)
		size += rm->match->m->u.match_size;
	if (h->target)
		tsize = h->target->t->u.target_size;
	if (size + tsize > UINT16_MAX)
		xt_host_fail(h, "the rule's matches are larger than a rule can be");
	e = xl_alloc(h->rs->arena, size + tsize);
	memcpy(e, entry, head);
	for (rm = h->matches; rm; rm = rm->next) {
		memcpy(e + at, rm->match->m, rm->match->m->u.match_size);
		xt_ruleset_note(h->rs, name_of(rm->match->real_name, rm->match->name));
		at += rm->match->m->u.match_size;
	}
	if (h->target) {
		memcpy(e + at, h->target->t, tsize);
		xt_ruleset_note(h->rs, name_of(h->target->real_name, h->target->name));
	} else {
		((struct xt_entry_target *)(e + at))->u.target_size = (uint16_t)tsize;
	}
	set_offsets(h->family, e, at, at + tsize);
	return e;
}

void xt_host_reset(struct xt_host *h)
{
	struct xtables_rule_match *rm;

	for (rm = h->matches; rm; rm = rm->next) {
		free(rm->match->m);
		rm->match->m = NULL;
		rm->match->mflags = 0;
		free(rm->match->udata);
		rm->match->udata = NULL;
		rm->match->x6_options = xt_plain_ports_own(&h->ports, rm->match->x6_options);
	}
	xtables_rule_matches_free(&h->matches);
	if (!h->target)
		return;
	free(h->target->t);
	h->target->t = NULL;
	h->target->used = 0;
	h->target->tflags = 0;
	free(h->target->udata);
	h->target->udata = NULL;
	h->target = NULL;
}

static int call_match_xlate(struct xt_xlate *xl, const void *blob, const void *entry)
{
	const struct xt_entry_match *b = blob;
	struct xtables_match *m = xtables_find_match(b->u.user.name, XTF_TRY_LOAD, NULL);
	struct xt_xlate_mt_params p = { .ip = entry, .match = b, .numeric = 1 };

	if (!m || m->revision != b->u.user.revision || !m->xlate)
		return 0;
	return m->xlate(xl, &p);
}

static int call_target_xlate(struct xt_xlate *xl, const void *blob, const void *entry)
{
	const struct xt_entry_target *b = blob;
	struct xtables_target *t = xtables_find_target(b->u.user.name, XTF_TRY_LOAD);
	struct xt_xlate_tg_params p = { .ip = entry, .target = b, .numeric = 1 };

	if (!t || t->revision != b->u.user.revision || !t->xlate)
		return 0;
	return t->xlate(xl, &p);
}

const char *xt_host_xlate(struct xt_host *h, uint8_t family, bool target, const char *name,
			  const void *blob, const void *entry)
{
	struct xt_xlate *volatile xl = NULL;
	const char *volatile text = NULL;

	(void)name;
	xt_host_set_family(h, family);
	h->catching = true;
	if (!setjmp(h->jump)) {
		xl = xt_xlate_alloc(10240);
		if (target ? call_target_xlate(xl, blob, entry) : call_match_xlate(xl, blob, entry))
			text = xl_strdup(h->rs->arena, xt_xlate_get(xl));
	}
	h->catching = false;
	if (xl)
		xt_xlate_free(xl);
	return text;
}
