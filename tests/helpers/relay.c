// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A relay as one would put behind REDIRECT or TPROXY: what comes in on a port goes on to one
 * server, and back. Its two switches say what either side gets to see: with -t it takes connections
 * to other hosts' addresses and answers as those (TPROXY), with -T it calls the server with the
 * client's own address. A UDP conversation is a pair of connected sockets, like a TCP connection.
 */
#include "endpoint.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Longer datagrams are cut. */
enum { PAIRS = 64, ROOM = 4096 };
enum side { CLIENT, SERVER };

/* What was read on one side and waits to be written on the other. */
struct flow {
	char data[ROOM];
	size_t start, end;
	bool eof;
};

struct pair {
	bool used;
	int fd[2];
	struct flow from[2];
};

struct relay {
	int listener, type;
	bool transparent_in, transparent_out;
	union endpoint server;
	struct pair pairs[PAIRS];
};

static void pair_close(struct pair *p)
{
	close(p->fd[CLIENT]);
	close(p->fd[SERVER]);
	p->used = false;
}

static struct pair *pair_open(struct relay *r, int client, int server)
{
	for (struct pair *p = r->pairs; p < r->pairs + PAIRS; p++)
		if (!p->used) {
			*p = (struct pair){ .used = true, .fd = { client, server } };
			fcntl(client, F_SETFL, O_NONBLOCK);
			return p;
		}
	warnx("more than %d conversations", PAIRS);
	close(client);
	close(server);
	return NULL;
}

/* The server sees our address, or with -T the client's own, port included. */
static int call_server(const struct relay *r, const union endpoint *client)
{
	union endpoint local = { .sa.sa_family = r->server.sa.sa_family };
	int fd;

	if (r->transparent_out)
		local = *client;
	fd = endpoint_socket(&local, r->type | SOCK_NONBLOCK, r->transparent_out);
	if (fd < 0)
		return -1;
	if (!connect(fd, &r->server.sa, endpoint_len(&r->server)) || errno == EINPROGRESS)
		return fd;
	close(fd);
	return -1;
}

static void announce(int client)
{
	char a[ENDPOINT_TEXT], b[ENDPOINT_TEXT], c[ENDPOINT_TEXT];
	union endpoint peer = endpoint_peer(client), own = endpoint_name(client), original;
	bool known = endpoint_original(client, &original);

	printf("client %s at %s%s%s\n", endpoint_text(&peer, a), endpoint_text(&own, b),
	       known ? ", asked for " : "", known ? endpoint_text(&original, c) : "");
}

static struct pair *begin(struct relay *r, int client)
{
	union endpoint peer = endpoint_peer(client);
	int server = call_server(r, &peer);

	announce(client);
	if (server >= 0)
		return pair_open(r, client, server);
	warn("cannot call the server");
	close(client);
	return NULL;
}

static void accept_stream(struct relay *r)
{
	int client = accept(r->listener, NULL, NULL);

	if (client >= 0)
		begin(r, client);
}

static struct pair *find_pair(struct relay *r, const union endpoint *client)
{
	for (struct pair *p = r->pairs; p < r->pairs + PAIRS; p++)
		if (p->used) {
			union endpoint peer = endpoint_peer(p->fd[CLIENT]);

			if (endpoint_equal(&peer, client))
				return p;
		}
	return NULL;
}

/* Only a client's first datagrams come this way; for later ones its own socket is the better fit.
 */
static void accept_datagram(struct relay *r)
{
	union endpoint client, to;
	char data[ROOM];
	ssize_t n = endpoint_receive(r->listener, data, sizeof(data), &client, &to);
	struct pair *p;
	int fd;

	if (n < 0)
		return;
	p = find_pair(r, &client);
	if (!p) {
		fd = endpoint_pair(&to, &client, r->transparent_in);
		p = fd < 0 ? NULL : begin(r, fd);
	}
	if (!p || send(p->fd[SERVER], data, n, 0) < 0)
		warn("a datagram was lost");
}

