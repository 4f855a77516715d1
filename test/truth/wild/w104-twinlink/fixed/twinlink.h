/* SPDX-License-Identifier: MIT */
#ifndef __TWINLINK_H__
#define __TWINLINK_H__

#include <drm/drm_device.h>

struct platform_device;

struct twinlink {
	struct drm_device drm;
	void __iomem *regs;
	struct device *companion;
	u32 lanes;
};

int twinlink_companion_get(struct twinlink *tl, struct platform_device *pdev);

#endif
