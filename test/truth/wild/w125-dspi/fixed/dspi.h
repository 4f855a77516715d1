/* SPDX-License-Identifier: MIT */
#ifndef _DSPI_H_
#define _DSPI_H_

#include <linux/completion.h>
#include <linux/spi/spi.h>

struct dma_chan;

#define DSPI_CTRL	0x00
#define  DSPI_CTRL_EN	BIT(0)
#define  DSPI_CTRL_TX	BIT(1)
#define DSPI_CS		0x04
#define DSPI_TXFIFO	0x10

struct dspi {
	struct device *dev;
	void __iomem *base;
	phys_addr_t phys;
	struct dma_chan *tx;
	struct completion done;
};

int dspi_dma_get(struct dspi *ds);
void dspi_dma_put(struct dspi *ds);
int dspi_dma_send(struct dspi *ds, struct spi_transfer *xfer);

#endif
