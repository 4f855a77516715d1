// SPDX-License-Identifier: MIT
/* GPIO block inside a switchable power domain. */
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>

#include "pgpio.h"

static int pgpio_power_get(struct pgpio *pg)
{
	int ret;

	pm_runtime_enable(pg->dev);

	ret = pm_runtime_resume_and_get(pg->dev);
	if (ret)
		pm_runtime_disable(pg->dev);

	return ret;
}

static void pgpio_power_put(struct pgpio *pg)
{
	pm_runtime_put_sync(pg->dev);
	pm_runtime_disable(pg->dev);
}

static int pgpio_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct pgpio *pg;
	int ret;

	pg = devm_kzalloc(dev, sizeof(*pg), GFP_KERNEL);
	if (!pg)
		return -ENOMEM;

	pg->dev = dev;
	spin_lock_init(&pg->lock);
	platform_set_drvdata(pdev, pg);

	pg->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(pg->base))
		return PTR_ERR(pg->base);

	ret = pgpio_power_get(pg);
	if (ret)
		return dev_err_probe(dev, ret, "cannot power up\n");

	/* all lines are inputs until somebody asks */
	writel(0, pg->base + PGPIO_DIR);

	pgpio_fill_chip(pg);

	ret = gpiochip_add_data(&pg->gc, pg);
	if (ret)
		return dev_err_probe(dev, ret, "cannot add gpio chip\n");

	dev_dbg(dev, "%u lines\n", pg->gc.ngpio);

	return 0;
}

static void pgpio_remove(struct platform_device *pdev)
{
	struct pgpio *pg = platform_get_drvdata(pdev);

	gpiochip_remove(&pg->gc);
	pgpio_power_put(pg);
}

static const struct of_device_id pgpio_of_match[] = {
	{ .compatible = "acme,pd-gpio" },
	{ }
};
MODULE_DEVICE_TABLE(of, pgpio_of_match);

static struct platform_driver pgpio_driver = {
	.probe = pgpio_probe,
	.remove = pgpio_remove,
	.driver = {
		.name = "pgpio",
		.of_match_table = pgpio_of_match,
	},
};
module_platform_driver(pgpio_driver);

MODULE_DESCRIPTION("GPIO in a power domain");
MODULE_LICENSE("GPL");
