/* SPDX-License-Identifier: MIT */
#ifndef __EARLYFREE_H__
#define __EARLYFREE_H__

#include <linux/io.h>
#include <linux/timer.h>
#include <drm/drm_device.h>

#define EF_IST		0x00
#define EF_IEN		0x04
#define EF_GO		0x08
#define EF_WDOG		0x0c

struct ef_log {
	unsigned int head;
	u32 status[64];
};

struct ef_device {
	struct drm_device drm;
	void __iomem *regs;
	struct timer_list wdog;
	struct ef_log *log;
	int irq;
};

int ef_start(struct ef_device *ef);
void ef_stop(struct ef_device *ef);

#endif
