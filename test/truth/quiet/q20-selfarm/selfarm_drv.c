// SPDX-License-Identifier: MIT
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>

#include "selfarm.h"

DEFINE_DRM_GEM_FOPS(selfarm_fops);

static const struct drm_driver selfarm_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.fops = &selfarm_fops,
	.name = "selfarm",
	.desc = "Selfarm compute unit",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static int selfarm_probe(struct platform_device *pdev)
{
	struct selfarm *sa;
	int ret;

	sa = devm_drm_dev_alloc(&pdev->dev, &selfarm_drm_driver, struct selfarm, drm);
	if (IS_ERR(sa))
		return PTR_ERR(sa);
	platform_set_drvdata(pdev, sa);

	sa->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(sa->regs))
		return PTR_ERR(sa->regs);

	ret = selfarm_dvfs_init(sa);
	if (ret)
		return ret;

	selfarm_dvfs_start(sa);

	return drm_dev_register(&sa->drm, 0);
}

static void selfarm_remove(struct platform_device *pdev)
{
	struct selfarm *sa = platform_get_drvdata(pdev);

	drm_dev_unplug(&sa->drm);
}

static const struct of_device_id selfarm_of_match[] = {
	{ .compatible = "northgate,selfarm" },
	{ }
};
MODULE_DEVICE_TABLE(of, selfarm_of_match);

static struct platform_driver selfarm_driver = {
	.probe = selfarm_probe,
	.remove = selfarm_remove,
	.driver = { .name = "selfarm", .of_match_table = selfarm_of_match },
};
module_platform_driver(selfarm_driver);

MODULE_DESCRIPTION("Selfarm compute unit driver");
MODULE_LICENSE("GPL");
