/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_LISTEN_H
#define HELPERS_LISTEN_H

#include "side.h"

/** Opens the socket that "tcp|udp PORT [ADDRESS] [transparent]" says; false when it is not
 * well-formed. */
bool listen_open(struct side *s, const char *what);

/** Describes what has come to the sockets, a line each. */
void listen_read(struct side *s, struct text *seen);

void listen_close(struct side *s);

#endif
