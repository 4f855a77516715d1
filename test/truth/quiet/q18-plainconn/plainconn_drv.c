// SPDX-License-Identifier: MIT
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_gem_shmem_helper.h>

#include "plainconn.h"

#define PC_CTRL		0x00

static void pc_ctrl(struct drm_simple_display_pipe *pipe, u32 val)
{
	struct pc_device *pc = to_pc(pipe->crtc.dev);
	int idx;

	if (!drm_dev_enter(&pc->drm, &idx))
		return;
	writel(val, pc->regs + PC_CTRL);
	drm_dev_exit(idx);
}

static void pc_pipe_enable(struct drm_simple_display_pipe *pipe,
			   struct drm_crtc_state *crtc_state,
			   struct drm_plane_state *plane_state)
{
	pc_ctrl(pipe, 1);
}

static void pc_pipe_disable(struct drm_simple_display_pipe *pipe)
{
	pc_ctrl(pipe, 0);
}

static const struct drm_simple_display_pipe_funcs pc_pipe_funcs = {
	.enable = pc_pipe_enable,
	.disable = pc_pipe_disable,
};

static const struct drm_mode_config_funcs pc_mode_funcs = {
	.fb_create = drm_gem_fb_create,
	.atomic_check = drm_atomic_helper_check,
	.atomic_commit = drm_atomic_helper_commit,
};

DEFINE_DRM_GEM_FOPS(pc_fops);

static const struct drm_driver pc_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_MODESET | DRIVER_ATOMIC,
	.fops = &pc_fops,
	.name = "plainconn",
	.desc = "PC panel driver",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static const struct drm_display_mode pc_mode = { DRM_SIMPLE_MODE(1024, 600, 154, 90) };
static const u32 pc_formats[] = { DRM_FORMAT_XRGB8888 };

static int pc_probe(struct platform_device *pdev)
{
	struct drm_connector *connector;
	struct drm_device *drm;
	struct pc_device *pc;
	int ret;

	pc = devm_drm_dev_alloc(&pdev->dev, &pc_drm_driver, struct pc_device, drm);
	if (IS_ERR(pc))
		return PTR_ERR(pc);
	drm = &pc->drm;
	platform_set_drvdata(pdev, pc);

	pc->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(pc->regs))
		return PTR_ERR(pc->regs);

	ret = drmm_mode_config_init(drm);
	if (ret)
		return ret;
	drm->mode_config.max_width = 1024;
	drm->mode_config.max_height = 1024;
	drm->mode_config.funcs = &pc_mode_funcs;

	connector = pc_connector_create(drm, &pc_mode);
	if (IS_ERR(connector))
		return PTR_ERR(connector);

	ret = drm_simple_display_pipe_init(drm, &pc->pipe, &pc_pipe_funcs, pc_formats,
					   ARRAY_SIZE(pc_formats), NULL, connector);
	if (ret)
		return ret;

	drm_mode_config_reset(drm);
	return drm_dev_register(drm, 0);
}

static void pc_remove(struct platform_device *pdev)
{
	struct pc_device *pc = platform_get_drvdata(pdev);

	drm_dev_unplug(&pc->drm);
	drm_atomic_helper_shutdown(&pc->drm);
}

static void pc_shutdown(struct platform_device *pdev)
{
	struct pc_device *pc = platform_get_drvdata(pdev);

	drm_atomic_helper_shutdown(&pc->drm);
}

static const struct of_device_id pc_of_match[] = {
	{ .compatible = "vexal,pc-lvds" },
	{ }
};
MODULE_DEVICE_TABLE(of, pc_of_match);

static struct platform_driver pc_driver = {
	.probe = pc_probe,
	.remove = pc_remove,
	.shutdown = pc_shutdown,
	.driver = { .name = "plainconn", .of_match_table = pc_of_match },
};
module_platform_driver(pc_driver);

MODULE_DESCRIPTION("PC panel driver");
MODULE_LICENSE("GPL");
