// SPDX-License-Identifier: MIT
/* devm actions that are released and removed early, and registered again. */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct released {
	struct drm_device drm;
	int level;
	bool boot;
};

DEFINE_DRM_GEM_FOPS(released_fops);

static const struct drm_driver released_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &released_fops,
	.name = "released",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void released_firmware_fini(void *data)
{
	struct released *released = data;

	released->level--;
}

static void released_boot_fini(void *data)
{
	struct released *released = data;

	released->level--;
}

static void released_irq_fini(void *data)
{
	struct released *released = data;

	released->level--;
}

static void released_log_fini(struct drm_device *drm, void *data)
{
	struct released *released = data;

	released->level = 0;
}

static int released_probe(struct platform_device *pdev)
{
	struct released *released;
	int ret;

	released = devm_drm_dev_alloc(&pdev->dev, &released_drm_driver, struct released, drm);
	if (IS_ERR(released))
		return PTR_ERR(released);
	platform_set_drvdata(pdev, released);
	ret = devm_add_action_or_reset(&pdev->dev, released_firmware_fini, released);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, released_boot_fini, released);
	if (ret)
		return ret;
	ret = drmm_add_action_or_reset(&released->drm, released_log_fini, released);
	if (ret)
		return ret;

	/* The boot firmware gives way to the real one. */
	devm_release_action(&pdev->dev, released_boot_fini, released);

	ret = devm_add_action_or_reset(&pdev->dev, released_irq_fini, released);
	if (ret)
		return ret;

	/* The first registration moves behind the interrupt. */
	devm_remove_action(&pdev->dev, released_firmware_fini, released);
	ret = devm_add_action_or_reset(&pdev->dev, released_firmware_fini, released);
	if (ret)
		return ret;
	return drm_dev_register(&released->drm, 0);
}

static void released_remove(struct platform_device *pdev)
{
	struct released *released = platform_get_drvdata(pdev);

	drm_dev_unregister(&released->drm);
	devm_release_action(&pdev->dev, released_irq_fini, released);
}

static struct platform_driver released_platform_driver = {
	.probe = released_probe,
	.remove = released_remove,
	.driver = {
		.name = "recorded-released",
	},
};
module_platform_driver(released_platform_driver);

MODULE_DESCRIPTION("Recorded driver: released");
MODULE_LICENSE("Dual MIT/GPL");
