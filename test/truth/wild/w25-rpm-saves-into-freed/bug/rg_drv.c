#include <linux/clk.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/property.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>

#include "rg.h"

struct drm_rogue2d_fill {
	__u32 address;
	__u32 colour;
};

#define DRM_IOCTL_ROGUE2D_FILL	DRM_IOW(DRM_COMMAND_BASE, struct drm_rogue2d_fill)

static int rg_fill_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct rg_device *rg = to_rg(drm);
	struct drm_rogue2d_fill *args = data;
	int idx;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	writel(args->colour, rg->regs + 0x10);
	writel(args->address, rg->regs + 0x14);
	drm_dev_exit(idx);

	return 0;
}

static const struct drm_ioctl_desc rg_ioctls[] = {
	DRM_IOCTL_DEF_DRV(ROGUE2D_FILL, rg_fill_ioctl, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(rg_fops);

static const struct drm_driver rg_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.fops = &rg_fops,
	.ioctls = rg_ioctls,
	.num_ioctls = ARRAY_SIZE(rg_ioctls),
	.name = "rogue2d",
	.desc = "Rogue 2D blitter",
};

static int rg_probe(struct platform_device *pdev)
{
	struct rg_device *rg;
	int ret;

	rg = devm_drm_dev_alloc(&pdev->dev, &rg_driver, struct rg_device, drm);
	if (IS_ERR(rg))
		return PTR_ERR(rg);
	rg->dev = &pdev->dev;
	rg->ip = device_get_match_data(&pdev->dev);
	platform_set_drvdata(pdev, rg);

	rg->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(rg->regs))
		return PTR_ERR(rg->regs);
	rg->clk = devm_clk_get(&pdev->dev, "core");
	if (IS_ERR(rg->clk))
		return PTR_ERR(rg->clk);

	ret = rg_ip_init(rg);
	if (ret)
		return ret;
	ret = rg_pm_init(rg);
	if (ret)
		goto err_disable;
	ret = drm_dev_register(&rg->drm, 0);
	if (ret)
		goto err_pm;

	return 0;

err_pm:
	rg_pm_fini(rg);
	rg_ip_fini(rg);
	return ret;
err_disable:
	pm_runtime_dont_use_autosuspend(&pdev->dev);
	pm_runtime_disable(&pdev->dev);
	rg_ip_fini(rg);
	return ret;
}

static void rg_remove(struct platform_device *pdev)
{
	struct rg_device *rg = platform_get_drvdata(pdev);

	drm_dev_unplug(&rg->drm);
	rg_ip_fini(rg);
	rg_pm_fini(rg);
}

static const struct of_device_id rg_of_match[] = {
	{ .compatible = "rogue,blit-v1", .data = &rg_ip_v1 },
	{ .compatible = "rogue,blit-v2", .data = &rg_ip_v2 },
	{ }
};
MODULE_DEVICE_TABLE(of, rg_of_match);

static struct platform_driver rg_platform_driver = {
	.probe = rg_probe,
	.remove = rg_remove,
	.driver = {
		.name = "rogue2d",
		.of_match_table = rg_of_match,
		.pm = pm_ptr(&rg_pm_ops),
	},
};
module_platform_driver(rg_platform_driver);

MODULE_DESCRIPTION("Rogue 2D blitter");
MODULE_LICENSE("GPL");
