// SPDX-License-Identifier: MIT
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_ioctl.h>

#include "thermex.h"

#define to_thermex(d)	container_of(d, struct thermex, drm)

struct drm_thermex_start {
	__u32 batch;
	__u32 pad;
};

#define DRM_THERMEX_START	0x00
#define DRM_IOCTL_THERMEX_START	DRM_IOW(DRM_COMMAND_BASE + DRM_THERMEX_START, \
					struct drm_thermex_start)

static int thermex_ioctl_start(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_thermex_start *args = data;
	int idx;

	if (args->pad)
		return -EINVAL;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	writel(args->batch, to_thermex(drm)->regs + TX_START);
	drm_dev_exit(idx);

	return 0;
}

static const struct drm_ioctl_desc thermex_ioctls[] = {
	DRM_IOCTL_DEF_DRV(THERMEX_START, thermex_ioctl_start, DRM_RENDER_ALLOW),
};

DEFINE_DRM_GEM_FOPS(thermex_fops);

static const struct drm_driver thermex_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.ioctls = thermex_ioctls,
	.num_ioctls = ARRAY_SIZE(thermex_ioctls),
	.fops = &thermex_fops,
	.name = "thermex",
	.desc = "Thermex NPU",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static int thermex_probe(struct platform_device *pdev)
{
	struct thermex *tx;
	int ret;

	tx = devm_drm_dev_alloc(&pdev->dev, &thermex_drm_driver, struct thermex, drm);
	if (IS_ERR(tx))
		return PTR_ERR(tx);
	tx->soc = of_device_get_match_data(&pdev->dev);
	platform_set_drvdata(pdev, tx);

	tx->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(tx->regs))
		return PTR_ERR(tx->regs);

	ret = thermex_hwmon_init(tx);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "hwmon\n");

	return drm_dev_register(&tx->drm, 0);
}

static void thermex_remove(struct platform_device *pdev)
{
	struct thermex *tx = platform_get_drvdata(pdev);

	drm_dev_unplug(&tx->drm);
}

static const struct thermex_soc thermex_n1 = { .nr_sensors = 1, .offset = -40000, .scale = 250 };
static const struct thermex_soc thermex_n2 = { .nr_sensors = 2, .offset = 0, .scale = 125 };

static const struct of_device_id thermex_of_match[] = {
	{ .compatible = "vexal,thermex-n1", .data = &thermex_n1 },
	{ .compatible = "vexal,thermex-n2", .data = &thermex_n2 },
	{ }
};
MODULE_DEVICE_TABLE(of, thermex_of_match);

static struct platform_driver thermex_driver = {
	.probe = thermex_probe,
	.remove = thermex_remove,
	.driver = { .name = "thermex", .of_match_table = thermex_of_match },
};
module_platform_driver(thermex_driver);

MODULE_DESCRIPTION("Thermex NPU driver");
MODULE_LICENSE("GPL");
