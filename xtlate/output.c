// SPDX-License-Identifier: GPL-2.0-or-later
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_all(int fd, const char *s, size_t n)
{
	while (n) {
		ssize_t done = write(fd, s, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return -1;
		s += done;
		n -= (size_t)done;
	}
	return 0;
}

/* The mode of the file that is replaced, or what a new one would get. */
static mode_t mode_for(const char *path)
{
	mode_t mask = umask(0);
	struct stat st;

	umask(mask);
	return stat(path, &st) ? 0666 & ~mask : st.st_mode & 07777;
}

static int finish(int fd, const char *temp, const char *path, int failed)
{
	int err;

	failed |= fchmod(fd, mode_for(path)) || fsync(fd);
	failed |= close(fd);
	if (!failed && !rename(temp, path))
		return 0;
	err = errno;
	unlink(temp);
	errno = err;
	return -1;
}

static int write_file(const char *path, const char *text, size_t size)
{
	char *temp = malloc(strlen(path) + 8);
	int fd, ret, err;

	if (!temp)
		return -1;
	sprintf(temp, "%s.XXXXXX", path);
	fd = mkstemp(temp);
	ret = fd < 0 ? -1 : finish(fd, temp, path, write_all(fd, text, size));
	err = errno;
	free(temp);
	errno = err;
	return ret;
}

int output_write(const char *path, const char *text, size_t size)
{
	struct stat st;
	int fd, ret;

	if (!path || !strcmp(path, "-"))
		return write_all(STDOUT_FILENO, text, size);
	if (stat(path, &st) || S_ISREG(st.st_mode))
		return write_file(path, text, size);
	fd = open(path, O_WRONLY | O_CLOEXEC); /* a device or a pipe */
	if (fd < 0)
		return -1;
	ret = write_all(fd, text, size);
	return close(fd) || ret ? -1 : 0;
}
