/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_WORKERS_H
#define HELPERS_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

struct tally {
	size_t passed, failed;
};

/**
 * Does jobs 0 to @n - 1 in @workers processes: most of the time they wait for the kernel. What jobs
 * print comes out worker by worker. A worker that dies counts as one more failure.
 */
struct tally do_jobs(size_t n, size_t workers, bool (*job)(void *arg, size_t i), void *arg);

#endif
