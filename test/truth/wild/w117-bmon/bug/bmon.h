/* SPDX-License-Identifier: MIT */
#ifndef _BMON_H_
#define _BMON_H_

#include <linux/timer.h>
#include <linux/workqueue.h>

struct device;

struct bmon {
	struct device *dev;
	struct device *hwmon;
	void __iomem *base;
	struct timer_list timer;
	struct work_struct sample;
	int millivolt;
	unsigned int interval_ms;
};

int bmon_hwmon_register(struct bmon *mon);

#endif
