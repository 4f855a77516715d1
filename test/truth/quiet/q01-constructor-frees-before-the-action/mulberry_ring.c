// SPDX-License-Identifier: MIT
#include <linux/dma-mapping.h>
#include <linux/slab.h>
#include <drm/drm_managed.h>
#include "mulberry.h"

static void mulberry_ring_destroy(void *data)
{
	struct mulberry_ring *ring = data;

	dma_free_coherent(ring->dev, ring->depth * sizeof(*ring->desc), ring->desc, ring->dma);
	kfree(ring->shadow);
	kfree(ring);
}

/* Owned by @dev on success. */
struct mulberry_ring *mulberry_ring_create(struct device *dev, unsigned int depth)
{
	struct mulberry_ring *ring;
	int ret = -ENOMEM;

	ring = kzalloc(sizeof(*ring), GFP_KERNEL);
	if (!ring)
		return ERR_PTR(ret);
	ring->dev = dev;
	ring->depth = depth;

	ring->shadow = kcalloc(depth, sizeof(*ring->shadow), GFP_KERNEL);
	if (!ring->shadow)
		goto err_ring;

	ring->desc = dma_alloc_coherent(dev, depth * sizeof(*ring->desc), &ring->dma, GFP_KERNEL);
	if (!ring->desc)
		goto err_shadow;

	ret = devm_add_action_or_reset(dev, mulberry_ring_destroy, ring);
	if (ret)
		return ERR_PTR(ret);
	return ring;

err_shadow:
	kfree(ring->shadow);
err_ring:
	kfree(ring);
	return ERR_PTR(ret);
}

static void mulberry_scratch_free(struct drm_device *drm, void *data)
{
	kvfree(data);
}

/* Clients read the scratch words until they close, so it lives as long as the DRM device. */
int mulberry_scratch_init(struct mulberry *mb, size_t words)
{
	u32 *scratch = kvcalloc(words, sizeof(*scratch), GFP_KERNEL);
	size_t i;
	int ret;

	if (!scratch)
		return -ENOMEM;
	for (i = 0; i < words; i++)
		scratch[i] = ~0u;

	ret = drmm_add_action_or_reset(&mb->drm, mulberry_scratch_free, scratch);
	if (!ret)
		mb->scratch = scratch;
	return ret;
}
