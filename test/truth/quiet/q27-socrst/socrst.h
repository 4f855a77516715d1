/* SPDX-License-Identifier: MIT */
#ifndef _SOCRST_H_
#define _SOCRST_H_

#include <linux/notifier.h>

struct clk;

struct socrst {
	struct device *dev;
	void __iomem *base;
	struct clk *clk;
	struct notifier_block restart;
};

int socrst_hw_init(struct socrst *rst);
void socrst_hw_exit(struct socrst *rst);
void socrst_hw_fire(struct socrst *rst);

#endif
