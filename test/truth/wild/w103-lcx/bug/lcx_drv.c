// SPDX-License-Identifier: MIT
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_gem_shmem_helper.h>

#include "lcx.h"

DEFINE_DRM_GEM_FOPS(lcx_fops);

static const struct drm_driver lcx_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_MODESET | DRIVER_ATOMIC,
	.fops = &lcx_fops,
	.name = "lcx",
	.desc = "LCX parallel display",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static const struct drm_mode_config_funcs lcx_mode_funcs = {
	.fb_create = drm_gem_fb_create,
	.atomic_check = drm_atomic_helper_check,
	.atomic_commit = drm_atomic_helper_commit,
};

static int lcx_probe(struct platform_device *pdev)
{
	struct lcx_device *lcx;
	struct lcx_output *out;
	int ret;

	lcx = devm_drm_dev_alloc(&pdev->dev, &lcx_drm_driver, struct lcx_device, drm);
	if (IS_ERR(lcx))
		return PTR_ERR(lcx);
	platform_set_drvdata(pdev, lcx);

	lcx->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(lcx->regs))
		return PTR_ERR(lcx->regs);

	ret = drmm_mode_config_init(&lcx->drm);
	if (ret)
		return ret;
	lcx->drm.mode_config.max_width = 2048;
	lcx->drm.mode_config.max_height = 2048;
	lcx->drm.mode_config.funcs = &lcx_mode_funcs;

	out = lcx_output_create(lcx, of_device_get_match_data(&pdev->dev));
	if (IS_ERR(out))
		return PTR_ERR(out);

	ret = lcx_pipe_create(lcx, out);
	if (ret)
		return ret;

	drm_mode_config_reset(&lcx->drm);
	return drm_dev_register(&lcx->drm, 0);
}

static void lcx_remove(struct platform_device *pdev)
{
	struct lcx_device *lcx = platform_get_drvdata(pdev);

	drm_dev_unplug(&lcx->drm);
	drm_atomic_helper_shutdown(&lcx->drm);
}

static void lcx_shutdown(struct platform_device *pdev)
{
	struct lcx_device *lcx = platform_get_drvdata(pdev);

	drm_atomic_helper_shutdown(&lcx->drm);
}

static const struct lcx_panel_desc lcx_wvga = {
	.mode = { DRM_SIMPLE_MODE(800, 480, 154, 86) },
	.bus_cfg = 0x11,
};

static const struct of_device_id lcx_of_match[] = {
	{ .compatible = "vexal,lcx-wvga", .data = &lcx_wvga },
	{ }
};
MODULE_DEVICE_TABLE(of, lcx_of_match);

static struct platform_driver lcx_driver = {
	.probe = lcx_probe,
	.remove = lcx_remove,
	.shutdown = lcx_shutdown,
	.driver = { .name = "lcx", .of_match_table = lcx_of_match },
};
module_platform_driver(lcx_driver);

MODULE_DESCRIPTION("LCX parallel display driver");
MODULE_LICENSE("GPL");
