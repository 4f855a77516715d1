// SPDX-License-Identifier: MIT
/* PIO only SPI master. */
#include <linux/clk.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/spi/spi.h>

#define LOOM_ENABLE	0x00
#define LOOM_STATUS	0x04
#define LOOM_DATA	0x08
#define LOOM_DIV	0x0c
#define LOOM_CS		0x10
#define LOOM_BUSY	BIT(0)

struct loom {
	void __iomem *regs;
	struct clk *clk;
	bool up;
};

#define loom_wr(loom, reg, val)	writel(val, (loom)->regs + (reg))
#define loom_rd(loom, reg)	readl((loom)->regs + (reg))

static int loom_byte(struct loom *loom, u8 out, u8 *in)
{
	u32 stat;
	int ret;

	loom_wr(loom, LOOM_DATA, out);
	ret = readl_poll_timeout(loom->regs + LOOM_STATUS, stat, !(stat & LOOM_BUSY), 1, 1000);
	if (!ret)
		*in = loom_rd(loom, LOOM_DATA);
	return ret;
}

static int loom_transfer_one(struct spi_controller *ctlr, struct spi_device *spi,
			     struct spi_transfer *xfer)
{
	struct loom *loom = spi_controller_get_devdata(ctlr);
	const u8 *tx = xfer->tx_buf;
	u8 *rx = xfer->rx_buf;
	unsigned int i;
	u8 in;
	int ret;

	loom_wr(loom, LOOM_DIV, DIV_ROUND_UP(clk_get_rate(loom->clk), xfer->speed_hz));
	for (i = 0; i < xfer->len; i++) {
		ret = loom_byte(loom, tx ? tx[i] : 0, &in);
		if (ret)
			return ret;
		if (rx)
			rx[i] = in;
	}
	return 0;
}

static void loom_set_cs(struct spi_device *spi, bool high)
{
	struct loom *loom = spi_controller_get_devdata(spi->controller);

	loom_wr(loom, LOOM_CS, high);
}

static void loom_power(struct loom *loom, bool on)
{
	loom_wr(loom, LOOM_ENABLE, on);
	loom->up = on;
}

static void loom_quiesce(void *data)
{
	struct loom *loom = data;

	if (loom->up)
		loom_power(loom, false);
}

static int loom_map(struct platform_device *pdev, struct loom *loom)
{
	loom->clk = devm_clk_get_enabled(&pdev->dev, NULL);
	if (IS_ERR(loom->clk))
		return PTR_ERR(loom->clk);

	loom->regs = devm_platform_ioremap_resource(pdev, 0);
	return PTR_ERR_OR_ZERO(loom->regs);
}

static int loom_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct spi_controller *ctlr;
	struct loom *loom;
	int ret;

	ctlr = devm_spi_alloc_host(dev, sizeof(*loom));
	if (!ctlr)
		return -ENOMEM;
	loom = spi_controller_get_devdata(ctlr);

	ret = devm_add_action_or_reset(dev, loom_quiesce, loom);
	if (ret)
		return ret;

	ret = loom_map(pdev, loom);
	if (ret)
		return ret;
	loom_power(loom, true);

	ctlr->dev.of_node = dev->of_node;
	ctlr->mode_bits = SPI_MODE_0;
	ctlr->num_chipselect = 1;
	ctlr->max_speed_hz = clk_get_rate(loom->clk) / 2;
	ctlr->set_cs = loom_set_cs;
	ctlr->transfer_one = loom_transfer_one;
	return devm_spi_register_controller(dev, ctlr);
}

static const struct of_device_id loom_of_match[] = {
	{ .compatible = "weft,loom-spi" },
	{ }
};
MODULE_DEVICE_TABLE(of, loom_of_match);

static struct platform_driver loom_driver = {
	.probe = loom_probe,
	.driver = { .name = "spi-loom", .of_match_table = loom_of_match },
};
module_platform_driver(loom_driver);

MODULE_DESCRIPTION("Loom SPI master");
MODULE_LICENSE("GPL");
