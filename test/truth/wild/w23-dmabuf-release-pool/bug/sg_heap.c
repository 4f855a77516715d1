#include <linux/genalloc.h>
#include <linux/ioport.h>
#include <linux/platform_device.h>

#include <drm/drm_managed.h>

#include "sg.h"

static int sg_pool_alloc(struct sg_heap *heap, size_t size, phys_addr_t *phys)
{
	*phys = gen_pool_alloc(heap->pool, size);
	return *phys ? 0 : -ENOSPC;
}

static void sg_pool_free(struct sg_heap *heap, phys_addr_t phys, size_t size)
{
	gen_pool_free(heap->pool, phys, size);
}

static const struct sg_heap_ops sg_pool_ops = {
	.alloc = sg_pool_alloc,
	.free = sg_pool_free,
};

int sg_heap_init(struct sg_device *sg, struct platform_device *pdev)
{
	struct sg_heap *heap = &sg->heap;
	struct resource *res;

	res = platform_get_resource_byname(pdev, IORESOURCE_MEM, "sram");
	if (!res)
		return -ENODEV;
	heap->ops = &sg_pool_ops;

	heap->pool = devm_gen_pool_create(&pdev->dev, PAGE_SHIFT, NUMA_NO_NODE, "sgram");
	if (IS_ERR(heap->pool))
		return PTR_ERR(heap->pool);

	return gen_pool_add(heap->pool, res->start, resource_size(res), NUMA_NO_NODE);
}
