/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_VERSION_H
#define NFT_VERSION_H

/** "1.0.6" to 0x010006, "1.0.6.1" too; 0 when it is none. */
unsigned int nft_version_read(const char *s);
/** What to write for when nobody says: 1.0.6, since all newer ones take the same text, or, where
 * this was built with an older libnftables, that. */
unsigned int nft_version_default(void);

#endif
