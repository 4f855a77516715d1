// SPDX-License-Identifier: MIT
/* Clock, reset and register window of the RWDT block. */
#include <linux/clk.h>
#include <linux/platform_device.h>
#include <linux/reset.h>

#include "rwdt.h"

static int rwdt_clk_init(struct device *dev, struct rwdt *wdt)
{
	wdt->clk = devm_clk_get_enabled(dev, "wdt");
	if (IS_ERR(wdt->clk))
		return dev_err_probe(dev, PTR_ERR(wdt->clk), "no wdt clock\n");

	wdt->rate = clk_get_rate(wdt->clk);
	if (!wdt->rate)
		return dev_err_probe(dev, -EINVAL, "clock has no rate\n");

	return 0;
}

int rwdt_get_resources(struct platform_device *pdev, struct rwdt *wdt)
{
	struct device *dev = &pdev->dev;

	wdt->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(wdt->base))
		return PTR_ERR(wdt->base);

	wdt->rst = devm_reset_control_get_optional_exclusive(dev, NULL);
	if (IS_ERR(wdt->rst))
		return dev_err_probe(dev, PTR_ERR(wdt->rst), "no reset\n");

	return rwdt_clk_init(dev, wdt);
}
