// SPDX-License-Identifier: MIT
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_ioctl.h>

#include "pixclk.h"

struct drm_pix_convert {
	__u32 format;
	__u32 pad;
};

#define DRM_PIX_CONVERT		0x00
#define DRM_IOCTL_PIX_CONVERT	DRM_IOW(DRM_COMMAND_BASE + DRM_PIX_CONVERT, struct drm_pix_convert)

static int pix_ioctl_convert(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct pix_device *pix = container_of(drm, struct pix_device, drm);
	struct drm_pix_convert *args = data;
	int idx;

	if (args->pad)
		return -EINVAL;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	writel(args->format, pix->regs + PIX_CONVERT);
	drm_dev_exit(idx);

	return 0;
}

static const struct drm_ioctl_desc pix_ioctls[] = {
	DRM_IOCTL_DEF_DRV(PIX_CONVERT, pix_ioctl_convert, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(pix_fops);

static const struct drm_driver pix_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.ioctls = pix_ioctls,
	.num_ioctls = ARRAY_SIZE(pix_ioctls),
	.fops = &pix_fops,
	.name = "pixclk",
	.desc = "Pixel format converter",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static int pix_probe(struct platform_device *pdev)
{
	struct pix_device *pix;
	int ret;

	pix = devm_drm_dev_alloc(&pdev->dev, &pix_drm_driver, struct pix_device, drm);
	if (IS_ERR(pix))
		return PTR_ERR(pix);
	platform_set_drvdata(pdev, pix);

	pix->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(pix->regs))
		return PTR_ERR(pix->regs);

	pix->rate = pix_rate_track(&pdev->dev, pix->regs, 74250000);
	if (IS_ERR(pix->rate))
		return dev_err_probe(&pdev->dev, PTR_ERR(pix->rate), "bus clock\n");

	ret = drm_dev_register(&pix->drm, 0);
	if (ret) {
		pix_rate_untrack(pix->rate);
		return dev_err_probe(&pdev->dev, ret, "register\n");
	}

	return 0;
}

static void pix_remove(struct platform_device *pdev)
{
	struct pix_device *pix = platform_get_drvdata(pdev);

	drm_dev_unplug(&pix->drm);
	pix_rate_untrack(pix->rate);
}

static const struct of_device_id pix_of_match[] = {
	{ .compatible = "vexal,pixconv" },
	{ }
};
MODULE_DEVICE_TABLE(of, pix_of_match);

static struct platform_driver pix_driver = {
	.probe = pix_probe,
	.remove = pix_remove,
	.driver = { .name = "pixclk", .of_match_table = pix_of_match },
};
module_platform_driver(pix_driver);

MODULE_DESCRIPTION("Pixel format converter driver");
MODULE_LICENSE("GPL");
