/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XTLATE_XTLATE_H
#define XTLATE_XTLATE_H

/*
 * libxtlate translates iptables rulesets to nftables. A run goes: xtlate_new(), xtlate_set(),
 * xtlate_read() for each file, xtlate_translate(), xtlate_text() and the reports, xtlate_free().
 *
 * The library never prints and never ends the program. Options of rules are parsed by libxtables'
 * plugins, which the environment variable XTABLES_LIBDIR tells where to find. libxtables has its
 * state in globals: so there can be one run at a time in a process, in one thread. Within
 * xtlate_read() and xtlate_translate(), signals that a crash raises are caught, and standard error
 * is kept from plugins.
 *
 * Every pointer that a function returns belongs to the run and is good until xtlate_free(), if it
 * does not say otherwise. Structures that are returned may grow at their end.
 */

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define XTLATE_PUBLIC __attribute__((visibility("default")))
#else
#define XTLATE_PUBLIC
#endif

/** A run: what was read, its translation, and what is to be said of it. */
struct xtlate;

/**
 * enum xtlate_status - how a call went; the numbers are xtlate's exit statuses
 * @XTLATE_OK: all is well
 * @XTLATE_DIFFERS: done, but something is not the same: xtlate_message() and xtlate_rule() say what
 * @XTLATE_USAGE: the input cannot be read, or the call makes no sense here
 * @XTLATE_NFT: libnftables refuses the result
 * @XTLATE_RESOURCE: no memory, or no rights; after the first, only xtlate_free() makes sense
 *
 * For the last three, xtlate_error() has the words.
 */
enum xtlate_status {
	XTLATE_OK = 0,
	XTLATE_DIFFERS = 1,
	XTLATE_USAGE = 2,
	XTLATE_NFT = 3,
	XTLATE_RESOURCE = 4
};

/** The family of a ruleset; of XTLATE_GUESS it is guessed from the file's name and text. */
enum xtlate_family { XTLATE_GUESS = 0, XTLATE_IPV4 = 4, XTLATE_IPV6 = 6 };

/** What the result is written as: blocks or "add" lines for nft -f, or JSON for nft -j -f. */
enum xtlate_form { XTLATE_BLOCKS, XTLATE_LINES, XTLATE_JSON };

/**
 * enum xtlate_option - what xtlate_set() sets
 * @XTLATE_FORM: an enum xtlate_form; XTLATE_BLOCKS
 * @XTLATE_LEVEL: 0: one rule for one rule; 1: sets that rules share; 2: rules as elements of sets
 *	and maps, not with XTLATE_JSON; 1
 * @XTLATE_NFT_VERSION: the nft to write for: 0x010006 is 1.0.6, and all newer ones; at least
 *	0x000908. By default that of the libnftables that the library was built with, or 1.0.6 where
 *	that is newer
 * @XTLATE_REPLACE: whether the result replaces tables that are loaded already; 0
 * @XTLATE_INET: whether tables that both families have become one of family inet; 0
 * @XTLATE_APPROXIMATE: whether translations may be only nearly the same; 0
 * @XTLATE_FRAGMENT_GUARD: whether later fragments are kept away from tests of ports; 1
 * @XTLATE_NOFLUSH: whether a table that comes again adds to the first, as with iptables-restore -n,
 *	for files read from then on; 0
 *
 * The number at the end of each is its default.
 */
enum xtlate_option {
	XTLATE_FORM,
	XTLATE_LEVEL,
	XTLATE_NFT_VERSION,
	XTLATE_REPLACE,
	XTLATE_INET,
	XTLATE_APPROXIMATE,
	XTLATE_FRAGMENT_GUARD,
	XTLATE_NOFLUSH
};

enum xtlate_severity { XTLATE_NOTE, XTLATE_WARNING, XTLATE_ERROR };

/**
 * struct xtlate_message - something to be told
 * @file: the name given to xtlate_read(); NULL: it is of no file
 * @line, @column: from 1; 0: not known
 * @text: what is wrong; one line
 * @hint: what can be done; NULL: nothing is known
 */
struct xtlate_message {
	enum xtlate_severity severity;
	const char *file;
	unsigned int line, column;
	const char *text, *hint;
};

/**
 * enum xtlate_outcome - what became of a rule
 * @XTLATE_TRANSLATED: the result does the same
 * @XTLATE_NEVER_MATCHES: no packet can match it; the result has a comment for it
 * @XTLATE_APPROXIMATED: the result does nearly the same, as XTLATE_APPROXIMATE allows
 * @XTLATE_NOT_VOUCHED: the translation is an iptables plugin's own, which nobody has checked
 * @XTLATE_REFUSED: the result lacks it; a comment stands at its place
 */
enum xtlate_outcome {
	XTLATE_TRANSLATED,
	XTLATE_NEVER_MATCHES,
	XTLATE_APPROXIMATED,
	XTLATE_NOT_VOUCHED,
	XTLATE_REFUSED
};

