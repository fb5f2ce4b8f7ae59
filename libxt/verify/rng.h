/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_RNG_H
#define VF_RNG_H

/* Numbers that look random and are the same for the same seed: splitmix64. */

#include <stdbool.h>
#include <stdint.h>

struct vf_rng {
	uint64_t state;
};

static inline uint64_t vf_rand(struct vf_rng *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/** From 0 to @n - 1; 0 for 0. */
static inline uint32_t vf_below(struct vf_rng *r, uint32_t n)
{
	return (uint32_t)(((vf_rand(r) >> 32) * n) >> 32);
}

/** True once in @n times. */
static inline bool vf_one_in(struct vf_rng *r, uint32_t n)
{
	return !vf_below(r, n);
}

#endif
