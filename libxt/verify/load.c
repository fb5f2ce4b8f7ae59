// SPDX-License-Identifier: GPL-2.0-or-later
/* What is put into a side: by the programs that users would use, and by libnftables. */
#include "verify/side.h"

#include "verify/space.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <nftables/libnftables.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file without a name that holds @text, to be read from the start. */
static int text_fd(const char *text)
{
	size_t n = strlen(text);
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd >= 0 && (write(fd, text, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* The last of what a program said, on one line's length of it. */
static const char *read_said(struct xl_arena *a, int fd)
{
	char buf[1024];
	ssize_t n = lseek(fd, 0, SEEK_END);

	n = pread(fd, buf, sizeof(buf) - 1,
		  n > (ssize_t)sizeof(buf) ? n - (ssize_t)sizeof(buf) : 0);
	while (n > 0 && buf[n - 1] == '\n')
		n--;
	buf[n > 0 ? n : 0] = '\0';
	return xl_strdup(a, buf);
}

/* Users' own paths often lack the folders of what is for root. */
static const char *program_path(struct xl_arena *a)
{
	const char *path = getenv("PATH");

	return xl_printf(a, "%s:/usr/sbin:/sbin", path && *path ? path : "/usr/bin:/bin");
}

static bool has_program(struct xl_arena *a, const char *name)
{
	const char *at = program_path(a);

	for (size_t n; *at; at += n + (at[n] == ':')) {
		n = strcspn(at, ":");
		if (n && !access(xl_printf(a, "%.*s/%s", (int)n, at, name), X_OK))
			return true;
	}
	return false;
}

/* What a child does; what it says is on its standard output. */
typedef int body(const struct vf_side *s, const void *what);

/* iptables' lock is for the real tables, not for ours: it gets a file that no one else has. */
static int run_program(const struct vf_side *s, const void *what)
{
	const char *const *argv = what;

	setenv("XTABLES_LOCKFILE", "/proc/self/fd/1", 1);
	setenv("PATH", program_path(s->topo->arena), 1);
	execvp(argv[0], (char *const *)argv);
	dprintf(1, "%s", strerror(errno));
	return 127;
}

/* In a child, since libnftables ends the process when it is out of memory. Its netlink socket
 * belongs to the namespace in which it was made. */
static int run_nft(const struct vf_side *s, const void *text)
{
	struct nft_ctx *ctx = nft_ctx_new(NFT_CTX_DEFAULT);

	(void)s;
	if (!ctx || nft_ctx_buffer_error(ctx) || nft_ctx_buffer_output(ctx)) {
		dprintf(1, "libnftables cannot be used");
		return XL_EXIT_RESOURCE;
	}
	if (!nft_run_cmd_from_buffer(ctx, text))
		return XL_EXIT_OK;
	dprintf(1, "%s", nft_ctx_get_error_buffer(ctx));
	return XL_EXIT_NFT;
}

/* A child whose parent is gone has nothing left to do. */
static void be_child(const struct vf_side *s, body *run, const void *what, int in, int out)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(in, 0);
	dup2(out, 1);
	dup2(out, 2);
	if (vf_enter(s))
		_exit(run(s, what));
	dprintf(1, "setns: %s", strerror(errno));
	_exit(127);
}

/* Forks; the child holds the other end of *@end, which is closed when it ends. */
static pid_t start_child(const struct vf_side *s, body *run, const void *what, int in, int out,
			 int *end)
{
	int ends[2];
	pid_t pid;

	*end = -1;
	if (pipe2(ends, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid) {
		fcntl(ends[1], F_SETFD, 0);
		be_child(s, run, what, in, out);
	}
	close(ends[1]);
	*end = ends[0];
	return pid;
}

/* Its exit status, or -1. A signal ends the wait, and the child. */
static int await_child(pid_t pid, int end)
{
	struct pollfd p = { .fd = end };
	int status;

	if (poll(&p, 1, -1) < 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run_with_files(struct vf_side *s, body *run, const void *what, int in, int out)
{
	int end, status = -1;
	pid_t pid = start_child(s, run, what, in, out, &end);

	if (pid > 0)
		status = await_child(pid, end);
	if (end >= 0)
		close(end);
	if (status < 0)
		vf_side_fail(s, "a process: %s", vf_why(errno));
	else if (status)
		s->error = read_said(s->topo->arena, out);
	if (status > 0 && !*s->error)
		vf_side_fail(s, "ended with status %d and said nothing", status);
	return status;
}

/* The child's exit status, what it said in @s->error; or -1. */
static int run_child(struct vf_side *s, body *run, const void *what, const char *input)
{
	int in = text_fd(input), out = memfd_create("output", MFD_CLOEXEC), status = -1;

	if (in < 0 || out < 0)
		vf_side_fail(s, "a file in memory: %s", vf_why(errno));
	else
		status = run_with_files(s, run, what, in, out);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return status;
}

bool vf_side_exec(struct vf_side *s, const char *const *argv, const char *input)
{
	if (!run_child(s, run_program, argv, input))
		return true;
	return vf_side_fail(s, "%s: %s", argv[0], s->error);
}

static const char *restorer(enum vf_kind kind, uint8_t family)
{
	static const char *const programs[2][2] = {
		{ "iptables-legacy-restore", "ip6tables-legacy-restore" },
		{ "iptables-nft-restore", "ip6tables-nft-restore" },
	};

	return programs[kind == VF_COMPAT][family == NFPROTO_IPV6];
}

const char *vf_why_not_loadable(const struct vf_side *s, const struct xt_ruleset *rs)
{
	struct xl_arena *a = s->topo->arena;

	for (const struct xt_table *t = rs->tables; t; t = t->next) {
		const char *program = restorer(s->kind, t->family);
		bool v4 = t->family == NFPROTO_IPV4;
		struct ipt_getinfo info = { .valid_hooks = 0 };
		socklen_t n = sizeof(info);

		if (!has_program(a, program))
			return xl_printf(a, "there is no %s", program);
		strncpy(info.name, t->name, sizeof(info.name) - 1);
		if (s->kind == VF_LEGACY &&
		    getsockopt(v4 ? s->raw4 : s->raw6, v4 ? IPPROTO_IP : IPPROTO_IPV6,
			       IPT_SO_GET_INFO, &info, &n))
			return xl_printf(a, "the kernel has no legacy table %s for IPv%c (%s)",
					 t->name, v4 ? '4' : '6', strerror(errno));
	}
	return NULL;
}

bool vf_load_iptables(struct vf_side *s, uint8_t family, const char *text)
{
	const char *argv[] = { restorer(s->kind, family), NULL };

	if (vf_side_exec(s, argv, text))
		return true;
	if (!vf_space_is_users())
		return false;
	return vf_side_fail(s,
			    "%s; it may be possible as root: in a user namespace, rules cannot "
			    "name other users, and the kernel may not load modules",
			    s->error);
}

bool vf_load_ipset(struct vf_side *s, const char *text)
{
	const char *const argv[] = { "ipset", "restore", NULL };

	return vf_side_exec(s, argv, text);
}

enum xl_exit vf_load_nft(struct vf_side *s, const char *text)
{
	int status = run_child(s, run_nft, text, "");

	return status == XL_EXIT_OK || status == XL_EXIT_NFT ? status : XL_EXIT_RESOURCE;
}
