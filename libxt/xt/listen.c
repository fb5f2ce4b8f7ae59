// SPDX-License-Identifier: GPL-2.0-or-later
/* What plugins write to standard error, which is all that they have for warnings. */
#include "xt/host.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __GLIBC__

/* glibc's stderr is a variable, which plugins share with us. */
static FILE *real_stderr;

static FILE *open_ears(struct xt_host *h)
{
	return open_memstream(&h->heard, &h->n_heard);
}

static bool turn_stderr(struct xt_host *h)
{
	rewind(h->ears);
	real_stderr = stderr;
	stderr = h->ears;
	return true;
}

static bool turn_back(struct xt_host *h)
{
	stderr = real_stderr;
	return !fflush(h->ears) && h->n_heard;
}

#else

/* Elsewhere stderr is a constant, so what is behind it has to change. */
static int real_stderr;

static FILE *open_ears(struct xt_host *h)
{
	int fd = memfd_create("xtlate", MFD_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w+");

	(void)h;
	if (!f && fd >= 0)
		close(fd);
	return f;
}

static bool turn_stderr(struct xt_host *h)
{
	int fd = fileno(h->ears);

	if (ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET))
		return false;
	real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (real_stderr < 0)
		return false;
	if (dup2(fd, STDERR_FILENO) >= 0)
		return true;
	close(real_stderr);
	return false;
}

static bool turn_back(struct xt_host *h)
{
	off_t size = lseek(fileno(h->ears), 0, SEEK_CUR);
	ssize_t n;

	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	free(h->heard);
	h->heard = size > 0 ? malloc((size_t)size) : NULL;
	if (!h->heard)
		return false;
	n = pread(fileno(h->ears), h->heard, (size_t)size, 0);
	h->n_heard = n < 0 ? 0 : (size_t)n;
	return n > 0;
}

#endif

static bool listening;

void xt_host_listen(struct xt_host *h)
{
	if (!h->ears)
		h->ears = open_ears(h);
	listening = h->ears && turn_stderr(h);
}

void xt_host_abandon(struct xt_host *h)
{
	h->catching = false;
	if (listening)
		turn_back(h);
	listening = false;
}

/* They say "warn:" in many ways. */
static char *warning(char *line)
{
	static const char *const begins[] = { "warn: ", "warning: " };

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (!strncasecmp(line, begins[i], strlen(begins[i])))
			return line + strlen(begins[i]);
	return line;
}

void xt_host_report(struct xt_host *h, struct xl_diags *diags, struct xl_loc loc)
{
	char *text, *next = NULL;

	if (!listening)
		return;
	listening = false;
	if (!turn_back(h))
		return;
	text = xl_strndup(h->rs->arena, h->heard, h->n_heard);
	for (char *line = strtok_r(text, "\n", &next); line; line = strtok_r(NULL, "\n", &next))
		xl_report(diags, XL_WARNING, loc, NULL, "%s",
			  xl_printable(h->rs->arena, warning(line)));
}
