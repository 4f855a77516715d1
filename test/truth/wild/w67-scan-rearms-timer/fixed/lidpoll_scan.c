// SPDX-License-Identifier: MIT
#include <linux/delay.h>
#include "lidpoll.h"

/* The sense line needs a gate pulse with a sleep, so the timer only hands over to a work. */
static void lidpoll_scan(struct work_struct *work)
{
	struct lidpoll *lid = container_of(work, struct lidpoll, scan);
	u32 level;

	writel(1, lid->base + LIDPOLL_GATE);
	usleep_range(200, 400);
	level = readl(lid->base + LIDPOLL_LEVEL) & 1;
	writel(0, lid->base + LIDPOLL_GATE);

	if (level != lid->last) {
		lid->last = level;
		input_report_switch(lid->input, SW_LID, level);
		input_sync(lid->input);
	}
	lidpoll_next(lid);
}

static void lidpoll_tick(struct timer_list *t)
{
	struct lidpoll *lid = container_of(t, struct lidpoll, tick);

	schedule_work(&lid->scan);
}

void lidpoll_scan_init(struct lidpoll *lid)
{
	timer_setup(&lid->tick, lidpoll_tick, 0);
	INIT_WORK(&lid->scan, lidpoll_scan);
}

void lidpoll_scan_stop(struct lidpoll *lid)
{
	timer_shutdown_sync(&lid->tick);
	cancel_work_sync(&lid->scan);
}
