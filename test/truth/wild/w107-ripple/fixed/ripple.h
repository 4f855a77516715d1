/* SPDX-License-Identifier: MIT */
#ifndef __RIPPLE_H__
#define __RIPPLE_H__

#include <linux/dma-fence.h>
#include <linux/io.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <drm/drm_device.h>

#define RP_KICK		0x10
#define RP_DONE		0x14
#define RP_IST		0x20
#define RP_IEN		0x24

struct ripple_ring {
	struct kref ref;
	spinlock_t lock;
	u64 ctx;
	u32 seqno;
	char name[24];
	struct list_head pending;
};

struct ripple_fence {
	struct dma_fence base;
	struct ripple_ring *ring;
	struct list_head link;
};

struct ripple {
	struct drm_device drm;
	void __iomem *regs;
	struct mutex submit_lock;
	struct ripple_ring *ring;
	int irq;
};

struct ripple_ring *ripple_ring_create(struct device *dev);
struct ripple_fence *ripple_fence_alloc(struct ripple_ring *ring);
void ripple_ring_emit(struct ripple_ring *ring, struct ripple_fence *f);
void ripple_ring_retire(struct ripple_ring *ring, u32 done);
void ripple_ring_kill(struct ripple_ring *ring);

#endif
