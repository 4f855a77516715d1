/* SPDX-License-Identifier: MIT */
#ifndef __LIFO_H__
#define __LIFO_H__

#include <linux/io.h>
#include <linux/workqueue.h>
#include <drm/drm_device.h>

#define LIFO_IST	0x00
#define LIFO_IEN	0x04
#define LIFO_ERR	0x08
#define LIFO_PUSH	0x10

struct lifo {
	struct drm_device drm;
	void __iomem *regs;
	struct work_struct err_work;
	unsigned int errors;
};

int lifo_irq_init(struct lifo *lifo, int irq);

#endif
