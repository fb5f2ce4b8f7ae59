// SPDX-License-Identifier: GPL-2.0-or-later
/* Plugins are other people's code, run with whatever stands in a file: one that crashes costs its
 * rule, not the run. What it has spoilt cannot be known; reading on is the best that can be done.
 */
#include "xt/crash.h"

#include <signal.h>
#include <stdlib.h>

static const struct {
	int num;
	const char *error;
} signals[] = {
	{ SIGSEGV, "this extension's plugin crashed (SIGSEGV)" },
	{ SIGBUS, "this extension's plugin crashed (SIGBUS)" },
	{ SIGFPE, "this extension's plugin crashed (SIGFPE)" },
	{ SIGILL, "this extension's plugin crashed (SIGILL)" },
	{ SIGABRT, "this extension's plugin crashed (SIGABRT)" },
};

enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

static struct sigaction before[SIGNALS];
static struct xt_host *guarded;

static void leave(const char *error)
{
	guarded->error = error;
	longjmp(guarded->jump, 1);
}

/* A crash that is not a plugin's happens again when this returns, or abort() goes on. */
static void on_signal(int num)
{
	for (size_t i = 0; i < SIGNALS; i++) {
		if (signals[i].num != num)
			continue;
		if (guarded && guarded->catching)
			leave(signals[i].error);
		sigaction(num, &before[i], NULL);
	}
}

/* Left by longjmp it has been run, so that it must be registered again. */
static void on_exit_of_plugin(void)
{
	if (!guarded || !guarded->catching)
		return;
	atexit(on_exit_of_plugin);
	leave("this extension's plugin ended the program");
}

void xt_crash_catch(struct xt_host *h)
{
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = SA_NODEFER };
	static bool registered;

	if (!guarded)
		for (size_t i = 0; i < SIGNALS; i++)
			sigaction(signals[i].num, &act, &before[i]);
	if (!registered)
		atexit(on_exit_of_plugin);
	registered = true;
	guarded = h;
}

void xt_crash_forget(void)
{
	if (guarded)
		for (size_t i = 0; i < SIGNALS; i++)
			sigaction(signals[i].num, &before[i], NULL);
	guarded = NULL;
}
