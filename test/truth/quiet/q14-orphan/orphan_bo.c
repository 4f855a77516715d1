// SPDX-License-Identifier: MIT
#include <linux/bitmap.h>
#include <linux/device.h>
#include <linux/io.h>
#include <linux/slab.h>
#include <drm/drm_managed.h>

#include "orphan.h"

#define ORPHAN_NR_SLOTS		64
#define ORPHAN_SLOT_SIZE(n)	(0x400 + (n) * 4)

struct orphan_slots {
	void __iomem *table;
	DECLARE_BITMAP(used, ORPHAN_NR_SLOTS);
};

static void orphan_slot_put(struct orphan_bo *bo)
{
	struct orphan_slots *slots = bo->slots;

	if (!slots)
		return;

	writel(0, slots->table + ORPHAN_SLOT_SIZE(bo->slot));
	__clear_bit(bo->slot, slots->used);
	list_del(&bo->link);
	bo->slots = NULL;
}

static void orphan_detach_all(void *data)
{
	struct orphan *orp = data;
	struct orphan_bo *bo, *tmp;

	mutex_lock(&orp->lock);
	list_for_each_entry_safe(bo, tmp, &orp->bos, link)
		orphan_slot_put(bo);
	orp->slots = NULL;
	mutex_unlock(&orp->lock);
}

int orphan_slots_init(struct orphan *orp)
{
	struct device *dev = orp->drm.dev;
	int ret;

	INIT_LIST_HEAD(&orp->bos);
	ret = drmm_mutex_init(&orp->drm, &orp->lock);
	if (ret)
		return ret;

	orp->slots = devm_kzalloc(dev, sizeof(*orp->slots), GFP_KERNEL);
	if (!orp->slots)
		return -ENOMEM;
	orp->slots->table = orp->regs;

	return devm_add_action_or_reset(dev, orphan_detach_all, orp);
}

static void orphan_bo_free(struct drm_gem_object *obj)
{
	struct orphan *orp = to_orphan(obj->dev);
	struct orphan_bo *bo = to_orphan_bo(obj);

	mutex_lock(&orp->lock);
	orphan_slot_put(bo);
	mutex_unlock(&orp->lock);

	drm_gem_object_release(obj);
	kfree(bo);
}

static const struct drm_gem_object_funcs orphan_bo_funcs = {
	.free = orphan_bo_free,
};

struct orphan_bo *orphan_bo_create(struct orphan *orp, size_t size)
{
	struct orphan_bo *bo;
	int ret = 0;

	bo = kzalloc(sizeof(*bo), GFP_KERNEL);
	if (!bo)
		return ERR_PTR(-ENOMEM);

	bo->base.funcs = &orphan_bo_funcs;
	drm_gem_private_object_init(&orp->drm, &bo->base, size);

	mutex_lock(&orp->lock);
	if (!orp->slots) {
		ret = -ENODEV;
		goto out_unlock;
	}

	bo->slot = find_first_zero_bit(orp->slots->used, ORPHAN_NR_SLOTS);
	if (bo->slot >= ORPHAN_NR_SLOTS) {
		ret = -ENOSPC;
		goto out_unlock;
	}

	__set_bit(bo->slot, orp->slots->used);
	bo->slots = orp->slots;
	list_add(&bo->link, &orp->bos);
	writel(size, orp->slots->table + ORPHAN_SLOT_SIZE(bo->slot));
out_unlock:
	mutex_unlock(&orp->lock);
	if (ret) {
		drm_gem_object_put(&bo->base);
		return ERR_PTR(ret);
	}

	return bo;
}
