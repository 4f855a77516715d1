// SPDX-License-Identifier: MIT
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_ioctl.h>

#include "larder.h"

#define LARDER_SIZE	0x04

#define DRM_IOCTL_LARDER_ALLOC DRM_IOWR(DRM_COMMAND_BASE + 0, struct larder_alloc)

static const struct drm_ioctl_desc larder_ioctls[] = {
	DRM_IOCTL_DEF_DRV(LARDER_ALLOC, larder_alloc_ioctl, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(larder_fops);

static const struct drm_driver larder_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.fops = &larder_fops,
	.ioctls = larder_ioctls,
	.num_ioctls = ARRAY_SIZE(larder_ioctls),
	.name = "larder",
	.desc = "Larder on-chip memory",
	.major = 1,
};

static int larder_probe(struct platform_device *pdev)
{
	struct larder *lar;
	int ret;

	lar = devm_drm_dev_alloc(&pdev->dev, &larder_driver, struct larder, drm);
	if (IS_ERR(lar))
		return PTR_ERR(lar);

	lar->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(lar->regs))
		return PTR_ERR(lar->regs);

	ret = larder_heap_init(lar, (u64)readl(lar->regs + LARDER_SIZE) << PAGE_SHIFT);
	if (ret)
		return ret;

	platform_set_drvdata(pdev, lar);

	return drm_dev_register(&lar->drm, 0);
}

static void larder_remove(struct platform_device *pdev)
{
	struct larder *lar = platform_get_drvdata(pdev);

	drm_dev_unplug(&lar->drm);
}

static struct platform_driver larder_platform_driver = {
	.probe = larder_probe,
	.remove = larder_remove,
	.driver = { .name = "larder" },
};
module_platform_driver(larder_platform_driver);

MODULE_DESCRIPTION("Larder on-chip memory");
MODULE_LICENSE("GPL");
