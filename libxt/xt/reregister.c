// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.h" /* _GNU_SOURCE, for dl_iterate_phdr() */

#include "xt/reregister.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/sendfile.h>

struct search {
	const char *name;
	char path[PATH_MAX];
};

/* The extension may be loaded under another name, as libxt_DNAT.so is when libxt_SNAT.so is wanted:
 * both are links to one file. So it is looked for in the folders that extensions came from. */
static int try_folder(struct dl_phdr_info *info, size_t size, void *data)
{
	const char *base = strrchr(info->dlpi_name, '/');
	struct search *s = data;

	(void)size;
	if (!base || strncmp(base + 1, "libxt_", 6) != 0)
		return 0;
	snprintf(s->path, sizeof(s->path), "%.*s/libxt_%s.so", (int)(base - info->dlpi_name),
		 info->dlpi_name, s->name);
	return access(s->path, F_OK) == 0;
}

/* Calls the constructor, which iptables' build names after the file: libxt_NAT_init(). */
static void initialise(void *so, const char *path)
{
	char real[PATH_MAX], sym[NAME_MAX + 8];
	const char *base;
	void (*init)(void);

	if (!realpath(path, real))
		return;
	base = strrchr(real, '/') + 1;
	snprintf(sym, sizeof(sym), "%.*s_init", (int)strcspn(base, "."), base);
	*(void **)&init = dlsym(so, sym);
	if (init)
		init();
}

/* To the dynamic linker a copy is another object, which it initialises, too. */
static void load_copy(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), copy = memfd_create("xtlate", MFD_CLOEXEC);
	char link[32];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", copy);
	if (fd >= 0 && copy >= 0) {
		while (sendfile(copy, fd, NULL, INT_MAX) > 0)
			;
		/* It stays: libxtables points into it. */
		(void)dlopen(link, RTLD_NOW);
	}
	if (fd >= 0)
		close(fd);
	/* @copy stays open: by that number the linker knows it, and would take the next one for it.
	 */
}

void xt_reregister(const char *name, bool target)
{
	struct search s = { .name = name };
	void *so;

	if (strchr(name, '/') || !dl_iterate_phdr(try_folder, &s))
		return;
	so = dlopen(s.path, RTLD_LAZY | RTLD_NOLOAD);
	if (!so)
		return;
	/* xtables_register_target() refuses one that has been in its lists and was dropped, as an
	 * old revision is. Matches may share an object with those of any family, which would be
	 * there twice. */
	if (target)
		load_copy(s.path);
	else
		initialise(so, s.path);
	dlclose(so);
}
