/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_WIRE_H
#define VF_WIRE_H

/* Probes as bytes. */

#include "verify/probe.h"

enum { VF_WIRE_MAX = 4096 };

/** The IP packet of @p (no link-layer header); its length. @out has VF_WIRE_MAX bytes. */
size_t vf_wire(const struct vf_probe *p, uint8_t *out);

/** The internet checksum over @n bytes on top of @sum, not folded yet. */
uint32_t vf_sum(uint32_t sum, const void *data, size_t n);
uint16_t vf_sum_fold(uint32_t sum);

#endif
