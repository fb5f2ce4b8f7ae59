// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel takes for a packet: writes UDP packets to a TUN device, each of another connection,
 * and prints nanoseconds a packet, the least of several rounds. Usage: cost DEVICE PACKETS ROUNDS SADDR DADDR
 * write() returns when the kernel is done with a packet: tun_get_user() hands it to netif_receive_skb().
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

struct packet {
	struct iphdr ip;
	struct udphdr udp;
	char data[18];
} __attribute__((packed));

static int open_device(const char *name)
{
	struct ifreq req = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);

	strncpy(req.ifr_name, name, IFNAMSIZ - 1);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &req)) {
		perror(name);
		exit(1);
	}
	return fd;
}

static uint16_t checksum(const void *p, size_t n)
{
	const uint16_t *w = p;
	uint32_t sum = 0;

	for (; n > 1; n -= 2)
		sum += *w++;
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~(sum + (sum >> 16));
}

static struct packet make_packet(const char *from, const char *to)
{
	struct packet p = {
		.ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP,
			.tot_len = htons(sizeof(p)) },
		.udp = { .len = htons(sizeof(p) - sizeof(p.ip)) },
	};

	inet_pton(AF_INET, from, &p.ip.saddr);
	inet_pton(AF_INET, to, &p.ip.daddr);
	p.ip.check = checksum(&p.ip, sizeof(p.ip));
	return p;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* A UDP checksum of 0 is none. */
static double one_round(int fd, struct packet *p, unsigned int n, unsigned int *number)
{
	double from = now();

	for (unsigned int i = 0; i < n; i++, ++*number) {
		p->udp.source = htons((uint16_t)(1024 + *number % 60000));
		p->udp.dest = htons((uint16_t)(61000 + *number / 60000 % 4000));
		if (write(fd, p, sizeof(*p)) != sizeof(*p)) {
			perror("write");
			exit(1);
		}
	}
	return (now() - from) / n;
}

int main(int argc, char **argv)
{
	unsigned int number = 0, n, rounds;
	struct packet p;
	double best = 0;
	int fd;

	if (argc != 6) {
		fputs("usage: cost DEVICE PACKETS ROUNDS SADDR DADDR\n", stderr);
		return 2;
	}
	fd = open_device(argv[1]);
	n = (unsigned int)atoi(argv[2]);
	rounds = (unsigned int)atoi(argv[3]);
	p = make_packet(argv[4], argv[5]);
	for (unsigned int i = 0; i < rounds; i++) {
		double ns = one_round(fd, &p, n, &number);

		best = !i || ns < best ? ns : best;
	}
	printf("%.1f\n", best);
	return 0;
}
