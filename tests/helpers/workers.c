// SPDX-License-Identifier: GPL-2.0-or-later
#include "workers.h"
#include "util.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* The legacy tools share a lock file, though namespaces have nothing to do with each other. Each
 * worker has one in memory. */
static void own_lock(void)
{
	char path[64];
	int fd = memfd_create("lock", 0);

	if (fd < 0)
		die("memfd");
	snprintf(path, sizeof(path), "/proc/%ld/fd/%d", (long)getpid(), fd);
	setenv("XTABLES_LOCKFILE", path, 1);
}

struct worker {
	pid_t pid;
	int out;
};

static struct worker start(size_t first, size_t n, size_t step, struct tally *tally,
			   bool (*job)(void *arg, size_t i), void *arg)
{
	struct worker w;
	int fd[2];

	fflush(NULL);
	if (pipe(fd))
		die("pipe");
	w = (struct worker){ fork(), fd[0] };
	if (w.pid < 0)
		die("fork");
	if (w.pid) {
		close(fd[1]);
		return w;
	}
	close(fd[0]);
	if (dup2(fd[1], STDOUT_FILENO) < 0 || dup2(fd[1], STDERR_FILENO) < 0)
		die("dup2");
	close(fd[1]);
	own_lock();
	for (size_t i = first; i < n; i += step)
		++*(job(arg, i) ? &tally->passed : &tally->failed);
	fflush(NULL);
	_exit(0);
}

static void finish(struct worker *w, struct tally *tally)
{
	struct text out = { 0 };
	int status;

	text_read(&out, w->out);
	close(w->out);
	fwrite(text_str(&out), 1, out.n, stdout);
	text_free(&out);
	if (waitpid(w->pid, &status, 0) < 0)
		die("waitpid");
	if (status)
		tally->failed++;
}

struct tally do_jobs(size_t n, size_t workers, bool (*job)(void *arg, size_t i), void *arg)
{
	struct tally sum = { 0, 0 }, *each;
	struct worker *w = calloc(workers, sizeof(*w));

	each = mmap(NULL, workers * sizeof(*each), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!w || each == MAP_FAILED)
		die("mmap");
	for (size_t i = 0; i < workers; i++)
		w[i] = start(i, n, workers, &each[i], job, arg);
	for (size_t i = 0; i < workers; i++) {
		finish(&w[i], &each[i]);
		sum.passed += each[i].passed;
		sum.failed += each[i].failed;
	}
	munmap(each, workers * sizeof(*each));
	free(w);
	return sum;
}
