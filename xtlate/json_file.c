// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_file.h"

#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

json_t *json_text(const char *s)
{
	json_t *j = json_string(s);

	if (!j) {
		size_t n = strlen(s);
		char *copy = strdup(s);

		for (size_t i = 0; copy && i < n; i++)
			if ((unsigned char)copy[i] >= 0x80)
				copy[i] = '?';
		j = copy ? json_string(copy) : NULL;
		free(copy);
	}
	return j;
}

int json_write(const struct run *r, json_t *j, const char *path)
{
	char *s = json_dumps(j, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	int ret = -1;

	json_decref(j);
	if (!s)
		run_complain(r, "out of memory");
	else if (output_write(path, s, strlen(s)))
		run_complain(r, "%s: %s", path, strerror(errno));
	else
		ret = 0;
	free(s);
	return ret;
}
