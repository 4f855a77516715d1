#ifndef SG_H
#define SG_H

#include <linux/types.h>
#include <drm/drm_device.h>

struct gen_pool;
struct platform_device;
struct sg_heap;

struct sg_heap_ops {
	int (*alloc)(struct sg_heap *heap, size_t size, phys_addr_t *phys);
	void (*free)(struct sg_heap *heap, phys_addr_t phys, size_t size);
};

/* Free space of the on-chip memory. */
struct sg_heap {
	const struct sg_heap_ops *ops;
	struct gen_pool *pool;
};

struct sg_device {
	struct drm_device drm;
	struct sg_heap heap;
};

/* A piece that user space got as a dma-buf. */
struct sg_buffer {
	struct sg_device *sg;
	phys_addr_t phys;
	size_t size;
};

int sg_heap_init(struct sg_device *sg, struct platform_device *pdev);
int sg_export(struct sg_device *sg, size_t size);

#endif
