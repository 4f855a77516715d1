/* SPDX-License-Identifier: MIT */
#ifndef LIDPOLL_H
#define LIDPOLL_H

#include <linux/input.h>
#include <linux/io.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#define LIDPOLL_LEVEL	0x00
#define LIDPOLL_GATE	0x04
#define LIDPOLL_PERIOD	msecs_to_jiffies(80)

struct lidpoll {
	void __iomem *base;
	struct input_dev *input;
	struct timer_list tick;
	struct work_struct scan;
	u32 last;
};

void lidpoll_scan_init(struct lidpoll *lid);
void lidpoll_scan_stop(struct lidpoll *lid);

static inline void lidpoll_next(struct lidpoll *lid)
{
	mod_timer(&lid->tick, jiffies + LIDPOLL_PERIOD);
}

#endif
