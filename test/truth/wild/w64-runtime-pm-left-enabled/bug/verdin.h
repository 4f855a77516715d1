/* SPDX-License-Identifier: MIT */
#ifndef VERDIN_H
#define VERDIN_H

#include <linux/clk.h>
#include <linux/pm.h>
#include <linux/rtc.h>

struct verdin {
	struct device *dev;
	void __iomem *regs;
	struct clk *clk;
	struct rtc_device *rtc;
};

extern const struct dev_pm_ops verdin_pm_ops;

int verdin_power_init(struct verdin *vd);
void verdin_power_exit(struct verdin *vd);
int verdin_get(struct verdin *vd);
void verdin_put(struct verdin *vd);

#endif
