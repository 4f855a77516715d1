// SPDX-License-Identifier: MIT
#include <linux/slab.h>
#include <drm/drm_managed.h>

#include "larder.h"

static void larder_heap_fini(struct drm_device *drm, void *data)
{
	struct larder_heap *heap = data;

	drm_mm_takedown(&heap->mm);
	mutex_destroy(&heap->lock);
}

int larder_heap_init(struct larder *lar, u64 size)
{
	struct larder_heap *heap;

	if (!size)
		return -ENODEV;

	heap = drmm_kzalloc(&lar->drm, sizeof(*heap), GFP_KERNEL);
	if (!heap)
		return -ENOMEM;

	mutex_init(&heap->lock);
	drm_mm_init(&heap->mm, 0, size);
	lar->heap = heap;

	return drmm_add_action_or_reset(&lar->drm, larder_heap_fini, heap);
}

int larder_heap_take(struct larder_heap *heap, struct drm_mm_node *node, u64 size)
{
	int ret;

	mutex_lock(&heap->lock);
	ret = drm_mm_insert_node(&heap->mm, node, size);
	mutex_unlock(&heap->lock);

	return ret;
}

void larder_heap_return(struct larder_heap *heap, struct drm_mm_node *node)
{
	mutex_lock(&heap->lock);
	drm_mm_remove_node(node);
	mutex_unlock(&heap->lock);
}
