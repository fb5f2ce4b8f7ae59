// SPDX-License-Identifier: GPL-2.0-or-later
/* What the library is given to translate. */
#include "api/internal.h"

#include "diag/input.h"
#include "xt/read_save.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* @path: NULL where @text is given */
struct source {
	const char *path, *name, *text;
	size_t size;
	enum xtlate_family family;
	bool ipsets;
};

/* XTLATE_DIFFERS when there are errors that were not there before. */
static enum xtlate_status said(const struct xtlate *x, size_t before)
{
	return xl_diag_count(&x->diags, XL_ERROR) > before ? XTLATE_DIFFERS : XTLATE_OK;
}

/* @text is in the arena, with a NUL behind it: rules go on pointing into it. */
static enum xtlate_status read_text(struct xtlate *x, const struct source *s, const char *text)
{
	size_t before = xl_diag_count(&x->diags, XL_ERROR);
	struct xt_read_opts opts = { .noflush = x->noflush };

	opts.file = xl_strdup(&x->arena, xl_printable(&x->arena, s->name));
	if (s->ipsets) {
		x->has_ipsets = true;
		xt_ipsets_read(&x->ipsets, &x->diags, opts.file, text, s->size);
		return said(x, before);
	}
	if (s->family == XTLATE_GUESS)
		opts.family = xt_guess_family(opts.file, text);
	else
		opts.family = s->family == XTLATE_IPV6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	xt_read_save(&x->xt, &x->host, &x->diags, text, s->size, &opts);
	return said(x, before);
}

static enum xtlate_status read_source(struct xtlate *x, void *arg)
{
	const struct source *s = arg;
	char *text;

	if (s->family != XTLATE_GUESS && s->family != XTLATE_IPV4 && s->family != XTLATE_IPV6)
		return xtlate_fail(x, XTLATE_USAGE, "there is no family %d", (int)s->family);
	text = xl_alloc(&x->arena, s->size + 1);
	if (s->size)
		memcpy(text, s->text, s->size);
	return read_text(x, s, text);
}

/* The file's text is in memory of its own, which running out of the arena must not lose. */
static enum xtlate_status read_path(struct xtlate *x, struct source *s)
{
	char *text = input_read(s->path, &s->size);
	enum xtlate_status ret;

	if (!text) {
		x->error = strerror(errno);
		return XTLATE_USAGE;
	}
	s->name = s->path;
	s->text = text;
	ret = xtlate_guard(x, STAGE_READING, read_source, s);
	free(text);
	return ret;
}

enum xtlate_status xtlate_read(struct xtlate *x, const char *name, const char *text, size_t size,
			       enum xtlate_family family)
{
	struct source s = { .name = name, .text = text, .size = size, .family = family };

	return xtlate_guard(x, STAGE_READING, read_source, &s);
}

enum xtlate_status xtlate_read_file(struct xtlate *x, const char *path, enum xtlate_family family)
{
	return read_path(x, &(struct source){ .path = path, .family = family });
}

enum xtlate_status xtlate_read_ipsets(struct xtlate *x, const char *name, const char *text,
				      size_t size)
{
	struct source s = { .name = name, .text = text, .size = size, .ipsets = true };

	return xtlate_guard(x, STAGE_READING, read_source, &s);
}

enum xtlate_status xtlate_read_ipsets_file(struct xtlate *x, const char *path)
{
	return read_path(x, &(struct source){ .path = path, .ipsets = true });
}
