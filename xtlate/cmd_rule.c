// SPDX-License-Identifier: GPL-2.0-or-later
#include "run.h"
#include "verbs.h"

int cmd_rule(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 2;
}
int cmd_translate4(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 2;
}
int cmd_translate6(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 2;
}
int cmd_restore_translate4(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 2;
}
int cmd_restore_translate6(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 2;
}
