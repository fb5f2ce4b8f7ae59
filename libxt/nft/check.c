// SPDX-License-Identifier: GPL-2.0-or-later
#include "nft/check.h"

#include <nftables/libnftables.h>
#include <string.h>

enum xl_exit nft_check(struct xl_arena *a, const char *text, bool json, const char **said)
{
	struct nft_ctx *ctx = nft_ctx_new(NFT_CTX_DEFAULT);
	enum xl_exit ret = XL_EXIT_OK;
	const char *err;

	*said = "";
	if (!ctx)
		return XL_EXIT_RESOURCE;
	nft_ctx_set_dry_run(ctx, true);
	if (json)
		nft_ctx_output_set_flags(ctx, NFT_CTX_OUTPUT_JSON);
	if (nft_ctx_buffer_error(ctx) || nft_ctx_buffer_output(ctx))
		ret = XL_EXIT_RESOURCE;
	else if (nft_run_cmd_from_buffer(ctx, text))
		ret = XL_EXIT_NFT;
	err = nft_ctx_get_error_buffer(ctx);
	if (err)
		*said = xl_strdup(a, err);
	if (ret == XL_EXIT_NFT && strstr(*said, "Operation not permitted"))
		ret = XL_EXIT_RESOURCE;
	nft_ctx_free(ctx);
	return ret;
}
