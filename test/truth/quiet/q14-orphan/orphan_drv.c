// SPDX-License-Identifier: MIT
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/sizes.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_ioctl.h>

#include "orphan.h"

struct drm_orphan_create {
	__u32 size;
	__u32 handle;
};

#define DRM_ORPHAN_CREATE	0x00
#define DRM_IOCTL_ORPHAN_CREATE	DRM_IOWR(DRM_COMMAND_BASE + DRM_ORPHAN_CREATE, \
					 struct drm_orphan_create)

static int orphan_ioctl_create(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_orphan_create *args = data;
	struct orphan_bo *bo;
	int idx, ret;

	if (!args->size || args->size > SZ_1M)
		return -EINVAL;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	bo = orphan_bo_create(to_orphan(drm), PAGE_ALIGN(args->size));
	drm_dev_exit(idx);
	if (IS_ERR(bo))
		return PTR_ERR(bo);

	ret = drm_gem_handle_create(file, &bo->base, &args->handle);
	drm_gem_object_put(&bo->base);

	return ret;
}

static const struct drm_ioctl_desc orphan_ioctls[] = {
	DRM_IOCTL_DEF_DRV(ORPHAN_CREATE, orphan_ioctl_create, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(orphan_fops);

static const struct drm_driver orphan_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.ioctls = orphan_ioctls,
	.num_ioctls = ARRAY_SIZE(orphan_ioctls),
	.fops = &orphan_fops,
	.name = "orphan",
	.desc = "Slot table processor",
	.major = 1,
};

static int orphan_probe(struct platform_device *pdev)
{
	struct orphan *orp;
	int ret;

	orp = devm_drm_dev_alloc(&pdev->dev, &orphan_drm_driver, struct orphan, drm);
	if (IS_ERR(orp))
		return PTR_ERR(orp);
	platform_set_drvdata(pdev, orp);

	orp->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(orp->regs))
		return PTR_ERR(orp->regs);

	ret = orphan_slots_init(orp);
	if (ret)
		return ret;

	return drm_dev_register(&orp->drm, 0);
}

static void orphan_remove(struct platform_device *pdev)
{
	struct orphan *orp = platform_get_drvdata(pdev);

	drm_dev_unplug(&orp->drm);
}

static const struct of_device_id orphan_of_match[] = {
	{ .compatible = "vexal,slot-table" },
	{ }
};
MODULE_DEVICE_TABLE(of, orphan_of_match);

static struct platform_driver orphan_driver = {
	.probe = orphan_probe,
	.remove = orphan_remove,
	.driver = { .name = "orphan", .of_match_table = orphan_of_match },
};
module_platform_driver(orphan_driver);

MODULE_DESCRIPTION("Slot table processor driver");
MODULE_LICENSE("GPL");
