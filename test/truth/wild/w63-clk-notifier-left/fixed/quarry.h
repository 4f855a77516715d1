/* SPDX-License-Identifier: MIT */
#ifndef QUARRY_H
#define QUARRY_H

#include <linux/clk.h>
#include <linux/device.h>
#include <linux/notifier.h>

#define QUARRY_PORTS	3

struct quarry_port {
	struct notifier_block rate_nb;
	struct clk *clk;
	void __iomem *div;
};

struct quarry {
	struct device *dev;
	void __iomem *regs;
	struct quarry_port port[QUARRY_PORTS];
};

int quarry_port_start(struct quarry *qy, unsigned int n);
void quarry_port_stop(struct quarry_port *port);

#endif
