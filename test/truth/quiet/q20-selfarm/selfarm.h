/* SPDX-License-Identifier: MIT */
#ifndef __SELFARM_H__
#define __SELFARM_H__

#include <linux/io.h>
#include <linux/workqueue.h>
#include <drm/drm_device.h>

#define SA_LOAD		0x00
#define SA_FREQ		0x04

struct selfarm_step {
	u32 load;
	u32 freq;
};

struct selfarm {
	struct drm_device drm;
	void __iomem *regs;
	struct workqueue_struct *wq;
	struct delayed_work dvfs_work;
	const struct selfarm_step *steps;
	unsigned int nr_steps;
};

int selfarm_dvfs_init(struct selfarm *sa);
void selfarm_dvfs_start(struct selfarm *sa);

#endif
