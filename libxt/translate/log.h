/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_LOG_H
#define XL_LOG_H

#include "translate/ext.h"

/** A log statement with a blob's prefix of at most @size bytes, as nft can hold it. */
struct nft_stmt *xl_log(struct xl_ctx *c, const char *prefix, size_t size);

#endif
