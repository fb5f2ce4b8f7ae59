// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Translates a file that iptables-save has written, by way of libxtlate:
 *   cc -o embed embed.c $(pkg-config --cflags --libs libxtlate) && ./embed rules.v4
 */
#include <stdio.h>
#include <xtlate/xtlate.h>

static void show_messages(struct xtlate *x)
{
	const struct xtlate_message *m;

	for (size_t i = 0; (m = xtlate_message(x, i)); i++)
		fprintf(stderr, "%s:%u: %s: %s\n", m->file ? m->file : "?", m->line,
			xtlate_severity_name(m->severity), m->text);
}

int main(int argc, char **argv)
{
	struct xtlate *x = xtlate_new();
	enum xtlate_status status;

	if (!x || argc != 2) {
		fputs(x ? "Usage: embed FILE\n" : "embed: libxtlate cannot be used\n", stderr);
		xtlate_free(x);
		return XTLATE_USAGE;
	}
	xtlate_set(x, XTLATE_LEVEL, 2);
	status = xtlate_read_file(x, argv[1], XTLATE_GUESS);
	if (status <= XTLATE_DIFFERS) /* the lines that could be read */
		status = xtlate_translate(x);
	show_messages(x);
	if (status <= XTLATE_DIFFERS)
		fputs(xtlate_text(x, NULL), stdout);
	else
		fprintf(stderr, "embed: %s: %s\n", argv[1], xtlate_error(x));
	xtlate_free(x);
	return (int)status;
}
