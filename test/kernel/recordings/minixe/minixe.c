// SPDX-License-Identifier: MIT
/* The shape of a large driver: tiles, managed and pinned objects, a migrate unit, vram managers. */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct minixe;

/* Stands for a buffer object that is pinned while it has users. */
struct minixe_bo {
	struct minixe *xe;
	int pins;
};

struct minixe_migrate {
	struct minixe *xe;
	struct minixe_bo *pt_bo;
};

struct minixe_vram {
	int used;
};

struct minixe_tile {
	struct minixe *xe;
	struct minixe_migrate *migrate;
	struct minixe_vram vram;
	struct minixe_bo *kernel_bb;
};

#define MINIXE_TILES 2

struct minixe {
	struct drm_device drm;
	struct workqueue_struct *ordered;
	struct mutex lock;
	bool mmio;
	bool guc;
	struct minixe_tile tile[MINIXE_TILES];
};

DEFINE_DRM_GEM_FOPS(minixe_fops);

static const struct drm_driver minixe_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &minixe_fops,
	.name = "minixe",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static struct minixe_bo *minixe_bo_create_pin(struct minixe *xe)
{
	struct minixe_bo *bo = kzalloc(sizeof(*bo), GFP_KERNEL);

	if (!bo)
		return ERR_PTR(-ENOMEM);
	bo->xe = xe;
	bo->pins++;
	return bo;
}

static void minixe_bo_unpin_put(struct minixe_bo *bo)
{
	bo->pins--;
	kfree(bo);
}

static void minixe_managed_bo_fini(void *data)
{
	minixe_bo_unpin_put(data);
}

/* A pinned object that goes when the device is unbound. */
static struct minixe_bo *minixe_managed_bo_create_pin(struct minixe *xe)
{
	struct minixe_bo *bo = minixe_bo_create_pin(xe);
	int ret;

	if (IS_ERR(bo))
		return bo;
	ret = devm_add_action_or_reset(xe->drm.dev, minixe_managed_bo_fini, bo);
	return ret ? ERR_PTR(ret) : bo;
}

static void minixe_migrate_fini(void *data)
{
	struct minixe_migrate *m = data;

	minixe_bo_unpin_put(m->pt_bo);
	m->pt_bo = NULL;
}

static int minixe_migrate_init(struct minixe_tile *tile)
{
	struct minixe *xe = tile->xe;
	struct minixe_migrate *m;

	m = drmm_kzalloc(&xe->drm, sizeof(*m), GFP_KERNEL);
	if (!m)
		return -ENOMEM;
	m->xe = xe;
	m->pt_bo = minixe_bo_create_pin(xe);
	if (IS_ERR(m->pt_bo))
		return PTR_ERR(m->pt_bo);
	tile->migrate = m;
	return devm_add_action_or_reset(xe->drm.dev, minixe_migrate_fini, m);
}

static void minixe_vram_fini(struct drm_device *drm, void *data)
{
	struct minixe_vram *vram = data;

	vram->used = 0;
}

static int minixe_vram_init(struct minixe *xe, struct minixe_vram *vram)
{
	return drmm_add_action_or_reset(&xe->drm, minixe_vram_fini, vram);
}

static int minixe_tile_init(struct minixe_tile *tile)
{
	int ret = minixe_vram_init(tile->xe, &tile->vram);

	if (ret)
		return ret;
	tile->kernel_bb = minixe_managed_bo_create_pin(tile->xe);
	if (IS_ERR(tile->kernel_bb))
		return PTR_ERR(tile->kernel_bb);
	return minixe_migrate_init(tile);
}

static void minixe_guc_fini_hw(void *data)
{
	struct minixe *xe = data;

	xe->guc = false;
}

static void minixe_guc_fini_sw(struct drm_device *drm, void *data)
{
	struct minixe *xe = data;

	mutex_lock(&xe->lock);
	xe->guc = false;
	mutex_unlock(&xe->lock);
}

static int minixe_guc_init(struct minixe *xe)
{
	int ret = drmm_mutex_init(&xe->drm, &xe->lock);

	if (ret)
		return ret;
	ret = drmm_add_action_or_reset(&xe->drm, minixe_guc_fini_sw, xe);
	if (ret)
		return ret;
	return devm_add_action_or_reset(xe->drm.dev, minixe_guc_fini_hw, xe);
}

static void minixe_mmio_fini(void *data)
{
	struct minixe *xe = data;

	xe->mmio = false;
}

static void minixe_device_destroy(struct drm_device *drm, void *data)
{
	struct minixe *xe = data;

	if (xe->ordered)
		destroy_workqueue(xe->ordered);
}

static struct minixe *minixe_device_create(struct platform_device *pdev)
{
	struct minixe *xe;
	int ret;

	xe = devm_drm_dev_alloc(&pdev->dev, &minixe_drm_driver, struct minixe, drm);
	if (IS_ERR(xe))
		return xe;
	ret = drmm_add_action_or_reset(&xe->drm, minixe_device_destroy, xe);
	if (ret)
		return ERR_PTR(ret);
	xe->ordered = alloc_ordered_workqueue("minixe", 0);
	return xe->ordered ? xe : ERR_PTR(-ENOMEM);
}

static int minixe_device_probe(struct minixe *xe)
{
	int i, ret;

	xe->mmio = true;
	ret = devm_add_action_or_reset(xe->drm.dev, minixe_mmio_fini, xe);
	if (ret)
		return ret;
	for (i = 0; i < MINIXE_TILES; i++) {
		xe->tile[i].xe = xe;
		ret = minixe_tile_init(&xe->tile[i]);
		if (ret)
			return ret;
	}
	ret = minixe_guc_init(xe);
	if (ret)
		return ret;
	return drm_dev_register(&xe->drm, 0);
}

static int minixe_probe(struct platform_device *pdev)
{
	struct minixe *xe = minixe_device_create(pdev);

	if (IS_ERR(xe))
		return PTR_ERR(xe);
	platform_set_drvdata(pdev, xe);
	return minixe_device_probe(xe);
}

static void minixe_remove(struct platform_device *pdev)
{
	struct minixe *xe = platform_get_drvdata(pdev);

	drm_dev_unplug(&xe->drm);
}

static struct platform_driver minixe_platform_driver = {
	.probe = minixe_probe,
	.remove = minixe_remove,
	.driver = {
		.name = "recorded-minixe",
	},
};
module_platform_driver(minixe_platform_driver);

MODULE_DESCRIPTION("Recorded driver: minixe");
MODULE_LICENSE("Dual MIT/GPL");
