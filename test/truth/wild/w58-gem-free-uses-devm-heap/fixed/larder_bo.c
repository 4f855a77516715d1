// SPDX-License-Identifier: MIT
#include <linux/io.h>
#include <linux/slab.h>
#include <drm/drm_drv.h>

#include "larder.h"

#define LARDER_CLEAR_AT		0x20
#define LARDER_CLEAR_LEN	0x24

struct larder_bo {
	struct drm_gem_object base;
	struct drm_mm_node node;
};

static void larder_bo_free(struct drm_gem_object *obj)
{
	struct larder_bo *bo = container_of(obj, struct larder_bo, base);

	larder_heap_return(to_larder(obj->dev)->heap, &bo->node);
	drm_gem_object_release(obj);
	kfree(bo);
}

static const struct drm_gem_object_funcs larder_bo_funcs = {
	.free = larder_bo_free,
};

static struct larder_bo *larder_bo_new(struct larder *lar, u64 size)
{
	struct larder_bo *bo;
	int ret;

	bo = kzalloc(sizeof(*bo), GFP_KERNEL);
	if (!bo)
		return ERR_PTR(-ENOMEM);

	ret = larder_heap_take(lar->heap, &bo->node, size);
	if (ret) {
		kfree(bo);
		return ERR_PTR(ret);
	}

	bo->base.funcs = &larder_bo_funcs;
	drm_gem_private_object_init(&lar->drm, &bo->base, size);
	return bo;
}

int larder_alloc_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct larder *lar = to_larder(drm);
	struct larder_alloc *args = data;
	struct larder_bo *bo;
	int idx, ret;

	if (!args->size || args->size > SZ_64M)
		return -EINVAL;
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;

	bo = larder_bo_new(lar, PAGE_ALIGN(args->size));
	if (IS_ERR(bo)) {
		ret = PTR_ERR(bo);
		goto out;
	}

	writel(lower_32_bits(bo->node.start), lar->regs + LARDER_CLEAR_AT);
	writel(lower_32_bits(bo->node.size), lar->regs + LARDER_CLEAR_LEN);

	args->offset = lower_32_bits(bo->node.start);
	ret = drm_gem_handle_create(file, &bo->base, &args->handle);
	drm_gem_object_put(&bo->base);
out:
	drm_dev_exit(idx);
	return ret;
}
