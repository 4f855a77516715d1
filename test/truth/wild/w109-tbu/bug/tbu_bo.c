// SPDX-License-Identifier: MIT
#include <linux/err.h>
#include <linux/slab.h>

#include "tbu.h"

static void tbu_bo_free(struct drm_gem_object *obj)
{
	struct tbu_bo *bo = to_tbu_bo(obj);

	tbu_aspace_unmap(to_tbu(obj->dev), bo);
	if (bo->pages)
		drm_gem_put_pages(obj, bo->pages, true, false);

	drm_gem_object_release(obj);
	kfree(bo);
}

static const struct drm_gem_object_funcs tbu_bo_funcs = {
	.free = tbu_bo_free,
};

struct tbu_bo *tbu_bo_create(struct tbu_device *tdev, size_t size)
{
	struct page **pages;
	struct tbu_bo *bo;
	int ret;

	bo = kzalloc(sizeof(*bo), GFP_KERNEL);
	if (!bo)
		return ERR_PTR(-ENOMEM);

	INIT_LIST_HEAD(&bo->link);
	bo->base.funcs = &tbu_bo_funcs;
	ret = drm_gem_object_init(&tdev->drm, &bo->base, size);
	if (ret) {
		drm_gem_private_object_fini(&bo->base);
		kfree(bo);
		return ERR_PTR(ret);
	}

	pages = drm_gem_get_pages(&bo->base);
	if (IS_ERR(pages)) {
		ret = PTR_ERR(pages);
		goto err_put;
	}
	bo->pages = pages;

	ret = tbu_aspace_map(tdev, bo);
	if (ret)
		goto err_put;

	return bo;

err_put:
	drm_gem_object_put(&bo->base);
	return ERR_PTR(ret);
}
