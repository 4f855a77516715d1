/* SPDX-License-Identifier: MIT */
#ifndef TRELLIS_H
#define TRELLIS_H

#include <linux/clk.h>
#include <linux/device.h>
#include <linux/platform_device.h>

#define TRELLIS_LANES	4

struct trellis_lane {
	struct clk *clk;
	void __iomem *regs;
};

struct trellis {
	struct device *dev;
	struct trellis_lane lane[TRELLIS_LANES];
};

int trellis_lanes_power_up(struct trellis *tr);

#endif
