/* SPDX-License-Identifier: MIT */
#ifndef __EDGEX_H__
#define __EDGEX_H__

#include <linux/spinlock.h>
#include <linux/types.h>
#include <drm/drm_device.h>

struct seq_file;

struct edgex_evt {
	u64 ts;
	u32 status;
};

struct edgex_trace {
	spinlock_t lock;
	unsigned int head;
	unsigned int nr;
	struct edgex_evt evt[] __counted_by(nr);
};

struct edgex_device {
	struct drm_device drm;
	void __iomem *regs;
	struct edgex_trace *trace;
};

struct edgex_trace *edgex_trace_create(struct device *dev, unsigned int nr);
void edgex_trace_destroy(struct edgex_trace *trace);
void edgex_trace_push(struct edgex_trace *trace, u32 status);
void edgex_trace_dump(struct edgex_trace *trace, struct seq_file *m);

#endif
