// SPDX-License-Identifier: GPL-2.0-or-later
/* libnftables in processes of its own: it belongs to the namespace in which it was opened, and some
 * versions abort while they list a ruleset. */
#include "nft.h"
#include "side.h"

#include <errno.h>
#include <nftables/libnftables.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct nft_ctx *open_nft(void)
{
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);

	if (!nft)
		die("nft_ctx_new");
	nft_ctx_buffer_output(nft);
	nft_ctx_buffer_error(nft);
	return nft;
}

/* In the child: sends "what failed" and ends. */
__attribute__((noreturn)) static void give_up(int fd, struct nft_ctx *nft, const char *doing)
{
	dprintf(fd, "%s:\n%s", doing, nft_ctx_get_error_buffer(nft));
	_exit(1);
}

static void work_load(int fd, int ns, const char *rules)
{
	struct nft_ctx *nft;

	enter(ns);
	nft = open_nft();
	if (nft_run_cmd_from_buffer(nft, rules))
		give_up(fd, nft, "nft refuses it");
}

static char *list(int fd, struct nft_ctx *nft)
{
	char *copy;

	if (nft_run_cmd_from_buffer(nft, "list ruleset"))
		give_up(fd, nft, "nft cannot list it");
	copy = strdup(nft_ctx_get_output_buffer(nft));
	if (!copy)
		die("strdup");
	return copy;
}

/* How long elements are still to stay changes from one listing to the next. */
static void strip_expires(char *s)
{
	static const char word[] = " expires ";
	char *to = s;

	while (*s) {
		if (!strncmp(s, word, sizeof(word) - 1)) {
			s += sizeof(word) - 1;
			s += strcspn(s, " ,\n");
		} else {
			*to++ = *s++;
		}
	}
	*to = '\0';
}

static void work_round_trip(int fd, int ns, const char *rules)
{
	struct nft_ctx *nft;
	char *first, *second;

	(void)ns;
	if (unshare(CLONE_NEWNET))
		die("unshare");
	add_devices();
	nft = open_nft();
	if (nft_run_cmd_from_buffer(nft, rules))
		give_up(fd, nft, "nft refuses it");
	first = list(fd, nft);
	dprintf(fd, "%s", first);
	if (nft_run_cmd_from_buffer(nft, "flush ruleset") || nft_run_cmd_from_buffer(nft, first))
		give_up(fd, nft, "nft refuses its own listing");
	second = list(fd, nft);
	strip_expires(first);
	strip_expires(second);
	if (strcmp(first, second) != 0) {
		dprintf(fd, "the listing of the listing differs:\n%s", second);
		_exit(1);
	}
	free(first);
	free(second);
}

static bool in_child(void (*work)(int fd, int ns, const char *rules), int ns, const char *rules,
		     struct text *out)
{
	int fd[2], status;
	pid_t pid;

	if (pipe(fd))
		die("pipe");
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		close(fd[0]);
		work(fd[1], ns, rules);
		_exit(0);
	}
	close(fd[1]);
	text_read(out, fd[0]);
	close(fd[0]);
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	if (WIFSIGNALED(status))
		text_f(out, "nft ends with signal %d\n", WTERMSIG(status));
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

bool nft_load(int ns, const char *rules, struct text *why)
{
	return in_child(work_load, ns, rules, why);
}

bool nft_round_trip(const char *rules, struct text *listing, struct text *why)
{
	struct text out = { 0 };
	bool ok = in_child(work_round_trip, -1, rules, &out);

	text_add(ok ? listing : why, text_str(&out), out.n);
	text_free(&out);
	return ok;
}
