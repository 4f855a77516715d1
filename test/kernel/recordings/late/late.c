// SPDX-License-Identifier: MIT
/* Actions that are registered from within actions, and from remove(). */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct late {
	struct drm_device drm;
	int users;
};

DEFINE_DRM_GEM_FOPS(late_fops);

static const struct drm_driver late_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &late_fops,
	.name = "late",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void late_flush(void *data)
{
	struct late *late = data;

	late->users = 0;
}

static void late_forget(struct drm_device *drm, void *data)
{
	struct late *late = data;

	late->users = 0;
}

static void late_drain(struct drm_device *drm, void *data)
{
	struct late *late = data;

	late->users = 0;
}

static void late_stop(void *data)
{
	struct late *late = data;

	if (devm_add_action_or_reset(late->drm.dev, late_flush, late))
		late->users = 0;
}

static void late_fini(struct drm_device *drm, void *data)
{
	struct late *late = data;

	if (drmm_add_action_or_reset(drm, late_forget, late))
		late->users = 0;
}

static int late_probe(struct platform_device *pdev)
{
	struct late *late;
	int ret;

	late = devm_drm_dev_alloc(&pdev->dev, &late_drm_driver, struct late, drm);
	if (IS_ERR(late))
		return PTR_ERR(late);
	platform_set_drvdata(pdev, late);
	ret = drmm_add_action_or_reset(&late->drm, late_fini, late);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(&pdev->dev, late_stop, late);
	if (ret)
		return ret;
	return drm_dev_register(&late->drm, 0);
}

static void late_remove(struct platform_device *pdev)
{
	struct late *late = platform_get_drvdata(pdev);

	drm_dev_unregister(&late->drm);
	if (drmm_add_action_or_reset(&late->drm, late_drain, late))
		late->users = 0;
}

static struct platform_driver late_platform_driver = {
	.probe = late_probe,
	.remove = late_remove,
	.driver = {
		.name = "recorded-late",
	},
};
module_platform_driver(late_platform_driver);

MODULE_DESCRIPTION("Recorded driver: late");
MODULE_LICENSE("Dual MIT/GPL");
