// SPDX-License-Identifier: MIT
#include <linux/clk.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/io.h>

#include "socrst.h"

#define SOCRST_KEY	0x0
#define SOCRST_CMD	0x4
#define SOCRST_MAGIC	0x600df00d

int socrst_hw_init(struct socrst *rst)
{
	int ret;

	rst->clk = clk_get(rst->dev, NULL);
	if (IS_ERR(rst->clk))
		return PTR_ERR(rst->clk);

	ret = clk_prepare_enable(rst->clk);
	if (ret)
		clk_put(rst->clk);

	return ret;
}

void socrst_hw_exit(struct socrst *rst)
{
	clk_disable_unprepare(rst->clk);
	clk_put(rst->clk);
}

void socrst_hw_fire(struct socrst *rst)
{
	writel(SOCRST_MAGIC, rst->base + SOCRST_KEY);
	writel(1, rst->base + SOCRST_CMD);
	mdelay(100);
}
