/* SPDX-License-Identifier: MIT */
#ifndef _RWDT_H_
#define _RWDT_H_

#include <linux/watchdog.h>

struct clk;
struct reset_control;
struct platform_device;

struct rwdt {
	struct watchdog_device wdd;
	void __iomem *base;
	struct clk *clk;
	struct reset_control *rst;
	unsigned long rate;
};

int rwdt_get_resources(struct platform_device *pdev, struct rwdt *wdt);

#endif
