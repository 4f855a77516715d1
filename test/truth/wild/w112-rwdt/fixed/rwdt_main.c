// SPDX-License-Identifier: MIT
#include <linux/clk.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/reset.h>

#include "rwdt.h"

#define RWDT_LOAD	0x00
#define RWDT_CTRL	0x04
#define RWDT_KICK	0x08
#define RWDT_KICK_KEY	0x1acce551
#define RWDT_DEF_TMO	30

static int rwdt_ping(struct watchdog_device *wdd)
{
	struct rwdt *wdt = watchdog_get_drvdata(wdd);

	writel(RWDT_KICK_KEY, wdt->base + RWDT_KICK);
	return 0;
}

static int rwdt_start(struct watchdog_device *wdd)
{
	struct rwdt *wdt = watchdog_get_drvdata(wdd);

	writel(wdd->timeout * wdt->rate, wdt->base + RWDT_LOAD);
	writel(1, wdt->base + RWDT_CTRL);
	return rwdt_ping(wdd);
}

static int rwdt_stop(struct watchdog_device *wdd)
{
	struct rwdt *wdt = watchdog_get_drvdata(wdd);

	writel(0, wdt->base + RWDT_CTRL);
	return 0;
}

static const struct watchdog_info rwdt_info = {
	.options = WDIOF_KEEPALIVEPING | WDIOF_SETTIMEOUT | WDIOF_MAGICCLOSE,
	.identity = "RWDT",
};

static const struct watchdog_ops rwdt_ops = {
	.owner = THIS_MODULE,
	.start = rwdt_start,
	.stop = rwdt_stop,
	.ping = rwdt_ping,
};

static int rwdt_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct rwdt *wdt;
	int ret;

	wdt = devm_kzalloc(dev, sizeof(*wdt), GFP_KERNEL);
	if (!wdt)
		return -ENOMEM;

	ret = rwdt_get_resources(pdev, wdt);
	if (ret)
		return ret;

	ret = reset_control_reset(wdt->rst);
	if (ret)
		return ret;

	wdt->wdd.info = &rwdt_info;
	wdt->wdd.ops = &rwdt_ops;
	wdt->wdd.parent = dev;
	wdt->wdd.min_timeout = 1;
	wdt->wdd.max_timeout = max(1UL, U32_MAX / wdt->rate);
	wdt->wdd.timeout = min_t(unsigned int, RWDT_DEF_TMO,
				 wdt->wdd.max_timeout);

	watchdog_init_timeout(&wdt->wdd, 0, dev);
	watchdog_set_drvdata(&wdt->wdd, wdt);
	watchdog_stop_on_reboot(&wdt->wdd);
	watchdog_stop_on_unregister(&wdt->wdd);

	ret = devm_watchdog_register_device(dev, &wdt->wdd);
	if (ret)
		return ret;

	dev_info(dev, "timeout %us\n", wdt->wdd.timeout);
	return 0;
}

static const struct of_device_id rwdt_of_match[] = {
	{ .compatible = "acme,rwdt" },
	{ }
};
MODULE_DEVICE_TABLE(of, rwdt_of_match);

static struct platform_driver rwdt_driver = {
	.probe = rwdt_probe,
	.driver = {
		.name = "rwdt",
		.of_match_table = rwdt_of_match,
	},
};
module_platform_driver(rwdt_driver);

MODULE_DESCRIPTION("RWDT watchdog");
MODULE_LICENSE("GPL");
