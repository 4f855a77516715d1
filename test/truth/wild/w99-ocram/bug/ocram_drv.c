// SPDX-License-Identifier: MIT
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>

#include "ocram.h"

static int ocram_ioctl_create(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct ocram_device *odev = to_ocram(drm);
	struct drm_ocram_create *args = data;
	struct ocram_bo *bo;
	int ret;

	bo = ocram_bo_create(odev, args->size);
	if (IS_ERR(bo))
		return PTR_ERR(bo);

	args->offset = bo->addr - odev->base;
	args->size = bo->len;
	ret = drm_gem_handle_create(file, &bo->base, &args->handle);
	drm_gem_object_put(&bo->base);

	return ret;
}

static const struct drm_ioctl_desc ocram_ioctls[] = {
	DRM_IOCTL_DEF_DRV(OCRAM_CREATE, ocram_ioctl_create, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(ocram_fops);

static const struct drm_driver ocram_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.ioctls = ocram_ioctls,
	.num_ioctls = ARRAY_SIZE(ocram_ioctls),
	.fops = &ocram_fops,
	.name = "ocram",
	.desc = "On-chip scratch RAM manager",
	.major = 1,
};

static int ocram_probe(struct platform_device *pdev)
{
	struct ocram_device *odev;
	struct resource *res;
	int ret;

	odev = devm_drm_dev_alloc(&pdev->dev, &ocram_drm_driver,
				  struct ocram_device, drm);
	if (IS_ERR(odev))
		return PTR_ERR(odev);
	platform_set_drvdata(pdev, odev);

	res = platform_get_resource(pdev, IORESOURCE_MEM, 0);
	if (!res)
		return -ENXIO;
	if (!devm_request_mem_region(&pdev->dev, res->start, resource_size(res),
				     dev_name(&pdev->dev)))
		return -EBUSY;

	odev->base = res->start;
	odev->size = resource_size(res);

	ret = ocram_pool_init(odev);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "scratch pool\n");

	return drm_dev_register(&odev->drm, 0);
}

static void ocram_remove(struct platform_device *pdev)
{
	struct ocram_device *odev = platform_get_drvdata(pdev);

	drm_dev_unplug(&odev->drm);
}

static const struct of_device_id ocram_of_match[] = {
	{ .compatible = "vexal,ocram-mgr" },
	{ }
};
MODULE_DEVICE_TABLE(of, ocram_of_match);

static struct platform_driver ocram_driver = {
	.probe = ocram_probe,
	.remove = ocram_remove,
	.driver = { .name = "ocram-mgr", .of_match_table = ocram_of_match },
};
module_platform_driver(ocram_driver);

MODULE_DESCRIPTION("On-chip scratch RAM manager");
MODULE_LICENSE("GPL");
