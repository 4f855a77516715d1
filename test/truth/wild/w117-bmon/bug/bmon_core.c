// SPDX-License-Identifier: MIT
/* Backup battery monitor, samples in process context on a timer. */
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/jiffies.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/property.h>

#include "bmon.h"

#define BMON_CTRL	0x0
#define  BMON_START	BIT(0)
#define BMON_STAT	0x4
#define  BMON_READY	BIT(0)
#define BMON_VALUE	0x8

#define BMON_DEF_INTERVAL	5000

static void bmon_sample(struct work_struct *work)
{
	struct bmon *mon = container_of(work, struct bmon, sample);
	u32 stat;

	writel(BMON_START, mon->base + BMON_CTRL);
	if (readl_poll_timeout(mon->base + BMON_STAT, stat, stat & BMON_READY,
			       100, 50000)) {
		dev_warn_ratelimited(mon->dev, "sample timed out\n");
		return;
	}

	WRITE_ONCE(mon->millivolt, readl(mon->base + BMON_VALUE));
}

static void bmon_timer(struct timer_list *t)
{
	struct bmon *mon = from_timer(mon, t, timer);

	schedule_work(&mon->sample);
	mod_timer(&mon->timer, jiffies + msecs_to_jiffies(mon->interval_ms));
}

static int bmon_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct bmon *mon;
	int ret;

	mon = devm_kzalloc(dev, sizeof(*mon), GFP_KERNEL);
	if (!mon)
		return -ENOMEM;

	mon->dev = dev;
	platform_set_drvdata(pdev, mon);

	mon->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(mon->base))
		return PTR_ERR(mon->base);

	mon->interval_ms = BMON_DEF_INTERVAL;
	device_property_read_u32(dev, "sample-interval-ms", &mon->interval_ms);

	INIT_WORK(&mon->sample, bmon_sample);
	timer_setup(&mon->timer, bmon_timer, 0);

	ret = bmon_hwmon_register(mon);
	if (ret)
		return dev_err_probe(dev, ret, "cannot register hwmon\n");

	mod_timer(&mon->timer, jiffies + 1);

	return 0;
}

static void bmon_remove(struct platform_device *pdev)
{
	struct bmon *mon = platform_get_drvdata(pdev);

	cancel_work_sync(&mon->sample);
	timer_shutdown_sync(&mon->timer);
}

static const struct of_device_id bmon_of_match[] = {
	{ .compatible = "acme,bmon" },
	{ }
};
MODULE_DEVICE_TABLE(of, bmon_of_match);

static struct platform_driver bmon_driver = {
	.probe = bmon_probe,
	.remove = bmon_remove,
	.driver = {
		.name = "bmon",
		.of_match_table = bmon_of_match,
	},
};
module_platform_driver(bmon_driver);

MODULE_DESCRIPTION("Backup battery monitor");
MODULE_LICENSE("GPL");
