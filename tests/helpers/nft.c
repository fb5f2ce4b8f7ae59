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

/* nft of this system as a library, or with XL_CASE_NFT_ROOT the program of the system below that
 * folder. */
struct nft {
	struct nft_ctx *ctx;
	const char *root;
	struct text out, err;
};

static struct nft open_nft(void)
{
	struct nft n = { .root = getenv("XL_CASE_NFT_ROOT") };

	if (n.root)
		return n;
	n.ctx = nft_ctx_new(NFT_CTX_DEFAULT);
	if (!n.ctx)
		die("nft_ctx_new");
	nft_ctx_buffer_output(n.ctx);
	nft_ctx_buffer_error(n.ctx);
	return n;
}

static int run_program(struct nft *n, const char *const argv[])
{
	int status;

	n->out.n = n->err.n = 0;
	status = run(-1, argv, "", &n->out, &n->err);
	if (status > 128)
		text_f(&n->err, "nft ends with status %d\n", status);
	return status;
}

static int load(struct nft *n, const char *rules)
{
	char whole[4096];
	const char *argv[] = { "chroot", n->root, "nft", "-f", NULL, NULL };
	int fd, status;

	if (!n->root)
		return nft_run_cmd_from_buffer(n->ctx, rules);
	snprintf(whole, sizeof(whole), "%s/tmp/xtlate-case-XXXXXX", n->root);
	fd = mkstemp(whole);
	if (fd < 0 || write(fd, rules, strlen(rules)) != (ssize_t)strlen(rules))
		die("%s", whole);
	close(fd);
	argv[4] = whole + strlen(n->root);
	status = run_program(n, argv);
	unlink(whole);
	return status;
}

static int list_ruleset(struct nft *n)
{
	const char *const argv[] = { "chroot", n->root, "nft", "list", "ruleset", NULL };

	return n->root ? run_program(n, argv) : nft_run_cmd_from_buffer(n->ctx, "list ruleset");
}

static int flush(struct nft *n)
{
	const char *const argv[] = { "chroot", n->root, "nft", "flush", "ruleset", NULL };

	return n->root ? run_program(n, argv) : nft_run_cmd_from_buffer(n->ctx, "flush ruleset");
}

/* In the child: sends "what failed" and ends. */
__attribute__((noreturn)) static void give_up(int fd, const struct nft *n, const char *doing)
{
	dprintf(fd, "%s:\n%s", doing,
		n->root ? text_str(&n->err) : nft_ctx_get_error_buffer(n->ctx));
	_exit(1);
}

static void work_load(int fd, int ns, const char *rules)
{
	struct nft n;

	enter(ns);
	n = open_nft();
	if (load(&n, rules))
		give_up(fd, &n, "nft refuses it");
}

static char *list(int fd, struct nft *n)
{
	char *copy;

	if (list_ruleset(n))
		give_up(fd, n, "nft cannot list it");
	copy = strdup(n->root ? text_str(&n->out) : nft_ctx_get_output_buffer(n->ctx));
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
	char *first, *second;
	struct nft n;

	(void)ns;
	if (unshare(CLONE_NEWNET))
		die("unshare");
	add_devices();
	n = open_nft();
	if (load(&n, rules))
		give_up(fd, &n, "nft refuses it");
	first = list(fd, &n);
	dprintf(fd, "%s", first);
	if (flush(&n) || load(&n, first))
		give_up(fd, &n, "nft refuses its own listing");
	second = list(fd, &n);
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
