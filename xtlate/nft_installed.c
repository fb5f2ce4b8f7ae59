// SPDX-License-Identifier: GPL-2.0-or-later
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "nft_installed.h"

#include "nft/version.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* An ordinary user's PATH does not have it. */
static const char elsewhere[] = "/usr/local/sbin:/usr/sbin:/sbin";

/* NAME in a folder of @path: whether it can be run; its name is then in @buf. */
static bool find(const char *path, char *buf, size_t size)
{
	while (path) {
		size_t len = strcspn(path, ":");
		int n = snprintf(buf, size, "%.*s/nft", (int)len, path);

		if (len && n > 0 && (size_t)n < size && !access(buf, X_OK))
			return true;
		path = path[len] ? path + len + 1 : NULL;
	}
	return false;
}

static bool find_program(char *buf, size_t size)
{
	return find(getenv("PATH"), buf, size) || find(elsewhere, buf, size);
}

static bool is_of_system(const char *program)
{
	static const char *const folders[] = { "/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!strncmp(program, folders[i], strlen(folders[i])))
			return true;
	return false;
}

/*
 * A distribution has nft and libnftables of one version, and that library is loaded here. It does
 * not tell its version, but what it can do tells how old it is at least, and whether it can be the
 * one that this was built with.
 */
unsigned int nft_of_system(void)
{
	bool since_1_0_8 = dlsym(RTLD_DEFAULT, "nft_ctx_input_get_flags");
	bool since_1_0_2 = dlsym(RTLD_DEFAULT, "nft_ctx_set_optimize");
	unsigned int built = nft_version_read(NFT_VERSION);
	char program[PATH_MAX];

	if (!find_program(program, sizeof(program)) || !is_of_system(program))
		return 0;
	if (since_1_0_8)
		return 0x010008;
	return since_1_0_2 == (built >= 0x010002) && built < 0x010008 ? built : 0;
}

static pid_t start(const char *program, int to)
{
	char *args[] = { (char *)program, (char *)"--version", NULL };
	posix_spawn_file_actions_t files;
	pid_t pid;

	if (posix_spawn_file_actions_init(&files))
		return 0;
	if (posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) ||
	    posix_spawn_file_actions_adddup2(&files, to, STDOUT_FILENO) ||
	    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0) ||
	    posix_spawn(&pid, program, &files, NULL, args, environ))
		pid = 0;
	posix_spawn_file_actions_destroy(&files);
	return pid;
}

void nft_ask(struct nft_question *q)
{
	char program[PATH_MAX];
	int fds[2];

	*q = (struct nft_question){ .fd = -1 };
	if (!find_program(program, sizeof(program)) || pipe2(fds, O_CLOEXEC))
		return;
	q->pid = start(program, fds[1]);
	close(fds[1]);
	if (q->pid)
		q->fd = fds[0];
	else
		close(fds[0]);
}

const char *nft_answer(struct nft_question *q, struct xl_arena *a)
{
	FILE *f = q->fd < 0 ? NULL : fdopen(q->fd, "r");
	char version[64] = "";

	if (f && fscanf(f, "nftables v%63s", version) != 1)
		*version = '\0';
	if (f)
		fclose(f);
	if (q->pid)
		waitpid(q->pid, NULL, 0);
	*q = (struct nft_question){ .fd = -1 };
	return xl_strdup(a, version);
}
