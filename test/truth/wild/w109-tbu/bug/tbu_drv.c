// SPDX-License-Identifier: MIT
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_ioctl.h>

#include "tbu.h"

struct drm_tbu_create {
	__u64 size;
	__u64 va;
	__u32 handle;
	__u32 pad;
};

#define DRM_TBU_CREATE		0x00
#define DRM_IOCTL_TBU_CREATE	DRM_IOWR(DRM_COMMAND_BASE + DRM_TBU_CREATE, struct drm_tbu_create)

static int tbu_ioctl_create(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_tbu_create *args = data;
	struct tbu_bo *bo;
	int idx, ret;

	if (args->pad || !args->size || args->size > TBU_VA_SIZE)
		return -EINVAL;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	bo = tbu_bo_create(to_tbu(drm), PAGE_ALIGN(args->size));
	drm_dev_exit(idx);
	if (IS_ERR(bo))
		return PTR_ERR(bo);

	args->va = bo->va.start;
	ret = drm_gem_handle_create(file, &bo->base, &args->handle);
	drm_gem_object_put(&bo->base);

	return ret;
}

static const struct drm_ioctl_desc tbu_ioctls[] = {
	DRM_IOCTL_DEF_DRV(TBU_CREATE, tbu_ioctl_create, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(tbu_fops);

static const struct drm_driver tbu_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.ioctls = tbu_ioctls,
	.num_ioctls = ARRAY_SIZE(tbu_ioctls),
	.fops = &tbu_fops,
	.name = "tbu",
	.desc = "TBU address space manager",
	.major = 1,
};

static int tbu_probe(struct platform_device *pdev)
{
	struct tbu_device *tdev;
	int ret;

	tdev = devm_drm_dev_alloc(&pdev->dev, &tbu_drm_driver, struct tbu_device, drm);
	if (IS_ERR(tdev))
		return PTR_ERR(tdev);
	platform_set_drvdata(pdev, tdev);

	ret = tbu_aspace_init(tdev);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "address space\n");

	return drm_dev_register(&tdev->drm, 0);
}

static void tbu_remove(struct platform_device *pdev)
{
	struct tbu_device *tdev = platform_get_drvdata(pdev);

	drm_dev_unplug(&tdev->drm);
}

static const struct of_device_id tbu_of_match[] = {
	{ .compatible = "northgate,tbu" },
	{ }
};
MODULE_DEVICE_TABLE(of, tbu_of_match);

static struct platform_driver tbu_driver = {
	.probe = tbu_probe,
	.remove = tbu_remove,
	.driver = { .name = "tbu", .of_match_table = tbu_of_match },
};
module_platform_driver(tbu_driver);

MODULE_DESCRIPTION("TBU address space manager");
MODULE_LICENSE("GPL");