/* Reads when nothing waits; false: the conversation is over. */
static bool fill(struct relay *r, struct pair *p, enum side s)
{
	struct flow *f = &p->from[s];
	ssize_t n = recv(p->fd[s], f->data, ROOM, 0);

	if (n < 0)
		return errno == EAGAIN;
	if (r->type == SOCK_STREAM)
		endpoint_ack(p->fd[s]);
	f->start = 0;
	f->end = n;
	f->eof = r->type == SOCK_STREAM && !n;
	if (f->eof)
		shutdown(p->fd[!s], SHUT_WR);
	return true;
}

/* Writes what waits for side @s; false: the conversation is over. */
static bool drain(struct pair *p, enum side s)
{
	struct flow *f = &p->from[!s];
	ssize_t n = send(p->fd[s], f->data + f->start, f->end - f->start, MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN;
	f->start += n;
	return true;
}

static bool waiting(const struct flow *f)
{
	return f->start < f->end;
}

static short wanted(const struct pair *p, enum side s)
{
	short events = 0;

	if (!waiting(&p->from[s]) && !p->from[s].eof)
		events |= POLLIN;
	if (waiting(&p->from[!s]))
		events |= POLLOUT;
	return events;
}

static void move(struct relay *r, struct pair *p, const struct pollfd polled[2])
{
	for (enum side s = CLIENT; s <= SERVER; s++) {
		short got = polled[s].revents;
		bool ok = true;

		/* An error shows when we read. */
		if (got & (POLLIN | POLLERR | POLLHUP) && !waiting(&p->from[s]) && !p->from[s].eof)
			ok = fill(r, p, s);
		if (ok && got & POLLOUT)
			ok = drain(p, s);
		if (!ok || (p->from[CLIENT].eof && p->from[SERVER].eof)) {
			pair_close(p);
			return;
		}
	}
}

/* Nothing to do for an fd: poll() must not report its hang-up over and over. */
static struct pollfd poll_entry(const struct pair *p, enum side s)
{
	short events = p->used ? wanted(p, s) : 0;

	return (struct pollfd){ .fd = events ? p->fd[s] : -1, .events = events };
}

_Noreturn static void run(struct relay *r)
{
	struct pollfd polled[1 + 2 * PAIRS];

	for (;;) {
		polled[0] = (struct pollfd){ .fd = r->listener, .events = POLLIN };
		for (int i = 0; i < PAIRS; i++)
			for (enum side s = CLIENT; s <= SERVER; s++)
				polled[1 + 2 * i + s] = poll_entry(&r->pairs[i], s);
		if (poll(polled, 1 + 2 * PAIRS, -1) < 0)
			continue;
		for (int i = 0; i < PAIRS; i++)
			if (r->pairs[i].used)
				move(r, &r->pairs[i], &polled[1 + 2 * i]);
		if (polled[0].revents && r->type == SOCK_STREAM)
			accept_stream(r);
		else if (polled[0].revents)
			accept_datagram(r);
	}
}

static int usage(void)
{
	fputs("Usage: relay [-4|-6] [-u] [-t] [-T] LISTEN-PORT HOST PORT\n"
	      "  -u  UDP\n"
	      "  -t  transparent towards the client: take what TPROXY hands over\n"
	      "  -T  transparent towards the server: call it with the client's address\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static struct relay r = { .type = SOCK_STREAM };
	union endpoint local;
	int c, family = AF_INET;

	while ((c = getopt(argc, argv, "46utT")) != -1)
		switch (c) {
		case '4':
			family = AF_INET;
			break;
		case '6':
			family = AF_INET6;
			break;
		case 'u':
			r.type = SOCK_DGRAM;
			break;
		case 't':
			r.transparent_in = true;
			break;
		case 'T':
			r.transparent_out = true;
			break;
		default:
			return usage();
		}
	if (argc - optind != 3)
		return usage();
	local = endpoint_read(family, NULL, argv[optind]);
	r.server = endpoint_read(family, argv[optind + 1], argv[optind + 2]);
	r.listener = endpoint_listen(&local, r.type, r.transparent_in);
	endpoint_background();
	run(&r);
}
