// SPDX-License-Identifier: GPL-2.0-or-later
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

void die(const char *fmt, ...)
{
	int err = errno;
	va_list ap;

	va_start(ap, fmt);
	fputs("case-run: ", stderr);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, ": %s\n", strerror(err));
	va_end(ap);
	exit(2);
}

void text_add(struct text *t, const void *s, size_t n)
{
	t->s = realloc(t->s, t->n + n + 1);
	if (!t->s)
		die("realloc");
	memcpy(t->s + t->n, s, n);
	t->n += n;
	t->s[t->n] = '\0';
}

void text_f(struct text *t, const char *fmt, ...)
{
	char *s;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		die("vasprintf");
	text_add(t, s, (size_t)n);
	free(s);
}

/* Returns false at the end of the file. */
static bool read_some(struct text *t, int fd)
{
	char buf[4096];
	ssize_t n;

	do
		n = read(fd, buf, sizeof(buf));
	while (n < 0 && errno == EINTR);
	if (n > 0)
		text_add(t, buf, (size_t)n);
	return n > 0;
}

void text_read(struct text *t, int fd)
{
	while (read_some(t, fd))
		;
}

void text_cut(struct text *t, size_t n)
{
	t->n = n;
	if (t->s)
		t->s[n] = '\0';
}

void text_free(struct text *t)
{
	free(t->s);
	*t = (struct text){ 0 };
}

const char *text_str(const struct text *t)
{
	return t->s ? t->s : "";
}

char *copy_n(const char *s, size_t n)
{
	char *p = strndup(s, n);

	if (!p)
		die("strndup");
	return p;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *p = c ? strchr(digits, c | 0x20) : NULL;

	return p ? (int)(p - digits) : -1;
}

int hex_byte(const char *s)
{
	int hi = hex_digit(s[0]), lo = hi < 0 ? -1 : hex_digit(s[1]);

	return lo < 0 ? -1 : hi << 4 | lo;
}

static int input_file(const char *s)
{
	int fd = memfd_create("input", MFD_CLOEXEC);
	size_t n = s ? strlen(s) : 0;

	if (fd < 0 || write(fd, s ? s : "", n) != (ssize_t)n || lseek(fd, 0, SEEK_SET) < 0)
		die("memfd");
	return fd;
}

static void become(int ns, const char *const argv[], int in, int out, int err)
{
	if ((ns >= 0 && setns(ns, CLONE_NEWNET)) || dup2(in, 0) < 0 || dup2(out, 1) < 0 ||
	    dup2(err, 2) < 0)
		_exit(126);
	execvp(argv[0], (char *const *)argv);
	dprintf(2, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static void drain(struct text *const to[2], const int fd[2])
{
	struct pollfd p[2] = { { fd[0], POLLIN, 0 }, { fd[1], POLLIN, 0 } };

	while (p[0].fd >= 0 || p[1].fd >= 0) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			die("poll");
		for (int i = 0; i < 2; i++)
			if (p[i].fd >= 0 && p[i].revents && !read_some(to[i], fd[i]))
				p[i].fd = -1;
	}
}

int run(int ns, const char *const argv[], const char *input, struct text *out, struct text *err)
{
	int in = input_file(input), o[2], e[2], status;
	struct text *const to[2] = { out, err };
	pid_t pid;

	if (pipe2(o, O_CLOEXEC) || pipe2(e, O_CLOEXEC))
		die("pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid)
		become(ns, argv, in, o[1], e[1]);
	close(in);
	close(o[1]);
	close(e[1]);
	drain(to, (const int[2]){ o[0], e[0] });
	close(o[0]);
	close(e[0]);
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
