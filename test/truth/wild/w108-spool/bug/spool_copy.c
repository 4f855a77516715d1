// SPDX-License-Identifier: MIT
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "spool.h"

int spool_copy_init(struct spool *sp)
{
	struct spool_copy *cp = &sp->copy;
	struct device *dev = sp->drm.dev;

	cp->chan = dma_request_chan(dev, "copy");
	if (IS_ERR(cp->chan))
		return PTR_ERR(cp->chan);

	cp->bounce = dma_alloc_coherent(cp->chan->device->dev, PAGE_SIZE,
					&cp->bounce_dma, GFP_KERNEL);
	if (!cp->bounce) {
		dma_release_channel(cp->chan);
		return -ENOMEM;
	}

	return 0;
}

void spool_copy_fini(struct spool *sp)
{
	struct spool_copy *cp = &sp->copy;

	dmaengine_terminate_sync(cp->chan);
	dma_free_coherent(cp->chan->device->dev, PAGE_SIZE, cp->bounce, cp->bounce_dma);
	dma_release_channel(cp->chan);
}

static int spool_copy_page(struct spool_copy *cp, phys_addr_t src)
{
	struct dma_async_tx_descriptor *tx;
	dma_cookie_t cookie;

	tx = dmaengine_prep_dma_memcpy(cp->chan, cp->bounce_dma, src, PAGE_SIZE, 0);
	if (!tx)
		return -EIO;

	cookie = dmaengine_submit(tx);
	if (dma_submit_error(cookie))
		return -EIO;

	if (dma_sync_wait(cp->chan, cookie) != DMA_COMPLETE) {
		dmaengine_terminate_sync(cp->chan);
		return -EIO;
	}

	return 0;
}

int spool_copy_from_vram(struct spool *sp, void *dst, phys_addr_t src, size_t len)
{
	size_t off;
	int ret;

	lockdep_assert_held(&sp->lock);

	for (off = 0; off < len; off += PAGE_SIZE) {
		ret = spool_copy_page(&sp->copy, src + off);
		if (ret)
			return ret;
		memcpy(dst + off, sp->copy.bounce, PAGE_SIZE);
	}

	return 0;
}
