// SPDX-License-Identifier: MIT
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_ioctl.h>

#include "earlyfree.h"

struct drm_ef_go {
	__u32 cmd;
	__u32 pad;
};

#define DRM_EF_GO		0x00
#define DRM_IOCTL_EF_GO		DRM_IOW(DRM_COMMAND_BASE + DRM_EF_GO, struct drm_ef_go)

static int ef_ioctl_go(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct ef_device *ef = container_of(drm, struct ef_device, drm);
	struct drm_ef_go *args = data;
	int idx;

	if (args->pad)
		return -EINVAL;
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	writel(args->cmd, ef->regs + EF_GO);
	drm_dev_exit(idx);

	return 0;
}

static const struct drm_ioctl_desc ef_ioctls[] = {
	DRM_IOCTL_DEF_DRV(EF_GO, ef_ioctl_go, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(ef_fops);

static const struct drm_driver ef_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.ioctls = ef_ioctls,
	.num_ioctls = ARRAY_SIZE(ef_ioctls),
	.fops = &ef_fops,
	.name = "earlyfree",
	.desc = "EF accelerator",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static int ef_probe(struct platform_device *pdev)
{
	struct ef_device *ef;
	int ret;

	ef = devm_drm_dev_alloc(&pdev->dev, &ef_drm_driver, struct ef_device, drm);
	if (IS_ERR(ef))
		return PTR_ERR(ef);
	platform_set_drvdata(pdev, ef);

	ef->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(ef->regs))
		return PTR_ERR(ef->regs);

	ef->irq = platform_get_irq(pdev, 0);
	if (ef->irq < 0)
		return ef->irq;

	ret = ef_start(ef);
	if (ret)
		return ret;

	ret = drm_dev_register(&ef->drm, 0);
	if (ret)
		ef_stop(ef);

	return ret;
}

static void ef_remove(struct platform_device *pdev)
{
	struct ef_device *ef = platform_get_drvdata(pdev);

	drm_dev_unplug(&ef->drm);
	ef_stop(ef);
}

static const struct of_device_id ef_of_match[] = {
	{ .compatible = "vexal,ef" },
	{ }
};
MODULE_DEVICE_TABLE(of, ef_of_match);

static struct platform_driver ef_driver = {
	.probe = ef_probe,
	.remove = ef_remove,
	.driver = { .name = "earlyfree", .of_match_table = ef_of_match },
};
module_platform_driver(ef_driver);

MODULE_DESCRIPTION("EF accelerator driver");
MODULE_LICENSE("GPL");
