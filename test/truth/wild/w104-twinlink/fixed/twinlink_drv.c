// SPDX-License-Identifier: MIT
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_ioctl.h>

#include "twinlink.h"

#define TL_LANES	0x0c
#define TL_XFER		0x10

struct drm_twinlink_xfer {
	__u32 words;
	__u32 pad;
};

#define DRM_TWINLINK_XFER	0x00
#define DRM_IOCTL_TWINLINK_XFER	DRM_IOW(DRM_COMMAND_BASE + DRM_TWINLINK_XFER, \
					struct drm_twinlink_xfer)

static int twinlink_ioctl_xfer(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct twinlink *tl = container_of(drm, struct twinlink, drm);
	struct drm_twinlink_xfer *args = data;
	int idx;

	if (args->pad || !args->words)
		return -EINVAL;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	writel(args->words, tl->regs + TL_XFER);
	drm_dev_exit(idx);

	return 0;
}

static const struct drm_ioctl_desc twinlink_ioctls[] = {
	DRM_IOCTL_DEF_DRV(TWINLINK_XFER, twinlink_ioctl_xfer, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(twinlink_fops);

static const struct drm_driver twinlink_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.ioctls = twinlink_ioctls,
	.num_ioctls = ARRAY_SIZE(twinlink_ioctls),
	.fops = &twinlink_fops,
	.name = "twinlink",
	.desc = "Twinlink accelerator",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static int twinlink_probe(struct platform_device *pdev)
{
	struct twinlink *tl;
	int ret;

	tl = devm_drm_dev_alloc(&pdev->dev, &twinlink_drm_driver, struct twinlink, drm);
	if (IS_ERR(tl))
		return PTR_ERR(tl);
	platform_set_drvdata(pdev, tl);

	tl->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(tl->regs))
		return PTR_ERR(tl->regs);

	ret = twinlink_companion_get(tl, pdev);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "companion\n");

	writel(tl->lanes, tl->regs + TL_LANES);

	return drm_dev_register(&tl->drm, 0);
}

static void twinlink_remove(struct platform_device *pdev)
{
	struct twinlink *tl = platform_get_drvdata(pdev);

	drm_dev_unplug(&tl->drm);
}

static const struct of_device_id twinlink_of_match[] = {
	{ .compatible = "twin,link" },
	{ }
};
MODULE_DEVICE_TABLE(of, twinlink_of_match);

static struct platform_driver twinlink_driver = {
	.probe = twinlink_probe,
	.remove = twinlink_remove,
	.driver = { .name = "twinlink", .of_match_table = twinlink_of_match },
};
module_platform_driver(twinlink_driver);

MODULE_DESCRIPTION("Twinlink accelerator driver");
MODULE_LICENSE("GPL");
