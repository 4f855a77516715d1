// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/slab.h>

#include "ripple.h"

#define to_ripple_fence(f)	container_of(f, struct ripple_fence, base)

static const char *ripple_fence_driver_name(struct dma_fence *fence)
{
	return "ripple";
}

static const char *ripple_fence_timeline_name(struct dma_fence *fence)
{
	return to_ripple_fence(fence)->ring->name;
}

static void ripple_fence_release(struct dma_fence *fence)
{
	struct ripple_fence *f = to_ripple_fence(fence);

	kfree_rcu(f, base.rcu);
}

static const struct dma_fence_ops ripple_fence_ops = {
	.get_driver_name = ripple_fence_driver_name,
	.get_timeline_name = ripple_fence_timeline_name,
	.release = ripple_fence_release,
};

struct ripple_ring *ripple_ring_create(struct device *dev)
{
	struct ripple_ring *ring;

	ring = devm_kzalloc(dev, sizeof(*ring), GFP_KERNEL);
	if (!ring)
		return ERR_PTR(-ENOMEM);

	spin_lock_init(&ring->lock);
	INIT_LIST_HEAD(&ring->pending);
	ring->ctx = dma_fence_context_alloc(1);
	snprintf(ring->name, sizeof(ring->name), "%.16s-ring", dev_name(dev));

	return ring;
}

struct ripple_fence *ripple_fence_alloc(struct ripple_ring *ring)
{
	struct ripple_fence *f;

	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!f)
		return NULL;

	INIT_LIST_HEAD(&f->link);
	f->ring = ring;
	dma_fence_init(&f->base, &ripple_fence_ops, &ring->lock, ring->ctx, ++ring->seqno);

	return f;
}

void ripple_ring_emit(struct ripple_ring *ring, struct ripple_fence *f)
{
	dma_fence_get(&f->base);
	spin_lock_irq(&ring->lock);
	list_add_tail(&f->link, &ring->pending);
	spin_unlock_irq(&ring->lock);
}

static void ripple_ring_signal(struct ripple_ring *ring, u32 done, int error)
{
	struct ripple_fence *f, *tmp;
	LIST_HEAD(signalled);
	unsigned long flags;

	spin_lock_irqsave(&ring->lock, flags);
	list_for_each_entry_safe(f, tmp, &ring->pending, link) {
		if (!error && (s32)(done - (u32)f->base.seqno) < 0)
			break;
		if (error)
			dma_fence_set_error(&f->base, error);
		dma_fence_signal_locked(&f->base);
		list_move_tail(&f->link, &signalled);
	}
	spin_unlock_irqrestore(&ring->lock, flags);

	list_for_each_entry_safe(f, tmp, &signalled, link) {
		list_del_init(&f->link);
		dma_fence_put(&f->base);
	}
}

void ripple_ring_retire(struct ripple_ring *ring, u32 done)
{
	ripple_ring_signal(ring, done, 0);
}

void ripple_ring_kill(struct ripple_ring *ring)
{
	ripple_ring_signal(ring, 0, -ENODEV);
}
