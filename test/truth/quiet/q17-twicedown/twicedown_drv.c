// SPDX-License-Identifier: MIT
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

#include "twicedown.h"

struct drm_td_run {
	__u32 prog;
	__u32 pad;
};

#define DRM_TD_RUN		0x00
#define DRM_IOCTL_TD_RUN	DRM_IOW(DRM_COMMAND_BASE + DRM_TD_RUN, struct drm_td_run)

static int td_ioctl_run(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct td_device *td = container_of(drm, struct td_device, drm);
	struct drm_td_run *args = data;
	int idx, ret;

	if (args->pad)
		return -EINVAL;
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	ret = td_run(td, args->prog);
	drm_dev_exit(idx);

	return ret;
}

static const struct drm_ioctl_desc td_ioctls[] = {
	DRM_IOCTL_DEF_DRV(TD_RUN, td_ioctl_run, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(td_fops);

static const struct drm_driver td_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.ioctls = td_ioctls,
	.num_ioctls = ARRAY_SIZE(td_ioctls),
	.fops = &td_fops,
	.name = "twicedown",
	.desc = "TD shader",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static void td_power_down_action(void *data)
{
	td_power_down(data);
}

static int td_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct td_device *td;
	int ret;

	td = devm_drm_dev_alloc(dev, &td_drm_driver, struct td_device, drm);
	if (IS_ERR(td))
		return PTR_ERR(td);
	platform_set_drvdata(pdev, td);

	ret = drmm_mutex_init(&td->drm, &td->lock);
	if (ret)
		return ret;

	td->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(td->regs))
		return PTR_ERR(td->regs);

	td->clk = devm_clk_get(dev, "shader");
	if (IS_ERR(td->clk))
		return dev_err_probe(dev, PTR_ERR(td->clk), "clock\n");

	ret = td_power_up(td);
	if (ret)
		return ret;

	ret = devm_add_action_or_reset(dev, td_power_down_action, td);
	if (ret)
		return ret;

	return drm_dev_register(&td->drm, 0);
}

static void td_remove(struct platform_device *pdev)
{
	struct td_device *td = platform_get_drvdata(pdev);

	drm_dev_unplug(&td->drm);
	td_power_down(td);
}

static void td_shutdown(struct platform_device *pdev)
{
	struct td_device *td = platform_get_drvdata(pdev);

	td_power_down(td);
}

static const struct of_device_id td_of_match[] = {
	{ .compatible = "northgate,td" },
	{ }
};
MODULE_DEVICE_TABLE(of, td_of_match);

static struct platform_driver td_driver = {
	.probe = td_probe,
	.remove = td_remove,
	.shutdown = td_shutdown,
	.driver = { .name = "twicedown", .of_match_table = td_of_match },
};
module_platform_driver(td_driver);

MODULE_DESCRIPTION("TD shader driver");
MODULE_LICENSE("GPL");
