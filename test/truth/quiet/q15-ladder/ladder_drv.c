// SPDX-License-Identifier: MIT
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_ioctl.h>

#include "ladder.h"

struct drm_ladder_step {
	__u32 index;
	__u32 pad;
};

#define DRM_LADDER_STEP		0x00
#define DRM_IOCTL_LADDER_STEP	DRM_IOW(DRM_COMMAND_BASE + DRM_LADDER_STEP, struct drm_ladder_step)

static int ladder_ioctl_step(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct ladder *lad = container_of(drm, struct ladder, drm);
	struct drm_ladder_step *args = data;
	int idx;

	if (args->pad || args->index > 255)
		return -EINVAL;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	writel(lad->lut[args->index], lad->regs + LAD_STEP);
	drm_dev_exit(idx);

	return 0;
}

static const struct drm_ioctl_desc ladder_ioctls[] = {
	DRM_IOCTL_DEF_DRV(LADDER_STEP, ladder_ioctl_step, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(ladder_fops);

static const struct drm_driver ladder_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.ioctls = ladder_ioctls,
	.num_ioctls = ARRAY_SIZE(ladder_ioctls),
	.fops = &ladder_fops,
	.name = "ladder",
	.desc = "Ladder function unit",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static int ladder_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct ladder *lad;
	int ret;

	lad = devm_drm_dev_alloc(dev, &ladder_drm_driver, struct ladder, drm);
	if (IS_ERR(lad))
		return PTR_ERR(lad);
	platform_set_drvdata(pdev, lad);

	lad->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(lad->regs))
		return PTR_ERR(lad->regs);

	lad->vdd = devm_regulator_get(dev, "vdd");
	if (IS_ERR(lad->vdd))
		return dev_err_probe(dev, PTR_ERR(lad->vdd), "vdd supply\n");

	lad->clk = devm_clk_get(dev, NULL);
	if (IS_ERR(lad->clk))
		return dev_err_probe(dev, PTR_ERR(lad->clk), "clock\n");

	ret = ladder_power_on(lad);
	if (ret)
		return dev_err_probe(dev, ret, "power on\n");

	ret = ladder_lut_init(lad);
	if (ret)
		goto err_power;

	ret = drm_dev_register(&lad->drm, 0);
	if (ret)
		goto err_power;

	return 0;

err_power:
	ladder_power_off(lad);
	return ret;
}

static void ladder_remove(struct platform_device *pdev)
{
	struct ladder *lad = platform_get_drvdata(pdev);

	drm_dev_unplug(&lad->drm);
	ladder_power_off(lad);
}

static const struct of_device_id ladder_of_match[] = {
	{ .compatible = "northgate,ladder" },
	{ }
};
MODULE_DEVICE_TABLE(of, ladder_of_match);

static struct platform_driver ladder_driver = {
	.probe = ladder_probe,
	.remove = ladder_remove,
	.driver = { .name = "ladder", .of_match_table = ladder_of_match },
};
module_platform_driver(ladder_driver);

MODULE_DESCRIPTION("Ladder function unit driver");
MODULE_LICENSE("GPL");
