#include <linux/slab.h>

#include "nx.h"

static struct nx_fence *to_nx_fence(struct dma_fence *f)
{
	return container_of(f, struct nx_fence, base);
}

static const char *nx_fence_driver_name(struct dma_fence *f)
{
	return "nxnpu";
}

static const char *nx_fence_timeline_name(struct dma_fence *f)
{
	return to_nx_fence(f)->queue->name;
}

static void nx_fence_release(struct dma_fence *f)
{
	nx_queue_put(to_nx_fence(f)->queue);
	dma_fence_free(f);
}

static const struct dma_fence_ops nx_fence_ops = {
	.get_driver_name = nx_fence_driver_name,
	.get_timeline_name = nx_fence_timeline_name,
	.release = nx_fence_release,
};

struct dma_fence *nx_fence_create(struct nx_queue *q)
{
	struct nx_fence *fence = kzalloc(sizeof(*fence), GFP_KERNEL);
	unsigned long flags;

	if (!fence)
		return NULL;
	fence->queue = q;
	kref_get(&q->ref);

	spin_lock_irqsave(&q->lock, flags);
	dma_fence_init(&fence->base, &nx_fence_ops, &q->lock, q->context, ++q->seqno);
	list_add_tail(&fence->node, &q->pending);
	dma_fence_get(&fence->base);
	spin_unlock_irqrestore(&q->lock, flags);

	return &fence->base;
}
