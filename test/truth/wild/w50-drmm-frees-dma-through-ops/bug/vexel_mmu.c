// SPDX-License-Identifier: MIT
#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "vexel.h"

static int vexel_coherent_get(struct vexel_ring *ring)
{
	ring->cpu = dma_alloc_coherent(ring->vex->drm.dev, VEXEL_RING_BYTES, &ring->dma, GFP_KERNEL);

	return ring->cpu ? 0 : -ENOMEM;
}

static void vexel_coherent_put(struct vexel_ring *ring)
{
	dma_free_coherent(ring->vex->drm.dev, VEXEL_RING_BYTES, ring->cpu, ring->dma);
	ring->cpu = NULL;
}

static const struct vexel_mem_ops vexel_coherent_ops = {
	.get = vexel_coherent_get,
	.put = vexel_coherent_put,
};

static void vexel_ring_teardown(struct vexel_ring *ring)
{
	ring->mem->put(ring);
}

static void vexel_ring_release(struct drm_device *drm, void *data)
{
	vexel_ring_teardown(data);
}

static int vexel_ring_init(struct vexel_device *vex, unsigned int id)
{
	struct vexel_ring *ring = &vex->ring[id];
	int ret;

	ring->vex = vex;
	ring->id = id;
	ring->mem = &vexel_coherent_ops;

	ret = ring->mem->get(ring);
	if (ret)
		return ret;

	return drmm_add_action_or_reset(&vex->drm, vexel_ring_release, ring);
}

int vexel_mmu_setup(struct vexel_device *vex)
{
	unsigned int i;
	int ret;

	for (i = 0; i < VEXEL_RINGS; i++) {
		ret = vexel_ring_init(vex, i);
		if (ret)
			return ret;
	}

	for (i = 0; i < VEXEL_RINGS; i++)
		writel(lower_32_bits(vex->ring[i].dma), vex->regs + VEXEL_REG_BASE(i));

	return 0;
}
