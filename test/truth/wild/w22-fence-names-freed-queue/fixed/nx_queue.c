#include <linux/device.h>
#include <linux/slab.h>

#include "nx.h"

static void nx_queue_free(struct kref *ref)
{
	struct nx_queue *q = container_of(ref, struct nx_queue, ref);

	kfree_rcu(q, rcu);
}

void nx_queue_put(struct nx_queue *q)
{
	kref_put(&q->ref, nx_queue_free);
}

static void nx_queue_drop(void *data)
{
	nx_queue_put(data);
}

struct nx_queue *nx_queue_create(struct device *dev, unsigned int index)
{
	struct nx_queue *q;

	q = kzalloc(sizeof(*q), GFP_KERNEL);
	if (!q)
		return NULL;
	kref_init(&q->ref);

	q->index = index;
	q->context = dma_fence_context_alloc(1);
	snprintf(q->name, sizeof(q->name), "nx-queue-%u", index);
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->pending);

	if (devm_add_action_or_reset(dev, nx_queue_drop, q))
		return NULL;

	return q;
}

/* Signals what is not younger than @seqno. */
void nx_queue_complete(struct nx_queue *q, u64 seqno, int error)
{
	struct nx_fence *fence, *next;
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	list_for_each_entry_safe(fence, next, &q->pending, node) {
		if (fence->base.seqno > seqno)
			break;
		list_del(&fence->node);
		if (error)
			dma_fence_set_error(&fence->base, error);
		dma_fence_signal_locked(&fence->base);
		dma_fence_put(&fence->base);
	}
	spin_unlock_irqrestore(&q->lock, flags);
}
