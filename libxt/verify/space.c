// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/space.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int home = -1;
static bool users;

static int open_space(void)
{
	return open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* We are its root, and it has no one else: see user_namespaces(7). */
static bool enter_user_space(void)
{
	char uids[32], gids[32];

	snprintf(uids, sizeof(uids), "0 %u 1", geteuid());
	snprintf(gids, sizeof(gids), "0 %u 1", getegid());
	return !unshare(CLONE_NEWUSER | CLONE_NEWNET) &&
	       write_file("/proc/self/setgroups", "deny") &&
	       write_file("/proc/self/uid_map", uids) && write_file("/proc/self/gid_map", gids);
}

static const char *why_not(struct xl_arena *a, int error)
{
	if (error == ENOSPC)
		return "no more namespaces may be made; the limits are the sysctls "
		       "user.max_net_namespaces and user.max_user_namespaces";
	if (error == EPERM || error == EACCES)
		return "no right to make a network namespace; run it as root, or allow user "
		       "namespaces (sysctls user.max_user_namespaces, "
		       "kernel.unprivileged_userns_clone, "
		       "kernel.apparmor_restrict_unprivileged_userns)";
	return xl_printf(a, "making a network namespace: %s", strerror(error));
}

/* Where we were cannot be gone back to from a user namespace. */
static bool unshare_net(void)
{
	if (home < 0)
		home = open_space();
	if (home < 0)
		return false;
	if (!unshare(CLONE_NEWNET))
		return true;
	if (errno != EPERM || users || !enter_user_space())
		return false;
	users = true;
	close(home);
	home = open_space();
	return home >= 0 && !unshare(CLONE_NEWNET);
}

int vf_space_new(struct xl_arena *a, const char **why)
{
	int space = unshare_net() ? open_space() : -1;

	if (space < 0)
		*why = why_not(a, errno);
	return space;
}

bool vf_space_enter(int space)
{
	return !setns(space < 0 ? home : space, CLONE_NEWNET);
}

bool vf_space_is_users(void)
{
	return users;
}
