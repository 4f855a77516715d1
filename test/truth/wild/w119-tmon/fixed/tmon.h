/* SPDX-License-Identifier: MIT */
#ifndef _TMON_H_
#define _TMON_H_

#include <linux/atomic.h>
#include <linux/types.h>

struct dentry;
struct device;

#define TMON_CTRL	0x00
#define  TMON_EN	BIT(0)
#define  TMON_IE	BIT(1)
#define TMON_STAT	0x04
#define TMON_RD_BYTES	0x10
#define TMON_WR_BYTES	0x14

struct tmon {
	struct device *dev;
	void __iomem *base;
	struct dentry *dir;
	atomic_t overflows;
};

void tmon_debugfs_init(struct tmon *tm);
void tmon_debugfs_exit(struct tmon *tm);

#endif
