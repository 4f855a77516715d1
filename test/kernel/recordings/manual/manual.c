// SPDX-License-Identifier: MIT
/* A drm_device that is allocated and put by hand. */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct manual {
	bool hw;
};

static void manual_release(struct drm_device *drm)
{
	drm->dev_private = NULL;
}

DEFINE_DRM_GEM_FOPS(manual_fops);

static const struct drm_driver manual_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &manual_fops,
	.release = manual_release,
	.name = "manual",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void manual_hw_fini(void *data)
{
	struct manual *manual = data;

	manual->hw = false;
}

static void manual_sw_fini(struct drm_device *drm, void *data)
{
	drm->dev_private = NULL;
}

static int manual_probe(struct platform_device *pdev)
{
	struct manual *manual;
	struct drm_device *drm;
	int ret;

	drm = drm_dev_alloc(&manual_drm_driver, &pdev->dev);
	if (IS_ERR(drm))
		return PTR_ERR(drm);
	platform_set_drvdata(pdev, drm);

	manual = devm_kzalloc(&pdev->dev, sizeof(*manual), GFP_KERNEL);
	if (!manual) {
		ret = -ENOMEM;
		goto err_put;
	}
	drm->dev_private = manual;

	ret = drmm_add_action_or_reset(drm, manual_sw_fini, drm);
	if (ret)
		goto err_put;
	ret = devm_add_action_or_reset(&pdev->dev, manual_hw_fini, manual);
	if (ret)
		goto err_put;

	ret = drm_dev_register(drm, 0);
	if (ret)
		goto err_put;
	return 0;

err_put:
	drm_dev_put(drm);
	return ret;
}

static void manual_remove(struct platform_device *pdev)
{
	struct drm_device *drm = platform_get_drvdata(pdev);

	drm_dev_unregister(drm);
	drm_dev_put(drm);
}

static struct platform_driver manual_platform_driver = {
	.probe = manual_probe,
	.remove = manual_remove,
	.driver = {
		.name = "recorded-manual",
	},
};
module_platform_driver(manual_platform_driver);

MODULE_DESCRIPTION("Recorded driver: manual");
MODULE_LICENSE("Dual MIT/GPL");
