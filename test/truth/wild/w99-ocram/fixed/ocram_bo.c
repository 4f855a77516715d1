// SPDX-License-Identifier: MIT
#include <linux/device.h>
#include <linux/slab.h>
#include <drm/drm_managed.h>

#include "ocram.h"

static void ocram_pool_fini(struct drm_device *drm, void *pool)
{
	gen_pool_destroy(pool);
}

int ocram_pool_init(struct ocram_device *odev)
{
	struct gen_pool *pool;
	int ret;

	pool = gen_pool_create(OCRAM_MIN_ORDER, NUMA_NO_NODE);
	if (!pool)
		return -ENOMEM;

	ret = drmm_add_action_or_reset(&odev->drm, ocram_pool_fini, pool);
	if (ret)
		return ret;

	ret = gen_pool_add(pool, odev->base, odev->size, NUMA_NO_NODE);
	if (ret)
		return ret;

	gen_pool_set_algo(pool, gen_pool_best_fit, NULL);
	odev->pool = pool;

	return 0;
}

static void ocram_bo_free(struct drm_gem_object *obj)
{
	struct ocram_device *odev = to_ocram(obj->dev);
	struct ocram_bo *bo = to_ocram_bo(obj);

	if (bo->addr)
		gen_pool_free(odev->pool, bo->addr, bo->len);

	drm_gem_object_release(obj);
	kfree(bo);
}

static const struct drm_gem_object_funcs ocram_bo_funcs = {
	.free = ocram_bo_free,
};

struct ocram_bo *ocram_bo_create(struct ocram_device *odev, u64 size)
{
	struct ocram_bo *bo;

	if (!size || size > odev->size)
		return ERR_PTR(-EINVAL);
	size = PAGE_ALIGN(size);

	bo = kzalloc(sizeof(*bo), GFP_KERNEL);
	if (!bo)
		return ERR_PTR(-ENOMEM);

	bo->base.funcs = &ocram_bo_funcs;
	drm_gem_private_object_init(&odev->drm, &bo->base, size);

	bo->len = size;
	bo->addr = gen_pool_alloc(odev->pool, size);
	if (!bo->addr) {
		drm_gem_object_put(&bo->base);
		return ERR_PTR(-ENOSPC);
	}

	return bo;
}
