// SPDX-License-Identifier: MIT
#include <linux/io.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/suspend.h>

#include "ferry.h"

#define FERRY_DOZE	0x0c

static LIST_HEAD(fleet);
static DEFINE_MUTEX(fleet_lock);

void ferry_fleet_join(struct ferry *ferry)
{
	mutex_lock(&fleet_lock);
	list_add_tail(&ferry->link, &fleet);
	mutex_unlock(&fleet_lock);
}

void ferry_fleet_leave(struct ferry *ferry)
{
	mutex_lock(&fleet_lock);
	list_del(&ferry->link);
	mutex_unlock(&fleet_lock);
}

static void ferry_fleet_doze(u32 on)
{
	struct ferry *ferry;

	mutex_lock(&fleet_lock);
	list_for_each_entry(ferry, &fleet, link)
		writel(on, ferry->regs + FERRY_DOZE);
	mutex_unlock(&fleet_lock);
}

static int ferry_pm_event(struct notifier_block *nb, unsigned long event, void *data)
{
	switch (event) {
	case PM_SUSPEND_PREPARE:
		ferry_fleet_doze(1);
		break;
	case PM_POST_SUSPEND:
		ferry_fleet_doze(0);
		break;
	}

	return NOTIFY_DONE;
}

static struct notifier_block ferry_pm_nb = {
	.notifier_call = ferry_pm_event,
};

int ferry_fleet_init(void)
{
	return register_pm_notifier(&ferry_pm_nb);
}

void ferry_fleet_exit(void)
{
	unregister_pm_notifier(&ferry_pm_nb);
}