/**
 * struct xtlate_rule - one rule of the input
 * @file, @line: where it was read
 * @family: "ip" or "ip6"
 * @number: in its chain, from 1
 * @text: the rule as it was written, with whatever bytes it has
 * @reason: why it is XTLATE_REFUSED; NULL for others
 */
struct xtlate_rule {
	const char *file;
	unsigned int line;
	const char *family, *table, *chain;
	unsigned int number;
	const char *text;
	enum xtlate_outcome outcome;
	const char *reason;
};

/** The library's version, "0.1.0". Never freed. */
XTLATE_PUBLIC const char *xtlate_version(void);

/**
 * Starts a run. NULL with errno: EBUSY while there is another, ENOMEM, or ENOSYS when libxtables
 * cannot be used.
 */
XTLATE_PUBLIC struct xtlate *xtlate_new(void);

/** Ends a run and frees all that it has returned. @x may be NULL. */
XTLATE_PUBLIC void xtlate_free(struct xtlate *x);

/**
 * Sets an option, before xtlate_translate(). XTLATE_USAGE when there is no such option, or it
 * cannot have this value.
 */
XTLATE_PUBLIC enum xtlate_status xtlate_set(struct xtlate *x, enum xtlate_option option,
					    unsigned int value);

/**
 * Reads what iptables-save or ip6tables-save has written, or looser text with the same rules. It
 * adds to what was read before.
 * @name: for messages and guesses, such as the file's; copied
 * @text: @size bytes, which may be freed when this returns
 * XTLATE_OK; XTLATE_DIFFERS when lines could not be read; XTLATE_USAGE, XTLATE_RESOURCE.
 */
XTLATE_PUBLIC enum xtlate_status xtlate_read(struct xtlate *x, const char *name, const char *text,
					     size_t size, enum xtlate_family family);

/** The same of the file at @path, or of standard input for "-"; XTLATE_USAGE also when that cannot
 * be read. */
XTLATE_PUBLIC enum xtlate_status xtlate_read_file(struct xtlate *x, const char *path,
						  enum xtlate_family family);

/** Reads what "ipset save" has written, for rules that name ipsets; as xtlate_read(). */
XTLATE_PUBLIC enum xtlate_status xtlate_read_ipsets(struct xtlate *x, const char *name,
						    const char *text, size_t size);

/** The same of the file at @path, as xtlate_read_file(). */
XTLATE_PUBLIC enum xtlate_status xtlate_read_ipsets_file(struct xtlate *x, const char *path);

/**
 * Translates what was read, and optimises that as XTLATE_LEVEL says; once.
 * XTLATE_OK when the result does the same; XTLATE_DIFFERS when a rule was refused, is only nearly
 * the same or is not vouched for; XTLATE_USAGE when there is no ruleset in what was read, or
 * options do not go together; XTLATE_RESOURCE.
 */
XTLATE_PUBLIC enum xtlate_status xtlate_translate(struct xtlate *x);

/**
 * The result, once it is translated: @size bytes (which may be NULL) and a NUL behind them. NULL
 * when there is none, or no memory.
 */
XTLATE_PUBLIC const char *xtlate_text(struct xtlate *x, size_t *size);

/**
 * Has libnftables check the result without loading it, which needs the rights to load it.
 * XTLATE_OK, XTLATE_NFT with what it said in xtlate_error(), XTLATE_USAGE, XTLATE_RESOURCE.
 */
XTLATE_PUBLIC enum xtlate_status xtlate_check(struct xtlate *x);

/** What went wrong in the last call that returned a status; "" when nothing did. Never NULL. */
XTLATE_PUBLIC const char *xtlate_error(const struct xtlate *x);

/** How many messages there are; xtlate_translate() puts them into the order of lines. */
XTLATE_PUBLIC size_t xtlate_messages(const struct xtlate *x);

/** Message @i, from 0; NULL when there are not so many, or no memory. */
XTLATE_PUBLIC const struct xtlate_message *xtlate_message(struct xtlate *x, size_t i);

/** How many rules there are, once they are translated. */
XTLATE_PUBLIC size_t xtlate_rules(const struct xtlate *x);

/** Rule @i, from 0, by table and chain; NULL when there are not so many, or no memory. */
XTLATE_PUBLIC const struct xtlate_rule *xtlate_rule(struct xtlate *x, size_t i);

/** "translated", "never-matches", "approximate", "not-vouched-for", "refused"; NULL for other
 * values. */
XTLATE_PUBLIC const char *xtlate_outcome_name(enum xtlate_outcome outcome);

/** "note", "warning", "error"; NULL for other values. */
XTLATE_PUBLIC const char *xtlate_severity_name(enum xtlate_severity severity);

#ifdef __cplusplus
}
#endif

#endif
