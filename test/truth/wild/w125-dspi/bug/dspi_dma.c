// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>

#include "dspi.h"

int dspi_dma_get(struct dspi *ds)
{
	struct dma_slave_config cfg = {
		.direction = DMA_MEM_TO_DEV,
		.dst_addr = ds->phys + DSPI_TXFIFO,
		.dst_addr_width = DMA_SLAVE_BUSWIDTH_1_BYTE,
		.dst_maxburst = 8,
	};
	int ret;

	ds->tx = dma_request_chan(ds->dev, "tx");
	if (IS_ERR(ds->tx))
		return PTR_ERR(ds->tx);

	ret = dmaengine_slave_config(ds->tx, &cfg);
	if (ret)
		dma_release_channel(ds->tx);

	return ret;
}

void dspi_dma_put(struct dspi *ds)
{
	dmaengine_terminate_sync(ds->tx);
	dma_release_channel(ds->tx);
}

static void dspi_dma_done(void *data)
{
	complete(data);
}

int dspi_dma_send(struct dspi *ds, struct spi_transfer *xfer)
{
	struct dma_async_tx_descriptor *desc;
	dma_cookie_t cookie;

	desc = dmaengine_prep_slave_sg(ds->tx, xfer->tx_sg.sgl,
				       xfer->tx_sg.nents, DMA_MEM_TO_DEV,
				       DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	if (!desc)
		return -EIO;

	reinit_completion(&ds->done);
	desc->callback = dspi_dma_done;
	desc->callback_param = &ds->done;

	cookie = dmaengine_submit(desc);
	if (dma_submit_error(cookie))
		return -EIO;

	dma_async_issue_pending(ds->tx);
	if (!wait_for_completion_timeout(&ds->done, HZ)) {
		dmaengine_terminate_sync(ds->tx);
		return -ETIMEDOUT;
	}

	return 0;
}
