// SPDX-License-Identifier: GPL-2.0-or-later
/* What is put into a side: by the programs that users would use, and by libnftables. */
#include "verify/side.h"

#include <errno.h>
#include <fcntl.h>
#include <nftables/libnftables.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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
	buf[n > 0 ? n : 0] = '\0';
	return xl_strdup(a, buf);
}

/* In the child: the lock is for the real tables, not for ours. */
static void run_child(const struct vf_side *s, const char *const *argv, int in, int out)
{
	if (!vf_enter(s))
		_exit(127);
	dup2(in, 0);
	dup2(out, 1);
	dup2(out, 2);
	setenv("XTABLES_LOCKFILE", "/dev/null", 1);
	setenv("PATH", "/usr/sbin:/sbin:/usr/bin:/bin", 0);
	execvp(argv[0], (char *const *)argv);
	dprintf(2, "%s: %s", argv[0], strerror(errno));
	_exit(127);
}

bool vf_side_exec(struct vf_side *s, const char *const *argv, const char *input)
{
	int in = text_fd(input), out = memfd_create("output", MFD_CLOEXEC), status;
	const char *said;
	pid_t pid;

	if (in < 0 || out < 0)
		return vf_side_fail(s, "memfd: %s", strerror(errno));
	pid = fork();
	if (!pid)
		run_child(s, argv, in, out);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return vf_side_fail(s, "%s: %s", argv[0], strerror(errno));
	said = read_said(s->topo->arena, out);
	close(in);
	close(out);
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	return vf_side_fail(s, "%s: %s", argv[0], *said ? said : "it failed and said nothing");
}

bool vf_load_iptables(struct vf_side *s, uint8_t family, const char *text)
{
	static const char *const programs[2][2] = {
		{ "iptables-legacy-restore", "ip6tables-legacy-restore" },
		{ "iptables-nft-restore", "ip6tables-nft-restore" },
	};
	const char *argv[] = { programs[s->kind == VF_COMPAT][family == NFPROTO_IPV6], "-c", NULL };

	return vf_side_exec(s, argv, text);
}

bool vf_load_ipset(struct vf_side *s, const char *text)
{
	const char *const argv[] = { "ipset", "restore", NULL };

	return vf_side_exec(s, argv, text);
}

enum xl_exit vf_load_nft(struct vf_side *s, const char *text)
{
	struct nft_ctx *ctx = NULL;
	enum xl_exit ret = XL_EXIT_RESOURCE;

	/* Its netlink socket belongs to the namespace in which it was made. */
	if (vf_enter(s))
		ctx = nft_ctx_new(NFT_CTX_DEFAULT);
	if (ctx && !nft_ctx_buffer_error(ctx) && !nft_ctx_buffer_output(ctx))
		ret = nft_run_cmd_from_buffer(ctx, text) ? XL_EXIT_NFT : XL_EXIT_OK;
	if (ret)
		vf_side_fail(s, "%s",
			     ret == XL_EXIT_NFT ? nft_ctx_get_error_buffer(ctx)
						: "libnftables cannot be used");
	if (ctx)
		nft_ctx_free(ctx);
	vf_enter(NULL);
	return ret;
}
