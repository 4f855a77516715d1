// SPDX-License-Identifier: MIT
/* remove() unplugs the drm_device. */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct unplug {
	struct drm_device drm;
	void __iomem *regs;
	bool irq;
	bool fw;
};

DEFINE_DRM_GEM_FOPS(unplug_fops);

static const struct drm_driver unplug_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &unplug_fops,
	.name = "unplug",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void unplug_irq_fini(void *data)
{
	struct unplug *unplug = data;

	int idx;

	if (drm_dev_enter(&unplug->drm, &idx)) {
		unplug->irq = false;
		drm_dev_exit(idx);
	}
}

static void unplug_fw_fini(struct drm_device *drm, void *data)
{
	struct unplug *unplug = data;

	unplug->fw = false;
}

static int unplug_probe(struct platform_device *pdev)
{
	struct unplug *unplug;
	int ret;

	unplug = devm_drm_dev_alloc(&pdev->dev, &unplug_drm_driver, struct unplug, drm);
	if (IS_ERR(unplug))
		return PTR_ERR(unplug);
	platform_set_drvdata(pdev, unplug);
	ret = drmm_add_action_or_reset(&unplug->drm, unplug_fw_fini, unplug);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, unplug_irq_fini, unplug);
	if (ret)
		return ret;
	return drm_dev_register(&unplug->drm, 0);
}

static void unplug_remove(struct platform_device *pdev)
{
	struct unplug *unplug = platform_get_drvdata(pdev);

	drm_dev_unplug(&unplug->drm);
}

static struct platform_driver unplug_platform_driver = {
	.probe = unplug_probe,
	.remove = unplug_remove,
	.driver = {
		.name = "recorded-unplug",
	},
};
module_platform_driver(unplug_platform_driver);

MODULE_DESCRIPTION("Recorded driver: unplug");
MODULE_LICENSE("Dual MIT/GPL");
