/* SPDX-License-Identifier: MIT */
#ifndef __LADDER_H__
#define __LADDER_H__

#include <linux/clk.h>
#include <linux/io.h>
#include <linux/regulator/consumer.h>
#include <drm/drm_device.h>

#define LAD_ID		0x00
#define LAD_ID_MAGIC	0x4c414452
#define LAD_STEP	0x10

struct ladder {
	struct drm_device drm;
	void __iomem *regs;
	struct regulator *vdd;
	struct clk *clk;
	u32 *lut;
};

int ladder_power_on(struct ladder *lad);
void ladder_power_off(struct ladder *lad);
int ladder_lut_init(struct ladder *lad);

#endif
