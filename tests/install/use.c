// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Uses the installed interface in all its ways:
 *
 *	use text FORM LEVEL FILE   the translation of FILE
 *	use rules FILE             what became of each rule
 *	use messages FILE          what is to be said
 *	use ipsets FILE SETS       with ipsets from a file
 *	use WHAT                   see the table at the end; prints nothing when all is as it must
 *be
 */
#include <xtlate/xtlate.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const char rules[] =
	"*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -p tcp --dport 22 -j DROP\nCOMMIT\n";

#define CHECK(what)                                                                \
	do {                                                                       \
		if (!(what)) {                                                     \
			fprintf(stderr, "line %d: not so: %s\n", __LINE__, #what); \
			exit(1);                                                   \
		}                                                                  \
	} while (0)

static struct xtlate *started(void)
{
	struct xtlate *x = xtlate_new();

	CHECK(x);
	return x;
}

static enum xtlate_status read_rules(struct xtlate *x)
{
	return xtlate_read(x, "rules", rules, sizeof(rules) - 1, XTLATE_IPV4);
}

static int end(struct xtlate *x, enum xtlate_status status)
{
	if (status > XTLATE_DIFFERS)
		fprintf(stderr, "%s\n", xtlate_error(x));
	xtlate_free(x);
	return (int)status;
}

/* The status of the translation; what lines could not be read is in it. */
static enum xtlate_status translated(struct xtlate *x, const char *path)
{
	enum xtlate_status status = xtlate_read_file(x, path, XTLATE_GUESS);

	return status <= XTLATE_DIFFERS ? xtlate_translate(x) : status;
}

static int text(char **argv)
{
	struct xtlate *x = started();
	enum xtlate_status status;

	CHECK(!xtlate_set(x, XTLATE_FORM, (unsigned int)atoi(argv[0])));
	CHECK(!xtlate_set(x, XTLATE_LEVEL, (unsigned int)atoi(argv[1])));
	status = translated(x, argv[2]);
	if (status <= XTLATE_DIFFERS)
		fputs(xtlate_text(x, NULL), stdout);
	return end(x, status);
}

static int show_rules(char **argv)
{
	struct xtlate *x = started();
	enum xtlate_status status = translated(x, argv[0]);
	const struct xtlate_rule *r;

	for (size_t i = 0; (r = xtlate_rule(x, i)); i++)
		printf("%u %s %s %s %u %s: %s%s%s\n", r->line, r->family, r->table, r->chain,
		       r->number, xtlate_outcome_name(r->outcome), r->text, r->reason ? " # " : "",
		       r->reason ? r->reason : "");
	return end(x, status);
}

static int show_messages(char **argv)
{
	struct xtlate *x = started();
	enum xtlate_status status = translated(x, argv[0]);
	const struct xtlate_message *m;

	for (size_t i = 0; (m = xtlate_message(x, i)); i++)
		printf("%s:%u:%u: %s: %s\n", m->file, m->line, m->column,
		       xtlate_severity_name(m->severity), m->text);
	return end(x, status);
}

static int ipsets(char **argv)
{
	struct xtlate *x = started();
	enum xtlate_status status;

	CHECK(!xtlate_read_ipsets_file(x, argv[1]));
	status = translated(x, argv[0]);
	fputs(xtlate_text(x, NULL), stdout);
	return end(x, status);
}

/* A run after a run, of the other family and back. */
static int again(char **argv)
{
	(void)argv;
	for (int i = 0; i < 4; i++) {
		struct xtlate *x = started();

		CHECK(!xtlate_read(x, "rules", rules, sizeof(rules) - 1,
				   i % 2 ? XTLATE_IPV6 : XTLATE_IPV4));
		CHECK(!xtlate_translate(x));
		CHECK(strstr(xtlate_text(x, NULL), i % 2 ? "table ip6 filter" : "table ip filter"));
		xtlate_free(x);
	}
	return 0;
}

static int busy(char **argv)
{
	struct xtlate *x = started();

	(void)argv;
	errno = 0;
	CHECK(!xtlate_new() && errno == EBUSY);
	CHECK(!read_rules(x) && !xtlate_translate(x));
	xtlate_free(x);
	xtlate_free(NULL);
	return 0;
}

static int order(char **argv)
{
	struct xtlate *x = started();
	size_t size;

	(void)argv;
	CHECK(!*xtlate_error(x));
	CHECK(xtlate_translate(x) == XTLATE_USAGE && *xtlate_error(x));
	CHECK(!xtlate_text(x, NULL) && xtlate_check(x) == XTLATE_USAGE);
	CHECK(!xtlate_rules(x) && !xtlate_rule(x, 0));
	CHECK(!read_rules(x) && !*xtlate_error(x));
	CHECK(!xtlate_translate(x));
	CHECK(xtlate_translate(x) == XTLATE_USAGE && *xtlate_error(x));
	CHECK(read_rules(x) == XTLATE_USAGE);
	CHECK(xtlate_set(x, XTLATE_LEVEL, 2) == XTLATE_USAGE);
	CHECK(strlen(xtlate_text(x, &size)) == size &&
	      xtlate_text(x, NULL) == xtlate_text(x, NULL));
	CHECK(xtlate_rules(x) == 1 && xtlate_rule(x, 0) && !xtlate_rule(x, 1));
	CHECK(!xtlate_messages(x) && !xtlate_message(x, 0));
	xtlate_free(x);
	return 0;
}

static int values(char **argv)
{
	static const struct {
		unsigned int option, good, bad;
	} rows[] = {
		{ XTLATE_FORM, XTLATE_LINES, 3 },
		{ XTLATE_LEVEL, 2, 3 },
		{ XTLATE_NFT_VERSION, 0x000908, 1 },
		{ XTLATE_REPLACE, 1, 2 },
		{ XTLATE_INET, 1, 2 },
		{ XTLATE_APPROXIMATE, 0, 2 },
		{ XTLATE_FRAGMENT_GUARD, 0, 2 },
		{ XTLATE_NOFLUSH, 1, 2 },
	};
	struct xtlate *x = started();

	(void)argv;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK(!xtlate_set(x, rows[i].option, rows[i].good));
		CHECK(xtlate_set(x, rows[i].option, rows[i].bad) == XTLATE_USAGE &&
		      *xtlate_error(x));
	}
	CHECK(xtlate_set(x, (enum xtlate_option)99, 0) == XTLATE_USAGE);
	CHECK(xtlate_read(x, "rules", "", 0, (enum xtlate_family)5) == XTLATE_USAGE);
	CHECK(!read_rules(x));
	CHECK(xtlate_translate(x) == XTLATE_USAGE && strstr(xtlate_error(x), "level 2"));
	CHECK(!xtlate_set(x, XTLATE_LEVEL, 0) && !xtlate_translate(x));
	CHECK(!xtlate_outcome_name((enum xtlate_outcome)99));
	CHECK(!xtlate_severity_name((enum xtlate_severity)99));
	xtlate_free(x);
	return 0;
}

