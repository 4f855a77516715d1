// SPDX-License-Identifier: MIT
/* Failures that probe lives with, and an error path that is a function. */
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>

struct tolerant {
	struct drm_device drm;
	bool no_sensor;
	int parts;
};

DEFINE_DRM_GEM_FOPS(tolerant_fops);

static const struct drm_driver tolerant_drm_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &tolerant_fops,
	.name = "tolerant",
	.desc = "Recorded driver",
	.date = "20260101",
	.major = 1,
};

static void tolerant_sensor_fini(void *data)
{
	struct tolerant *tolerant = data;

	tolerant->parts--;
}

static void tolerant_fan_fini(void *data)
{
	struct tolerant *tolerant = data;

	tolerant->parts--;
}

static void tolerant_core_fini(void *data)
{
	struct tolerant *tolerant = data;

	tolerant->parts--;
}

static void tolerant_log_fini(struct drm_device *drm, void *data)
{
	struct tolerant *tolerant = data;

	tolerant->parts--;
}

static int tolerant_fail(struct tolerant *tolerant, int ret)
{
	devm_release_action(tolerant->drm.dev, tolerant_core_fini, tolerant);
	return ret;
}

static void tolerant_sensors_init(struct tolerant *tolerant)
{
	struct device *dev = tolerant->drm.dev;
	int ret;

	if (tolerant->no_sensor)
		return;
	ret = devm_add_action_or_reset(dev, tolerant_sensor_fini, tolerant);
	if (ret)
		dev_warn(dev, "no sensor\n");
	ret = devm_add_action_or_reset(dev, tolerant_fan_fini, tolerant);
	if (ret)
		dev_warn(dev, "no fan\n");
}

static int tolerant_probe(struct platform_device *pdev)
{
	struct tolerant *tolerant;
	int ret;

	tolerant = devm_drm_dev_alloc(&pdev->dev, &tolerant_drm_driver, struct tolerant, drm);
	if (IS_ERR(tolerant))
		return PTR_ERR(tolerant);
	platform_set_drvdata(pdev, tolerant);
	ret = devm_add_action_or_reset(&pdev->dev, tolerant_core_fini, tolerant);
	if (ret)
		return ret;
	tolerant_sensors_init(tolerant);
	ret = drmm_add_action_or_reset(&tolerant->drm, tolerant_log_fini, tolerant);
	if (ret)
		return tolerant_fail(tolerant, ret);
	ret = drm_dev_register(&tolerant->drm, 0);
	if (ret)
		return tolerant_fail(tolerant, ret);
	return 0;
}

static void tolerant_remove(struct platform_device *pdev)
{
	struct tolerant *tolerant = platform_get_drvdata(pdev);

	drm_dev_unregister(&tolerant->drm);
}

static struct platform_driver tolerant_platform_driver = {
	.probe = tolerant_probe,
	.remove = tolerant_remove,
	.driver = {
		.name = "recorded-tolerant",
	},
};
module_platform_driver(tolerant_platform_driver);

MODULE_DESCRIPTION("Recorded driver: tolerant");
MODULE_LICENSE("Dual MIT/GPL");
