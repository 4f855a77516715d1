// SPDX-License-Identifier: MIT
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_gem_shmem_helper.h>

#include "hotlane.h"

DEFINE_DRM_GEM_FOPS(hl_fops);

static const struct drm_driver hl_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_MODESET | DRIVER_ATOMIC,
	.fops = &hl_fops,
	.name = "hotlane",
	.desc = "Hotlane display link",
	.major = 1,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static int hl_probe(struct platform_device *pdev)
{
	struct hl_device *hl;
	int ret;

	hl = devm_drm_dev_alloc(&pdev->dev, &hl_drm_driver, struct hl_device, drm);
	if (IS_ERR(hl))
		return PTR_ERR(hl);
	platform_set_drvdata(pdev, hl);

	hl->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(hl->regs))
		return PTR_ERR(hl->regs);

	hl->irq = platform_get_irq(pdev, 0);
	if (hl->irq < 0)
		return hl->irq;

	ret = hl_kms_init(hl);
	if (ret)
		return ret;

	ret = hl_hpd_init(hl);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "hpd interrupt\n");

	ret = drm_dev_register(&hl->drm, 0);
	if (ret)
		return ret;

	hl_hpd_start(hl);
	return 0;
}

static void hl_remove(struct platform_device *pdev)
{
	struct hl_device *hl = platform_get_drvdata(pdev);

	drm_dev_unplug(&hl->drm);
	hl_hpd_stop(hl);
	drm_atomic_helper_shutdown(&hl->drm);
}

static void hl_shutdown(struct platform_device *pdev)
{
	struct hl_device *hl = platform_get_drvdata(pdev);

	drm_atomic_helper_shutdown(&hl->drm);
}

static const struct of_device_id hl_of_match[] = {
	{ .compatible = "northgate,hotlane" },
	{ }
};
MODULE_DEVICE_TABLE(of, hl_of_match);

static struct platform_driver hl_driver = {
	.probe = hl_probe,
	.remove = hl_remove,
	.shutdown = hl_shutdown,
	.driver = { .name = "hotlane", .of_match_table = hl_of_match },
};
module_platform_driver(hl_driver);

MODULE_DESCRIPTION("Hotlane display link driver");
MODULE_LICENSE("GPL");
