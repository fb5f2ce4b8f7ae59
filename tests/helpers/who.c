// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who sees whom: a server that tells each client which addresses it sees, and a client that tells
 * what it sees itself and what it was answered.
 */
#include "endpoint.h"

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 512, PATIENCE = 2000 };

static const char question[] = "who?\n";

struct options {
	int family, type;
	bool transparent;
	const char *port, *command;
	int patience; /* ms */
};

/* One read, but only if there is something to read in time; -1 with ETIMEDOUT else. */
static ssize_t read_soon(int fd, char *data, size_t len, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (poll(&p, 1, ms) > 0)
		return read(fd, data, len);
	errno = ETIMEDOUT;
	return -1;
}

/* What a server sees, as the line that it logs and answers with. */
static size_t describe(char line[LINE], const union endpoint *own, const union endpoint *peer,
		       const union endpoint *original)
{
	char a[ENDPOINT_TEXT], b[ENDPOINT_TEXT], c[ENDPOINT_TEXT];
	int n;

	n = snprintf(line, LINE, "I am %s, you are %s%s%s\n", endpoint_text(own, a),
		     endpoint_text(peer, b), original ? ", you asked for " : "",
		     original ? endpoint_text(original, c) : "");
	fputs(line, stdout);
	return n;
}

static void answer_stream(int fd)
{
	union endpoint own = endpoint_name(fd), peer = endpoint_peer(fd), original;
	char line[LINE], rest[LINE];
	size_t n = describe(line, &own, &peer, endpoint_original(fd, &original) ? &original : NULL);

	if (read_soon(fd, rest, LINE, PATIENCE) <= 0)
		return;
	endpoint_ack(fd);
	if (write(fd, line, n) < 0)
		warn("write");
	read_soon(fd, rest, LINE, PATIENCE);
	endpoint_ack(fd);
}

_Noreturn static void serve_stream(int listener)
{
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			continue;
		answer_stream(fd);
		close(fd);
	}
}

/* The answer comes from where the datagram went: with a transparent socket, from anywhere. */
_Noreturn static void serve_datagrams(int listener, bool transparent)
{
	union endpoint own, peer;
	char line[LINE];

	for (;;) {
		size_t n;
		int fd;

		if (endpoint_receive(listener, line, LINE, &peer, &own) < 0)
			continue;
		n = describe(line, &own, &peer, NULL);
		fd = endpoint_pair(&own, &peer, transparent);
		if (fd < 0 || write(fd, line, n) < 0)
			warn("no answer");
		if (fd >= 0)
			close(fd);
	}
}

_Noreturn static void serve(const struct options *o)
{
	union endpoint local = endpoint_read(o->family, NULL, o->port);
	int fd = endpoint_listen(&local, o->type, o->transparent);

	endpoint_background();
	if (o->type == SOCK_STREAM)
		serve_stream(fd);
	serve_datagrams(fd, o->transparent);
}

static bool connect_soon(int fd, const union endpoint *to, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	socklen_t len = sizeof(errno);

	if (!connect(fd, &to->sa, endpoint_len(to)))
		return true;
	if (errno != EINPROGRESS)
		return false;
	if (poll(&p, 1, ms) <= 0) {
		errno = ETIMEDOUT;
		return false;
	}
	return !getsockopt(fd, SOL_SOCKET, SO_ERROR, &errno, &len) && !errno;
}

static bool ask_stream(int fd, const union endpoint *to, const struct options *o)
{
	char line[LINE], a[ENDPOINT_TEXT], b[ENDPOINT_TEXT];
	union endpoint name, peer;
	ssize_t n;

	if (!connect_soon(fd, to, o->patience))
		return false;
	name = endpoint_name(fd);
	peer = endpoint_peer(fd);
	printf("connected to %s from %s\n", endpoint_text(&peer, a), endpoint_text(&name, b));
	if (write(fd, question, sizeof(question) - 1) < 0)
		return false;
	n = read_soon(fd, line, sizeof(line), o->patience);
	if (n <= 0)
		return false;
	endpoint_ack(fd);
	printf("answer: %.*s", (int)n, line);
	return true;
}

static bool ask_datagram(int fd, const union endpoint *to, const struct options *o)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char line[LINE], a[ENDPOINT_TEXT];
	union endpoint from;
	socklen_t len = sizeof(from);
	ssize_t n;

	if (sendto(fd, question, sizeof(question) - 1, 0, &to->sa, endpoint_len(to)) < 0)
		return false;
	if (poll(&p, 1, o->patience) <= 0) {
		errno = ETIMEDOUT;
		return false;
	}
	n = recvfrom(fd, line, sizeof(line), 0, &from.sa, &len);
	if (n <= 0)
		return false;
	printf("answer from %s: %.*s", endpoint_text(&from, a), (int)n, line);
	return true;
}

/* Waits for the other side's end too: then every packet of this conversation has been sent. */
static void hang_up(int fd)
{
	char rest[LINE];

	shutdown(fd, SHUT_WR);
	read_soon(fd, rest, sizeof(rest), PATIENCE);
}

static int ask(const struct options *o, const char *host, const char *port)
{
	union endpoint to = endpoint_read(o->family, host, port);
	union endpoint local = endpoint_read(o->family, NULL, o->port);
	int fd = endpoint_socket(&local, o->type | SOCK_NONBLOCK, false);
	bool stream = o->type == SOCK_STREAM, ok;

	if (fd < 0)
		err(2, "no socket");
	errno = 0;
	ok = stream ? ask_stream(fd, &to, o) : ask_datagram(fd, &to, o);
	if (!ok)
		printf("no answer: %s\n", errno ? strerror(errno) : "end of file");
	fflush(stdout);
	if (o->command && system(o->command))
		warnx("failed: %s", o->command);
	if (ok && stream)
		hang_up(fd);
	return !ok;
}

static int usage(void)
{
	fputs("Usage: who serve [-4|-6] [-u] [-t] PORT\n"
	      "       who ask [-4|-6] [-u] [-p LOCAL-PORT] [-w MILLISECONDS] [-x COMMAND] HOST "
	      "PORT\n"
	      "  -u  UDP\n"
	      "  -t  transparent socket: take what TPROXY hands over\n"
	      "  -x  run COMMAND before the socket is closed\n",
	      stderr);
	return 2;
}

static bool read_options(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "46utp:w:x:")) != -1)
		switch (c) {
		case '4':
			o->family = AF_INET;
			break;
		case '6':
			o->family = AF_INET6;
			break;
		case 'u':
			o->type = SOCK_DGRAM;
			break;
		case 't':
			o->transparent = true;
			break;
		case 'p':
			o->port = optarg;
			break;
		case 'w':
			o->patience = atoi(optarg);
			break;
		case 'x':
			o->command = optarg;
			break;
		default:
			return false;
		}
	return true;
}

int main(int argc, char **argv)
{
	struct options o = {
		.family = AF_INET, .type = SOCK_STREAM, .port = "0", .patience = PATIENCE
	};
	const char *verb = argc > 1 ? argv[1] : "";

	optind = 2;
	if (!read_options(argc, argv, &o))
		return usage();
	argv += optind;
	argc -= optind;
	if (!strcmp(verb, "serve") && argc == 1) {
		o.port = argv[0];
		serve(&o);
	}
	if (!strcmp(verb, "ask") && argc == 2)
		return ask(&o, argv[0], argv[1]);
	return usage();
}
