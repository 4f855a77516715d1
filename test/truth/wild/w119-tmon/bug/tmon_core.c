// SPDX-License-Identifier: MIT
/* Bus traffic monitor: counts bytes per direction. */
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "tmon.h"

static irqreturn_t tmon_irq(int irq, void *data)
{
	struct tmon *tm = data;
	u32 stat = readl(tm->base + TMON_STAT);

	if (!stat)
		return IRQ_NONE;

	writel(stat, tm->base + TMON_STAT);
	atomic_inc(&tm->overflows);

	return IRQ_HANDLED;
}

static void tmon_enable(struct tmon *tm)
{
	writel(TMON_EN | TMON_IE, tm->base + TMON_CTRL);
}

static void tmon_disable(struct tmon *tm)
{
	writel(0, tm->base + TMON_CTRL);
}

static int tmon_setup_irq(struct platform_device *pdev, struct tmon *tm)
{
	int irq = platform_get_irq(pdev, 0);

	if (irq < 0)
		return irq;

	return devm_request_irq(tm->dev, irq, tmon_irq, IRQF_SHARED,
				dev_name(tm->dev), tm);
}

static int tmon_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct tmon *tm;
	int ret;

	tm = devm_kzalloc(dev, sizeof(*tm), GFP_KERNEL);
	if (!tm)
		return -ENOMEM;

	tm->dev = dev;
	atomic_set(&tm->overflows, 0);
	platform_set_drvdata(pdev, tm);

	tm->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(tm->base))
		return PTR_ERR(tm->base);

	tmon_disable(tm);
	tmon_debugfs_init(tm);

	ret = tmon_setup_irq(pdev, tm);
	if (ret)
		return dev_err_probe(dev, ret, "cannot set up irq\n");

	tmon_enable(tm);

	return 0;
}

static void tmon_remove(struct platform_device *pdev)
{
	struct tmon *tm = platform_get_drvdata(pdev);

	tmon_debugfs_exit(tm);
	tmon_disable(tm);
}

static const struct of_device_id tmon_of_match[] = {
	{ .compatible = "acme,traffic-monitor" },
	{ }
};
MODULE_DEVICE_TABLE(of, tmon_of_match);

static struct platform_driver tmon_driver = {
	.probe = tmon_probe,
	.remove = tmon_remove,
	.driver = {
		.name = "tmon",
		.of_match_table = tmon_of_match,
	},
};
module_platform_driver(tmon_driver);

MODULE_DESCRIPTION("Bus traffic monitor");
MODULE_LICENSE("GPL");
