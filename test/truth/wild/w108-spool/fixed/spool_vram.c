// SPDX-License-Identifier: MIT
#include <linux/iosys-map.h>
#include <linux/slab.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "spool.h"

static int spool_bo_evict_locked(struct spool *sp, struct spool_bo *bo)
{
	void *sysmem;
	int ret;

	sysmem = kvzalloc(bo->base.size, GFP_KERNEL);
	if (!sysmem)
		return -ENOMEM;

	ret = spool_copy_from_vram(sp, sysmem, sp->vram + bo->node.start, bo->base.size);
	if (ret) {
		kvfree(sysmem);
		return ret;
	}

	bo->sysmem = sysmem;
	list_del_init(&bo->link);
	drm_mm_remove_node(&bo->node);

	return 0;
}

void spool_vram_evict_all(struct spool *sp)
{
	struct spool_bo *bo, *tmp;

	mutex_lock(&sp->lock);
	list_for_each_entry_safe(bo, tmp, &sp->resident, link) {
		if (spool_bo_evict_locked(sp, bo))
			drm_err(&sp->drm, "lost %zu bytes of VRAM content\n", bo->base.size);
	}
	mutex_unlock(&sp->lock);
}

static int spool_bo_vmap(struct drm_gem_object *obj, struct iosys_map *map)
{
	struct spool *sp = to_spool(obj->dev);
	struct spool_bo *bo = to_spool_bo(obj);
	int idx, ret = 0;

	mutex_lock(&sp->lock);
	if (!bo->sysmem) {
		if (drm_dev_enter(&sp->drm, &idx)) {
			ret = spool_bo_evict_locked(sp, bo);
			drm_dev_exit(idx);
		} else {
			ret = -ENODEV;
		}
	}
	if (!ret)
		iosys_map_set_vaddr(map, bo->sysmem);
	mutex_unlock(&sp->lock);

	return ret;
}

static void spool_bo_free(struct drm_gem_object *obj)
{
	struct spool *sp = to_spool(obj->dev);
	struct spool_bo *bo = to_spool_bo(obj);

	mutex_lock(&sp->lock);
	list_del_init(&bo->link);
	if (drm_mm_node_allocated(&bo->node))
		drm_mm_remove_node(&bo->node);
	mutex_unlock(&sp->lock);

	drm_gem_object_release(obj);
	kvfree(bo->sysmem);
	kfree(bo);
}

static const struct drm_gem_object_funcs spool_bo_funcs = {
	.free = spool_bo_free,
	.vmap = spool_bo_vmap,
};

int spool_bo_create(struct spool *sp, size_t size, struct spool_bo **out)
{
	struct spool_bo *bo;
	int ret;

	bo = kzalloc(sizeof(*bo), GFP_KERNEL);
	if (!bo)
		return -ENOMEM;

	INIT_LIST_HEAD(&bo->link);
	bo->base.funcs = &spool_bo_funcs;
	drm_gem_private_object_init(&sp->drm, &bo->base, size);

	mutex_lock(&sp->lock);
	ret = drm_mm_insert_node_generic(&sp->mm, &bo->node, size, PAGE_SIZE, 0,
					 DRM_MM_INSERT_BEST);
	if (!ret)
		list_add_tail(&bo->link, &sp->resident);
	mutex_unlock(&sp->lock);
	if (ret) {
		drm_gem_object_put(&bo->base);
		return ret;
	}

	*out = bo;
	return 0;
}

static void spool_vram_fini(struct drm_device *drm, void *ptr)
{
	drm_mm_takedown(ptr);
}

int spool_vram_init(struct spool *sp)
{
	int ret;

	INIT_LIST_HEAD(&sp->resident);
	ret = drmm_mutex_init(&sp->drm, &sp->lock);
	if (ret)
		return ret;

	drm_mm_init(&sp->mm, 0, sp->vram_size);
	return drmm_add_action_or_reset(&sp->drm, spool_vram_fini, &sp->mm);
}
