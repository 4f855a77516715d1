// SPDX-License-Identifier: MIT
/* Transmit only SPI host for display panels. */
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "dspi.h"

static bool dspi_can_dma(struct spi_controller *host, struct spi_device *spi,
			 struct spi_transfer *xfer)
{
	return true;
}

static void dspi_set_cs(struct spi_device *spi, bool level)
{
	struct dspi *ds = spi_controller_get_devdata(spi->controller);

	writel(level, ds->base + DSPI_CS);
}

static int dspi_transfer_one(struct spi_controller *host,
			     struct spi_device *spi, struct spi_transfer *xfer)
{
	struct dspi *ds = spi_controller_get_devdata(host);
	int ret;

	writel(DSPI_CTRL_EN | DSPI_CTRL_TX, ds->base + DSPI_CTRL);
	ret = dspi_dma_send(ds, xfer);
	writel(DSPI_CTRL_EN, ds->base + DSPI_CTRL);

	return ret;
}

static int dspi_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct spi_controller *host;
	struct resource *res;
	struct dspi *ds;
	int ret;

	host = devm_spi_alloc_host(dev, sizeof(*ds));
	if (!host)
		return -ENOMEM;

	ds = spi_controller_get_devdata(host);
	ds->dev = dev;
	init_completion(&ds->done);
	platform_set_drvdata(pdev, host);

	ds->base = devm_platform_get_and_ioremap_resource(pdev, 0, &res);
	if (IS_ERR(ds->base))
		return PTR_ERR(ds->base);
	ds->phys = res->start;

	ret = dspi_dma_get(ds);
	if (ret)
		return dev_err_probe(dev, ret, "no dma channel\n");

	host->bus_num = -1;
	host->num_chipselect = 1;
	host->mode_bits = SPI_CPOL | SPI_CPHA;
	host->bits_per_word_mask = SPI_BPW_MASK(8);
	host->flags = SPI_CONTROLLER_NO_RX;
	host->dev.of_node = dev->of_node;
	host->can_dma = dspi_can_dma;
	host->dma_tx = ds->tx;
	host->set_cs = dspi_set_cs;
	host->transfer_one = dspi_transfer_one;

	writel(DSPI_CTRL_EN, ds->base + DSPI_CTRL);

	ret = spi_register_controller(host);
	if (ret) {
		writel(0, ds->base + DSPI_CTRL);
		dspi_dma_put(ds);
		return dev_err_probe(dev, ret, "cannot register\n");
	}

	return 0;
}

static void dspi_remove(struct platform_device *pdev)
{
	struct spi_controller *host = platform_get_drvdata(pdev);
	struct dspi *ds = spi_controller_get_devdata(host);

	spi_unregister_controller(host);
	writel(0, ds->base + DSPI_CTRL);
	dspi_dma_put(ds);
}

static const struct of_device_id dspi_of_match[] = {
	{ .compatible = "acme,dspi" },
	{ }
};
MODULE_DEVICE_TABLE(of, dspi_of_match);

static struct platform_driver dspi_driver = {
	.probe = dspi_probe,
	.remove = dspi_remove,
	.driver = {
		.name = "dspi-tx",
		.of_match_table = dspi_of_match,
	},
};
module_platform_driver(dspi_driver);

MODULE_DESCRIPTION("Transmit only SPI host");
MODULE_LICENSE("GPL");
