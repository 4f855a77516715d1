#ifndef NX_H
#define NX_H

#include <linux/auxiliary_bus.h>
#include <linux/dma-fence.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <drm/drm_device.h>

#define NX_MAX_QUEUES	4

/* What the parent (a multi-function card) hands down. */
struct nx_auxdev {
	struct auxiliary_device aux;
	void __iomem *regs;
	int irq;
	unsigned int num_queues;
};

struct nx_queue {
	unsigned int index;
	u64 context;
	u64 seqno;
	char name[16];
	spinlock_t lock;		/* of the fences and of pending */
	struct list_head pending;
};

struct nx_fence {
	struct dma_fence base;
	struct nx_queue *queue;
	struct list_head node;
};

struct nx_device {
	struct drm_device drm;
	void __iomem *regs;
	unsigned int num_queues;
	struct nx_queue *queues[NX_MAX_QUEUES];
};

#define to_nx(d)	container_of(d, struct nx_device, drm)
#define nx_for_each_queue(nx, q, i) \
	for ((i) = 0; (i) < (nx)->num_queues && ((q) = (nx)->queues[i]); (i)++)

struct nx_queue *nx_queue_create(struct device *dev, unsigned int index);
void nx_queue_complete(struct nx_queue *q, u64 seqno, int error);
struct dma_fence *nx_fence_create(struct nx_queue *q);

#endif
