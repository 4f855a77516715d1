/* SPDX-License-Identifier: MIT */
#ifndef _DOCKDET_H_
#define _DOCKDET_H_

#include <linux/input.h>
#include <linux/workqueue.h>

struct gpio_desc;

struct dockdet {
	struct device *dev;
	struct input_dev *input;
	struct gpio_desc *gpio;
	struct workqueue_struct *wq;
	struct delayed_work debounce;
	int irq;
};

int dockdet_work_init(struct dockdet *dd);
void dockdet_kick(struct dockdet *dd);

#endif