/* The text given may go at once, and has no NUL behind it. */
static int copies(char **argv)
{
	char *mine = malloc(sizeof(rules) - 1);
	struct xtlate *x = started();
	char name[] = "mine";

	(void)argv;
	CHECK(mine);
	memcpy(mine, rules, sizeof(rules) - 1);
	CHECK(!xtlate_read(x, name, mine, sizeof(rules) - 1, XTLATE_IPV4));
	memset(mine, 'x', sizeof(rules) - 1);
	memset(name, 'x', sizeof(name) - 1);
	free(mine);
	CHECK(!xtlate_translate(x));
	CHECK(!strcmp(xtlate_rule(x, 0)->text, "-A FORWARD -p tcp --dport 22 -j DROP"));
	CHECK(!strcmp(xtlate_rule(x, 0)->file, "mine"));
	xtlate_free(x);
	return 0;
}

static void mine(int num)
{
	(void)num;
}

/* Between calls, and after them, signals are the program's. */
static int signals(char **argv)
{
	struct xtlate *x;

	(void)argv;
	signal(SIGSEGV, mine);
	x = started();
	CHECK(signal(SIGSEGV, mine) == mine);
	CHECK(!read_rules(x) && !xtlate_translate(x) && xtlate_text(x, NULL));
	CHECK(signal(SIGSEGV, mine) == mine);
	xtlate_free(x);
	CHECK(signal(SIGSEGV, SIG_DFL) == mine);
	return 0;
}

/* Where memory runs out, the run says so, and can only be freed. */
static void too_little(const char *text, size_t size)
{
	const FILE *stream = stderr;
	struct xtlate *x = started();

	CHECK(xtlate_read(x, "many", text, size, XTLATE_IPV4) == XTLATE_RESOURCE);
	CHECK(stderr == stream);
	CHECK(!strcmp(xtlate_error(x), "out of memory"));
	CHECK(xtlate_translate(x) == XTLATE_RESOURCE && !xtlate_text(x, NULL));
	CHECK(!xtlate_messages(x) && !xtlate_message(x, 0));
	xtlate_free(x);
}

/* Wherever that is: the limit leaves different room. */
static int memory(char **argv)
{
	static const char line[] = "-A FORWARD -s 10.0.0.1 -p tcp --dport 22 -j DROP\n";
	size_t size, room = sizeof(line) * 100000;
	struct rlimit limit = { .rlim_max = RLIM_INFINITY };
	char *many = malloc(room);
	struct xtlate *x;

	(void)argv;
	CHECK(many);
	size = (size_t)sprintf(many, "*filter\n");
	while (size + sizeof(line) < room)
		size += (size_t)sprintf(many + size, "%s", line);
	for (rlim_t mb = 32; mb < 52; mb++) {
		limit.rlim_cur = mb << 20;
		CHECK(!setrlimit(RLIMIT_AS, &limit));
		too_little(many, size);
	}
	free(many);
	x = started();
	CHECK(!read_rules(x) && !xtlate_translate(x));
	xtlate_free(x);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(char **argv);
	int args;
} uses[] = {
	{ "text", text, 3 },	   { "rules", show_rules, 1 }, { "messages", show_messages, 1 },
	{ "ipsets", ipsets, 2 },   { "again", again, 0 },      { "busy", busy, 0 },
	{ "order", order, 0 },	   { "values", values, 0 },    { "copies", copies, 0 },
	{ "signals", signals, 0 }, { "memory", memory, 0 },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(uses) / sizeof(uses[0]); i++)
		if (!strcmp(uses[i].name, argv[1]) && argc == uses[i].args + 2)
			return uses[i].run(argv + 2);
	fputs("use: see the head of its source\n", stderr);
	return 2;
}
