// SPDX-License-Identifier: MIT

#include <linux/err.h>
#include <linux/slab.h>

#include <drm/drm_gem.h>
#include <drm/ttm/ttm_placement.h>
#include <drm/ttm/ttm_tt.h>

#include "sample_bo.h"
#include "sample_device.h"

static const struct ttm_place sample_system_place = {
	.mem_type = TTM_PL_TT,
};

static struct ttm_placement sample_system_placement = {
	.num_placement = 1,
	.placement = &sample_system_place,
};

static void sample_bo_destroy(struct ttm_buffer_object *tbo)
{
	struct sample_bo *bo = container_of(tbo, struct sample_bo, ttm);

	drm_gem_object_release(&tbo->base);
	kfree(bo);
}

static struct sample_bo *sample_bo_create(struct sample_device *sdev, size_t size)
{
	struct sample_bo *bo;
	int err;

	bo = kzalloc(sizeof(*bo), GFP_KERNEL);
	if (!bo)
		return ERR_PTR(-ENOMEM);

	drm_gem_private_object_init(&sdev->drm, &bo->ttm.base, PAGE_ALIGN(size));

	/* On failure this has called sample_bo_destroy() already. */
	err = ttm_bo_init_validate(&sdev->ttm, &bo->ttm, ttm_bo_type_kernel,
				   &sample_system_placement, 0, false,
				   NULL, NULL, sample_bo_destroy);
	if (err)
		return ERR_PTR(err);

	return bo;
}

static int sample_bo_pin(struct sample_bo *bo)
{
	int err;

	err = ttm_bo_reserve(&bo->ttm, false, false, NULL);
	if (err)
		return err;

	ttm_bo_pin(&bo->ttm);
	err = ttm_bo_vmap(&bo->ttm, &bo->map);
	if (err)
		ttm_bo_unpin(&bo->ttm);

	ttm_bo_unreserve(&bo->ttm);

	return err;
}

static void sample_bo_unpin(struct sample_bo *bo)
{
	if (ttm_bo_reserve(&bo->ttm, false, false, NULL))
		return;

	ttm_bo_vunmap(&bo->ttm, &bo->map);
	ttm_bo_unpin(&bo->ttm);
	ttm_bo_unreserve(&bo->ttm);
}

/**
 * sample_bo_create_pinned - a mapped buffer object that stays where it is
 * @sdev: the device
 * @size: in bytes
 *
 * To be released with sample_bo_unpin_put() while the device is bound.
 */
struct sample_bo *sample_bo_create_pinned(struct sample_device *sdev, size_t size)
{
	struct sample_bo *bo;
	int err;

	bo = sample_bo_create(sdev, size);
	if (IS_ERR(bo))
		return bo;

	err = sample_bo_pin(bo);
	if (err) {
		ttm_bo_put(&bo->ttm);
		return ERR_PTR(err);
	}

	return bo;
}

void sample_bo_unpin_put(struct sample_bo *bo)
{
	sample_bo_unpin(bo);
	ttm_bo_put(&bo->ttm);
}

dma_addr_t sample_bo_dma_address(struct sample_bo *bo)
{
	return bo->ttm.ttm->dma_address[0];
}
