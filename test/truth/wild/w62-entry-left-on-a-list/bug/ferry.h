/* SPDX-License-Identifier: MIT */
#ifndef FERRY_H
#define FERRY_H

#include <linux/list.h>
#include <linux/types.h>

struct ferry {
	struct list_head link;
	void __iomem *regs;
	struct device *dev;
};

void ferry_fleet_join(struct ferry *ferry);
void ferry_fleet_leave(struct ferry *ferry);
int ferry_fleet_init(void);
void ferry_fleet_exit(void);

#endif
