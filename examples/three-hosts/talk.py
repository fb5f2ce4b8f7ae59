#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A server, a relay and a client, just large enough to see who talks to whom.

talk.py serve PORT              tells each client its address, as seen here
talk.py relay [-t] [-T] PORT    connects each client to where it wanted to go
    -t    takes connections to any address (IP_TRANSPARENT), as TPROXY hands them over
    -T    goes on from the client's own address (IP_TRANSPARENT again)
talk.py ask ADDRESS PORT        asks a server

The first two go to the background when they are ready, and print a line for each client.
"""
import os
import socket
import struct
import sys
import threading

SO_ORIGINAL_DST = 80  # linux/netfilter_ipv4.h
IP_TRANSPARENT = 19  # linux/in.h
MANY = 8  # clients at a time, who can only be one and the same


def listen(port, transparent):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if transparent:
        s.setsockopt(socket.SOL_IP, IP_TRANSPARENT, 1)
    s.bind(("0.0.0.0", port))
    s.listen()
    if os.fork():
        os._exit(0)
    return s


def wanted(s):
    """Where the client wanted to go: conntrack knows it if it was rewritten, else the socket."""
    try:
        there = s.getsockopt(socket.SOL_IP, SO_ORIGINAL_DST, 16)
        port, ip = struct.unpack_from("!2xH4s", there)
        return socket.inet_ntoa(ip), port
    except OSError:
        return s.getsockname()


def copy(source, sink):
    try:
        while data := source.recv(4096):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def carry_on(client, spoof):
    peer, there = client.getpeername(), wanted(client)
    print(peer[0], *client.getsockname(), flush=True)
    server = socket.socket()
    try:
        if spoof:
            server.setsockopt(socket.SOL_IP, IP_TRANSPARENT, 1)
            server.bind(peer)
        server.settimeout(1)
        server.connect(there)
        back = threading.Thread(target=copy, args=(server, client))
        back.start()
        copy(client, server)
        back.join()
    except OSError:
        pass
    server.close()
    client.close()


def relay(port, transparent, spoof):
    s = listen(port, transparent)
    while True:
        client, _ = s.accept()
        if threading.active_count() > MANY:
            print("loop", flush=True)
            os._exit(1)
        threading.Thread(target=carry_on, args=(client, spoof)).start()


def serve(port):
    s = listen(port, False)
    while True:
        client, peer = s.accept()
        print(peer[0], flush=True)
        client.sendall(peer[0].encode())
        client.close()


def ask(address, port):
    s = socket.socket()
    s.settimeout(1)
    try:
        s.connect((address, port))
        there = s.getpeername()[0]
        print(there if s.recv(4096) else "nobody")
    except OSError:
        print("nobody")


def main(verb, *words):
    options = [w for w in words if w in ("-t", "-T")]
    words = [w for w in words if w not in options]
    if verb == "serve":
        serve(int(words[0]))
    elif verb == "relay":
        relay(int(words[0]), "-t" in options, "-T" in options)
    else:
        ask(words[0], int(words[1]))


if len(sys.argv) < 3:
    sys.exit(__doc__)
main(*sys.argv[1:])
