/* SPDX-License-Identifier: MIT */
#ifndef _MTRIG_H_
#define _MTRIG_H_

#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>

#define MTRIG_FIRE	0x0
#define MTRIG_COUNT	0x4

struct mtrig {
	struct kref kref;
	struct miscdevice misc;
	struct mutex lock;	/* protects base */
	void __iomem *base;	/* NULL once unbound */
	char name[32];
};

extern const struct file_operations mtrig_fops;

void mtrig_free(struct kref *kref);

#endif
