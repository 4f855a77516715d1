// SPDX-License-Identifier: MIT
/* Managed memory that probe frees by hand. */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct early_caps {
	int entries;
};

struct early {
	struct drm_device drm;
	bool hw;
	bool sw;
};

DEFINE_DRM_GEM_FOPS(early_fops);

static const struct drm_driver early_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &early_fops,
	.name = "early",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void early_hw_fini(void *data)
{
	struct early *early = data;

	early->hw = false;
}

static void early_sw_fini(struct drm_device *drm, void *data)
{
	struct early *early = data;

	early->sw = false;
}

static int early_probe(struct platform_device *pdev)
{
	struct early *early;
	struct early_caps *scratch, *caps;
	int ret;

	early = devm_drm_dev_alloc(&pdev->dev, &early_drm_driver, struct early, drm);
	if (IS_ERR(early))
		return PTR_ERR(early);
	platform_set_drvdata(pdev, early);
	scratch = devm_kzalloc(&pdev->dev, sizeof(*scratch), GFP_KERNEL);
	if (!scratch)
		return -ENOMEM;
	caps = drmm_kzalloc(&early->drm, sizeof(*caps), GFP_KERNEL);
	if (!caps)
		return -ENOMEM;
	ret = devm_add_action_or_reset(&pdev->dev, early_hw_fini, early);
	if (ret)
		return ret;
	early->hw = scratch->entries == 0;
	devm_kfree(&pdev->dev, scratch);

	ret = drmm_add_action_or_reset(&early->drm, early_sw_fini, early);
	if (ret)
		return ret;
	early->sw = caps->entries == 0;
	drmm_kfree(&early->drm, caps);

	return drm_dev_register(&early->drm, 0);
}

static void early_remove(struct platform_device *pdev)
{
	struct early *early = platform_get_drvdata(pdev);

	drm_dev_unregister(&early->drm);
}

static struct platform_driver early_platform_driver = {
	.probe = early_probe,
	.remove = early_remove,
	.driver = {
		.name = "recorded-early",
	},
};
module_platform_driver(early_platform_driver);

MODULE_DESCRIPTION("Recorded driver: early");
MODULE_LICENSE("Dual MIT/GPL");
