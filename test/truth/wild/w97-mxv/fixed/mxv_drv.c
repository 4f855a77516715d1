// SPDX-License-Identifier: MIT
#include <linux/clk.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>

#include "mxv.h"

static int mxv_ioctl_fill(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct mxv_device *mxv = container_of(drm, struct mxv_device, drm);
	struct drm_mxv_fill *args = data;
	int idx;

	if (args->flags)
		return -EINVAL;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;

	mxv_write(mxv, MXV_REG_FILL_COLOR, args->color);
	mxv_write(mxv, MXV_REG_FILL_GO, 1);

	drm_dev_exit(idx);
	return 0;
}

static const struct drm_ioctl_desc mxv_ioctls[] = {
	DRM_IOCTL_DEF_DRV(MXV_FILL, mxv_ioctl_fill, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(mxv_fops);

static const struct drm_driver mxv_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.ioctls = mxv_ioctls,
	.num_ioctls = ARRAY_SIZE(mxv_ioctls),
	.fops = &mxv_fops,
	.name = "mxv",
	.desc = "MXV vector engine",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static int mxv_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct mxv_device *mxv;
	struct clk *clk;
	int ret;

	mxv = devm_drm_dev_alloc(dev, &mxv_drm_driver, struct mxv_device, drm);
	if (IS_ERR(mxv))
		return PTR_ERR(mxv);

	mxv->soc = of_device_get_match_data(dev);
	platform_set_drvdata(pdev, mxv);

	clk = devm_clk_get_enabled(dev, "core");
	if (IS_ERR(clk))
		return dev_err_probe(dev, PTR_ERR(clk), "core clock\n");

	mxv->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(mxv->regs))
		return PTR_ERR(mxv->regs);

	ret = mxv_hw_init(mxv);
	if (ret)
		return dev_err_probe(dev, ret, "hardware init\n");

	return drm_dev_register(&mxv->drm, 0);
}

static void mxv_remove(struct platform_device *pdev)
{
	struct mxv_device *mxv = platform_get_drvdata(pdev);

	drm_dev_unplug(&mxv->drm);
}

static const struct of_device_id mxv_of_match[] = {
	{ .compatible = "vexal,mxv-a1", .data = &mxv_soc_a1 },
	{ .compatible = "vexal,mxv-b2", .data = &mxv_soc_b2 },
	{ }
};
MODULE_DEVICE_TABLE(of, mxv_of_match);

static struct platform_driver mxv_driver = {
	.probe = mxv_probe,
	.remove = mxv_remove,
	.driver = { .name = "mxv", .of_match_table = mxv_of_match },
};
module_platform_driver(mxv_driver);

MODULE_DESCRIPTION("MXV vector engine driver");
MODULE_LICENSE("GPL");
