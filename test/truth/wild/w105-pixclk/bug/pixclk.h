/* SPDX-License-Identifier: MIT */
#ifndef __PIXCLK_H__
#define __PIXCLK_H__

#include <linux/clk.h>
#include <linux/notifier.h>
#include <drm/drm_device.h>

#define PIX_DIV		0x10
#define PIX_HOLD	0x14
#define PIX_CONVERT	0x20

struct pix_rate {
	struct notifier_block nb;
	struct clk *bus;
	void __iomem *regs;
	unsigned long target;
};

struct pix_device {
	struct drm_device drm;
	void __iomem *regs;
	struct pix_rate *rate;
};

struct pix_rate *pix_rate_track(struct device *dev, void __iomem *regs, unsigned long target);
void pix_rate_untrack(struct pix_rate *rate);

#endif
