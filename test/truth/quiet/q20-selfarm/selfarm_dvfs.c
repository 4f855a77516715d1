// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <drm/drm_drv.h>

#include "selfarm.h"

#define SA_PERIOD	msecs_to_jiffies(50)

static const struct selfarm_step selfarm_steps[] = {
	{ 20, 200 }, { 50, 400 }, { 80, 600 }, { 100, 800 },
};

static u32 selfarm_pick(const struct selfarm *sa, u32 load)
{
	unsigned int i;

	for (i = 0; i < sa->nr_steps - 1; i++)
		if (load <= sa->steps[i].load)
			break;

	return sa->steps[i].freq;
}

static void selfarm_dvfs_work(struct work_struct *work)
{
	struct selfarm *sa = container_of(to_delayed_work(work), struct selfarm, dvfs_work);
	int idx;

	if (drm_dev_enter(&sa->drm, &idx)) {
		writel(selfarm_pick(sa, readl(sa->regs + SA_LOAD)), sa->regs + SA_FREQ);
		drm_dev_exit(idx);
	}

	queue_delayed_work(sa->wq, &sa->dvfs_work, SA_PERIOD);
}

static void selfarm_dvfs_fini(void *data)
{
	struct selfarm *sa = data;

	cancel_delayed_work_sync(&sa->dvfs_work);
	destroy_workqueue(sa->wq);
}

int selfarm_dvfs_init(struct selfarm *sa)
{
	sa->steps = selfarm_steps;
	sa->nr_steps = ARRAY_SIZE(selfarm_steps);
	INIT_DELAYED_WORK(&sa->dvfs_work, selfarm_dvfs_work);

	sa->wq = alloc_workqueue("selfarm-dvfs", WQ_FREEZABLE, 1);
	if (!sa->wq)
		return -ENOMEM;

	return devm_add_action_or_reset(sa->drm.dev, selfarm_dvfs_fini, sa);
}

void selfarm_dvfs_start(struct selfarm *sa)
{
	queue_delayed_work(sa->wq, &sa->dvfs_work, SA_PERIOD);
}
