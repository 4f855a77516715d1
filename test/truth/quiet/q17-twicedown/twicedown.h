/* SPDX-License-Identifier: MIT */
#ifndef __TWICEDOWN_H__
#define __TWICEDOWN_H__

#include <linux/clk.h>
#include <linux/io.h>
#include <linux/mutex.h>
#include <drm/drm_device.h>

#define TD_PWR		0x00
#define TD_RUN		0x04

struct td_device {
	struct drm_device drm;
	void __iomem *regs;
	struct clk *clk;
	struct mutex lock;		/* up */
	bool up;
};

int td_power_up(struct td_device *td);
void td_power_down(struct td_device *td);
int td_run(struct td_device *td, u32 prog);

#endif
